/// The training points x, (N, d).
public struct Inputs: Sendable, Hashable, Codable {
    /// N.
    public let points: Int
    /// d.
    public let dimension: Int
    /// The coordinates in row-major order.
    public let values: [Double]

    /// Points in row-major order.
    /// - Throws: `NetworkError` for no points, a wrong count, or a coordinate that is not finite.
    public init(points: Int, dimension: Int, values: [Double]) throws(NetworkError) {
        guard points >= 1, dimension >= 1, values.count == points * dimension else {
            throw .shapeMismatch(
                what: "the array of inputs", found: "(\(points), \(dimension)) with \(values.count) values",
                expected: "(N, d) with N, d ≥ 1", remedy: "give at least one point; one-dimensional inputs are (N, 1)")
        }
        if let bad = values.firstIndex(where: { !$0.isFinite }) {
            throw .notFinite(what: "the array of inputs", position: "point \(bad / dimension), coordinate \(bad % dimension)")
        }
        self.points = points
        self.dimension = dimension
        self.values = values
    }

    /// One-dimensional points.
    public init(_ values: [Double]) throws(NetworkError) {
        try self.init(points: values.count, dimension: 1, values: values)
    }
}

extension Inputs {
    /// Some of the points, by their numbers.
    /// - Throws: `NetworkError.shapeMismatch` for none.
    package func points(_ range: Range<Int>) throws(NetworkError) -> Inputs {
        range.count == points
            ? self
            : try Inputs(
                points: range.count, dimension: dimension,
                values: Array(values[range.lowerBound * dimension..<range.upperBound * dimension]))
    }

    /// The points of one set and after them those of another.
    /// - Throws: `NetworkError.shapeMismatch` for another dimension.
    package static func joined(_ first: Inputs, _ second: Inputs) throws(NetworkError) -> Inputs {
        try Inputs(points: first.points + second.points, dimension: first.dimension, values: first.values + second.values)
    }
}
