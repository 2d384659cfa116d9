/// A fluid beside the field, of pressure w ρ, that only dilutes: ρ(a) = ρ₁ a^{−3(1+w)}.
public struct Fluid: Sendable, Hashable {
    /// w, above −1: 0 is matter, 1/3 radiation, 1 kination, −1/3 dilutes as spatial curvature does.
    public let equationOfState: Double
    /// ρ₁, the energy density at a = 1; negative for the curvature of a closed universe.
    public let density: Double

    /// A fluid.
    ///
    /// - Throws: `UniverseError.outOfRange` for w ≤ −1, a vacuum energy or less, and for numbers that are not finite.
    public init(equationOfState: Double, density: Double) throws(UniverseError) {
        guard equationOfState > -1, equationOfState.isFinite else {
            throw .outOfRange(
                quantity: "equation of state of a fluid", value: "\(equationOfState)", limit: "finite and above -1",
                remedy: "A fluid of w = -1 is a vacuum energy; give the potential a constant.")
        }
        try UniverseError.requireFinite(density, "density of a fluid")
        self.equationOfState = equationOfState
        self.density = density
    }
}
