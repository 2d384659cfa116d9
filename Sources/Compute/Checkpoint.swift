import OpenCL

/// Where long work pauses about every tenth of a second: the device is idle then, so that work does not pile up in its queue, whoever
/// waits is told, and a delivery can stop it.
package struct Checkpoint {
    private let context: Context
    private var last = ContinuousClock.now
    /// Steps from one look at the clock to the next.
    private var stride = 1
    private var passed = 0

    private static let interval = Duration.milliseconds(100)

    package init(_ context: Context) { self.context = context }

    /// Counts a step; waits for the device where so many have passed that they took about the interval.
    /// - Returns: whether it waited.
    /// - Throws: errors of the device.
    package mutating func pass() throws -> Bool {
        passed += 1
        guard passed >= stride else { return false }
        try context.finish()
        let now = ContinuousClock.now, elapsed = now - last
        // Twice as many while they take less than half of the interval, half as many where they take more than it.
        if elapsed < Self.interval / 2 { stride = min(stride * 2, 1 << 20) }
        if elapsed > Self.interval { stride = max(1, stride / 2) }
        (last, passed) = (now, 0)
        return true
    }
}
