extension UpdateRule {
    /// Nesterov's method with γ_k = (k − 1)/(k + 2), the gradient at the point ahead: x_{k+1} = y_k − η ∇L(y_k),
    /// y_{k+1} = x_{k+1} + γ_{k+1} (x_{k+1} − x_k). The weights are the y, so that outputs are those of the points ahead.
    ///
    /// Its universe is 3H = 3/t, that of `fluid` with w = −1/3, to first order in √η: the step is not rescaled with the momentum.
    public static let nesterov = UpdateRule(
        name: "nesterov", parameters: [.learningRate], states: ["velocity"], scalars: ["rate", "friction", "ahead"], gradientFactor: 0,
        isLinear: true,
        kernelControl: """
            rate = -learningRate; friction = step > 0 ? (REAL)(step - 1) / (REAL)(step + 2) : (REAL)0; \
            ahead = (REAL)(2 * step + 3) / (REAL)(step + 3);
            """,
        // y + (1 + γ_{k+1}) v_{k+1} − γ_k v_k.
        kernelStep: "const T before = friction * velocity; velocity = before + g; w += fma(ahead, velocity, -before);",
        control: { control in
            let k = Double(control.step)
            return [-control.parameters[0], k > 0 ? (k - 1) / (k + 2) : 0, (2 * k + 3) / (k + 3)]
        },
        step: { weight, gradient, scalars in
            let before = scalars[1] * weight.states[0]
            weight.states[0] = before + scalars[0] * gradient
            weight.value += scalars[2] * weight.states[0] - before
        },
        // As heavy ball, whose velocity is used with a factor below 2 that is off by a rounding, less one that is off by two.
        rounding: { before, after, gradient, gradientError, scalars, unit in
            let bound = heavyBall.rounding(before, after, gradient, gradientError, scalars, unit)
            let kept = unit * abs(scalars[1] * before.states[0]), velocity = bound.states[0] + kept
            let moved = 2 * velocity + 4 * unit * (abs(after.states[0]) + velocity) + 3 * kept
            return Weight(moved + unit * (abs(before.value) + 2 * abs(after.states[0]) + kept / unit + moved), states: [velocity])
        })
}
