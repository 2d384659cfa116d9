#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension DormandPrince853 {
    /// Steps from `start` to `end`, the step size chosen so that each step meets the tolerances.
    ///
    /// - Parameter accept: called after each accepted step with the step and its two end times.
    func integrate(
        from start: Double, initial: [Double], to end: Double, derivative: Derivative,
        accept: (borrowing DormandPrince853Step, Double, Double) throws(IntegrationError) -> Void
    ) throws(IntegrationError) {
        let step = DormandPrince853Step(initial: initial)
        step.start(at: start, derivative: derivative)
        guard step.isFinite(stage: 0) else { throw .notFinite(time: start) }

        let first = initialSize(step, at: start, until: end, derivative: derivative)
        try StepSizeControl(maximumSteps: maximumSteps).walk(from: start, to: end, first: first) { time, size in
            (step.attempt(from: time, size: size, tolerances: self, derivative: derivative), 8)
        } accept: { left, right, _ throws(IntegrationError) in
            try accept(step, left, right)
            step.advance()
            return true
        }
    }

    /// The first step size: small enough that one Euler step moves the state by a hundredth of itself, and that the
    /// second derivative found with it leaves an error of order 8 within the tolerances (section II.4 of the source).
    private func initialSize(
        _ step: borrowing DormandPrince853Step, at start: Double, until end: Double, derivative: Derivative
    ) -> Double {
        let (size, slope) = step.initialNorms(tolerances: self)
        var guess = size < 1e-5 || slope < 1e-5 ? 1e-6 : 0.01 * size / slope
        guess = min(guess, end - start)
        let curvature = step.curvatureNorm(at: start, size: guess, tolerances: self, derivative: derivative)
        guard curvature.isFinite else { return guess }
        let steepest = max(slope, curvature)
        let refined = steepest <= 1e-15 ? max(1e-6, guess * 1e-3) : pow(0.01 / steepest, 1.0 / 8)
        return min(100 * guess, refined, end - start)
    }
}
