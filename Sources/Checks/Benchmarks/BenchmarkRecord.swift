import Arrays
import Compute
import Engines
import Networks

/// The networks of a benchmark and what a stage computes for them: all that another program needs to do the same work and to compare.
public struct BenchmarkRecord: Sendable {
    /// The arrays by name, E members first:
    /// `X` (N, d); for each layer l from 1 `W`l (E, n_{l−1}, n_l) and `b`l (E, n_l), the initial weights; single numbers `sigma_w`,
    /// `sigma_b`, `loss_scale`, `loss_minimum`, `learning_rate`, `momentum` and `steps`; and the result: `ntk` (E, NC, NC), or
    /// `outputs` (E, K + 1, N, C), f from step 0 to K.
    public let arrays: [(name: String, array: NumericArray)]
    /// What the elements were computed in.
    public let elementType: ElementType
    /// `activation`: its name.
    public let texts: [(name: String, text: String)]

    /// Whether there is a record of that stage.
    public static func holds(_ stage: BenchmarkStage) -> Bool { stage == .ntk || stage == .train }

    /// Does the stage's work once more, with the networks that were timed, and keeps the results.
    /// - Throws: `KernelBenchmark.Failure.nothingToDo` for a stage other than `ntk` and `train`; what the engine throws;
    ///   `EngineError.doesNotFit` for results that do not fit the host.
    public init(_ benchmark: KernelBenchmark, _ stage: BenchmarkStage, _ problem: BenchmarkProblem) throws {
        guard Self.holds(stage) else {
            throw KernelBenchmark.Failure.nothingToDo("the stage '\(stage.name)' keeps no results; record ntk or train")
        }
        let ensemble = try problem.ensemble(), member = ensemble.members[0]
        let columns = stage == .ntk ? ensemble.rows : problem.steps + 1
        // As collected, member after member, and in the arrays that are written.
        try HostMemoryPlan([
            .init("weights", bytes: ensemble.members.count.times(ensemble.architecture.parameterCount, 8, 3), remedy: "reduce --members"),
            .init(
                "results", bytes: ensemble.members.count.times(ensemble.rows, columns, 8, 3),
                remedy: "reduce --members, --points or --outputs"),
        ]).require(for: "the record of the benchmark")
        let initial = try CollectedResults(benchmark.engine, ensemble, Job(outputs: false, finalWeights: true)).weights
        let results = try CollectedResults(benchmark.engine, ensemble, stage.work.job(problem))
        let members = ensemble.members.count, rows = ensemble.rows
        var arrays = [("X", try NumericArray(shape: [problem.points, problem.inputs], elements: ensemble.inputs[0].values))]
        for layer in ensemble.architecture.layers {
            let matrix = layer.fanIn * layer.fanOut
            arrays.append(
                (
                    "W\(layer.index + 1)",
                    try NumericArray(
                        shape: [members, layer.fanIn, layer.fanOut],
                        elements: initial.flatMap { $0[layer.offset..<layer.offset + matrix] })
                ))
            arrays.append(
                (
                    "b\(layer.index + 1)",
                    try NumericArray(
                        shape: [members, layer.fanOut],
                        elements: initial.flatMap { $0[layer.offset + matrix..<layer.offset + matrix + layer.fanOut] })
                ))
        }
        let numbers: [(String, Double?)] = [
            ("sigma_w", member.sigmaW), ("sigma_b", member.sigmaB), ("loss_scale", member.loss?.scale),
            ("loss_minimum", try member.loss?.anchors(points: problem.points, outputs: problem.outputs).first),
            ("learning_rate", member.schedule?.learningRate(at: 0)), ("momentum", member.schedule?.momentum(at: 0)),
            ("steps", Double(problem.steps)),
        ]
        arrays += numbers.compactMap { name, number in number.map { (name, NumericArray(scalar: $0)) } }
        if stage == .ntk {
            let kernels = results.tangentKernels.flatMap { $0[0] ?? [] }
            arrays.append(("ntk", try NumericArray(shape: [members, rows, rows], elements: kernels)))
        } else {
            let shape = [members, problem.steps + 1, problem.points, problem.outputs]
            arrays.append(("outputs", try NumericArray(shape: shape, elements: results.outputs.flatMap { $0 })))
        }
        self.arrays = arrays
        elementType = benchmark.engine.description.precision == .float32 ? .float32 : .float64
        texts = [("activation", problem.activation.name)]
    }

    /// Writes an `.npz` file.
    /// - Parameter overwrite: whether a file that is there already is replaced. Default: no.
    /// - Throws: `FileError.outputExists`, `FileError.cannotWrite`.
    public func write(to path: String, overwrite: Bool = false) throws {
        // The parameters of the training are decimal numbers, of which float32 would keep a neighbour.
        let arrays = arrays.map { (name: $0.name, array: $0.array, type: $0.array.shape.isEmpty ? .float64 : elementType) }
        try NumericArchive.write(arrays, texts: texts, to: path, overwrite: overwrite)
    }
}
