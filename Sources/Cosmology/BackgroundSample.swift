/// The background at one time.
public struct BackgroundSample: Sendable, Hashable {
    /// Cosmic time t.
    public let time: Double
    /// φ(t).
    public let phi: Double
    /// φ′(t).
    public let velocity: Double
    /// N(t) = ln(a/a₀), zero at t = 0.
    public let eFolds: Double
    /// H(t); negative where the universe contracts.
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
    /// Near a turnaround, where ρ is a small difference, H is followed by H′ = −(φ′² + Σ(1 + w)ρ)/2M²: the column is 3M²H² − ρ over the sum
    /// of the magnitudes of the parts of ρ, and counts from 0 anew when H is taken from ρ again. Of a formula at constant H it is
    /// φ′²/2 + V + ∫3Hφ′² dt less its first value, over φ′²/2 + |V|.
    ///
    /// Neither sees an error of the phase of an oscillation: that is the local error, one tolerance, times the number of steps at most.
    public let constraint: Double
    /// ε = −H′/H², which is (φ′² + Σ(1 + w)ρ)/(2M²H²) with the Friedmann law and 0 at constant H. The universe inflates below 1.
    public let epsilon: Double
    /// a = a₀ e^N.
    public let scaleFactor: Double
}
