#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The walk from one time to another in steps whose size follows their errors, whatever method makes them.
struct StepSizeControl {
    /// Steps, rejected ones included, after which the walk gives up.
    let maximumSteps: Int

    /// Steps from `start` to `end`.
    ///
    /// - Parameters:
    ///   - first: the size tried first.
    ///   - largest: the size that a step may have, asked before each.
    ///   - attempt: tries a step of the time and size given; returns the error in units of what is allowed, to be at most 1 and NaN
    ///     or infinite where a number was not finite, and the power of the step size that it goes with.
    ///   - accept: called after each accepted step with its two end times and the size of the next step; whether to go on.
    /// - Throws: `IntegrationError`, as each of its cases says.
    func walk(
        from start: Double, to end: Double, first: Double, largest: () -> Double = { .infinity },
        attempt: (_ time: Double, _ size: Double) -> (error: Double, order: Double),
        accept: (_ left: Double, _ right: Double, _ next: Double) throws(IntegrationError) -> Bool
    ) throws(IntegrationError) {
        var time = start
        var size = first
        var attempts = 0
        var rejected = false
        var failedToBeFinite = false
        while time < end {
            size = min(size, largest())
            guard attempts < maximumSteps else {
                let needed = stepsNeeded(attempts, progress: (time - start, end - time), size: size)
                throw .tooManySteps(limit: maximumSteps, time: time, end: end, needed: needed)
            }
            attempts += 1
            // What would take a thousand times as many is not waited for.
            if attempts.isMultiple(of: 100_000), time > start {
                let needed = stepsNeeded(attempts, progress: (time - start, end - time), size: size)
                if needed / 1000 > maximumSteps { throw .tooManySteps(limit: maximumSteps, time: time, end: end, needed: needed) }
            }
            // A last step stretched by 1 % spares a tiny one after it.
            let isLast = time + 1.01 * size >= end
            if isLast { size = end - time }
            // Below ten spacings of numbers the nodes of the method are no longer distinct times.
            guard isLast || size >= 10 * time.ulp else {
                throw failedToBeFinite ? .notFinite(time: time) : .stepTooSmall(time: time)
            }
            let next = isLast ? end : time + size
            let (error, order) = attempt(time, next - time)
            guard error.isFinite else {
                size *= 0.2
                (rejected, failedToBeFinite) = (true, true)
                continue
            }
            let change = 0.9 * pow(max(error, 1e-40), -1 / order)
            guard error <= 1 else {
                size *= max(0.2, change)
                (rejected, failedToBeFinite) = (true, false)
                continue
            }
            // A step that was just refused at a larger size does not grow again at once.
            size *= min(rejected ? 1 : 6, max(0.333, change))
            (rejected, failedToBeFinite) = (false, false)
            guard try accept(time, next, size) else { return }
            time = next
        }
    }

    /// About how many steps reach the end: at the pace so far, or at the present one if that is slower, a tenth more, in two digits.
    private func stepsNeeded(_ steps: Int, progress: (done: Double, left: Double), size: Double) -> Int {
        let soFar = Double(steps) / progress.done * progress.left
        let needed = 1.1 * (Double(steps) + max(progress.left / size, soFar.isFinite ? soFar : 0))
        guard needed < 1e17 else { return .max }
        let unit = pow(10, max(0, log10(needed).rounded(.down) - 1))
        return Int((needed / unit).rounded(.up) * unit)
    }
}
