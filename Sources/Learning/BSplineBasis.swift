/// B-splines of some degree on equal intervals from `low` to `high`, where they add up to 1.
package struct BSplineBasis: Sendable {
    let low: Double
    let high: Double
    /// How many there are.
    let count: Int
    let degree: Int
    private let knots: [Double]

    /// - Parameter count: at least degree + 1.
    package init(_ low: Double, _ high: Double, count: Int, degree: Int) {
        (self.low, self.high, self.count, self.degree) = (low, high, count, degree)
        let pieces = count - degree
        let inner = (0...pieces).map { low + (high - low) * Double($0) / Double(pieces) }
        knots = [Double](repeating: low, count: degree) + inner + [Double](repeating: high, count: degree)
    }

    /// The degree + 1 splines that are not 0 at x, or their derivatives of some order; outside of the range those of its end.
    /// - Returns: the number of the first, and their values.
    package func values(_ given: Double, derivative: Int = 0) -> (first: Int, values: [Double]) {
        let x = min(max(given, low), high)
        let pieces = count - degree
        let piece = max(0, min(pieces - 1, Int((x - low) / (high - low) * Double(pieces))))
        let span = piece + degree
        // Cox and de Boor's recursion up to the degree that is left after the derivatives.
        var values = [1.0]
        for p in stride(from: 1, through: degree - derivative, by: 1) {
            var next = [Double](repeating: 0, count: p + 1)
            for k in 0..<p {
                let i = span - p + 1 + k, left = knots[i], right = knots[i + p]
                let part = values[k] / (right - left)
                next[k] += (right - x) * part
                next[k + 1] += (x - left) * part
            }
            values = next
        }
        for p in stride(from: degree - derivative + 1, through: degree, by: 1) {
            var next = [Double](repeating: 0, count: p + 1)
            for k in 0..<p {
                let i = span - p + 1 + k, part = Double(p) * values[k] / (knots[i + p] - knots[i])
                next[k] -= part
                next[k + 1] += part
            }
            values = next
        }
        return (span - degree, values)
    }

    /// Σ c_i B_i at x.
    package func sum(_ coefficients: [Double], at x: Double, derivative: Int = 0) -> Double {
        let (first, values) = values(x, derivative: derivative)
        return values.indices.reduce(0) { $0 + coefficients[first + $1] * values[$1] }
    }
}
