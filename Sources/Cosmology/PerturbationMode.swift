/// One perturbation mode of the field, linear and integrated together with its background (KS eq. 27 in Fourier space, with the mass
/// ratio of KS eq. 24):
///
///     d″ + 3Hd′ + (k²/a² + r V″(φ)) d = 0,   d(0) = 1,   d′(0) = 0.
///
/// It is that of a **test field**: the metric is not perturbed. At constant H a mode with r = 1, k = 0 is the derivative of φ(t) by φ(0);
/// under the Friedmann law it is not, since a neighbouring background has another H.
public struct PerturbationMode: Sendable, Hashable {
    /// r: the squared mass in units of V″(φ); 1 for the field's own perturbations, λᵢ/λ₁ for a network's (KS eq. 24).
    public let massRatio: Double
    /// k: the comoving wavenumber, not negative, in inverse units of time (c = 1, a(0) = 1); a network's modes have k = 0.
    public let wavenumber: Double

    /// What modes are perturbations of, in words for tables and their provenance.
    public static let kind = "a test field; the metric is not perturbed"

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
