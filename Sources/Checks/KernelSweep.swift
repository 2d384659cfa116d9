import Compute
import Engines
import Networks
import OpenCL

/// Small jobs that launch the kernels of all stages: work for tools that look at every access to memory and are thousands of times slower
/// than a device.
public enum KernelSweep {
    /// Runs the jobs. What they compute is thrown away.
    ///
    /// Programs are built from source, not taken from the cache: a tool may have changed how.
    /// - Parameters:
    ///   - device: where.
    ///   - choice: which kernels.
    ///   - precision: the arithmetic.
    /// - Returns: the names of the kernels that were launched, sorted: all that such devices get but those that measure the device; in mixed
    ///   precision those that tangent kernels need, since the other programs are the same as in float32.
    /// - Throws: errors of the device; `EngineError.unsupported` if it lacks 64-bit arithmetic that the precision needs.
    public static func run(on device: Device, choice: KernelChoice, precision: Precision) throws -> [String] {
        let context = try Context(device: device, cache: nil)
        // Widths below and above a vector; few points, and one, for which a training has code of its own.
        let architecture = try Architecture(inputs: 3, widths: [9, 17], outputs: 2, activation: .erf)
        let scalar = try Architecture(inputs: 3, widths: [9, 17], outputs: 1, activation: .erf)
        // Outputs that read each other's values.
        let coupled = LossShape.coupled(try Coupling("u1^2 + u2^2 + (u1*u2)^2", outputs: 2))
        let isCPU = (choice.kind ?? device.kind) == .cpu
        func engine(_ method: TrainingMethod? = nil, _ choice: KernelChoice = choice) throws -> OpenCLEngine {
            try OpenCLEngine(context: context, precision: precision, trainingMethod: method, choice: choice, tuning: .portable)
        }
        let launches = try context.profile {
            try engine().run(Problem(scalar, points: 3, members: 2).seededEnsemble(), Job(tangentKernel: .gram)) { _ in true }
            // Parts of a kernel, between points of which none begins a tile.
            let part = KernelRectangle(rows: 1..<3, columns: 0..<2)
            for method in [TangentKernelMethod.gram, .jacobian] {
                try engine().run(
                    Problem(architecture, points: 3, members: 2).seededEnsemble(), Job(tangentKernel: method, kernelRectangles: [part])
                ) { _ in true }
            }
            if !isCPU {
                // Layers wide enough that work-groups share tiles of them, which tensor cores or their emulation may take.
                let wide = try Architecture(inputs: 3, widths: [33, 40], outputs: 1, activation: .relu)
                for splits in precision == .float32 ? [false, true] : [false] {
                    var sharing = choice
                    sharing.splitsProducts = splits
                    try engine(nil, sharing).run(Problem(wide, points: 17).seededEnsemble(), Job(tangentKernel: .gram)) { _ in true }
                }
                // More rows than a tile has, and more columns.
                let flat = try Architecture(inputs: 3, widths: [33], outputs: 1, activation: .relu)
                let part = KernelRectangle(rows: 1..<35, columns: 0..<34)
                try engine().run(
                    Problem(flat, points: 36).seededEnsemble(), Job(outputs: false, tangentKernel: .gram, kernelRectangles: [part])
                ) { _ in true }
                // Sums so long that work-items of a group divide them, and groups those of tangent kernels.
                let long = try Architecture(inputs: 3, widths: [3, 1030], outputs: 1, activation: .relu)
                try engine().run(Problem(long, points: 3).seededEnsemble(), Job(tangentKernel: .gram)) { _ in true }
            }
            // Only sums of tangent kernels have 64 bits then: the other programs are those of float32.
            if precision == .mixed { return }
            for points in [1, 3] {
                let ensemble = try Problem(
                    architecture, points: points, members: 2, lossShape: points > 1 ? coupled : .evenPower(2), steps: 2
                ).seededEnsemble()
                let training = Job.Training(steps: 2)
                let jobs =
                    points == 1
                    ? [(TrainingMethod.members, Job(tangentKernel: .gram, finalWeights: true, training: training))]
                    : [
                        (.members, Job(jacobian: true, tangentKernel: .gram, training: training)),
                        (.layers, Job(tangentKernel: .jacobian, finalWeights: true, training: training)),
                    ]
                for (method, job) in jobs { try engine(method).run(ensemble, job) { _ in true } }
                // No GPU shares rows.
                if isCPU { try engine(.rows).run(ensemble, Job(training: training)) { _ in true } }
            }
            if isCPU {
                // Steps that are kept, by the last of three members, and enough of them that their places are used again.
                var keeping = choice
                keeping.keptShare = 15
                let steps = precision == .float64 ? 130 : 66
                try engine(.rows, keeping).run(
                    Problem(architecture, points: 1, members: 3, steps: steps).seededEnsemble(),
                    Job(finalWeights: true, training: Job.Training(steps: steps))
                ) { _ in true }
            } else {
                // Members that a work-group keeps in its registers.
                let even = try Architecture(inputs: 3, widths: [9, 9], outputs: 2, activation: .erf)
                try engine(.members).run(
                    Problem(even, points: 3, members: 2, lossShape: coupled, steps: 2).seededEnsemble(),
                    Job(finalWeights: true, training: .init(steps: 2))
                ) { _ in true }
            }
            try LatticeFamily.sweep(KernelDevice(context: context, precision: precision), as: choice.kind, vectorBytes: choice.vectorBytes)
            try LearningFamily.sweep(context, vectorWidth: isCPU ? max(1, min(16, (choice.vectorBytes ?? 64) / 4)) : 1)
        }
        return Set(launches.map(\.kernel)).sorted()
    }
}
