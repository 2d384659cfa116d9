import Arrays
import Engines
import Networks

/// The sizes of the work that benchmarks time. Members differ in their weights alone, which the device draws; all share the points.
public struct BenchmarkProblem: Sendable, Hashable, Codable {
    /// Units of each hidden layer.
    public var width: Int
    /// Hidden layers.
    public var depth: Int
    /// N.
    public var points: Int
    /// E.
    public var members: Int
    /// C.
    public var outputs: Int
    /// d.
    public var inputs: Int
    /// K, the updates of a training.
    public var steps: Int
    /// Between the layers.
    public var activation: Activation

    /// A problem. Default: what two cores compute in a few seconds with all stages.
    public init(
        width: Int = 512, depth: Int = 2, points: Int = 64, members: Int = 4, outputs: Int = 1, inputs: Int = 8, steps: Int = 20,
        activation: Activation = .relu
    ) {
        self.width = width
        self.depth = depth
        self.points = points
        self.members = members
        self.outputs = outputs
        self.inputs = inputs
        self.steps = steps
        self.activation = activation
    }

    /// The network's shape, with biases and in the NTK parameterisation.
    /// - Throws: `NetworkError.outOfRange` for sizes below 1.
    public func architecture() throws -> Architecture {
        for (name, value, least) in [("the depth", depth, 0), ("the number of points", points, 1), ("the number of steps", steps, 1)] {
            guard value >= least else {
                throw NetworkError.outOfRange(what: name, value: "\(value)", limit: "at least \(least)", remedy: "give a larger number")
            }
        }
        return try Architecture(
            inputs: inputs, widths: Array(repeating: width, count: depth), outputs: outputs, hasBias: true, activation: activation)
    }

    /// The networks, with heavy ball on a quadratic loss whose rate is stable at every size.
    /// - Throws: `NetworkError.outOfRange` for sizes below 1, `EngineError.doesNotFit` for what does not fit the host.
    public func ensemble() throws -> Ensemble {
        let architecture = try architecture()
        try HostMemoryPlan([
            .init("\(points) points", bytes: points.times(inputs, 8, 2), remedy: "reduce --points or --inputs"),
            .init("\(members) networks", bytes: members.times(256), remedy: "reduce --members"),
        ]).require(for: "the benchmark")
        let set = try Inputs(
            points: points, dimension: inputs,
            values: (0..<points * inputs).map { WeightStream.normal(seed: 1, layer: 0, stream: .bias, index: $0) })
        // Θ grows with |x|², about d, and with the number of layers.
        let rate = 0.1 / Double((inputs + 1) * (depth + 1))
        let loss = try Loss.power(scale: 0.5, minimum: 0.5), schedule = try Schedule(learningRate: rate, momentum: 0.9)
        let list = (0..<max(0, members)).map {
            Ensemble.Member(source: .seed(UInt64($0)), sigmaW: 1, sigmaB: 0.1, loss: loss, schedule: schedule)
        }
        return try Ensemble(architecture: architecture, members: list, inputs: [set])
    }
}
