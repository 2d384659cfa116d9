/// Numbers, each with a bound on how far its computed value may be from it.
public struct BoundedValues: Sendable, Equatable {
    /// The numbers, in the order of the array that they describe.
    public var values: [Double]
    /// A bound on |computed − exact| for each of them; zero or more, or infinite where nothing can be said.
    public var errors: [Double]

    /// Numbers with their bounds; without bounds they are exact.
    public init(_ values: [Double], errors: [Double]? = nil) {
        self.values = values
        self.errors = errors ?? [Double](repeating: 0, count: values.count)
    }

    /// The same numbers with each bound enlarged by another one.
    public func widened(by other: [Double]) -> BoundedValues {
        BoundedValues(values, errors: zip(errors, other).map(+))
    }

    /// Compares computed numbers with these, element by element.
    public func compare(_ computed: [Double]) -> Deviation {
        guard computed.count == values.count else { return Deviation(measured: .infinity, bound: 0, ratio: .infinity, scale: 0, index: 0) }
        var worst = Deviation(measured: 0, bound: errors.first ?? 0, ratio: 0, scale: values.reduce(0) { max($0, abs($1)) }, index: 0)
        for index in values.indices {
            let difference = abs(computed[index] - values[index]), bound = errors[index]
            // A NaN, or anything beyond a bound that is itself no number, counts as infinitely wrong.
            let ratio = difference == 0 ? 0 : (difference <= bound ? difference / bound : max(difference / bound, 1.0.nextUp))
            let counted = ratio.isNaN ? (computed[index].bitPattern == values[index].bitPattern ? 0 : .infinity) : ratio
            if counted > worst.ratio {
                worst.measured = difference
                worst.bound = bound
                worst.ratio = counted
                worst.index = index
            }
        }
        return worst
    }
}

/// The element in which computed numbers differ most from the expected ones, in units of what rounding can explain.
public struct Deviation: Sendable, Equatable, Codable {
    /// |computed − expected| there.
    public var measured: Double
    public var bound: Double
    /// `measured / bound`: up to 1 is explained by rounding.
    public var ratio: Double
    /// The largest |expected| of all elements.
    public var scale: Double
    /// Which element it is.
    public var index: Int

    public init(measured: Double, bound: Double, ratio: Double, scale: Double, index: Int) {
        self.measured = measured
        self.bound = bound
        self.ratio = ratio
        self.scale = scale
        self.index = index
    }

    /// Whether rounding explains every difference.
    public var isWithinBound: Bool { ratio <= 1 }

    /// The worst of several; of none, one that no bound explains.
    package static func worst(_ deviations: [Deviation]) -> Deviation {
        deviations.max { $0.ratio < $1.ratio } ?? Deviation(measured: .infinity, bound: 0, ratio: .infinity, scale: 0, index: 0)
    }
}
