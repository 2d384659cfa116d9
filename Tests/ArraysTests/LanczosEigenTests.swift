import Arrays
import Testing

/// Lanczos on matrices H diag(λ) H with H = 1 − 2 w w^T/|w|², whose eigenvalues are λ by construction.
@Suite struct LanczosEigenTests {
    private func apply(_ values: [Double], _ vector: [Double]) -> [Double] {
        let w = values.indices.map { Double($0 % 7) - 2.5 }, size = w.reduce(0) { $0 + $1 * $1 }
        func reflected(_ v: [Double]) -> [Double] {
            let share = 2 * zip(v, w).reduce(0) { $0 + $1.0 * $1.1 } / size
            return zip(v, w).map { $0 - share * $1 }
        }
        return reflected(zip(values, reflected(vector)).map { $0 * $1 })
    }

    /// A spectrum that falls as a power, in an order that is no order.
    @Test(arguments: [1, 2, 5, 400, 20_000], [1, 6]) func findsTheLargest(order: Int, count: Int) throws {
        let values = (0..<order).map { 1 / Double(1 + $0 * 7919 % order) }
        let expected = Array(values.sorted(by: >).prefix(count))
        let found = try LanczosEigen(order: order, largest: count) { apply(values, $0) }
        #expect(found.isConverged && found.values.count == min(order, count) && found.products <= 260)
        for (value, (residual, right)) in zip(found.values, zip(found.residuals, expected)) {
            // The theorem that residuals are, with rounding of n terms.
            #expect(abs(value - right) <= residual + 1e-12)
            #expect(residual <= 1e-9)
        }
    }

    /// Equal eigenvalues, of which a single start finds one each; a matrix of low rank; and the zero matrix.
    @Test func multipleEigenvaluesAndLowRank() throws {
        for (values, count) in [
            ([5, 5, 5, 3, 3, 1, 0.5, 0.25] + [Double](repeating: 0.1, count: 292), 6),
            ([2, 2] + [Double](repeating: 0, count: 500), 4), ([Double](repeating: 0, count: 30), 3),
            ([Double](repeating: 7, count: 20), 5),
            ([4, -9, 1, 1, -1] + [Double](repeating: -0.5, count: 60), 3),
        ] {
            let found = try LanczosEigen(order: values.count, largest: count) { apply(values, $0) }
            let expected = Array(values.sorted(by: >).prefix(count))
            #expect(found.isConverged && found.values.count == count)
            #expect(zip(found.values, expected).allSatisfy { abs($0 - $1) < 1e-8 }, "\(found.values) \(expected)")
        }
    }

    @Test func givesUpAndSaysSo() throws {
        let values = (0..<5000).map { 1 - 1e-6 * Double($0) }
        let found = try LanczosEigen(order: 5000, largest: 3, mostProducts: 12) { apply(values, $0) }
        #expect(!found.isConverged && found.products == 12 && found.residuals.contains { $0 > 1e-9 })
        #expect(throws: SymmetricEigenError.self) { try LanczosEigen(order: 3, largest: 1) { _ in [1, .nan, 0] } }
    }
}
