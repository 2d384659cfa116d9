extension UpdateRule {
    /// Energy-conserving descent with the Born–Infeld Hamiltonian E = √(V (V + |π|²)), V = L − ΔV (De Luca & Silverstein, arXiv:2201.11137):
    ///
    ///     π ← r π − ½ Δt (V/E + E/V) ∇L,   θ ← θ + Δt (V/E) π,   r² = V ((E/V)² − 1)/|π|²,
    ///
    /// with Δt the `learningRate` itself, not its root. The energy is that of step 0, V₀ + δE, and r brings the momenta back to it at every
    /// step, so that the speed is least where the loss is: nothing is dissipated, and the field slows down as it falls. There are no
    /// bounces. With δE > 0 the first step goes along the gradient, and r gives its momenta their size at the second. Nothing moves where
    /// V ≤ 0, below the least loss that was expected.
    public static let bornInfeld = UpdateRule(
        name: "born-infeld",
        parameters: [
            Parameter("learningRate", "Δt", "the learning rate", .positive, remedy: "choose a step such as 0.01", standard: .none),
            Parameter(
                "energyExcess", "δE", "the energy beyond the first loss", .notNegative, remedy: "use 0 to begin at rest",
                standard: .value(0)),
            Parameter(
                "lossFloor", "ΔV", "the least loss that is expected", .finite, remedy: "use 0, or a value below the first loss",
                standard: .value(0)),
        ],
        states: ["momentum"], scalars: ["rescaling", "force", "speed"], memory: [Memory("energy", initial: 0, isRecorded: true)],
        reductions: [Reduction("momenta", .state(0), .state(0))], gradientFactor: 1, isLinear: true,
        // (E − V)(E + V)/V, since E²/V − V would cancel while V is still near E.
        kernelControl: """
            const REAL potential = loss - lossFloor; if (step == 0) energy = potential + energyExcess; \
            const REAL ratio = potential / energy, wanted = (energy - potential) * (1 + energy / potential); \
            const int moves = potential > 0 && energy > 0; \
            rescaling = moves && wanted > 0 && momenta > 0 ? sqrt(wanted / momenta) : (REAL)1; \
            force = moves ? (REAL)-0.5 * learningRate * (ratio + 1 / ratio) : (REAL)0; speed = moves ? learningRate * ratio : (REAL)0;
            """,
        kernelStep: "momentum = fma(rescaling, momentum, g); w += speed * momentum;",
        control: { control in
            let (step, excess, floor) = (control.parameters[0], control.parameters[1], control.parameters[2])
            let potential = control.loss - floor
            if control.step == 0 { control.memory[0] = potential + excess }
            let energy = control.memory[0], momenta = control.reductions[0]
            guard potential > 0, energy > 0 else { return [1, 0, 0] }
            let ratio = potential / energy, wanted = (energy - potential) * (1 + energy / potential)
            return [wanted > 0 && momenta > 0 ? (wanted / momenta).squareRoot() : 1, -0.5 * step * (ratio + 1 / ratio), step * ratio]
        },
        step: { weight, gradient, scalars in
            weight.states[0] = scalars[0] * weight.states[0] + scalars[1] * gradient
            weight.value += scalars[2] * weight.states[0]
        },
        // The factors are off by 8 roundings and what cancels in E − V, which is up to the first steps' V.
        rounding: { before, after, gradient, gradientError, scalars, unit in
            let kept = abs(scalars[0] * before.states[0]), pushed = abs(scalars[1]) * (abs(gradient) + gradientError)
            let momentum = abs(scalars[1]) * gradientError + 16 * unit * (kept + pushed)
            let moved = abs(scalars[2]) * (momentum + 8 * unit * (abs(after.states[0]) + momentum))
            return Weight(moved + unit * (abs(before.value) + abs(scalars[2] * after.states[0]) + moved), states: [momentum])
        })
}
