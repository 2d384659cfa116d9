import COpenBLAS

/// Why a symmetric eigenproblem is not solved.
public enum SymmetricEigenError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The matrix has no rows, or its elements are not n × n.
    case notSquare(elements: Int, order: Int)
    /// An element is NaN or infinite.
    case notFinite(value: Double, row: Int, column: Int)
    /// The order is beyond what LAPACK's 32-bit workspace sizes allow.
    case tooLarge(order: Int, limit: Int)
    /// LAPACK gave up with this code.
    case noConvergence(code: Int)

    /// The message, with the value, the limit and the remedy.
    public var description: String {
        switch self {
        case .notSquare(let elements, let order):
            "\(elements) elements are no square matrix of order \(order); n × n elements with n > 0 are needed"
        case .notFinite(let value, let row, let column): "element (\(row), \(column)) is \(value); all elements must be finite"
        case .tooLarge(let order, let limit): "a matrix of order \(order) is too large; the limit is \(limit)"
        case .noConvergence(let code): "the eigenvalue iteration did not converge (LAPACK returned \(code))"
        }
    }
}

/// Eigenvalues and, where asked for, eigenvectors of a real symmetric matrix, through LAPACK's `dsyevd`.
///
/// Only the lower triangle is used; how far the upper one is from it is reported, not corrected.
public struct SymmetricEigen: Sendable, Hashable {
    /// The eigenvalues, descending.
    public let values: [Double]
    /// The orthonormal eigenvectors as columns, element [x, i] being v_i(x); nil if only eigenvalues were asked for.
    ///
    /// Signs: Σ_x v_1(x) > 0; for i > 1 the entry largest in magnitude is positive, the first of them where several are equal to
    /// within 1.5e-8 (√ε), so that rounding does not decide. v_1 follows the second rule where its sum is 0 to within √ε.
    public let vectors: NumericArray?
    /// max |A_ij − A_ji| / max |A_ij|; 0 for a matrix of zeros.
    public let symmetryResidual: Double
    /// n ε max|λ| with ε = 2^-52: the size up to which dsyevd's backward error may have moved an eigenvalue; smaller ones are noise.
    public let noiseFloor: Double

    /// The eigenvalues of a matrix of `order`² elements in C order.
    /// - Throws: `SymmetricEigenError`.
    public static func eigenvalues(of elements: [Double], order: Int) throws -> SymmetricEigen {
        try solve(elements, order: order, wantsVectors: false)
    }

    /// The eigenvalues and eigenvectors of a matrix of `order`² elements in C order.
    /// - Throws: `SymmetricEigenError`.
    public static func decompose(_ elements: [Double], order: Int) throws -> SymmetricEigen {
        try solve(elements, order: order, wantsVectors: true)
    }

    /// The largest order: dsyevd states its workspace of 1 + 6n + 2n² numbers in 32 bits.
    public static let largestOrder = 32766

    private static func solve(_ elements: [Double], order: Int, wantsVectors: Bool) throws -> SymmetricEigen {
        guard order <= largestOrder else { throw SymmetricEigenError.tooLarge(order: order, limit: largestOrder) }
        guard order > 0, elements.count == order * order else {
            throw SymmetricEigenError.notSquare(elements: elements.count, order: order)
        }
        if let bad = elements.firstIndex(where: { !$0.isFinite }) {
            throw SymmetricEigenError.notFinite(value: elements[bad], row: bad / order, column: bad % order)
        }
        let (values, columns) = try lapack(elements, order: order, wantsVectors: wantsVectors)
        let floor = Double(order) * .ulpOfOne * max(abs(values[0]), abs(values[order - 1]))
        return SymmetricEigen(
            values: values.reversed(),
            vectors: wantsVectors ? try NumericArray(shape: [order, order], elements: ordered(columns, order: order)) : nil,
            symmetryResidual: symmetryResidual(elements, order: order), noiseFloor: floor)
    }

    /// Ascending eigenvalues, and eigenvectors one after another.
    private static func lapack(_ elements: [Double], order: Int, wantsVectors: Bool) throws -> (values: [Double], vectors: [Double]) {
        var matrix = elements
        var values = Array(repeating: 0.0, count: order)
        var n = Int32(order)  // bounded: by largestOrder
        var job = CChar(UInt8(ascii: wantsVectors ? "V" : "N"))
        // What C order calls the lower triangle is the upper one of LAPACK's column order.
        var triangle = CChar(UInt8(ascii: "U"))
        let workCount = wantsVectors ? 1 + 6 * order + 2 * order * order : 1 + 2 * order
        let indexCount = wantsVectors ? 3 + 5 * order : 1
        var work = Array(repeating: 0.0, count: workCount)
        var indices = Array(repeating: Int32(0), count: indexCount)
        // bounded: by largestOrder, which is the largest for which this fits
        var workSize = Int32(workCount)
        var indexSize = Int32(indexCount)  // bounded: as above
        var code: Int32 = 0
        var leading = n
        dsyevd_(&job, &triangle, &n, &matrix, &leading, &values, &work, &workSize, &indices, &indexSize, &code, 1, 1)
        guard code == 0 else { throw SymmetricEigenError.noConvergence(code: Int(code)) }
        return (values, matrix)
    }

    /// Turns ascending eigenvectors that lie one after another into columns, descending, with their signs chosen.
    private static func ordered(_ vectors: [Double], order: Int) -> [Double] {
        var columns = Array(repeating: 0.0, count: order * order)
        // Components equal in exact arithmetic (a symmetric set of points has many) differ by ε‖A‖ over the gap to the next eigenvalue.
        let rounding = Double.ulpOfOne.squareRoot()
        for i in 0..<order {
            let vector = vectors[(order - 1 - i) * order..<(order - i) * order]
            let sum = vector.reduce(0, +)
            let largest = vector.reduce(0) { max($0, abs($1)) }
            let decisive = vector.first { abs($0) >= largest * (1 - rounding) } ?? 1
            let sign = i == 0 && abs(sum) > rounding ? sum : decisive
            for (x, component) in vector.enumerated() { columns[x * order + i] = sign < 0 ? -component : component }
        }
        return columns
    }

    private static func symmetryResidual(_ elements: [Double], order: Int) -> Double {
        var largest = 0.0
        var difference = 0.0
        for i in 0..<order {
            largest = max(largest, abs(elements[i * order + i]))
            for j in 0..<i {
                let lower = elements[i * order + j]
                let upper = elements[j * order + i]
                largest = max(largest, abs(lower), abs(upper))
                difference = max(difference, abs(lower - upper))
            }
        }
        return largest > 0 ? difference / largest : 0
    }
}
