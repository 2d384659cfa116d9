import COpenBLAS

/// The lowest eigenvalues and eigenvectors of a real symmetric tridiagonal matrix, through LAPACK's `dstevr`.
public struct TridiagonalEigen: Sendable, Hashable {
    /// Ascending.
    public let values: [Double]
    /// The orthonormal eigenvectors, one a value; the entry largest in magnitude is positive.
    public let vectors: [[Double]]

    /// The `count` lowest.
    /// - Parameters:
    ///   - diagonal: n > 0 elements.
    ///   - beside: the n − 1 elements beside it.
    /// - Throws: `SymmetricEigenError`.
    public init(diagonal: [Double], beside: [Double], lowest count: Int) throws(SymmetricEigenError) {
        let order = diagonal.count, count = min(count, order)
        guard order > 0, count > 0, beside.count == order - 1 else {
            throw .notSquare(elements: diagonal.count + beside.count, order: order)
        }
        guard order <= SymmetricEigen.largestOrder else { throw .tooLarge(order: order, limit: SymmetricEigen.largestOrder) }
        if let bad = diagonal.firstIndex(where: { !$0.isFinite }) { throw .notFinite(value: diagonal[bad], row: bad, column: bad) }
        if let bad = beside.firstIndex(where: { !$0.isFinite }) { throw .notFinite(value: beside[bad], row: bad, column: bad + 1) }
        var job = CChar(UInt8(ascii: "V")), range = CChar(UInt8(ascii: "I"))
        var n = Int32(order), leading = n, lowest: Int32 = 1, highest = Int32(count)  // bounded: by largestOrder
        var (d, e) = (diagonal, beside + [0]), least = 0.0, most = 0.0, tolerance = 0.0, found: Int32 = 0, code: Int32 = 0
        var values = [Double](repeating: 0, count: order), vectors = [Double](repeating: 0, count: order * count)
        var support = [Int32](repeating: 0, count: 2 * count)
        var workSize = Int32(20 * order), indexSize = Int32(10 * order)  // bounded: by largestOrder
        var work = [Double](repeating: 0, count: 20 * order), indices = [Int32](repeating: 0, count: 10 * order)
        dstevr_(
            &job, &range, &n, &d, &e, &least, &most, &lowest, &highest, &tolerance, &found, &values, &vectors, &leading, &support, &work,
            &workSize, &indices, &indexSize, &code, 1, 1)
        guard code == 0, found == count else { throw .noConvergence(code: Int(code)) }
        self.values = Array(values.prefix(count))
        self.vectors = (0..<count).map { place in
            let vector = vectors[place * order..<(place + 1) * order]
            let largest = vector.max { abs($0) < abs($1) } ?? 0
            return largest < 0 ? vector.map { -$0 } : Array(vector)
        }
    }
}
