import Networks

/// E networks of one architecture on as many points: what an engine works on. One network is an ensemble of one.
public struct Ensemble: Sendable {
    public let architecture: Architecture
    public let members: [Member]
    /// The points, shared by all (one element) or one set per member, all of the same shape.
    public let inputs: [Inputs]

    /// One network: where its weights come from, and how it is trained.
    public struct Member: Sendable {
        /// The initial weights.
        public enum Source: Sendable, Hashable {
            /// Drawn on the device (`WeightStream`).
            case seed(UInt64)
            /// Given.
            case weights(Weights)
        }
        /// The initial weights.
        public let source: Source
        /// σ_w.
        public let sigmaW: Double
        /// σ_b.
        public let sigmaB: Double
        /// What is minimised; nil where nothing is trained.
        public let loss: Loss?
        /// η_k and γ_k; nil where nothing is trained.
        public let schedule: Schedule?

        public init(source: Source, sigmaW: Double, sigmaB: Double, loss: Loss? = nil, schedule: Schedule? = nil) {
            self.source = source
            self.sigmaW = sigmaW
            self.sigmaB = sigmaB
            self.loss = loss
            self.schedule = schedule
        }
    }

    /// N.
    public var points: Int { inputs[0].points }

    /// N · C, the rows of a Jacobian; row n·C + c belongs to point n and output c.
    public var rows: Int { points * architecture.outputs }

    /// Checks that shapes belong together.
    /// - Throws: `NetworkError` for no members, points of another dimension, or σ that is negative or not finite.
    public init(architecture: Architecture, members: [Member], inputs: [Inputs]) throws(NetworkError) {
        guard !members.isEmpty else {
            throw .outOfRange(what: "the number of members", value: "0", limit: "at least 1", remedy: "give at least one network")
        }
        guard let first = inputs.first, inputs.count == 1 || inputs.count == members.count else {
            throw .shapeMismatch(
                what: "the list of inputs", found: "(\(inputs.count))", expected: "(1) or (\(members.count))",
                remedy: "share one set of points, or give one per member")
        }
        for set in inputs {
            try architecture.check(set)
            guard set.points == first.points else {
                throw .shapeMismatch(
                    what: "the array of inputs", found: "(\(set.points), \(set.dimension))",
                    expected: "(\(first.points), \(set.dimension))",
                    remedy: "give every member as many points")
            }
        }
        for member in members {
            for (name, sigma) in [("σ_w", member.sigmaW), ("σ_b", member.sigmaB)] where !(sigma >= 0 && sigma.isFinite) {
                throw .outOfRange(what: name, value: "\(sigma)", limit: "zero or more, and finite", remedy: "give a standard deviation")
            }
        }
        self.architecture = architecture
        self.members = members
        self.inputs = inputs
    }

    /// The factors (α, β) of every member in that layer.
    func forwardScales(layer: Architecture.Layer) -> [(weight: Double, bias: Double)] {
        members.map { architecture.parameterisation.forwardScales(sigmaW: $0.sigmaW, sigmaB: $0.sigmaB, fanIn: layer.fanIn) }
    }

    /// The points of that member.
    func inputs(of member: Int) -> Inputs { inputs.count == 1 ? inputs[0] : inputs[member] }
}
