/// A universe of several fields at one time.
public struct FieldSample: Sendable, Hashable {
    /// Cosmic time t.
    public let time: Double
    /// φ_a.
    public let phi: [Double]
    /// φ_a′.
    public let velocity: [Double]
    /// N = ln(a/a₀).
    public let eFolds: Double
    public let hubble: Double
    /// How far a law that the dynamics did not use is violated, over the density: as ``BackgroundSample/constraint`` has it.
    public let constraint: Double
    /// ε = −H′/H².
    public let epsilon: Double
    public let scaleFactor: Double
    /// ω = |D_t T|, how fast the direction of motion T turns in the metric Θ⁻¹, an angle a unit of time; 0 at rest.
    public let turnRate: Double
    /// δ_a of each mode, (modes, C, C) in row-major order: the fields of the first mode's solution that starts in field 1, then in field 2, ….
    public let modes: [Double]

    /// The row of the table, in the order of `columnNames`.
    public var values: [Double] {
        [time] + phi + velocity + [eFolds, hubble, constraint, epsilon, scaleFactor, turnRate] + modes
    }

    /// t, phi1, …, velocity1, …, eFolds, hubble, constraint, epsilon, scaleFactor, turnRate, and for each mode and each field b that it starts
    /// in mode1_b_1, mode1_b_2, …: its field a at that time.
    public static func columnNames(fields: Int, modes: Int) -> [String] {
        let all = 1...fields
        return ["t"] + all.map { "phi\($0)" } + all.map { "velocity\($0)" }
            + ["eFolds", "hubble", "constraint", "epsilon", "scaleFactor", "turnRate"]
            + (0..<modes).flatMap { mode in all.flatMap { start in all.map { "mode\(mode + 1)_\(start)_\($0)" } } }
    }
}
