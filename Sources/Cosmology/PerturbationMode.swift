/// What modes are perturbations of.
public enum PerturbationKind: String, Sendable, Hashable, CaseIterable {
    /// A field that sees the expansion and does not act on it, KS eq. 27: d″ + 3Hd′ + (k²/a² + rV″)d = 0. A network's modes are dual to
    /// these: nothing in its training is a metric.
    case testField = "test-field"
    /// The field that makes the expansion, with what its perturbation does to the metric, in the gauge of flat slices (Mukhanov and
    /// Sasaki): the mass V″ − (a³φ′²/H)′/(a³M²) in the place of V″. H d/φ′ is the curvature perturbation of comoving slices.
    case gaugeInvariant = "gauge-invariant"

    /// In words for tables and their provenance.
    public var explanation: String {
        switch self {
        case .testField: "a test field; the metric is not perturbed"
        case .gaugeInvariant: "the field with its metric, on flat slices (Mukhanov-Sasaki)"
        }
    }
}

/// One perturbation mode of the field, linear and integrated together with its background (KS eq. 27 in Fourier space, with the mass
/// ratio of KS eq. 24):
///
///     d″ + 3Hd′ + (k²/a² + r V″(φ)) d = 0,   d(0) = 1,   d′(0) = 0.
///
/// That is the equation of a test field; ``PerturbationKind`` says which others there are. At constant H a mode with r = 1, k = 0 of a test
/// field is the derivative of φ(t) by φ(0); under the Friedmann law it is not, since a neighbouring background has another H.
public struct PerturbationMode: Sendable, Hashable {
    /// r: the squared mass in units of V″(φ); 1 for the field's own perturbations, λᵢ/λ₁ for a network's (KS eq. 24).
    public let massRatio: Double
    /// k: the comoving wavenumber, not negative, in inverse units of time (c = 1; k/a is physical); a network's modes have k = 0.
    public let wavenumber: Double

    /// A mode (r, k).
    ///
    /// - Throws: `UniverseError.outOfRange` for numbers that are not finite or a negative wavenumber.
    public init(massRatio: Double = 1, wavenumber: Double = 0) throws(UniverseError) {
        try UniverseError.requireFinite(massRatio, "mass ratio of a mode")
        guard wavenumber >= 0, wavenumber.isFinite else {
            throw .outOfRange(
                quantity: "wavenumber of a mode", value: "\(wavenumber)", limit: "finite and not negative",
                remedy: "Only its square enters: drop the sign.")
        }
        self.massRatio = massRatio
        self.wavenumber = wavenumber
    }
}
