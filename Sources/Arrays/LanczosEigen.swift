/// The largest eigenvalues of a real symmetric matrix that is known by its products with vectors alone: Lanczos with full
/// reorthogonalisation (Parlett 1980, chapter 13).
///
/// One start finds one eigenvalue of several that are equal. So another one, in what is orthogonal to the eigenvectors found, looks for
/// eigenvalues above the least of them, until there is none.
public struct LanczosEigen: Sendable, Hashable {
    /// The largest eigenvalues, descending.
    public let values: [Double]
    /// ‖A v − λ v‖ of each, at which distance from λ at the most an eigenvalue of A lies.
    public let residuals: [Double]
    /// Products with A that were formed.
    public let products: Int
    /// Whether all residuals are below the tolerance, and no eigenvalue above the least of these was found that is not among them.
    public let isConverged: Bool

    /// Looks for eigenvalues.
    /// - Parameters:
    ///   - order: n, at least 1.
    ///   - count: how many, at most n of them.
    ///   - tolerance: of residuals over the largest |λ|. Default: 1e-9. Eigenvalues are as exact as the square of that over their
    ///     distance from others, or rounding.
    ///   - mostProducts: after which it is given up. Default: ``mostProducts(_:)``.
    ///   - progress: told of the products so far.
    ///   - apply: A v.
    /// - Throws: `SymmetricEigenError`; what `progress` and `apply` throw.
    public init(
        order: Int, largest count: Int, tolerance: Double = 1e-9, mostProducts: Int? = nil,
        progress: (_ products: Int) throws -> Void = { _ in }, apply: ([Double]) throws -> [Double]
    ) throws {
        let count = min(count, order)
        guard order > 0, count > 0 else { throw SymmetricEigenError.notSquare(elements: count, order: order) }
        var left = max(count, mostProducts ?? Self.mostProducts(count)), done = 0, isConverged = true
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        var pairs: [RitzPair] = []
        while isConverged {
            // As many as are wanted at first, then one that may have been missed.
            let isComplete = pairs.count == count, missing = isComplete ? 1 : count - pairs.count
            let bound = isComplete ? pairs[count - 1].value : -.infinity, scale = pairs.first.map { abs($0.value) } ?? 0
            var space = KrylovSpace(order: order, locked: pairs.map(\.vector), &state)
            while space.canGrow, left > 0 {
                try space.grow(apply)
                left -= 1
                done += 1
                try progress(done)
                if try space.isSettled(missing, tolerance: tolerance, scale: scale, bound: bound) { break }
            }
            let found = try space.pairs(min(missing, space.steps)), largest = max(scale, found.first.map { abs($0.value) } ?? 0)
            let news = found.filter { $0.value > bound + tolerance * largest }, isWhole = space.steps + pairs.count == order
            isConverged =
                !space.canGrow
                || found.count == missing && found.allSatisfy { $0.residual <= tolerance * largest || $0.value + $0.residual < bound }
            pairs = Array((pairs + news).sorted { $0.value > $1.value }.prefix(count))
            if isWhole || isComplete && news.isEmpty { break }
            // A start in an invariant subspace finds fewer than are wanted; nothing at all where there is nothing left.
            if found.isEmpty || left == 0 { isConverged = false }
        }
        values = pairs.map(\.value)
        residuals = pairs.map(\.residual)
        products = done
        self.isConverged = isConverged
    }

    /// Products after which so many eigenvalues are given up, unless stated.
    public static func mostProducts(_ count: Int) -> Int { count.times(10).plus(200) }
}

/// An approximate eigenvector and how far it is from one.
private struct RitzPair {
    let value, residual: Double
    let vector: [Double]
}

/// The span of v, A v, A² v, … in what is orthogonal to some eigenvectors, with an orthonormal basis in which A is tridiagonal.
private struct KrylovSpace {
    let locked: [[Double]]
    private var basis: [[Double]] = []
    private var diagonal: [Double] = [], beside: [Double] = []
    private var next: [Double]?

    /// - Parameter state: of the generator of the start, a vector of random numbers.
    init(order: Int, locked: [[Double]], _ state: inout UInt64) {
        self.locked = locked
        guard locked.count < order else { return }
        var vector = [Double](repeating: 0, count: order)
        for i in vector.indices {
            // splitmix64
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
            vector[i] = Double((z ^ z >> 31) >> 11) * 0x1p-52 - 1
        }
        let size = Self.dot(vector, vector).squareRoot()
        orthogonalise(&vector)
        let norm = Self.dot(vector, vector).squareRoot()
        if norm > 1e-8 * size { next = vector.map { $0 / norm } }
    }

    var steps: Int { diagonal.count }
    /// Whether another product adds to it.
    var canGrow: Bool { next != nil }

    mutating func grow(_ apply: ([Double]) throws -> [Double]) throws {
        guard let vector = next else { return }
        var image = try apply(vector)
        if let bad = image.firstIndex(where: { !$0.isFinite }) {
            throw SymmetricEigenError.notFinite(value: image[bad], row: bad, column: 0)
        }
        basis.append(vector)
        diagonal.append(Self.dot(vector, image))
        let scale = diagonal.reduce(Self.dot(image, image).squareRoot()) { max($0, abs($1)) }
        orthogonalise(&image)
        let norm = Self.dot(image, image).squareRoot()
        let isInvariant = norm <= 8 * Double(image.count).squareRoot() * .ulpOfOne * scale || basis.count + locked.count == image.count
        beside.append(isInvariant ? 0 : norm)
        next = isInvariant ? nil : image.map { $0 / norm }
    }

    /// Whether so many of its largest values are known well enough: to the tolerance, or to lie below `bound`.
    func isSettled(_ count: Int, tolerance: Double, scale: Double, bound: Double) throws -> Bool {
        guard steps >= count, steps % 5 == 0 else { return false }
        let (values, residuals, _) = try ritz(count), largest = max(scale, abs(values[0]))
        return residuals.allSatisfy { $0 <= tolerance * largest } || steps >= 10 && values[0] + residuals[0] < bound
    }

    func pairs(_ count: Int) throws -> [RitzPair] {
        guard count > 0 else { return [] }
        let (values, residuals, vectors) = try ritz(count)
        return values.indices.map { place in
            var vector = [Double](repeating: 0, count: basis[0].count)
            for (share, other) in zip(vectors[place], basis) { Self.add(share, other, to: &vector) }
            return RitzPair(value: values[place], residual: residuals[place], vector: vector)
        }
    }

    private func ritz(_ count: Int) throws -> (values: [Double], residuals: [Double], vectors: [[Double]]) {
        let found = try TridiagonalEigen(diagonal: diagonal.map { -$0 }, beside: beside.dropLast().map { -$0 }, lowest: count)
        return (found.values.map { -$0 }, found.vectors.map { beside[steps - 1] * abs($0[steps - 1]) }, found.vectors)
    }

    /// Twice is enough (Kahan, in Parlett 1980).
    private func orthogonalise(_ vector: inout [Double]) {
        for _ in 0..<2 {
            for other in locked { Self.add(-Self.dot(vector, other), other, to: &vector) }
            for other in basis { Self.add(-Self.dot(vector, other), other, to: &vector) }
        }
    }

    private static func add(_ share: Double, _ other: [Double], to vector: inout [Double]) {
        vector.withUnsafeMutableBufferPointer { vector in
            other.withUnsafeBufferPointer { other in for i in vector.indices { vector[i] += share * other[i] } }
        }
    }

    private static func dot(_ a: [Double], _ b: [Double]) -> Double {
        a.withUnsafeBufferPointer { a in b.withUnsafeBufferPointer { b in a.indices.reduce(0) { $0 + a[$1] * b[$1] } } }
    }
}
