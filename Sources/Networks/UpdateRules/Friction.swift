/// Heavy ball with a friction 3H that the rule finds at every step, in a step of the time h = √η around which it is symmetric:
///
///     (1 + x) (θ_{k+1} − θ_k) = (1 − x) (θ_k − θ_{k−1}) − η ∇L_k,   x = 3 H_k h/2
///
/// is θ″ + 3H θ′ + ∇L = 0 with central differences, whose solutions it follows to second order in h. A field at rest at step 0 begins with
/// half of a kick, θ_1 = θ_{−1}.
enum Friction {
    static let states = ["velocity"]
    static let scalars = ["rate", "friction"]
    static let kernelStep = UpdateRule.heavyBall.kernelStep
    /// From x, as `x`.
    static let kernelScalars = "friction = (1 - x) / (1 + x); rate = step > 0 ? -learningRate / (1 + x) : (REAL)-0.5 * learningRate;"

    /// The same on the host.
    static func scalars(_ x: Double, learningRate: Double, step: Int) -> [Double] {
        [step > 0 ? -learningRate / (1 + x) : -0.5 * learningRate, (1 - x) / (1 + x)]
    }

    /// As ``UpdateRule/heavyBall``, and what x does that is off by 12 roundings: the friction is off by 2x/(1 + x)² of that, 6 at the most,
    /// and three of its own, the rate by x/(1 + x) of it and three.
    static let rounding: @Sendable (UpdateRule.Weight, UpdateRule.Weight, Double, Double, [Double], Double) -> UpdateRule.Weight = {
        before, after, gradient, gradientError, scalars, unit in
        let bound = UpdateRule.heavyBall.rounding(before, after, gradient, gradientError, scalars, unit)
        let more = unit * (9 * abs(before.states[0]) + 15 * abs(scalars[0]) * (abs(gradient) + gradientError))
        return UpdateRule.Weight(bound.value + more, states: [bound.states[0] + more])
    }
}
