extension UpdateRule {
    /// The universe of a fluid of pressure w ρ, 3H = p/t with p = 2/(1 + w): matter (w = 0), radiation (1/3), kination (1), and the
    /// curvature-like −1/3 whose friction 3/t is that of Nesterov's method. Momentum and step are rescaled together
    /// (γ_k = (1 − p/2k)/(1 + p/2k), η_k = η/(1 + p/2k)): a momentum alone follows that universe to first order only.
    ///
    /// `cosmicTime` is t at step 0; at the beginning of time, 0, the field is at rest and p/t θ′ → p θ″, so that η_0 = η/2(1 + p).
    public static let fluid = UpdateRule(
        name: "fluid",
        parameters: [
            .learningRate,
            Parameter(
                "equationOfState", "w", "the equation of state", .aboveMinusOne,
                remedy: "use 0 for matter, 1/3 for radiation, and the optimiser de-sitter for -1", standard: .none),
            Parameter(
                "cosmicTime", "t₀", "the cosmic time at step 0", .notNegative, remedy: "use 0 for the beginning of time",
                standard: .value(0)),
        ],
        states: Friction.states, scalars: Friction.scalars, gradientFactor: 0, isLinear: true,
        kernelControl: """
            const REAL p = 2 / (1 + equationOfState), ticks = step + cosmicTime / sqrt(learningRate); \
            const REAL x = ticks > 0 ? (REAL)0.5 * p / ticks : (REAL)0; \(Friction.kernelScalars) \
            if (!(ticks > 0)) rate = (REAL)-0.5 * learningRate / (1 + p);
            """,
        kernelStep: Friction.kernelStep,
        control: { control in
            let rate = control.parameters[0], p = 2 / (1 + control.parameters[1])
            let ticks = Double(control.step) + control.parameters[2] / rate.squareRoot()
            guard ticks > 0 else { return [-0.5 * rate / (1 + p), 1] }
            return Friction.scalars(0.5 * p / ticks, learningRate: rate, step: control.step)
        },
        step: heavyBall.step, rounding: Friction.rounding)

    /// A universe of constant H, or with an H for every step of any universe whose H(t) is known.
    public static let deSitter = UpdateRule(
        name: "de-sitter",
        parameters: [
            .learningRate,
            Parameter("hubble", "H", "the Hubble rate", .notNegative, remedy: "use 0 for no expansion", standard: .none),
        ],
        states: Friction.states, scalars: Friction.scalars, gradientFactor: 0, isLinear: true,
        kernelControl: "const REAL x = (REAL)1.5 * sqrt(learningRate) * hubble; \(Friction.kernelScalars)",
        kernelStep: Friction.kernelStep,
        control: {
            Friction.scalars(1.5 * $0.parameters[0].squareRoot() * $0.parameters[1], learningRate: $0.parameters[0], step: $0.step)
        },
        step: heavyBall.step, rounding: Friction.rounding)
}
