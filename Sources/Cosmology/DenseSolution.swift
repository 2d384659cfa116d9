/// The solution of an integration as a function of time: each step with its interpolant of order 7.
public struct DenseSolution: Sendable {
    /// The times between steps, first and last included, ascending.
    public private(set) var breakpoints: [Double]
    /// Components of the state.
    public let componentCount: Int

    private let initial: [Double]
    private var rows: [Double] = []

    init(start: Double, initial: [Double]) {
        breakpoints = [start]
        componentCount = initial.count
        self.initial = initial
    }

    /// Accepted steps.
    public var stepCount: Int { breakpoints.count - 1 }

    /// The times that the solution covers.
    public var timeRange: ClosedRange<Double> { breakpoints[0]...breakpoints[breakpoints.count - 1] }

    /// The state at a time.
    ///
    /// - Parameter time: within `timeRange`.
    /// - Returns: `componentCount` values.
    /// - Throws: `IntegrationError.badArguments` for a time outside `timeRange`.
    public func evaluate(at time: Double) throws(IntegrationError) -> [Double] {
        guard timeRange.contains(time) else {
            throw .badArguments(
                "time \(time) is outside the solution, which covers \(timeRange.lowerBound) to \(timeRange.upperBound). "
                    + "Integrate to a later time or ask within it.")
        }
        guard stepCount > 0 else { return initial }
        let step = index(of: time)
        let (left, right) = (breakpoints[step], breakpoints[step + 1])
        return rows.withUnsafeBufferPointer { buffer in
            [Double](unsafeUninitializedCapacity: componentCount) { state, written in
                if let base = buffer.baseAddress {
                    DormandPrince853Step.interpolate(
                        base + step * 8 * componentCount, count: componentCount, fraction: (time - left) / (right - left), into: state)
                    written = componentCount
                }
            }
        }
    }

    mutating func append(_ interpolant: UnsafePointer<Double>, until time: Double) {
        rows.append(contentsOf: UnsafeBufferPointer(start: interpolant, count: 8 * componentCount))
        breakpoints.append(time)
    }

    /// The step that holds a time, by bisection.
    private func index(of time: Double) -> Int {
        var (low, high) = (0, stepCount - 1)
        while low < high {
            let middle = (low + high + 1) / 2
            if breakpoints[middle] <= time { low = middle } else { high = middle - 1 }
        }
        return low
    }
}
