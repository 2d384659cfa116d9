extension Double {
    /// The number; nil where it is infinite or none.
    package var ifFinite: Double? { isFinite ? self : nil }

    /// The number; infinite where it is none, so that it is greater than every bound.
    package var orInfinite: Double { isFinite ? self : .infinity }
}
