extension UpdateRule {
    /// Full-batch heavy ball (KS eq. 2): v ← γ v − η ∇L, θ ← θ + v, which is θ_{k+1} = θ_k + γ_k (θ_k − θ_{k−1}) − η_k ∇L(θ_k) with
    /// θ_{−1} = θ_0. Without momentum it is gradient descent, whose weights have no velocities.
    public static let heavyBall = UpdateRule(
        name: "heavy-ball", parameters: rateAndMomentum, states: ["velocity"], scalars: ["rate", "friction"], followsParameters: true,
        gradientFactor: 0, isLinear: true,
        kernelControl: "rate = -learningRate; friction = momentum;",
        kernelStep: "velocity = fma(friction, velocity, g); w += velocity;",
        control: { [-$0.parameters[0], $0.parameters[1]] },
        step: { weight, gradient, scalars in
            weight.states[0] = scalars[1] * weight.states[0] + scalars[0] * gradient
            weight.value += weight.states[0]
        },
        // η ∇L is a product of four, and γ v + η ∇L one rounding more.
        rounding: { before, after, gradient, gradientError, scalars, unit in
            let kept = abs(scalars[1] * before.states[0]), change = abs(scalars[0] * gradient), moved = abs(scalars[0]) * gradientError
            let velocity = moved + 5 * unit / (1 - 5 * unit) * (kept + change + moved)
            return Weight(unit * (abs(before.value) + abs(after.states[0]) + velocity) + velocity, states: [velocity])
        },
        simplified: { schedules in schedules.allSatisfy { $0.values[1].allSatisfy { $0 == 0 } } ? gradientDescent : nil })

    /// θ ← θ − η ∇L: ``heavyBall`` with momentum 0, with schedules of it.
    static let gradientDescent = UpdateRule(
        name: "gradient-descent", parameters: rateAndMomentum, states: [], scalars: ["rate"], followsParameters: true,
        gradientFactor: 0, isLinear: true,
        kernelControl: "rate = -learningRate;", kernelStep: "w += g;",
        control: { [-$0.parameters[0]] },
        step: { weight, gradient, scalars in weight.value += scalars[0] * gradient },
        rounding: { before, _, gradient, gradientError, scalars, unit in
            let change = abs(scalars[0] * gradient), moved = abs(scalars[0]) * gradientError
            let step = moved + 5 * unit / (1 - 5 * unit) * (change + moved)
            return Weight(unit * (abs(before.value) + change + step) + step, states: [])
        })

    private static let rateAndMomentum = [
        Parameter.learningRate,
        Parameter("momentum", "γ", "the momentum", .fraction, remedy: "use 0 for plain gradient descent", standard: .value(0)),
    ]
}
