#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// How far a prediction in continuous time leaves heavy ball for its steps alone: the greatest difference between the two motions of a
/// mode over a training, over the greatest travel.
///
/// Both are known in closed form from their roots: of z² − (1 + γ − q) z + γ, q = ηLl″, for the training, and of s² + 3Hs + FLl″ for the
/// field. What differs in a step, s√η − ln z, is a phase that adds up as long as the amplitude lasts, 2/(1 − γ) steps or the training;
/// with the first steps, in which the amplitudes are set, the difference is all that there is for a quadratic loss. Other losses have no
/// modes: what is found at the greatest |l″| of the training bounds their error to a tenth, tested for l ∝ f⁴, and a quarter is added.
struct StepError {
    /// The field's mode in steps: y″ + b y′ + λ y = 0, y(0) = 1, y′(0) = −v; or its flow y = e^{−λk}.
    private enum Motion {
        case flow(rate: Double)
        case secondOrder(damping: Double, spring: Double, velocity: Double)
    }

    private let prediction: Prediction
    private let momentum: Double

    /// - Parameter prediction: a field or the null model; `exact` and `frozen` have no such error.
    init(prediction: Prediction, momentum: Double) {
        self.prediction = prediction
        self.momentum = momentum
    }

    /// The greatest difference over the greatest travel of a mode released at rest; infinite where the mode has no continuum dual.
    ///
    /// - Parameters:
    ///   - q: ηLl″, of either sign.
    ///   - steps: K. A mode that grows is followed until it is 1e16 times as large.
    func ofMode(_ q: Double, steps: Int) throws(DualityError) -> Double {
        guard q.isFinite, try Regime(stepCurvature: q, momentum: momentum).hasContinuumDual else { return .infinity }
        let training = try ExactMode(learningRate: 1, momentum: momentum, curvature: q)
        let motion = try motion(q)
        var (difference, travel) = (0.0, 0.0)
        for k in Self.samples(of: steps) {
            let expected = training.value(at: k)
            difference = max(difference, abs(Self.value(motion, at: k) - expected))
            travel = max(travel, abs(expected - 1))
            if abs(expected) > 1e16 { break }
        }
        return difference == 0 ? 0 : difference / travel
    }

    private func motion(_ q: Double) throws(DualityError) -> Motion {
        if prediction == .null {
            return .flow(rate: momentum < 1 ? q / (1 - momentum) : .infinity)
        }
        // In units of a step: η = 1, and the curvature is q.
        switch try (prediction.dictionary ?? .standard).terms(learningRate: 1, momentum: momentum, curvature: q).dynamics {
        case .firstOrder(let rate): return .flow(rate: rate)
        case .secondOrder(let friction, let factor, let kick):
            return .secondOrder(damping: friction, spring: factor * q, velocity: -kick * q)
        }
    }

    private static func value(_ motion: Motion, at k: Double) -> Double {
        switch motion {
        case .flow(let rate): return k == 0 ? 1 : exp(-rate * k)
        case .secondOrder(let damping, let spring, let velocity):
            let b = damping / 2
            let discriminant = b * b - spring
            let m = abs(discriminant).squareRoot()
            if m * k < 1e-6 { return exp(-b * k) * (1 + (velocity + b) * k) }
            if discriminant < 0 { return exp(-b * k) * (cos(m * k) + (velocity + b) * sin(m * k) / m) }
            let slow = b + m > 0 ? -spring / (b + m) : 0
            let fast = expm1(-2 * m * k)
            return exp(slow * k) * (1 + 0.5 * fast - (velocity + b) * 0.5 * fast / m)
        }
    }

    /// The first 2000 steps, and 2000 more until the last that fall on all phases of an oscillation, whatever its period.
    private static func samples(of steps: Int) -> [Double] {
        let every = 2000
        let first = (0...min(steps, every)).map(Double.init)
        guard steps > every else { return first }
        let stride = Double(steps - every) / Double(every)
        let golden = (5.0.squareRoot() - 1) / 2
        let later = (0..<every).map { index in
            let turn = Double(index) * golden
            return Double(every) + (Double(index) + turn - turn.rounded(.down)) * stride
        }
        return first + later + [Double(steps)]
    }
}
