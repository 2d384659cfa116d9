import Foundation

/// What a network of a lattice is asked to go on from: two successive states of one field, or of two, the parts of a complex one.
public struct LatticeWave: Sendable {
    /// The network.
    public let network: LatticeNetwork
    /// x_0 and x_1, a list of the sites' values for each part.
    public let before, now: [[Double]]

    /// A wave.
    /// - Parameters:
    ///   - before: x_0, one or two fields.
    ///   - now: x_1, as many.
    package init(_ network: LatticeNetwork, before: [[Double]], now: [[Double]]) {
        self.network = network
        self.before = before
        self.now = now
    }

    /// What follows from a smooth kick on a line: x_0 = 0, and x_1 a Gaussian of that width with sum 1, around the middle site.
    /// - Throws: `LearningError.outOfRange` for a width that is not positive, or wider than a tenth of the lattice.
    public init(kick network: LatticeNetwork, width: Double) throws {
        let count = network.shape.sites, middle = count / 2
        try Self.check(width: width, name: "the width of the source", network.shape)
        let bell = (0..<count).map { exp(-pow(Double($0 - middle), 2) / (2 * width * width)) }, sum = bell.reduce(0, +)
        self.init(network, before: [[Double](repeating: 0, count: count)], now: [bell.map { $0 / sum }])
    }

    /// A packet of waves that all move forward in time, with the dispersion cos ω = 1 − Σ A(1 − cos k) − M/2 of the place where it begins:
    /// x_0 = exp(−|s − s_0|²/4σ² + i k_0·(s − s_0)), x_1 the same with each wave turned by its ω.
    /// - Parameters:
    ///   - position: s_0, in sites.
    ///   - momentum: k_0, in radians a site.
    ///   - width: σ, in sites: that of |x|².
    ///   - coupling: A along each axis at s_0.
    ///   - massSquared: M at s_0.
    /// - Throws: `LearningError.outOfRange` for a width that is not positive, or wider than a tenth of the lattice.
    public init(
        packet network: LatticeNetwork, position: [Double], momentum: [Double], width: Double, coupling: [Double], massSquared: Double
    ) throws {
        let shape = network.shape
        try Self.check(width: width, name: "the width σ of the packet", shape)
        // Factors along each axis.
        let factors = (0..<shape.dimensions).map { axis in
            (0..<shape.sizes[axis]).map { s in
                let distance = Double(s) - position[axis], size = exp(-distance * distance / (4 * width * width))
                return Complex(size * cos(momentum[axis] * distance), size * sin(momentum[axis] * distance))
            }
        }
        let start = (0..<shape.sites).map { site in
            (0..<shape.dimensions).reduce(Complex(1, 0)) { $0 * factors[$1][shape.coordinate(site, axis: $1)] }
        }
        let transform = DiscreteFourier(shape.sizes)
        var spectrum = transform.forward(start)
        let angles = shape.sizes.map { count in (0..<count).map { 2 * (1 - cos(2 * .pi * Double($0) / Double(count))) } }
        for site in 0..<shape.sites {
            let spring = (0..<shape.dimensions).reduce(massSquared) { $0 + coupling[$1] * angles[$1][shape.coordinate(site, axis: $1)] }
            let frequency = acos(max(-1, min(1, 1 - spring / 2)))
            spectrum[site] = spectrum[site] * Complex(cos(frequency), -sin(frequency))
        }
        let next = transform.backward(spectrum)
        self.init(network, before: [start.map(\.real), start.map(\.imaginary)], now: [next.map(\.real), next.map(\.imaginary)])
    }

    private static func check(width: Double, name: String, _ shape: LatticeShape) throws {
        let widest = Double(shape.sizes.min() ?? 0) / 10
        guard width > 0, width <= widest else {
            throw LearningError.outOfRange(
                name: name, value: "\(width)", limit: "above 0 and at most \(widest), a tenth of the lattice",
                remedy: "give a smaller --width")
        }
    }
}
