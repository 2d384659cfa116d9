/// The background at one time.
public struct BackgroundSample: Sendable, Hashable {
    /// Cosmic time t.
    public let time: Double
    /// φ(t).
    public let phi: Double
    /// φ′(t).
    public let velocity: Double
    /// N(t) = ln a, zero at t = 0.
    public let eFolds: Double
    /// H(t).
    public let hubble: Double
    /// How far the solution violates a law that the dynamics did not use, over what there is at that time: an accuracy that the run
    /// measures of itself. Dimensionless, zero at t = 0 and for an exact solution.
    ///
    /// Friedmann law: the dynamics takes H from H² = ρ/(3M²). Beside it a second rate h is carried, as ln h, by its own evolution
    /// equation h′/h = −φ′²/(2M²H), h(0) = H(0), which the dynamics never reads. The column is (3M²h² − ρ)/ρ, with the density ρ(t):
    /// to first order the sum of the relative errors in ρ that the steps made.
    ///
    /// Constant H: the same of the field's own energy e = φ′²/2 + V − V₀, carried by (ln e)′ = −3Hφ′²/e: the column is
    /// (e(t) − e_carried)/e_carried. V₀ has no part in the motion, nor here.
    ///
    /// Neither sees an error of the phase of an oscillation: that is the local error, one tolerance, times the number of steps at most.
    public let constraint: Double
}
