/// A symmetric positive definite matrix of `order` rows with `band` diagonals beside the main one, and its Cholesky factor, for the small systems
/// of splines.
public struct BandedSystem: Sendable {
    /// n.
    public let order: Int
    /// Diagonals below the main one.
    public let band: Int
    /// Row by row the elements from column i − band to i.
    private var lower: [Double]

    /// A matrix of zeros.
    public init(order: Int, band: Int) {
        self.order = order
        self.band = min(band, max(0, order - 1))
        lower = [Double](repeating: 0, count: order * (self.band + 1))
    }

    /// Adds to element (i, j) with i − band ≤ j ≤ i.
    public mutating func add(_ value: Double, _ i: Int, _ j: Int) { lower[i * (band + 1) + band - i + j] += value }

    /// The solution of A x = b.
    /// - Returns: nil where the matrix is not positive definite.
    public func solved(_ b: [Double]) -> [Double]? {
        let width = band + 1
        var l = lower, x = b
        let isPositive = l.withUnsafeMutableBufferPointer { l -> Bool in
            for i in 0..<order {
                let first = max(0, i - band)
                for j in first...i {
                    var sum = l[i * width + band - i + j]
                    var k = max(first, j - band)
                    while k < j {
                        sum -= l[i * width + band - i + k] * l[j * width + band - j + k]
                        k += 1
                    }
                    if j < i {
                        l[i * width + band - i + j] = sum / l[j * width + band]
                    } else {
                        guard sum > 0 else { return false }
                        l[i * width + band] = sum.squareRoot()
                    }
                }
            }
            return true
        }
        guard isPositive else { return nil }
        for i in 0..<order {
            for j in max(0, i - band)..<i { x[i] -= l[i * width + band - i + j] * x[j] }
            x[i] /= l[i * width + band]
        }
        for i in stride(from: order - 1, through: 0, by: -1) {
            for j in i + 1..<max(i + 1, min(order, i + band + 1)) { x[i] -= l[j * width + band - j + i] * x[j] }
            x[i] /= l[i * width + band]
        }
        return x
    }
}
