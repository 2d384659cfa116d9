import Arrays
import Expressions

/// The potential energy density V(φ) of a scalar field, with its derivatives in closed form.
///
/// It mirrors a network's loss under the duality V = Θ₀ l + V₀ (KS eq. 8; KS is Krippendorf & Spannowsky, arXiv:2202.11104).
/// Units: any consistent set; with ħ = c = 1, [V] = [φ]²/[t]².
public struct Potential: Sendable, Hashable, CustomStringConvertible {
    /// The shapes on offer.
    public enum Kind: String, Sendable, Hashable, CaseIterable, Codable {
        /// V = s (φ − φ_min)ⁿ + V₀ with even n (KS eq. 28).
        case power
        /// V = (s/4) (φ² − v²)² + V₀, with v the `minimum`.
        case doubleWell
        /// V is an expression in φ, the `formula`; the numbers of the other shapes have no meaning.
        case formula
    }

    public let kind: Kind
    /// The factor s, not negative.
    public let scale: Double
    /// φ_min of a power, v of the double well (whose minima are at ±v).
    public let minimum: Double
    /// The degree n of the polynomial, even and at least 2; 4 for the double well.
    public let degree: Int
    /// V₀, the value at the minimum; of either sign. 0 for a formula, whose minimum nobody knows.
    public let vacuumEnergy: Double
    /// The expression of a potential that is a formula.
    public let formula: PotentialFormula?

    /// The potential s (φ − φ_min)ⁿ + V₀.
    ///
    /// - Throws: `UniverseError.outOfRange` for a degree that is odd or below 2, a negative scale, or a number that is not finite.
    public static func power(
        scale: Double, minimum: Double = 0, degree: Int, vacuumEnergy: Double = 0
    ) throws(UniverseError) -> Potential {
        try Potential(.power, scale: scale, minimum: minimum, degree: degree, vacuumEnergy: vacuumEnergy)
    }

    /// The double well (s/4) (φ² − v²)² + V₀ with v = `minimum`.
    ///
    /// - Throws: `UniverseError.outOfRange` for a negative scale or a number that is not finite.
    public static func doubleWell(scale: Double, minimum: Double, vacuumEnergy: Double = 0) throws(UniverseError) -> Potential {
        try Potential(.doubleWell, scale: scale, minimum: minimum, degree: 4, vacuumEnergy: vacuumEnergy)
    }

    /// The potential that a formula says.
    public static func formula(_ formula: PotentialFormula) -> Potential { Potential(formula) }

    private init(_ formula: PotentialFormula) {
        (kind, scale, minimum, degree, vacuumEnergy) = (.formula, 1, 0, 0, 0)
        self.formula = formula
    }

    private init(_ kind: Kind, scale: Double, minimum: Double, degree: Int, vacuumEnergy: Double) throws(UniverseError) {
        guard 2...1000 ~= degree, degree.isMultiple(of: 2) else {
            throw .outOfRange(
                quantity: "degree", value: "\(degree)", limit: "even, so that the potential has a minimum, and from 2 to 1000",
                remedy: "Use 2 or 4.")
        }
        guard scale >= 0, scale.isFinite else {
            throw .outOfRange(
                quantity: "scale", value: "\(scale)", limit: "finite and not negative, so that the potential has a minimum",
                remedy: "Use a positive scale, or 0 for a flat potential.")
        }
        try UniverseError.requireFinite(minimum, "minimum")
        try UniverseError.requireFinite(vacuumEnergy, "vacuum energy")
        self.kind = kind
        self.scale = scale
        self.minimum = minimum
        self.degree = degree
        self.vacuumEnergy = vacuumEnergy
        formula = nil
    }

    /// V₀ where there is one.
    private var offset: String {
        vacuumEnergy == 0 ? "" : " \(vacuumEnergy < 0 ? "−" : "+") \(abs(vacuumEnergy).plainText)"
    }

    /// The formula with its numbers.
    public var description: String {
        switch kind {
        case .power:
            "\(scale.plainText) "
                + (minimum == 0 ? "φ" : "(φ \(minimum < 0 ? "+" : "−") \(abs(minimum).plainText))") + "^\(degree)" + offset
        case .doubleWell: "\(scale.plainText)/4 (φ² − \(abs(minimum).plainText)²)²" + offset
        case .formula: formula?.description ?? ""
        }
    }

    /// V(φ).
    public func value(at phi: Double) -> Double {
        switch kind {
        case .power:
            return scale * Self.power(phi - minimum, degree) + vacuumEnergy
        case .doubleWell:
            let well = (phi - minimum) * (phi + minimum)
            return scale / 4 * well * well + vacuumEnergy
        case .formula: return formula?.value(at: phi) ?? .nan
        }
    }

    /// V′(φ).
    public func slope(at phi: Double) -> Double {
        switch kind {
        case .power: powerDerivative(phi - minimum, order: 1)
        case .doubleWell: scale * phi * (phi - minimum) * (phi + minimum)
        case .formula: formula?.jet(at: phi).first ?? .nan
        }
    }

    /// V″(φ), the squared mass of a perturbation.
    public func curvature(at phi: Double) -> Double {
        switch kind {
        case .power: powerDerivative(phi - minimum, order: 2)
        case .doubleWell: scale * (3 * phi * phi - minimum * minimum)
        case .formula: formula?.jet(at: phi).second ?? .nan
        }
    }

    /// V‴(φ), the coupling of perturbations back to the background.
    public func thirdDerivative(at phi: Double) -> Double {
        switch kind {
        case .power: powerDerivative(phi - minimum, order: 3)
        case .doubleWell: 6 * scale * phi
        case .formula: formula?.jet(at: phi).third ?? .nan
        }
    }

    /// s n (n − 1) … (n − order + 1) x^(n − order), x = φ − φ_min.
    func powerDerivative(_ x: Double, order: Int) -> Double {
        guard degree >= order else { return 0 }
        var factor = scale
        for index in 0..<order { factor *= Double(degree - index) }
        return factor * Self.power(x, degree - order)
    }

    /// A whole power by squaring: exact where the product is, which the library's `pow` need not be.
    static func power(_ base: Double, _ exponent: Int) -> Double {
        var (result, square, rest) = (1.0, base, exponent)
        while rest > 0 {
            if rest & 1 == 1 { result *= square }
            square *= square
            rest >>= 1
        }
        return result
    }
}
