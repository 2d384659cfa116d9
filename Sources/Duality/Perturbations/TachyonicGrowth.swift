#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The growth of a mode on top of a double well l = (s/4)(f² − v²)², where l″ = −s v²: symmetry breaking before it feels the minima.
public enum TachyonicGrowth {
    /// ln z per step for the larger root z of z² − (1 + γ − q) z + γ with q = η L_i l″, the growth under heavy ball.
    ///
    /// - Parameters:
    ///   - q: q < 0; −η L₁ s v² for the leading mode of a double well at f = 0.
    ///   - momentum: γ from 0 to 1.
    /// - Throws: `DualityError.outOfRange` unless the mode is tachyonic.
    public static func perStep(stepCurvature q: Double, momentum: Double) throws(DualityError) -> Double {
        guard q < 0, q.isFinite else {
            throw .outOfRange(
                what: "η L l″", value: q, limit: "below 0 and finite for growth",
                remedy: "start on top of a maximum of the loss, such as f = 0 in a double well")
        }
        try DualityError.check(momentum: momentum)
        // w = z − 1 > 0 solves w² + b w + q = 0 with b = 1 − γ + q; the form without cancellation for either sign of b.
        let b = 1 - momentum + q
        let root = (b * b - 4 * q).squareRoot()
        return log1p(b < 0 ? (root - b) / 2 : -2 * q / (b + root))
    }

    /// σ of e^{σt} in the field of a dictionary, the positive root of σ² + 3H σ + F L_i l″ = 0, in the time t = k√η.
    ///
    /// - Parameters:
    ///   - curvature: L_i l″ < 0; −L₁ s v² for the leading mode.
    /// - Throws: `DualityError`; `.outOfRange` unless the mode is tachyonic.
    public static func rate(
        _ dictionary: DualityDictionary = .standard, curvature: Double, learningRate: Double, momentum: Double
    ) throws(DualityError) -> Double {
        guard curvature < 0, curvature.isFinite else {
            throw .outOfRange(
                what: "L l″", value: curvature, limit: "below 0 and finite for growth",
                remedy: "start on top of a maximum of the loss, such as f = 0 in a double well")
        }
        let terms = try dictionary.terms(learningRate: learningRate, momentum: momentum, curvature: curvature)
        switch terms.dynamics {
        case .firstOrder(let rate): return -rate
        case .secondOrder(let friction, let factor, _):
            let push = -factor * curvature
            return 2 * push / (friction + (friction * friction + 4 * push).squareRoot())
        }
    }

    /// ln|A(end)/A(start)| per step, measured between two steps of a trajectory.
    /// - Throws: `DualityError.outOfRange` for steps beyond the trajectory or out of order, `.noMovement` where A is 0.
    public static func measuredPerStep(_ amplitude: [Double], from start: Int, to end: Int) throws(DualityError) -> Double {
        guard start >= 0, start < end, end < amplitude.count else {
            throw .outOfRange(
                what: "the last step of the growth", value: Double(end),
                limit: "above \(start) and below the \(amplitude.count) rows of the trajectory", remedy: "train for longer")
        }
        guard amplitude[start] != 0, amplitude[end] != 0 else { throw .noMovement(travel: 0, limit: 0) }
        return log(abs(amplitude[end] / amplitude[start])) / Double(end - start)
    }

    /// The share of outputs that end on the same side of 0, the same minimum of the double well.
    /// - Throws: `DualityError.sizeMismatch`.
    public static func signAgreement(_ trained: [Double], _ predicted: [Double]) throws(DualityError) -> Double {
        guard trained.count == predicted.count, !trained.isEmpty else {
            throw .sizeMismatch(
                what: "the list of trained outputs", found: trained.count, expected: max(1, predicted.count),
                remedy: "give the outputs at the end for the same points")
        }
        let same = zip(trained, predicted).filter { $0.0 == $0.1 || $0.0 * $0.1 > 0 }.count
        return Double(same) / Double(trained.count)
    }
}
