extension UpdateRule {
    /// Adam (Kingma & Ba, arXiv:1412.6980, algorithm 1). Not linear in the gradient: every weight has a friction and a force of its own, so that no
    /// single H(t) describes all modes of a field that it moves.
    public static let adam = UpdateRule(
        name: "adam",
        parameters: [
            .learningRate,
            Parameter("beta1", "β₁", "what is kept of the mean gradient", .belowOne, remedy: "use 0.9", standard: .value(0.9)),
            Parameter("beta2", "β₂", "what is kept of the mean square", .belowOne, remedy: "use 0.999", standard: .value(0.999)),
            Parameter(
                "epsilon", "ε", "what is added to the root of the mean square", .positive, remedy: "use 1e-8", standard: .value(1e-8)),
        ],
        states: ["mean", "square"],
        scalars: ["rate", "keptMean", "newMean", "keptSquare", "newSquare", "meanCorrection", "squareCorrection", "offset"],
        memory: [Memory("power1", initial: 1), Memory("power2", initial: 1)], isLinear: false,
        kernelControl: """
            power1 *= beta1; power2 *= beta2; rate = learningRate; keptMean = beta1; newMean = 1 - beta1; keptSquare = beta2; \
            newSquare = 1 - beta2; meanCorrection = 1 / (1 - power1); squareCorrection = 1 / (1 - power2); offset = epsilon;
            """,
        kernelStep: """
            mean = fma(keptMean, mean, newMean * g); square = fma(keptSquare, square, newSquare * g * g); \
            w -= rate * (meanCorrection * mean) / fmax(sqrt(squareCorrection * square) + offset, (T)(1e-37f));
            """,
        control: { control in
            let (beta1, beta2) = (control.parameters[1], control.parameters[2])
            control.memory[0] *= beta1
            control.memory[1] *= beta2
            return [
                control.parameters[0], beta1, 1 - beta1, beta2, 1 - beta2, 1 / (1 - control.memory[0]), 1 / (1 - control.memory[1]),
                control.parameters[3],
            ]
        },
        step: { weight, gradient, scalars in
            weight.states[0] = scalars[1] * weight.states[0] + scalars[2] * gradient
            weight.states[1] = scalars[3] * weight.states[1] + scalars[4] * gradient * gradient
            weight.value -= change(weight.states, scalars)
        },
        // Each state rounds its two products and their sum; the change is what states that are off by that much make of it at the worst, and
        // a root of 3 units, a division of 2.5, and five products and sums.
        rounding: { before, after, gradient, gradientError, scalars, unit in
            func gamma(_ count: Int) -> Double { Double(count) * unit / (1 - Double(count) * unit) }
            let g = abs(gradient) + gradientError
            let mean = scalars[2] * gradientError + gamma(3) * (scalars[1] * abs(before.states[0]) + scalars[2] * g)
            let square = scalars[4] * (g * g - gradient * gradient) + gamma(4) * (scalars[3] * before.states[1] + scalars[4] * g * g)
            let exact = change(after.states, scalars),
                extremes = [-1.0, 1].flatMap { a in
                    [-1.0, 1].map { b in change([after.states[0] + a * mean, max(0, after.states[1] + b * square)], scalars) }
                }
            let moved = extremes.map { abs($0 - exact) }.max() ?? 0, size = (extremes + [exact]).map(abs).max() ?? 0
            return Weight(moved + gamma(14) * size + unit * (abs(before.value) + size), states: [mean, square])
        })

    private static func change(_ states: [Double], _ scalars: [Double]) -> Double {
        scalars[0] * scalars[5] * states[0] / ((scalars[6] * max(0, states[1])).squareRoot() + scalars[7])
    }
}
