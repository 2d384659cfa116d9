import Arrays

/// The pre-activations of one layer of an infinitely wide network at N points: a Gaussian process, and its tangent kernel.
struct InfiniteLayer {
    let points: Int
    /// K, (N, N).
    let covariance: [Double]
    /// K_nn K_mm − K_nm², (N, N), carried from layer to layer so that it is accurate where the difference is not (``GaussianPair``).
    let determinant: [Double]
    /// Θ, (N, N).
    let tangentKernel: [Double]

    /// One entry above or on the diagonal.
    private struct Entry { let covariance, determinant, tangentKernel: Double }

    /// Makes the matrices from entries (n, m) with n ≤ m, computed on all cores.
    private init(points: Int, layer: Int, entry: @Sendable (Int, Int) throws -> Entry) throws {
        let rows = try Array(0..<points).parallelMap { n in try (n..<points).map { try entry(n, $0) } }
        var covariance = Array(repeating: 0.0, count: points * points), determinant = covariance, tangentKernel = covariance
        for n in 0..<points {
            for m in n..<points {
                let entry = rows[n][m - n]
                guard entry.covariance.isFinite, entry.determinant.isFinite, entry.tangentKernel.isFinite else {
                    throw NetworkError.outOfRange(
                        what: "entry (\(n), \(m)) of the infinite-width kernel of layer \(layer)",
                        value: "too large for a number of 64 bits", limit: "finite",
                        remedy: "scale down the inputs or σ_w, or use fewer layers")
                }
                for index in [n * points + m, m * points + n] {
                    covariance[index] = entry.covariance
                    determinant[index] = entry.determinant
                    tangentKernel[index] = entry.tangentKernel
                }
            }
        }
        self.points = points
        self.covariance = covariance
        self.determinant = determinant
        self.tangentKernel = tangentKernel
    }

    /// The first layer.
    ///
    /// det = σ_w⁴/d² (|x|²|y|² − (x·y)²) + σ_w² σ_b²/d |x − y|². The bracket, Gram's determinant, is |x|² times the squared distance of
    /// y from the line through x, a sum of squares without the bracket's cancellation.
    init(_ inputs: Inputs, _ scales: LayerScales) throws {
        let d = inputs.dimension
        try self.init(points: inputs.points, layer: 1) { n, m in
            let first = inputs.values[n * d..<(n + 1) * d], second = inputs.values[m * d..<(m + 1) * d]
            let product = Self.dot(first, second) / Double(d)
            let gram = n == m ? 0 : Self.gramDeterminant(first, second) / Double(d * d)
            let distance = n == m ? 0 : Self.squaredDistance(first, second) / Double(d)
            return Entry(
                covariance: scales.weight * product + scales.bias,
                determinant: scales.weight * scales.weight * gram + scales.weight * scales.bias * distance,
                tangentKernel: scales.weightSlope * product + scales.biasSlope)
        }
    }

    /// The layer after an activation, number `layer` counted from 1.
    ///
    /// With A = E[φ(u)²], B = E[φ(v)²], C = E[φ(u)φ(v)] and the gap g = √(AB) − C the determinant is
    /// σ_w⁴ (AB − C²) + σ_w² σ_b² (A + B − 2C) = σ_w⁴ g (√(AB) + C) + σ_w² σ_b² ((√A − √B)² + 2g).
    func next(_ activation: DualActivation, _ scales: LayerScales, layer: Int) throws -> InfiniteLayer {
        let variances = try (0..<points).map { try activation.value(GaussianPair(variance: covariance[$0 * points + $0])) }
        return try InfiniteLayer(points: points, layer: layer) { n, m in
            let index = n * points + m
            // In ascending order, so that the rows of equal points do not differ by the rounding of (u, v) and (v, u).
            let first = covariance[n * points + n], second = covariance[m * points + m]
            let pair =
                n == m
                ? GaussianPair(variance: first)
                : GaussianPair(min(first, second), max(first, second), covariance[index], determinant: determinant[index])
            let a = variances[n].squareRoot(), b = variances[m].squareRoot()
            let value = n == m ? variances[n] : min(a * b, max(-a * b, try activation.value(pair)))
            let gap = n == m ? 0 : activation.gap.map { $0(pair) } ?? (a * b - value)
            let propagated = scales.weight * (try activation.slope(pair)) * tangentKernel[index]
            return Entry(
                covariance: scales.weight * value + scales.bias,
                determinant: scales.weight * scales.weight * gap * (a * b + value)
                    + scales.weight * scales.bias * ((a - b) * (a - b) + 2 * gap),
                tangentKernel: scales.weightSlope * value + scales.biasSlope + propagated)
        }
    }

    private static func dot(_ x: ArraySlice<Double>, _ y: ArraySlice<Double>) -> Double { zip(x, y).reduce(0) { $0 + $1.0 * $1.1 } }

    private static func squaredDistance(_ x: ArraySlice<Double>, _ y: ArraySlice<Double>) -> Double {
        zip(x, y).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }

    private static func gramDeterminant(_ x: ArraySlice<Double>, _ y: ArraySlice<Double>) -> Double {
        let xx = dot(x, x), yy = dot(y, y)
        let (base, other, square) = xx >= yy ? (x, y, xx) : (y, x, yy)
        guard square > 0 else { return 0 }
        let factor = dot(base, other) / square
        return square * zip(base, other).reduce(0) { $0 + ($1.1 - factor * $1.0) * ($1.1 - factor * $1.0) }
    }
}
