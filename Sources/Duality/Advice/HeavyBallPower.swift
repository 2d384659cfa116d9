/// What heavy ball makes of one mode of a quadratic loss in k steps, stable or not.
///
/// The amplitude obeys c_{k+1} = (1 + γ − q) c_k − γ c_{k−1}, c_{−1} = c_0, with q = η L_i l″: the roots of z² − (1 + γ − q) z + γ are its
/// two powers. The k-th power of the companion matrix is taken by squaring, in ~2 log₂ k products, which needs no roots and so knows no case
/// of a double one, and takes the negative roots that ``ExactMode``, a function of continuous time, refuses.
enum HeavyBallPower {
    /// c_k/c_0; infinite or NaN where the steps grew beyond all numbers.
    /// - Parameters:
    ///   - q: η L_i l″, either sign.
    ///   - momentum: γ, from 0 to 1.
    ///   - steps: k ≥ 0.
    static func amplitude(stepCurvature q: Double, momentum: Double, steps: Int) -> Double {
        // Rows of (c_{k+1}, c_k) = M (c_k, c_{k−1}).
        var power = SIMD4<Double>(1, 0, 0, 1), base = SIMD4<Double>(1 + momentum - q, -momentum, 1, 0), rest = steps
        while rest > 0 {
            if rest & 1 == 1 { power = product(base, power) }
            rest >>= 1
            if rest > 0 { base = product(base, base) }
        }
        return power[0] + power[1]
    }

    private static func product(_ a: SIMD4<Double>, _ b: SIMD4<Double>) -> SIMD4<Double> {
        SIMD4(a[0], a[0], a[2], a[2]) * SIMD4(b[0], b[1], b[0], b[1]) + SIMD4(a[1], a[1], a[3], a[3]) * SIMD4(b[2], b[3], b[2], b[3])
    }

    /// The first step from which on |c_k/c_0| stays at most `share`, as far as `limit` steps tell; nil where it has not happened by then.
    static func settles(stepCurvature q: Double, momentum: Double, below share: Double, limit: Int) -> Int? {
        var (now, before, last) = (1.0, 1.0, 0)
        for step in 1...max(1, limit) {
            (now, before) = ((1 + momentum - q) * now - momentum * before, now)
            guard now.isFinite else { return nil }
            if abs(now) > share { last = step }
            // Both roots lie within the circle by now, and nothing is left that could grow.
            if abs(now) < 1e-6 * share, abs(before) < 1e-6 * share, q > 0, q < 2 * (1 + momentum) { break }
        }
        return last < limit ? last + 1 : nil
    }
}
