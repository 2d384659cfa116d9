import Arrays

/// The pre-activations of one layer of an infinitely wide network at N points: a Gaussian process, and its tangent kernel.
struct InfiniteLayer {
    let points: Int
    /// K, (N, N).
    let covariance: [Double]
    /// √(1 − K_nm²/(K_nn K_mm)), (N, N), carried from layer to layer so that it is accurate where the difference is not
    /// (``GaussianPair``).
    let sine: [Double]
    /// Θ, (N, N).
    let tangentKernel: [Double]

    /// One entry above or on the diagonal.
    private struct Entry { let covariance, sine, tangentKernel: Double }

    /// Called before the entries of a row are computed, with how many there are, on any thread; what it throws ends the work.
    typealias Proceed = @Sendable (_ entries: Int) throws -> Void

    /// Makes the matrices from entries (n, m) with n ≤ m, computed on all cores.
    private init(points: Int, layer: Int, proceed: Proceed, entry: @Sendable (Int, Int) throws -> Entry) throws {
        let rows = try Array(0..<points).parallelMap { n in
            try proceed(points - n)
            return try (n..<points).map { try entry(n, $0) }
        }
        var covariance = Array(repeating: 0.0, count: points * points), sine = covariance, tangentKernel = covariance
        for n in 0..<points {
            for m in n..<points {
                let entry = rows[n][m - n]
                guard entry.covariance.isFinite, entry.sine.isFinite, entry.tangentKernel.isFinite else {
                    throw NetworkError.leavesNumbers(
                        what: "entry (\(n), \(m)) of the infinite-width kernel of layer \(layer) is too large for a number of 64 bits, "
                            + "\(Double.greatestFiniteMagnitude)",
                        remedy: "scale down the inputs or σ_w, or use fewer layers")
                }
                for index in [n * points + m, m * points + n] {
                    covariance[index] = entry.covariance
                    sine[index] = entry.sine
                    tangentKernel[index] = entry.tangentKernel
                }
            }
        }
        self.points = points
        self.covariance = covariance
        self.sine = sine
        self.tangentKernel = tangentKernel
    }

    /// Refuses variances that have no normal number, unless they are 0 because nothing went in.
    private static func check(_ variance: Double, point: Int, layer: Int, isZero: Bool) throws {
        guard variance < .leastNormalMagnitude, !isZero else { return }
        throw NetworkError.leavesNumbers(
            what: "the variance of point \(point) in layer \(layer) of the infinitely wide network is too small for a number of 64 bits, "
                + "\(Double.leastNormalMagnitude)",
            remedy: "scale up the inputs or σ_w (relu keeps a variance for σ_w = √2), give biases, or use fewer layers")
    }

    /// The first layer.
    ///
    /// A point and its bias are one vector, (x, σ_b √d/σ_w), whose angles are those of the pre-activations.
    init(_ inputs: Inputs, _ scales: LayerScales, proceed: Proceed) throws {
        let d = Double(inputs.dimension)
        let bias = scales.weight > 0 ? scales.bias * d.squareRoot() / scales.weight : 0
        let vectors = (0..<inputs.points).map { ScaledVector(inputs, point: $0, bias: bias.isFinite ? bias : 0) }
        /// What K or Θ takes of x·y/d by a factor's square.
        @Sendable func product(_ n: Int, _ m: Int, _ factor: Double) -> Double {
            let (x, y) = (vectors[n], vectors[m])
            return (factor * x.unit) * (x.dot(y, count: inputs.dimension) / d) * (factor * y.unit)
        }
        for n in 0..<inputs.points {
            let isZero = scales.bias == 0 && (scales.weight == 0 || vectors[n].isZero)
            try Self.check(product(n, n, scales.weight) + scales.bias * scales.bias, point: n, layer: 1, isZero: isZero)
        }
        try self.init(points: inputs.points, layer: 1, proceed: proceed) { n, m in
            Entry(
                covariance: product(n, m, scales.weight) + scales.bias * scales.bias,
                sine: n == m || scales.weight == 0 || !bias.isFinite ? 0 : vectors[n].sine(vectors[m]),
                tangentKernel: product(n, m, scales.weightSlope) + scales.biasSlope)
        }
    }

    /// The layer after an activation, number `layer` counted from 1.
    ///
    /// With A = E[φ(u)²], B = E[φ(v)²], r = E[φ(u)φ(v)]/√(AB), the gap g = 1 − r, and the shares w_A = σ_w² A/K_nn and v_A = σ_b²/K_nn of
    /// the new variances, the square of the new sine is
    /// (σ_w⁴ (AB − C²) + σ_w² σ_b² (A + B − 2C))/(K_nn K_mm) = w_A w_B g (1 + r) + 2g √(w_A w_B v_A v_B) + v_B σ_w² (√A − √B)²/K_nn.
    func next(_ activation: DualActivation, _ scales: LayerScales, layer: Int, proceed: Proceed) throws -> InfiniteLayer {
        let roots = try (0..<points).map { try activation.value(GaussianPair(variance: covariance[$0 * points + $0])).squareRoot() }
        let lengths = roots.map { ((scales.weight * $0) * (scales.weight * $0) + scales.bias * scales.bias).squareRoot() }
        for n in 0..<points {
            try Self.check(
                lengths[n] * lengths[n], point: n, layer: layer,
                isZero: scales.bias == 0 && (scales.weight == 0 || covariance[n * points + n] == 0))
        }
        return try InfiniteLayer(points: points, layer: layer, proceed: proceed) { n, m in
            let index = n * points + m
            // In ascending order, so that the rows of equal points do not differ by the rounding of (u, v) and (v, u).
            let first = covariance[n * points + n], second = covariance[m * points + m]
            let pair =
                n == m
                ? GaussianPair(variance: first)
                : GaussianPair(min(first, second), max(first, second), covariance[index], sine: sine[index])
            let a = roots[n], b = roots[m]
            let value = n == m ? a * a : min(a * b, max(-a * b, try activation.value(pair)))
            func weighted(_ factor: Double) -> Double { n == m ? (factor * a) * (factor * a) : factor * (factor * value) }
            let slope = try activation.slope(pair) * tangentKernel[index]
            return Entry(
                covariance: weighted(scales.weight) + scales.bias * scales.bias,
                sine: n == m ? 0 : sine(activation, pair, scales, (a, b), (lengths[n], lengths[m]), value),
                tangentKernel: weighted(scales.weightSlope) + scales.biasSlope + scales.weight * (scales.weight * slope))
        }
    }

    private func sine(
        _ activation: DualActivation, _ pair: GaussianPair, _ scales: LayerScales, _ roots: (Double, Double),
        _ lengths: (Double, Double), _ value: Double
    ) -> Double {
        // In ascending order, as the pair.
        guard roots.0 <= roots.1 else { return sine(activation, pair, scales, (roots.1, roots.0), (lengths.1, lengths.0), value) }
        let (a, b) = roots
        // Without biases a point at 0 has no direction.
        guard a > 0, b > 0, lengths.0 > 0, lengths.1 > 0 else { return 0 }
        let correlation = min(1, max(-1, value / a / b))
        let gap = activation.gap?(pair) ?? (1 - correlation)
        let (wa, wb) = (scales.weight * a / lengths.0, scales.weight * b / lengths.1)
        let (va, vb) = (scales.bias / lengths.0, scales.bias / lengths.1)
        let difference = scales.weight * (a - b) / lengths.0 * vb
        return (wa * wb * wa * wb * gap * (1 + correlation) + 2 * gap * (wa * wb) * (va * vb) + difference * difference).squareRoot()
    }
}
