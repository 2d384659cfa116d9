import Arrays
import Foundation
import Testing

/// The discrete Laplacian of order n: 2 on the diagonal, −1 beside it. Its eigenvalues are 2 − 2 cos(kπ/(n+1)), k = 1…n, with
/// eigenvectors √(2/(n+1)) sin(kπ(x+1)/(n+1)).
func laplacian(_ n: Int) -> [Double] {
    (0..<n * n).map { position in
        let distance = abs(position / n - position % n)
        return distance == 0 ? 2 : distance == 1 ? -1 : 0
    }
}

@Suite struct SymmetricEigenTests {
    /// dsyevd's backward error is bounded by p(n) ε‖A‖ with a modest p(n) (LAPACK Users' Guide, sec. 4.7); p = n, ‖A‖ < 4.
    @Test(arguments: [1, 2, 3, 33, 100])
    func laplacianHasItsEigenvalues(n: Int) throws {
        let eigen = try SymmetricEigen.eigenvalues(of: laplacian(n), order: n)
        let bound = Double(n) * .ulpOfOne * 4
        #expect(eigen.values.count == n)
        for (i, value) in eigen.values.enumerated() {
            let exact = 2 - 2 * cos(Double(n - i) * .pi / Double(n + 1))
            #expect(abs(value - exact) <= bound)
        }
        #expect(eigen.symmetryResidual == 0)
        #expect(eigen.noiseFloor > 0 && eigen.noiseFloor <= bound)
        #expect(eigen.vectors == nil)
    }

    /// Residual and orthogonality within p(n) ε‖A‖ and p(n) ε, and the same eigenvalues with vectors as without.
    @Test(arguments: [1, 2, 17, 40])
    func vectorsAreEigenvectors(n: Int) throws {
        let matrix = laplacian(n)
        let eigen = try SymmetricEigen.decompose(matrix, order: n)
        let vectors = try #require(eigen.vectors)
        let bound = Double(4 * n) * .ulpOfOne
        for i in 0..<n {
            for x in 0..<n {
                let applied = (0..<n).reduce(0) { $0 + matrix[x * n + $1] * vectors[$1, i] }
                #expect(abs(applied - eigen.values[i] * vectors[x, i]) <= 4 * bound)
            }
            for j in 0...i {
                let product = (0..<n).reduce(0) { $0 + vectors[$1, i] * vectors[$1, j] }
                #expect(abs(product - (i == j ? 1 : 0)) <= bound)
            }
        }
        let values = try SymmetricEigen.eigenvalues(of: matrix, order: n).values
        for i in 0..<n { #expect(abs(values[i] - eigen.values[i]) <= bound * 4) }
    }

    /// A = 3 u uᵀ + 1·w wᵀ with u = (1, 1)/√2, w = (1, −1)/√2 is [[2, 1], [1, 2]]: both signs are decided, w's by its first entry.
    @Test func signsFollowTheConvention() throws {
        let eigen = try SymmetricEigen.decompose([2, 1, 1, 2], order: 2)
        let root = 0.5.squareRoot()
        for (found, exact) in zip(try #require(eigen.vectors).elements, [root, root, root, -root]) {
            #expect(abs(found - exact) < 1e-15)
        }
        // Leading vector with entries of both signs: Σ > 0 decides, not the largest. (0.6, −0.8) becomes (−0.6, 0.8).
        let leading = try SymmetricEigen.decompose([0.36, -0.48, -0.48, 0.64], order: 2)
        let vector = try #require(leading.vectors)
        #expect(abs(vector[0, 0] + 0.6) < 1e-15 && abs(vector[1, 0] - 0.8) < 1e-15)
        // Three entries 2/3, 2/3, −1/3 … with the largest negative and the sum positive: (2, 2, −3)/√17.
        let v = [2, 2, -3].map { $0 / 17.0.squareRoot() }
        let third = try SymmetricEigen.decompose((0..<9).map { v[$0 / 3] * v[$0 % 3] }, order: 3)
        #expect(try #require(third.vectors)[2, 0] < 0)
    }

    /// Every second eigenvector of the Laplacian is odd about the middle, so its largest entries come in pairs ±a that only rounding
    /// tells apart; the first of them is positive at every order.
    @Test(arguments: 2...40)
    func roundingDoesNotDecideSigns(n: Int) throws {
        let vectors = try #require(SymmetricEigen.decompose(laplacian(n), order: n).vectors)
        for i in stride(from: 1, to: n, by: 1) {
            let exact = (0..<n).map { sin(Double(n - i) * .pi * Double($0 + 1) / Double(n + 1)) }
            let largest = exact.map(abs).max() ?? 0
            let first = try #require(exact.firstIndex { abs($0) > largest * (1 - 1e-9) })
            #expect(vectors[first, i] > 0)
        }
    }

    @Test func onlyTheLowerTriangleIsUsedAndTheResidualReported() throws {
        let eigen = try SymmetricEigen.eigenvalues(of: [2, 9, 1, 2], order: 2)
        #expect(abs(eigen.values[0] - 3) < 1e-14 && abs(eigen.values[1] - 1) < 1e-14)
        #expect(eigen.symmetryResidual == 8.0 / 9)
        #expect(try SymmetricEigen.eigenvalues(of: [0, 0, 0, 0], order: 2).symmetryResidual == 0)
    }

    @Test func badMatricesAreRefused() {
        #expect(throws: SymmetricEigenError.notSquare(elements: 0, order: 0)) { try SymmetricEigen.eigenvalues(of: [], order: 0) }
        #expect(throws: SymmetricEigenError.notSquare(elements: 1, order: -1)) { try SymmetricEigen.decompose([1], order: -1) }
        #expect(throws: SymmetricEigenError.notSquare(elements: 3, order: 2)) { try SymmetricEigen.decompose([1, 2, 3], order: 2) }
        #expect(throws: SymmetricEigenError.notFinite(value: .infinity, row: 1, column: 0)) {
            try SymmetricEigen.eigenvalues(of: [1, 2, .infinity, 3], order: 2)
        }
        #expect(throws: SymmetricEigenError.self) { try SymmetricEigen.eigenvalues(of: [1, .nan, 0, 3], order: 2) }
        #expect(throws: SymmetricEigenError.tooLarge(order: .max, limit: SymmetricEigen.largestOrder)) {
            try SymmetricEigen.eigenvalues(of: [1], order: .max)
        }
    }
}
