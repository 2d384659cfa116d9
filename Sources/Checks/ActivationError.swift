import Compute
import Networks

/// How errors pass through an activation, and how many arise in it.
///
/// Errors of z arrive at φ(z) times at most sup |φ′|, and at φ′(z) times at most sup |φ″|. The functions themselves may be off by the
/// units in the last place that OpenCL 1.2 (sec. 7.4) allows: tanh 5, exp 3, sin and cos 4, a quotient 2.5. One unit in
/// the last place is at most 2u of the value. The kernels' own functions (`functions.clh`) stay below: erf 2u, erfc 7u
/// with an exp of 2u, and exp, in float, 2u.
struct ActivationError: Sendable {
    /// sup |φ″|; nil where φ′ jumps at 0.
    let curvature: Double?
    /// Bound on the rounding of φ in units of u, from |z| and |φ(z)|.
    let valueRounding: @Sendable (_ z: Double, _ value: Double) -> Double
    /// The same for φ′.
    let slopeRounding: @Sendable (_ z: Double, _ slope: Double) -> Double
    /// Bound on what numbers below the smallest normal one, which a device may take as 0, cost φ and φ′, in units of that number.
    let underflow: @Sendable (_ z: Double) -> Double

    private init(
        curvature: Double?, value: @escaping @Sendable (Double, Double) -> Double, slope: @escaping @Sendable (Double, Double) -> Double,
        underflow: @escaping @Sendable (Double) -> Double = { _ in 1 }
    ) {
        self.curvature = curvature
        valueRounding = value
        slopeRounding = slope
        self.underflow = underflow
    }

    /// The entry of an activation; nil for one without an entry, whose checks then fail by name.
    static func of(_ activation: Activation) -> ActivationError? { table[activation.name] }

    private static let table: [String: ActivationError] = [
        // z · 1 or z · 0, and 1 or 0: exact.
        "relu": ActivationError(curvature: nil, value: { _, _ in 0 }, slope: { _, _ in 0 }),
        "identity": ActivationError(curvature: 0, value: { _, _ in 0 }, slope: { _, _ in 0 }),
        // φ, from |z| = 1 on, is 1 − e^(−z²) R: exp's 6u are those of erfc ≤ 0.16, so 1u, beside the 2u with an exact exp; below, and on the
        // host, 2u.
        // φ′ = c exp(−z²): z² is off by u relatively, which is u z² of exp; exp itself 6u; c and the product 2u. exp may be flushed, and
        // c times it. φ″ = −2z φ′ is largest at z = 1/√2: 0.968.
        "erf": ActivationError(
            curvature: 0.968, value: { _, value in 3 * value }, slope: { z, slope in tail(8, 1, z, slope) }, underflow: { _ in 3 }),
        // φ′ = 4e/s², s = 1 + e: e is off by 6u, of which |1 − e|/(1 + e) ≤ 1 arrives; s by u, and s² by 3u; the quotient by 5u. e may be
        // flushed, times 4, and the quotient. |φ″| ≤ 4/(3√3).
        "tanh": ActivationError(
            curvature: 0.770, value: { _, value in 10 * value }, slope: { _, slope in 14 * slope }, underflow: { _ in 5 }),
        // w = −z/√2 is off by 2u relatively, which moves erfc(w) by 2u · 2/√π |w| e^(−w²) ≤ 0.97u, and half of that is multiplied with z.
        // Relative to erfc(w), w > 0, it is at most 2u (2w² + 1) = 2u (z² + 1), as erfc(w) ≥ 2/√π e^(−w²)/(w + √(w² + 2)), which is what
        // counts in the negative tail. erfc itself 12u with an exp of 6u, and two products of φ.
        // In φ′ erfc/2 is at most 1, so 14u; z e^(−z²/2)/√(2π) is at most 0.25 with (9 + z²)u: 3u, together 20u. In the negative tail,
        // z ≤ −3, Φ ≤ 0.15 |φ′| and |z φ| ≤ 1.15 |φ′|: (0.15 (16 + 2z²) + 1.15 (9 + z²))u < (13 + 1.5 z²)u of φ′.
        // What is flushed in erfc and exp is multiplied with z, and beyond |z| = 39 both are exactly 0 or exactly 2.
        // |φ″| = |2 − z²| e^(−z²/2)/√(2π) ≤ 0.798.
        "gelu": ActivationError(
            curvature: 0.798, value: { z, value in min(0.5 * z, tail(2, 2, z, value)) + 16 * value },
            slope: { z, slope in z < 3 ? 20 : min(20, tail(13, 1.5, z, slope)) }, underflow: { z in 3 + min(z, 39) }),
        "sin": ActivationError(curvature: 1, value: { _, value in 8 * value }, slope: { _, slope in 8 * slope }),
    ]

    /// (a + b z²) times a number that is 0 where z² overflows.
    private static func tail(_ a: Double, _ b: Double, _ z: Double, _ number: Double) -> Double {
        number == 0 ? 0 : (a + b * z * z) * number
    }
}

extension Activation {
    /// φ and φ′ of numbers that are off by up to their bounds.
    func applied(to z: BoundedValues, _ arithmetic: Arithmetic) -> (values: BoundedValues, slopes: BoundedValues) {
        let count = z.values.count, unit = arithmetic.unitRoundoff, tiny = arithmetic.smallest
        var values = BoundedValues(z.values.map(value)), slopes = BoundedValues(z.values.map(slope))
        guard let error = ActivationError.of(self) else {
            values.errors = [Double](repeating: .infinity, count: count)
            slopes.errors = values.errors
            return (values, slopes)
        }
        for index in 0..<count {
            let e = z.errors[index], argument = abs(z.values[index]) + e
            let moved = lipschitzBound * e
            values.errors[index] =
                moved + 1.01 * unit * error.valueRounding(argument, abs(values.values[index]) + moved) + tiny * error.underflow(argument)
            if let curvature = error.curvature {
                let turned = curvature * e
                slopes.errors[index] =
                    turned + 1.01 * unit * error.slopeRounding(argument, abs(slopes.values[index]) + turned) + tiny
                    * error.underflow(argument)
            } else {
                // A point that the error can carry over the kink may have either slope.
                slopes.errors[index] = abs(z.values[index]) > e || e == 0 ? 0 : 1
            }
        }
        return (values, slopes)
    }
}
