import Arrays

/// Curvature of metrics of four dimensions at a point, from their derivatives there.
package enum Curvature {
    /// A metric and its derivatives at a point.
    package struct Jet: Sendable {
        /// g_{mn}, 4 × 4.
        package var metric: [[Double]]
        /// ∂_l g_{mn}, by l.
        package var first: [[[Double]]]
        /// ∂_k ∂_l g_{mn}, by k and l.
        package var second: [[[[Double]]]]

        package init(metric: [[Double]], first: [[[Double]]], second: [[[[Double]]]]) {
            self.metric = metric
            self.first = first
            self.second = second
        }

        /// The metric ds² = M(−dt² + (dx² + dy² + dz²)/A) that static waves on a lattice find.
        /// - Parameters:
        ///   - massSquared: M, its gradient, and its second derivatives, along x, y and z.
        ///   - coupling: A likewise.
        package init(
            massSquared m: (value: Double, slope: [Double], bend: [[Double]]),
            coupling a: (value: Double, slope: [Double], bend: [[Double]])
        ) {
            let zero = [[Double]](repeating: [Double](repeating: 0, count: 4), count: 4)
            func diagonal(time: Double, space: Double) -> [[Double]] {
                var result = zero
                for i in 0..<4 { result[i][i] = i == 0 ? time : space }
                return result
            }
            // B = M/A.
            let b = m.value / a.value
            let slopes = (0..<3).map { (m.slope[$0] - b * a.slope[$0]) / a.value }
            metric = diagonal(time: -m.value, space: b)
            first = [zero] + (0..<3).map { diagonal(time: -m.slope[$0], space: slopes[$0]) }
            second = [[[[Double]]]](repeating: [[[Double]]](repeating: zero, count: 4), count: 4)
            for i in 0..<3 {
                for j in 0..<3 {
                    let bend = (m.bend[i][j] - slopes[j] * a.slope[i] - slopes[i] * a.slope[j] - b * a.bend[i][j]) / a.value
                    second[i + 1][j + 1] = diagonal(time: -m.bend[i][j], space: bend)
                }
            }
        }
    }

    /// √−g R of a metric that is diagonal.
    package static func density(_ jet: Jet) -> Double {
        let inverse = jet.metric.enumerated().map { 1 / $1[$0] }
        let range = 0..<4
        // [l][m][n]: of the first kind, Γ_{lmn} = (∂_m g_{ln} + ∂_n g_{lm} − ∂_l g_{mn})/2.
        func lower(_ d: (_ l: Int, _ m: Int, _ n: Int) -> Double) -> [[[Double]]] {
            range.map { l in range.map { m in range.map { n in (d(m, l, n) + d(n, l, m) - d(l, m, n)) / 2 } } }
        }
        let lowered = lower { jet.first[$0][$1][$2] }
        let symbols = range.map { a in range.map { m in range.map { n in inverse[a] * lowered[a][m][n] } } }
        // ∂_k Γ^a_{mn} = g^{aa}(∂_k Γ_{amn} − Σ_q ∂_k g_{aq} Γ^q_{mn}).
        let slopes = range.map { k -> [[[Double]]] in
            let bent = lower { jet.second[k][$0][$1][$2] }
            return range.map { a in
                range.map { m in
                    range.map { n in
                        inverse[a] * (bent[a][m][n] - range.reduce(0) { $0 + jet.first[k][a][$1] * symbols[$1][m][n] })
                    }
                }
            }
        }
        var scalar = 0.0
        for m in range {
            var ricci = 0.0
            for a in range {
                ricci += slopes[a][a][m][m] - slopes[m][a][a][m]
                for b in range { ricci += symbols[a][a][b] * symbols[b][m][m] - symbols[a][m][b] * symbols[b][a][m] }
            }
            scalar += inverse[m] * ricci
        }
        let determinant = jet.metric.enumerated().reduce(1) { $0 * $1.element[$1.offset] }
        return (-determinant).squareRoot() * scalar
    }

    /// The Γ-Γ Lagrangian √−g g^{mn}(Γ^a_{mb} Γ^b_{na} − Γ^a_{mn} Γ^b_{ab}) in a flat metric whose first derivatives are ∂_l g_{mn} = k_l e_{mn}.
    static func squaredSymbols(_ k: [Double], _ e: [[Double]]) -> Double {
        let range = 0..<4, flat = [-1.0, 1, 1, 1]
        let symbols = range.map { a in
            range.map { m in range.map { n in flat[a] * (k[m] * e[a][n] + k[n] * e[a][m] - k[a] * e[m][n]) / 2 } }
        }
        var sum = 0.0
        for m in range {
            for a in range {
                for b in range {
                    sum += flat[m] * (symbols[a][m][b] * symbols[b][m][a] - symbols[a][m][m] * symbols[b][a][b])
                }
            }
        }
        return sum
    }

    /// The coefficients of k²e_{mn}e^{mn}, k^m e_{mn} e^n_l k^l, e k^m e_{mn} k^n and k² e² in the Γ-Γ Lagrangian, in units of the first, by least
    /// squares over random k and e, and the largest residual: a form that is isotropic leaves none, and that of Fierz and Pauli is
    /// 1 : −2 : 2 : −1.
    /// - Throws: `SymmetricEigenError`.
    package static func isotropicCoefficients(samples: Int = 40, seed: UInt64 = 1) throws -> (ratios: [Double], residual: Double) {
        var generator = SplitMix64(seed: seed)
        func number() -> Double { Double(generator.next() >> 11) * 0x1p-52 - 1 }
        let flat = [-1.0, 1, 1, 1], range = 0..<4
        var rows: [[Double]] = [], values: [Double] = []
        for _ in 0..<samples {
            let k = range.map { _ in number() }
            var e = range.map { _ in range.map { _ in number() } }
            for m in range { for n in 0..<m { e[m][n] = e[n][m] } }
            let square = range.reduce(0) { $0 + flat[$1] * k[$1] * k[$1] }
            let trace = range.reduce(0) { $0 + flat[$1] * e[$1][$1] }
            let along = range.map { n in range.reduce(0) { $0 + flat[$1] * k[$1] * e[$1][n] } }
            var full = 0.0
            for m in range { for n in range { full += flat[m] * flat[n] * e[m][n] * e[m][n] } }
            rows.append([
                square * full, range.reduce(0) { $0 + flat[$1] * along[$1] * along[$1] },
                trace * range.reduce(0) { $0 + flat[$1] * along[$1] * k[$1] }, square * trace * trace,
            ])
            values.append(squaredSymbols(k, e))
        }
        // Normal equations by their eigenvectors.
        let matrix = range.flatMap { i in range.map { j in rows.reduce(0) { $0 + $1[i] * $1[j] } } }
        let right = range.map { i in zip(rows, values).reduce(0) { $0 + $1.0[i] * $1.1 } }
        let eigen = try SymmetricEigen.decompose(matrix, order: 4), vectors = eigen.vectors!.elements
        let found = range.map { i in
            range.reduce(0) { sum, v in
                sum + vectors[4 * i + v] * range.reduce(0) { $0 + vectors[4 * $1 + v] * right[$1] } / eigen.values[v]
            }
        }
        let residual = zip(rows, values).map { row, value in abs(zip(row, found).reduce(-value) { $0 + $1.0 * $1.1 }) }.max() ?? 0
        return (found.map { $0 / found[0] }, residual)
    }
}
