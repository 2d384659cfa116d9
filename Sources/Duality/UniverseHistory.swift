import Arrays
import Networks

/// What becomes of a universe whose field is a network's output, at the times of the steps: of the training itself, or of what predicts it.
public struct UniverseHistory: Sendable, Hashable {
    /// t_k = k√η.
    public let times: [Double]
    /// H.
    public let hubble: [Double]
    /// ∫ H dt; the scale factor is a₀ e^N.
    public let eFolds: [Double]
    /// V = Θ₀ L + Λ.
    public let potential: [Double]
    /// M.
    public let planckMass: Double

    /// - Parameters:
    ///   - expansion: of the case `friedmann`; nil for others, whose H does not follow the field.
    ///   - step: √η.
    ///   - hubble: H at every step.
    ///   - eFolds: at every step.
    ///   - losses: L at every step.
    public init?(_ expansion: Expansion, step: Double, hubble: [Double], eFolds: [Double], losses: [Double]) {
        guard case .friedmann(let mass, let vacuum, let kernel) = expansion, hubble.count == losses.count, eFolds.count == losses.count
        else { return nil }
        times = hubble.indices.map { Double($0) * step }
        self.hubble = hubble
        self.eFolds = eFolds
        potential = losses.map { kernel * $0 + vacuum }
        planckMass = mass
    }

    /// ρ = 3 M² H².
    public var density: [Double] { hubble.map { 3 * planckMass * planckMass * $0 * $0 } }

    /// ½ φ′² = ρ − V, which is below 0 by the error of the steps where a field turns.
    public var kinetic: [Double] { zip(density, potential).map { $0 - $1 } }

    /// ε = −H′/H² = φ′²/(2 M² H²).
    public var epsilon: [Double] { zip(kinetic, density).map { 3 * $0 / $1 } }

    /// w = (½ φ′² − V)/ρ.
    public var equationOfState: [Double] {
        zip(density, zip(kinetic, potential)).map { ($1.0 - $1.1) / $0 }
    }

    /// H′ + φ′²/2M² over H²: what the second Friedmann equation leaves, which nothing here has been told of. H′ by central differences, so that
    /// it is of second order in the step where both equations hold; 0 at the ends.
    public var residual: [Double] {
        let epsilon = epsilon
        return times.indices.map { k in
            guard k > 0, k + 1 < times.count else { return 0 }
            let slope = (hubble[k + 1] - hubble[k - 1]) / (times[k + 1] - times[k - 1])
            return slope / (hubble[k] * hubble[k]) + epsilon[k]
        }
    }

    /// Where ε reaches 1 for the first time and inflation ends, between two steps by a straight line; nil if it does not, or began beyond.
    public var endOfInflation: (time: Double, eFolds: Double, place: Double)? {
        let epsilon = epsilon
        guard let first = epsilon.first, first < 1, let after = epsilon.firstIndex(where: { $0 >= 1 }) else { return nil }
        let share = (1 - epsilon[after - 1]) / (epsilon[after] - epsilon[after - 1])
        func between(_ values: [Double]) -> Double { values[after - 1] + share * (values[after] - values[after - 1]) }
        return (between(times), between(eFolds), Double(after - 1) + share)
    }
}
