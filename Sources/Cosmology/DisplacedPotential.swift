/// A potential as a function of the displacement x = φ − c from a centre, from which a field near it is told exactly: a displacement
/// keeps its digits where φ, rounded beside c, has none left.
struct DisplacedPotential {
    let potential: Potential
    /// c: the minimum of a power; 0 or ±v of a double well, whichever is near; 0 of a formula.
    private(set) var centre: Double
    /// √(s/3).
    private let root: Double

    init(_ potential: Potential, near phi: Double) {
        self.potential = potential
        root = (potential.scale / 3).squareRoot()
        centre =
            switch potential.kind {
            case .power: potential.minimum
            case .doubleWell: Self.wellCentre(potential.minimum, near: phi)
            case .formula: 0
            }
    }

    /// Moves the centre of a double well to where the field is.
    ///
    /// - Returns: the displacement from the new centre. It is exact on the way into a minimum (Sterbenz), and rounds by one unit of φ
    ///   on the way out.
    mutating func recentre(_ x: Double) -> Double {
        guard potential.kind == .doubleWell else { return x }
        let new = Self.wellCentre(potential.minimum, near: centre + x)
        guard new != centre else { return x }
        defer { centre = new }
        return (centre + x) - new
    }

    private static func wellCentre(_ v: Double, near phi: Double) -> Double {
        let ratio = phi / v
        return abs(ratio) >= 0.5 && abs(ratio) <= 2 ? (ratio < 0 ? -v : v) : 0
    }

    /// V.
    func value(_ x: Double) -> Double { potential.value(at: centre + x) }

    /// √((V − V₀)/3), without squares that leave the numbers; of a formula √(V/3), NaN below 0.
    func rootHeight(_ x: Double) -> Double {
        switch potential.kind {
        case .power: root * Potential.power(abs(x), potential.degree / 2)
        case .doubleWell: root / 2 * abs(lower(x) * upper(x))
        case .formula: (value(x) / 3).squareRoot()
        }
    }

    /// V′.
    func slope(_ x: Double) -> Double {
        switch potential.kind {
        case .power: potential.powerDerivative(x, order: 1)
        case .doubleWell: potential.scale * (centre + x) * lower(x) * upper(x)
        case .formula: potential.slope(at: x)
        }
    }

    /// V″.
    func curvature(_ x: Double) -> Double {
        switch potential.kind {
        case .power: potential.powerDerivative(x, order: 2)
        case .doubleWell, .formula: potential.curvature(at: centre + x)
        }
    }

    /// φ − v.
    private func lower(_ x: Double) -> Double { x + (centre - potential.minimum) }
    /// φ + v.
    private func upper(_ x: Double) -> Double { x + (centre + potential.minimum) }
}
