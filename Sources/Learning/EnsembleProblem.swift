import Networks

/// An ensemble of micro networks that learn with noise: what is the same for all of them.
public struct EnsembleProblem: Sendable {
    /// The network.
    public var network: MicroNetwork
    /// Networks of the ensemble.
    public var count: Int
    /// How a step moves a weight.
    public var rule: UpdateRule
    /// The rule's parameters, in their order; the same at every step.
    public var parameters: [Double]
    /// B: data of a step, each with neurons of its own.
    public var batch: Int
    /// The standard deviation of what is added to the gradient of a step; √(2D₀/η) gives descent the diffusion D₀ beside its own.
    public var noise: Double
    /// What each network may change to and back; nil for networks that stay as they are.
    public var alternative: EnsembleAlternative?
    /// The key of the random numbers.
    public var seed: UInt64
    /// The bins in which weights are counted.
    public var bins: Bins

    /// Equal bins; what lies beyond goes to the first and last.
    public struct Bins: Sendable, Hashable {
        public var range: ClosedRange<Double>
        public var count: Int

        public init(_ range: ClosedRange<Double>, count: Int) {
            self.range = range
            self.count = count
        }

        public var width: Double { (range.upperBound - range.lowerBound) / Double(count) }
        public var centres: [Double] { (0..<count).map { range.lowerBound + (Double($0) + 0.5) * width } }
        public var edges: [Double] { (0...count).map { range.lowerBound + Double($0) * width } }
    }

    /// Any rule.
    public init(
        network: MicroNetwork, count: Int, rule: UpdateRule, parameters: [Double], batch: Int, noise: Double,
        alternative: EnsembleAlternative? = nil, seed: UInt64, bins: Bins = Bins(-3.2...3.2, count: 320)
    ) {
        self.network = network
        self.count = count
        self.rule = rule
        self.parameters = parameters
        self.batch = batch
        self.noise = noise
        self.alternative = alternative
        self.seed = seed & .max >> 1
        self.bins = bins
    }

    /// Gradient descent, w ← w − η ∂H/∂w + √(2D₀η) ξ.
    /// - Throws: `NetworkError` for a learning rate that is not positive.
    public static func descent(
        _ network: MicroNetwork, count: Int, learningRate: Double, batch: Int, diffusion: Double, seed: UInt64,
        bins: Bins = Bins(-3.2...3.2, count: 320)
    ) throws -> EnsembleProblem {
        let schedule = try Schedule(learningRate: learningRate)
        return EnsembleProblem(
            network: network, count: count, rule: UpdateRule.heavyBall.needed(for: [schedule]), parameters: [learningRate, 0], batch: batch,
            noise: (2 * diffusion / learningRate).squareRoot(), seed: seed, bins: bins)
    }

    /// Whether the numbers of a step are the same for all networks.
    var hasCommonControl: Bool { rule.memory.isEmpty && rule.reductions.isEmpty }
}

/// What an ensemble's weights did, in bins, as whole numbers.
public struct BinnedChanges: Sendable, Hashable {
    /// Changes that began in the bin.
    public var count: [Int]
    /// Σ d 2¹² of them, each rounded.
    public var sum: [Int]
    /// Σ of the squares of these whole numbers.
    public var squares: [Int]

    public init(bins: Int) {
        (count, sum, squares) = ([Int](repeating: 0, count: bins), [Int](repeating: 0, count: bins), [Int](repeating: 0, count: bins))
    }

    static let scale = 4096.0

    /// Adds those of another ensemble.
    public mutating func add(_ other: BinnedChanges) {
        for b in count.indices {
            count[b] += other.count[b]
            sum[b] += other.sum[b]
            squares[b] += other.squares[b]
        }
    }

    /// The mean change of a bin.
    func mean(_ bin: Int) -> Double { Double(sum[bin]) / Self.scale / Double(max(1, count[bin])) }

    /// The variance of the changes of a bin.
    func variance(_ bin: Int) -> Double {
        let mean = mean(bin)
        return Double(squares[bin]) / (Self.scale * Self.scale) / Double(max(1, count[bin])) - mean * mean
    }
}

/// An ensemble in training, wherever that happens.
public protocol TrainedEnsemble: AnyObject {
    var problem: EnsembleProblem { get }

    /// Draws all weights anew from a normal distribution, with states at rest, before step 0.
    /// - Parameter firstNetwork: the number of the first network, by which its random numbers are drawn.
    func start(mean: Double, deviation: Double, firstNetwork: UInt32) throws
    /// Takes steps.
    func advance(steps: Int) throws
    /// Takes a step and adds its changes to those of the bins.
    func advanceMeasuring() throws
    /// Counts the weights.
    func record() throws

    /// The counts of every record since the start, (records, bins).
    func counts() throws -> [[Int]]
    /// The changes measured since the start.
    func changes() throws -> BinnedChanges
    /// The weights as they are.
    func weights() throws -> [Float]
}

extension LearningDevice {
    /// An ensemble on this device, or on the host.
    /// - Throws: errors of the device.
    public func ensemble(_ problem: EnsembleProblem) throws -> any TrainedEnsemble {
        if let context { try DeviceEnsemble(problem, context: context, lanes: lanes(of: context)) } else { HostEnsemble(problem) }
    }
}
