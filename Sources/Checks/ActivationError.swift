import Networks

/// How errors pass through an activation, and how many arise in it.
///
/// Errors of z arrive at φ(z) times at most sup |φ′|, and at φ′(z) times at most sup |φ″|. The functions themselves may be off by the
/// units in the last place that OpenCL 1.2 (sec. 7.4) allows: erf and erfc 16, tanh 5, exp 3, sin and cos 4. One unit in the last
/// place is at most 2u of the value. The kernels' own float functions (`functions.clh`) stay below: erf and exp 2u.
struct ActivationError: Sendable {
    /// sup |φ″|; nil where φ′ jumps at 0.
    let curvature: Double?
    /// Bound on the rounding of φ in units of u, from |z| and |φ(z)|.
    let valueRounding: @Sendable (_ z: Double, _ value: Double) -> Double
    /// The same for φ′.
    let slopeRounding: @Sendable (_ z: Double, _ slope: Double) -> Double

    /// The entry of an activation; nil for one without an entry, whose checks then fail by name.
    static func of(_ activation: Activation) -> ActivationError? { table[activation.name] }

    private static let table: [String: ActivationError] = [
        // z · 1 or z · 0, and 1 or 0: exact.
        "relu": ActivationError(curvature: nil, valueRounding: { _, _ in 0 }, slopeRounding: { _, _ in 0 }),
        "identity": ActivationError(curvature: 0, valueRounding: { _, _ in 0 }, slopeRounding: { _, _ in 0 }),
        // φ′ = c exp(−z²): z² is off by u relatively, which is u z² of exp; exp itself 6u; c and the product 2u.
        // φ″ = −2z φ′ is largest at z = 1/√2: 0.968.
        "erf": ActivationError(
            curvature: 0.968, valueRounding: { _, value in 32 * value }, slopeRounding: { z, slope in (8 + z * z) * slope }),
        // φ′ = 1 − t²: 2 · 10u of t, 1u of t² and 1u of the difference, t² ≤ 1. |φ″| ≤ 4/(3√3).
        "tanh": ActivationError(curvature: 0.770, valueRounding: { _, value in 10 * value }, slopeRounding: { _, _ in 24 }),
        // w = −z/√2 is off by 2u relatively, which moves erfc(w) by 2u · 2/√π |w| e^(−w²) ≤ 0.97u, and half of that is multiplied with z;
        // erfc 32u and two products of φ. In φ′ erfc/2 is at most 1, so 34u; z e^(−z²/2)/√(2π) is at most 0.25 with (9 + z²)u: 3u.
        // |φ″| = |2 − z²| e^(−z²/2)/√(2π) ≤ 0.798.
        "gelu": ActivationError(curvature: 0.798, valueRounding: { z, value in 0.5 * z + 36 * value }, slopeRounding: { _, _ in 40 }),
        "sin": ActivationError(curvature: 1, valueRounding: { _, value in 8 * value }, slopeRounding: { _, slope in 8 * slope }),
    ]
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
            values.errors[index] = moved + 1.01 * unit * error.valueRounding(argument, abs(values.values[index]) + moved) + tiny
            if let curvature = error.curvature {
                let turned = curvature * e
                slopes.errors[index] = turned + 1.01 * unit * error.slopeRounding(argument, abs(slopes.values[index]) + turned) + tiny
            } else {
                // A point that the error can carry over the kink may have either slope.
                slopes.errors[index] = abs(z.values[index]) > e || e == 0 ? 0 : 1
            }
        }
        return (values, slopes)
    }
}
