/// A recurrent network of two layers whose neurons sit on a lattice and hear themselves and their neighbours:
///
///     x_{t+1} = W x_t − (1 − Γ) x_{t−1}
///
/// A step multiplies volumes of phase space by 1 − Γ for each neuron, so that ln(1 − Γ) is the change of entropy for a neuron and step, and
/// Γ = 0 the balance of its production and its destruction (arXiv:2111.00903). With weights l, c and r of a neuron, l = r, and as many more
/// in further dimensions, A = (l + r)/2 for each axis and M = 2 − Γ − Σw it is a wave equation, x_{t+1} − 2x_t + x_{t−1} =
/// ∇·A∇x − Mx − Γ(x_t − x_{t−1}).
public struct LatticeNetwork: Sendable, Hashable {
    /// Its neurons.
    public let shape: LatticeShape
    /// Weight by weight, those of all sites: a neuron's own, then from its lower and its higher neighbour along each axis.
    public var weights: [[Double]]
    /// 1 − Γ; 0 for a network of one layer.
    public var memory: Double

    /// A network with those weights, of which nothing is asked.
    package init(shape: LatticeShape, weights: [[Double]], memory: Double = 1) {
        self.shape = shape
        self.weights = weights
        self.memory = memory
    }

    /// The network whose wave equation has these coefficients, with one weight for each link of neighbours, so that W is symmetric.
    /// - Parameters:
    ///   - coupling: A at each site; positive.
    ///   - massSquared: M at each site; not negative, and 4 d A + M below 4 in d dimensions.
    ///   - imbalance: Γ, from 0 to below 1.
    /// - Throws: `LearningError.outOfRange` where the network would be unstable.
    public init(shape: LatticeShape, coupling: [Double], massSquared: [Double], imbalance: Double = 0) throws {
        try Self.check(shape, coupling: coupling, massSquared: massSquared, imbalance: imbalance)
        var weights = massSquared.map { [2 - imbalance - $0] }
        for site in 0..<shape.sites {
            for axis in 0..<shape.dimensions {
                for side in 0...1 {
                    let link = (coupling[site] + coupling[shape.neighbour(of: site, axis: axis, side: side)]) / 2
                    weights[site].append(link)
                    weights[site][0] -= link
                }
            }
        }
        self.init(shape: shape, weights: (0..<shape.weightCount).map { w in weights.map { $0[w] } }, memory: 1 - imbalance)
    }

    /// The network of the same coefficients at all sites.
    /// - Throws: as the other one.
    public init(shape: LatticeShape, coupling: Double, massSquared: Double, imbalance: Double = 0) throws {
        try self.init(
            shape: shape, coupling: [Double](repeating: coupling, count: shape.sites),
            massSquared: [Double](repeating: massSquared, count: shape.sites), imbalance: imbalance)
    }

    /// A network of one layer that diffuses, x_{t+1} = (1 + A∇²) x_t: entropy is destroyed and never produced.
    /// - Throws: `LearningError.outOfRange` unless 2 d A is at most 1.
    public init(diffusing coupling: Double, shape: LatticeShape) throws {
        guard coupling > 0, coupling * Double(2 * shape.dimensions) <= 1 else {
            throw LearningError.outOfRange(
                name: "the coupling A of a diffusive lattice", value: "\(coupling)", limit: "above 0 and at most 1/\(2 * shape.dimensions)",
                remedy: "lower --coupling")
        }
        let own = 1 - 2 * Double(shape.dimensions) * coupling
        self.init(
            shape: shape,
            weights: (0..<shape.weightCount).map { [Double](repeating: $0 == 0 ? own : coupling, count: shape.sites) }, memory: 0)
    }

    /// A along an axis at each site: the mean of the weights from both neighbours.
    public func coupling(axis: Int) -> [Double] {
        zip(weights[LatticeShape.weight(axis: axis, side: 0)], weights[LatticeShape.weight(axis: axis, side: 1)]).map { ($0 + $1) / 2 }
    }

    /// M at each site: what the weights lack of 1 + memory.
    public var massSquared: [Double] {
        (0..<shape.sites).map { site in 1 + memory - weights.reduce(0) { $0 + $1[site] } }
    }

    private static func check(_ shape: LatticeShape, coupling: [Double], massSquared: [Double], imbalance: Double) throws {
        precondition(coupling.count == shape.sites && massSquared.count == shape.sites)
        let reach = 4 * Double(shape.dimensions)
        for (a, m) in zip(coupling, massSquared) {
            guard m >= 0, m < 4 else {
                throw LearningError.outOfRange(
                    name: "the squared mass M of the lattice", value: "\(m)", limit: "from 0 to below 4",
                    remedy: "give --mass-squared a value such as 0.0016: a negative one makes neurons grow without bound")
            }
            guard a > 0, reach * a + m < 4 else {
                throw LearningError.outOfRange(
                    name: "the coupling A of the lattice", value: "\(a)",
                    limit: "above 0 and below (4 − M)/\(Int(reach)) = \((4 - m) / reach)",
                    remedy: "give --coupling a value such as \(shape.dimensions == 1 ? "0.25" : "0.1"): the lattice is unstable beyond")
            }
        }
        guard imbalance >= 0, imbalance < 1 else {
            throw LearningError.outOfRange(
                name: "the imbalance Γ", value: "\(imbalance)", limit: "from 0 to below 1", remedy: "0 is the balance of entropy")
        }
    }
}
