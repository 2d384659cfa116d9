import Compute
import Engines
import Networks
import OpenCL

/// A kernel on an OpenCL device, for a search of its parameters.
final class KernelTuningSubject: TuningSubject {
    private let context: Context
    private let precision: Precision
    private let kernel: TunableKernel
    private let work: TuningWork
    private let ensembles: [Ensemble]
    private let start = ContinuousClock.now
    /// The results of the first variant, the portable one, for each shape.
    private var expected: [CollectedResults] = []
    /// Runs of each shape that make up a time, so that it is long beside the clock's steps.
    private var repeats: [Int] = []

    // A time is the sum of so many runs that the kernel takes this long, but not of more than that.
    private static let sample = 2e-3, mostRepeats = 8

    init(_ kernel: TunableKernel, context: Context, precision: Precision) throws {
        self.context = context
        self.precision = precision
        self.kernel = kernel
        work = TuningWork(kernel, on: context.device.kind)
        ensembles = try work.shapes.map { try $0.ensemble() }
    }

    var elapsed: Double { (ContinuousClock.now - start) / .seconds(1) }

    func refusal(of values: [String: Int]) -> String? {
        do {
            try TuningTable([kernel: values]).validate(on: context.device, precision: precision)
            return nil
        } catch {
            return error.description
        }
    }

    private func engine(_ values: [String: Int]) throws -> OpenCLEngine {
        try OpenCLEngine(
            context: context, precision: precision, trainingMethod: work.method, tuning: TuningTable([kernel: values]))
    }

    func deviation(of values: [String: Int], thorough: Bool) throws -> Deviation {
        let engine = try engine(values)
        var worst = try work.check().deviation(of: engine)
        if worst.isWithinBound, thorough {
            worst = .worst([worst] + (try work.furtherChecks().map { try $0.deviation(of: engine) }))
        }
        guard worst.isWithinBound else { return worst }
        let results = try ensembles.map { try CollectedResults(engine, $0, work.job) }
        if expected.isEmpty { expected = results }
        let apart = zip(work.shapes, zip(results, expected)).map { shape, pair in
            difference(pair.0, pair.1, tolerance: TuningWork.tolerance(shape, steps: work.job.training?.steps, precision))
        }
        return .worst([worst] + apart)
    }

    /// Entries of a tangent kernel in units of √(Θ(x, x) Θ(x′, x′)), outputs of a training in those of the largest.
    private func difference(_ found: CollectedResults, _ expected: CollectedResults, tolerance: Double) -> Deviation {
        .worst(
            expected.outputs.indices.map { member in
                if let kernel = expected.tangentKernels[member][0] {
                    let rows = Int(Double(kernel.count).squareRoot())
                    let errors = kernel.indices.map {
                        tolerance * (abs(kernel[$0 / rows * (rows + 1)] * kernel[$0 % rows * (rows + 1)])).squareRoot()
                    }
                    return BoundedValues(kernel, errors: errors).compare(found.tangentKernels[member][0] ?? [])
                }
                let outputs = expected.outputs[member], largest = outputs.reduce(0) { max($0, abs($1)) }
                return BoundedValues(outputs, errors: outputs.map { _ in tolerance * largest }).compare(found.outputs[member])
            })
    }

    func seconds(of values: [String: Int]) throws -> [Double] {
        let engine = try engine(values)
        if repeats.isEmpty {
            repeats = try ensembles.map { min(Self.mostRepeats, max(1, Int((Self.sample / (try time($0, engine))).rounded(.up)))) }
        }
        return try zip(ensembles, repeats).map { ensemble, count in
            try (0..<count).reduce(0) { sum, _ in try sum + time(ensemble, engine) }
        }
    }

    /// The kernel's time in one run of the work.
    private func time(_ ensemble: Ensemble, _ engine: OpenCLEngine) throws -> Double {
        let launches = try context.profile { try engine.run(ensemble, work.job) { _ in true } }
        // No clock tells less than a nanosecond.
        return max(1e-9, launches.filter { kernel.launched.contains($0.kernel) }.reduce(0) { $0 + $1.seconds })
    }

    /// Whether the work launches the kernel at all.
    func isUsed() throws -> Bool {
        let engine = try engine([:])
        return try ensembles.contains { ensemble in
            try context.profile { try engine.run(ensemble, work.job) { _ in true } }.contains { kernel.launched.contains($0.kernel) }
        }
    }
}
