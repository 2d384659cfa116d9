import COpenBLAS

/// Products of dense matrices in C order, through BLAS's `dgemm`.
package enum DenseProduct {
    /// C ← scale · op(A) op(B) + kept · C.
    /// - Parameters:
    ///   - rows: of C; `columns` of C; `inner`: terms of a sum. Each at most 2^31 − 1.
    ///   - left: A, (rows, inner), or (inner, rows) where it is transposed.
    ///   - right: B, (inner, columns), or (columns, inner) where it is transposed.
    ///   - result: C, (rows, columns).
    package static func multiply(
        rows: Int, columns: Int, inner: Int, scale: Double = 1, _ left: UnsafePointer<Double>, transposed isLeft: Bool = false,
        _ right: UnsafePointer<Double>, transposed isRight: Bool = false, kept: Double = 0, into result: UnsafeMutablePointer<Double>
    ) {
        guard let m = Int32(exactly: columns), let n = Int32(exactly: rows), let k = Int32(exactly: inner), m > 0, n > 0 else { return }
        // In BLAS's column order C^T = op(B)^T op(A)^T.
        var first = CChar(UInt8(ascii: isRight ? "T" : "N")), second = CChar(UInt8(ascii: isLeft ? "T" : "N"))
        var (m1, n1, k1, alpha, beta) = (m, n, k, scale, kept)
        var (ldb, lda, ldc) = (isRight ? k : m, isLeft ? n : k, m)
        dgemm_(&first, &second, &m1, &n1, &k1, &alpha, right, &ldb, left, &lda, &beta, result, &ldc, 1, 1)
    }
}
