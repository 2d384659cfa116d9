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

        var time = start
        var size = initialSize(step, at: start, until: end, derivative: derivative)
        var attempts = 0
        var rejected = false
        var failedToBeFinite = false
        while time < end {
            guard attempts < maximumSteps else { throw .tooManySteps(limit: maximumSteps, time: time) }
            attempts += 1
            // A last step stretched by 1 % spares a tiny one after it.
            let isLast = time + 1.01 * size >= end
            if isLast { size = end - time }
            // Below ten spacings of numbers the nodes of the method are no longer distinct times.
            guard isLast || size >= 10 * time.ulp else {
                throw failedToBeFinite ? .notFinite(time: time) : .stepTooSmall(time: time)
            }
            let next = isLast ? end : time + size
            let error = step.attempt(from: time, size: next - time, tolerances: self, derivative: derivative)
            guard error.isFinite else {
                size *= 0.2
                (rejected, failedToBeFinite) = (true, true)
                continue
            }
            // The estimate of the error goes with the eighth power of the step size.
            let change = 0.9 * pow(max(error, 1e-40), -1.0 / 8)
            guard error <= 1 else {
                size *= max(0.2, change)
                (rejected, failedToBeFinite) = (true, false)
                continue
            }
            try accept(step, time, next)
            step.advance()
            // A step that was just refused at a larger size does not grow again at once.
            size *= min(rejected ? 1 : 6, max(0.333, change))
            time = next
            (rejected, failedToBeFinite) = (false, false)
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
