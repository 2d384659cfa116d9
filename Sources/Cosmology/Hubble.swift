import Arrays

/// The law of the Hubble rate H = a′/a in cosmic time.
public enum Hubble: Sendable, Hashable, CustomStringConvertible {
    /// The flat Friedmann equation H² = (φ′²/2 + V)/(3M²), expanding branch H ≥ 0 (KS eq. 6).
    /// M is the reduced Planck mass, positive, in the units of φ.
    case friedmann(planckMass: Double)
    /// A constant rate in inverse units of time: vacuum domination (KS eq. 8). Negative is a contracting universe, where
    /// the friction drives the field and perturbations grow; 0 is a static one.
    case constant(Double)

    /// The law in one line.
    public var description: String {
        switch self {
        case .friedmann(let planckMass): "Friedmann, M = \(planckMass.plainText)"
        case .constant(let rate): "constant, H = \(rate.plainText)"
        }
    }
}
