import Compute
import Networks
import OpenCL

/// An ensemble on an OpenCL device (`ensemble.cl`, `histogram.cl`): nothing goes to the host before it is asked for.
final class DeviceEnsemble: TrainedEnsemble {
    let problem: EnsembleProblem
    private let context: Context
    private let lanes: Int
    private let vectors: Int
    private let kernel: Kernel
    private let starting: Kernel
    private let counting: Kernel
    private let measuring: Kernel
    private let group: Int
    /// Networks that a group of a count takes.
    private let each: Int
    private let weightsNow: RealBuffer
    private let weightsBefore: RealBuffer
    private let states: RealBuffer
    private let kept: RealBuffer
    private let settings: RealBuffer
    private let data: RealBuffer
    private let parameters: RealBuffer
    private let sums: Buffer<Int64>
    private var histograms: [Buffer<Int32>] = []
    private var step = 0
    private var firstNetwork: UInt32 = 0

    init(_ problem: EnsembleProblem, context: Context, lanes: Int) throws {
        self.problem = problem
        self.context = context
        let device = context.device, rule = problem.rule
        self.lanes = lanes
        vectors = (problem.count + lanes - 1) / lanes
        let padded = vectors * lanes
        let kernels = KernelSet(context: context, precision: .float32)
        kernel = try kernels.kernel("ensemble.cl", "ensemble", vectorWidth: lanes, Self.macros(problem))
        starting = try kernels.kernel("ensemble.cl", "ensemble_start", vectorWidth: lanes, Self.macros(problem))
        let bins = [("BINS", "\(problem.bins.count)")]
        counting = try kernels.kernel("histogram.cl", "histogram", bins)
        measuring = try kernels.kernel("histogram.cl", "moments", bins)
        group = lanes > 1 ? 1 : min(256, kernel.maximumWorkGroupSize, counting.maximumWorkGroupSize, measuring.maximumWorkGroupSize)
        each = min(16384, max(group, problem.count / (8 * device.computeUnits)))
        func reals(_ count: Int) throws -> RealBuffer { try RealBuffer(context, elementBytes: 4, count: max(1, count)) }
        weightsNow = try reals(padded)
        weightsBefore = try reals(padded)
        states = try reals(padded * rule.states.count)
        kept = try reals(padded * (rule.memory.count + rule.reductions.count))
        settings = try reals(problem.alternative == nil ? 0 : padded)
        data = try RealBuffer(context, elementBytes: 4, problem.network.data)
        parameters = try RealBuffer(context, elementBytes: 4, problem.parameters)
        sums = try context.makeBuffer([Int64](repeating: 0, count: (problem.count + each - 1) / each * 4 * problem.bins.count))
        let network = problem.network, other = network.with(neurons: problem.alternative?.neurons ?? network.neurons)
        try kernel.bind([
            "vectors": vectors, "seed": KernelArgument.integer(Int(bitPattern: UInt(problem.seed))), "data": network.data.count,
            "stiffness": network.totalStiffness, "temperature": 1 / network.inverseTemperature, "decay": network.weightDecay,
            "idle": network.idleEnergy, "noise": problem.noise, "renewal": Int(problem.alternative?.renewalWord ?? 0),
            "otherStiffness": other.totalStiffness, "otherIdle": other.idleEnergy, "ratio": problem.alternative?.stepRatio ?? 1.0,
            "set": data, "parameters": parameters, "states": states, "kept": kept,
            "settings": settings,
        ])
        try starting.bind([
            "vectors": vectors, "seed": KernelArgument.integer(Int(bitPattern: UInt(problem.seed))), "to": weightsNow, "settings": settings,
        ])
        for kernel in [counting, measuring] {
            try kernel.bind([
                "networks": problem.count, "each": each, "low": problem.bins.range.lowerBound, "inverseWidth": 1 / problem.bins.width,
            ])
        }
    }

    /// What changes the code.
    static func macros(_ problem: EnsembleProblem) -> [(String, String)] {
        [
            ("BATCH", "\(problem.batch)"), ("NOISY", problem.noise > 0 ? "1" : "0"),
            ("ALTERNATIVE", problem.alternative == nil ? "0" : "1"), ("OTHER_BATCH", "\(problem.alternative?.batch ?? 1)"),
            ("CONTROL_ONCE", problem.hasCommonControl ? "1" : "0"),
        ] + problem.rule.kernelMacros
    }

    private var vectorItems: Int {
        let wanted = lanes > 1 ? min(vectors, 8 * context.device.computeUnits) : vectors
        return (wanted + group - 1) / group * group
    }

    private var countItems: Int { (problem.count + each - 1) / each * group }

    func start(mean: Double, deviation: Double, firstNetwork: UInt32) throws {
        (step, histograms, self.firstNetwork) = (0, [], firstNetwork)
        try sums.fillWithZero()
        try states.fillWithZero()
        let rule = problem.rule, padded = vectors * lanes
        if !rule.memory.isEmpty || !rule.reductions.isEmpty {
            try kept.write(
                rule.memory.flatMap { [Double](repeating: $0.initial, count: padded) }
                    + [Double](repeating: 0, count: padded * rule.reductions.count))
        }
        try starting.launch(
            global: [vectorItems], local: [group],
            arguments: ["firstNetwork": Int(firstNetwork), "mean": mean, "deviation": deviation])
    }

    func advance(steps: Int) throws { try advance(steps, from: weightsNow) }

    private func advance(_ steps: Int, from: RealBuffer) throws {
        guard steps > 0 else { return }
        try kernel.launch(
            global: [vectorItems], local: [group],
            arguments: ["steps": steps, "firstStep": step, "firstNetwork": Int(firstNetwork), "from": from, "to": weightsNow])
        step += steps
    }

    func advanceMeasuring() throws {
        // A step that writes elsewhere would change which array is which; the copy is cheap beside it.
        try weightsBefore.copy(from: weightsNow)
        try advance(1, from: weightsBefore)
        try measuring.launch(
            global: [countItems], local: [group], arguments: ["before": weightsBefore, "after": weightsNow, "sums": sums])
    }

    func record() throws {
        let counts = try context.makeBuffer(of: Int32.self, count: problem.bins.count)
        try counts.fillWithZero()
        histograms.append(counts)
        try counting.launch(global: [countItems], local: [group], arguments: ["weights": weightsNow, "counts": counts])
    }

    func counts() throws -> [[Int]] { try histograms.map { try $0.read().map { Int($0) } } }

    func changes() throws -> BinnedChanges {
        let all = try sums.read(), bins = problem.bins.count
        var changes = BinnedChanges(bins: bins)
        for place in stride(from: 0, to: all.count, by: 4) {
            let bin = place / 4 % bins
            changes.count[bin] += Int(all[place])
            changes.sum[bin] += Int(all[place + 1])
            changes.squares[bin] += Int(all[place + 2]) + Int(all[place + 3]) << 16
        }
        return changes
    }

    func weights() throws -> [Float] { try weightsNow.read(0..<problem.count).map { Float($0) } }
}
