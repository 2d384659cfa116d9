import Arrays

/// The lowest state of −D ∂² + F/2D, Schrödinger's operator in units of ħ = 2D, on a grid.
struct GroundState: Sendable {
    /// The level over that of the least F.
    let energy: Double
    /// The level of one harmonic well of the same curvature at the minimum: what it would be without the other well.
    let harmonic: Double
    /// ψ_0 at the places of the grid.
    private let state: [Double]
    /// F/2D there, from its least value on.
    private let rates: [Double]

    /// The grid reaches from −8 to 8.
    static let wall = 8.0
    private static let cells = 4000
    private static let spacing = 2 * wall / Double(cells)

    init(_ network: MicroNetwork, diffusion d: Double) throws {
        let h = Self.spacing
        let table = (0...Self.cells).map { network.freeEnergy(at: -Self.wall + Double($0) * h) }, least = table.min() ?? 0
        let rates = table.map { ($0 - least) / (2 * d) }
        let eigen = try TridiagonalEigen(
            diagonal: rates.map { 2 * d / (h * h) + $0 }, beside: [Double](repeating: -d / (h * h), count: Self.cells), lowest: 1)
        let bottom = (0...400).map { 2000 + 5 * $0 }.min { rates[$0] < rates[$1] } ?? 2000
        // Of a least value at the last place looked at there is no second difference.
        let middle = min(bottom, Self.cells - 20)
        let curvature = (rates[middle + 20] - 2 * rates[middle] + rates[middle - 20]) / (400 * h * h)
        energy = eigen.values[0]
        harmonic = (d * curvature / 2).squareRoot()
        state = eigen.vectors[0].map { abs($0) }
        self.rates = rates
    }

    /// F/2D at a weight over its least value.
    func rate(_ w: Double) -> Double {
        let at = max(0, min(Double(Self.cells) - 0.001, (w + Self.wall) / Self.spacing)), cell = Int(at)
        return rates[cell] + (at - Double(cell)) * (rates[cell + 1] - rates[cell])
    }

    /// ψ_0 in bins, of all that is in these.
    func shares(_ bins: EnsembleProblem.Bins) -> [Double] {
        let shares = LearningSpectrum.shares(of: state, from: -Self.wall, step: Self.spacing, edges: bins.edges)
        let whole = shares.reduce(0, +)
        return shares.map { $0 / whole }
    }
}
