extension UpdateRule {
    /// Gradient descent whose friction is 3H, with Friedmann's H of the network's own energy,
    ///
    ///     H² = (½ Θ₀ |θ′|² + Θ₀ L + Λ)/(3 M²),   θ′ = dθ/dt,  t = k √η,
    ///
    /// so that its output is the field of a whole universe and not of one that vacuum energy dominates (KS eqs. 6 and 8 without V₀). The
    /// velocities are known half a step before the loss; the energy law d(½ |θ′|²)/dt = −3H |θ′|² − dL/dt, which holds at any width, takes
    /// the kinetic energy over that half, with the H that comes of it. H is never evolved by its own derivative, which drifts.
    ///
    /// Records H and the e-folds ∫ H dt.
    public static let friedmann = UpdateRule(
        name: "friedmann",
        parameters: [
            .learningRate,
            Parameter(
                "planckMass", "M", "the reduced Planck mass in units of the output", .positive, remedy: "use 1", standard: .value(1)),
            Parameter(
                "cosmologicalConstant", "Λ", "the energy density of the vacuum", .finite, remedy: "use 0 for none", standard: .value(0)),
            Parameter(
                "fieldKernel", "Θ₀", "the kernel by which the network's energies are the field's", .positive,
                remedy: "leave it out for that of the network before its training", standard: .leadingEigenvalue),
        ],
        states: Friction.states, scalars: Friction.scalars,
        memory: [
            Memory("hubble", initial: 0, isRecorded: true), Memory("eFolds", initial: 0, isRecorded: true),
            Memory("eFoldsBelow", initial: 0), Memory("lossBefore", initial: 0),
        ],
        reductions: [Reduction("motion", .state(0), .state(0))], gradientFactor: 0, isLinear: true,
        // The e-folds of many steps are summed with what each sum leaves over.
        kernelControl: """
            const REAL h = sqrt(learningRate), behind = (REAL)0.5 * motion / learningRate, before = hubble; \
            hubble = sqrt((fieldKernel * (behind + loss) + cosmologicalConstant) / 3) / planckMass; \
            for (int again = 0; step > 0 && again < 2; ++again) { \
            const REAL kinetic = behind * (1 - (REAL)1.5 * h * (before + hubble)) - (REAL)0.5 * (loss - lossBefore); \
            hubble = sqrt((fieldKernel * fmax((REAL)0, kinetic + loss) + cosmologicalConstant) / 3) / planckMass; } \
            const REAL passed = (step > 0 ? (REAL)0.5 * h * (before + hubble) : (REAL)0) - eFoldsBelow, sum = eFolds + passed; \
            eFoldsBelow = (sum - eFolds) - passed; eFolds = sum; lossBefore = loss; \
            const REAL x = (REAL)1.5 * h * hubble; \(Friction.kernelScalars)
            """,
        kernelStep: Friction.kernelStep,
        control: { control in
            let (rate, mass, vacuum, kernel) = (control.parameters[0], control.parameters[1], control.parameters[2], control.parameters[3])
            let h = rate.squareRoot(), half = 0.5 * control.reductions[0] / rate, before = control.memory[0], loss = control.loss
            func hubble(_ kinetic: Double) -> Double { ((kernel * max(0, kinetic + loss) + vacuum) / 3).squareRoot() / mass }
            var now = hubble(half)
            if control.step > 0 {
                for _ in 0..<2 {
                    let kinetic = half * (1 - 1.5 * h * (before + now)) - 0.5 * (loss - control.memory[3])
                    now = hubble(kinetic)
                }
            }
            let passed = (control.step > 0 ? 0.5 * h * (before + now) : 0) - control.memory[2], sum = control.memory[1] + passed
            control.memory = [now, sum, (sum - control.memory[1]) - passed, loss]
            return Friction.scalars(1.5 * h * now, learningRate: rate, step: control.step)
        },
        step: heavyBall.step, rounding: Friction.rounding)
}
