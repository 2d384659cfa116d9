import Arrays

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Networks that are trained on some points and asked for their outputs on others, as far as kernels tell: regression with a kernel.
///
/// The loss is L = (s/N) Σ_x Σ_c (f_c(x) − y_c(x))², and training is gradient flow dθ/dt = −∇L, with Θ constant: the linearised network, and
/// every network of infinite width. With X the training points, * the others, r a ridge, and
///
///     A(t) = Θ_{*X} B^{-1} (1 − e^{−2sBt/N}),  B = Θ_{XX} + r,      A(∞) = Θ_{*X} B^{-1}
///
/// a network with outputs f_0 at the start has f(t) = f_0(*) − A (f_0(X) − y). Initial outputs are Gaussian of covariance K, so that networks
/// with independent weights have (Lee et al. 2019, arXiv:1902.06720, eqs. 14–16)
///
///     mean A y,   covariance K_{**} + A K_{XX} Aᵀ − A K_{X*} − K_{*X} Aᵀ.
///
/// The Gaussian process with kernel K whose observations have the variance r, which is a network all of whose weights but those of the
/// read-out stay, has the posterior mean K_{*X} (K_{XX} + r)^{-1} y and the posterior covariance K_{**} − K_{*X} (K_{XX} + r)^{-1} K_{X*}.
public struct KernelRegression: Sendable {
    /// n, training rows, and m, rows that are asked for; N·C and M·C for kernels between outputs.
    public let trained, asked: Int
    /// Modes of B that were left out at infinite time, as they are 0 to rounding.
    public let omitted: Int
    /// A, (m, n).
    let weights: [Double]

    /// How long training lasts, and what it minimises.
    public struct Training: Sendable, Hashable {
        /// t; infinite for the end of training. Default: infinite.
        public let time: Double
        /// N, which the mean in the loss is taken over.
        public let points: Int
        /// s. Default: 1.
        public let scale: Double
        /// r, added to the diagonal of Θ_{XX}. Default: 0.
        public let ridge: Double

        /// - Throws: `DualityError.outOfRange` for times below 0, scales that are not positive, or a negative ridge.
        public init(points: Int, time: Double = .infinity, scale: Double = 1, ridge: Double = 0) throws(DualityError) {
            guard time >= 0 else {
                throw .outOfRange(what: "the time", value: time, limit: "at least 0, or infinite", remedy: "leave it out for the end")
            }
            guard scale > 0, scale.isFinite else {
                throw .outOfRange(what: "the scale of the loss", value: scale, limit: "positive and finite", remedy: "use 1")
            }
            guard ridge >= 0, ridge.isFinite else {
                throw .outOfRange(what: "the ridge", value: ridge, limit: "at least 0 and finite", remedy: "use 0 for none")
            }
            guard points >= 1 else {
                throw .outOfRange(what: "the number of training points", value: Double(points), limit: "at least 1", remedy: "give points")
            }
            (self.points, self.time, self.scale, self.ridge) = (points, time, scale, ridge)
        }
    }

    /// The weights A of a kernel.
    /// - Parameters:
    ///   - kernel: of the training rows and, after them, those asked for: (n + m, n + m).
    ///   - trained: n ≥ 1, below n + m.
    /// - Throws: `DualityError`.
    public init(kernel: [Double], trained: Int, _ training: Training) throws(DualityError) {
        let order = Int(Double(kernel.count).squareRoot().rounded())  // bounded: the root of a count
        guard order * order == kernel.count, 1..<order ~= trained else {
            throw .sizeMismatch(
                what: "the kernel", found: kernel.count, expected: (trained + 1) * (trained + 1),
                remedy: "give the rows of the training points and of at least one other")
        }
        try DualityError.check(kernel, "the kernel")
        var block: [Double] = []
        block.reserveCapacity(trained * trained)
        for row in 0..<trained { block += kernel[row * order..<row * order + trained] }
        for row in 0..<trained { block[row * trained + row] += training.ridge }
        let eigen: SymmetricEigen
        do { eigen = try SymmetricEigen.decompose(block, order: trained) } catch { throw .eigenproblem("\(error)") }
        guard let vectors = eigen.vectors?.elements else { throw .eigenproblem("no eigenvectors came back") }
        let rate = 2 * training.scale / Double(training.points)
        var omitted = 0
        let factors = eigen.values.map { value -> Double in
            let isZero = value <= eigen.noiseFloor
            guard training.time.isFinite else {
                omitted += isZero ? 1 : 0
                return isZero ? 0 : 1 / value
            }
            // (1 − e^{−x})/x → 1.
            return isZero ? rate * training.time : -expm1(-rate * value * training.time) / value
        }
        asked = order - trained
        // Θ_{*X} V, scaled, and times Vᵀ.
        let cross = (trained..<order).flatMap { row in kernel[row * order..<row * order + trained] }
        var modes = Self.product(cross, vectors, rows: asked, inner: trained, columns: trained)
        for row in 0..<asked { for mode in 0..<trained { modes[row * trained + mode] *= factors[mode] } }
        weights = Self.product(
            modes, Self.transposed(vectors, rows: trained, columns: trained), rows: asked, inner: trained, columns: trained)
        (self.trained, self.omitted) = (trained, omitted)
    }

    /// A y, (m, C), the mean of networks whose outputs start at 0 in the mean.
    /// - Parameter targets: y, (n, C).
    public func mean(targets: [Double]) -> [Double] {
        Self.product(weights, targets, rows: asked, inner: trained, columns: targets.count / trained)
    }

    /// f_0(*) − A (f_0(X) − y), (m, C).
    /// - Parameters:
    ///   - outputs: f_0 on all rows, (n + m, C).
    ///   - targets: y, (n, C).
    public func outputs(from outputs: [Double], targets: [Double]) -> [Double] {
        let moved = mean(targets: zip(outputs, targets).map { $1 - $0 })
        return zip(outputs.suffix(moved.count), moved).map { $0 + $1 }
    }

    /// K_{**} + A K_{XX} Aᵀ − A K_{X*} − K_{*X} Aᵀ, (m, m): of networks whose outputs start with the covariance K.
    /// - Parameter covariance: K of all rows, (n + m, n + m).
    public func covariance(initial covariance: [Double]) -> [Double] {
        let (seen, both, rest) = blocks(covariance)
        let first = Self.product(weights, seen, rows: asked, inner: trained, columns: trained)
        let square = Self.product(
            first, Self.transposed(weights, rows: asked, columns: trained), rows: asked, inner: trained, columns: asked)
        let mixed = Self.product(weights, both, rows: asked, inner: trained, columns: asked)
        return symmetric { rest[$0 * asked + $1] + square[$0 * asked + $1] - mixed[$0 * asked + $1] - mixed[$1 * asked + $0] }
    }

    /// K_{**} − A K_{X*}, (m, m): the posterior covariance, where A is of K itself at infinite time.
    public func posterior(prior covariance: [Double]) -> [Double] {
        let (_, both, rest) = blocks(covariance)
        let mixed = Self.product(weights, both, rows: asked, inner: trained, columns: asked)
        return symmetric { rest[$0 * asked + $1] - 0.5 * (mixed[$0 * asked + $1] + mixed[$1 * asked + $0]) }
    }

    /// XX (n, n), X* (n, m) and ** (m, m).
    private func blocks(_ matrix: [Double]) -> (seen: [Double], both: [Double], rest: [Double]) {
        let order = trained + asked
        func block(_ rows: Range<Int>, _ columns: Range<Int>) -> [Double] {
            rows.flatMap { matrix[$0 * order + columns.lowerBound..<$0 * order + columns.upperBound] }
        }
        return (block(0..<trained, 0..<trained), block(0..<trained, trained..<order), block(trained..<order, trained..<order))
    }

    private func symmetric(_ element: (Int, Int) -> Double) -> [Double] {
        var matrix = [Double](repeating: 0, count: asked * asked)
        for row in 0..<asked {
            for column in 0...row {
                let value = element(row, column)
                (matrix[row * asked + column], matrix[column * asked + row]) = (value, value)
            }
        }
        return matrix
    }

    private static func product(_ a: [Double], _ b: [Double], rows: Int, inner: Int, columns: Int) -> [Double] {
        var result = [Double](repeating: 0, count: rows * columns)
        result.withUnsafeMutableBufferPointer { result in
            a.withUnsafeBufferPointer { a in
                b.withUnsafeBufferPointer { b in
                    for row in 0..<rows {
                        for k in 0..<inner {
                            let factor = a[row * inner + k]
                            for column in 0..<columns { result[row * columns + column] += factor * b[k * columns + column] }
                        }
                    }
                }
            }
        }
        return result
    }

    private static func transposed(_ matrix: [Double], rows: Int, columns: Int) -> [Double] {
        (0..<columns).flatMap { column in (0..<rows).map { matrix[$0 * columns + column] } }
    }
}
