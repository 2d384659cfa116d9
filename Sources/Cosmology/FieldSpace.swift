/// The space of C fields with a constant metric Θ⁻¹: their kinetic energy is ½ Σ Θ⁻¹_ab φ_a′ φ_b′.
///
/// Of a network's outputs on one point Θ_ab is the tangent kernel. With Θ = L Lᵀ the fields χ = L⁻¹φ are canonical, ½ Σ χ_a′².
public struct FieldSpace: Sendable, Hashable {
    /// C.
    public let count: Int
    /// Θ, (C, C) in row-major order, the inverse of the metric.
    public let kernel: [Double]
    /// L, (C, C), lower triangular with a positive diagonal.
    let factor: [Double]

    /// The space of fields whose metric is the inverse of a kernel.
    ///
    /// - Parameter kernel: Θ, (C, C) in row-major order; symmetric (its lower triangle is used) and positive definite.
    /// - Throws: `UniverseError.outOfRange` for a kernel that is not square, not finite, not symmetric to 1e-6 of its largest element, or
    ///   not positive definite: some direction would have no kinetic energy.
    public init(kernel: [Double]) throws(UniverseError) {
        let count = Int(Double(kernel.count).squareRoot().rounded())
        guard count >= 1, count * count == kernel.count else {
            throw .outOfRange(
                quantity: "the number of elements of the kernel", value: "\(kernel.count)", limit: "the square of the number of fields",
                remedy: "Give Θ row by row.")
        }
        for element in kernel { try UniverseError.requireFinite(element, "element of the kernel") }
        let largest = kernel.reduce(0) { max($0, abs($1)) }
        var factor = [Double](repeating: 0, count: kernel.count)
        for row in 0..<count {
            for column in 0...row {
                guard abs(kernel[row * count + column] - kernel[column * count + row]) <= 1e-6 * largest else {
                    throw .outOfRange(
                        quantity: "element (\(column + 1), \(row + 1)) of the kernel", value: "\(kernel[column * count + row])",
                        limit: "that of (\(row + 1), \(column + 1)), \(kernel[row * count + column])", remedy: "Give a symmetric Θ.")
                }
                var rest = kernel[row * count + column]
                for k in 0..<column { rest -= factor[row * count + k] * factor[column * count + k] }
                if row == column {
                    guard rest > 1e-14 * largest else {
                        throw .outOfRange(
                            quantity: "the kernel of \(count) fields", value: "[\(kernel.map { "\($0)" }.joined(separator: ", "))]",
                            limit: "positive definite, so that every direction has a kinetic energy",
                            remedy: "Give fields that move by themselves; 1 on the diagonal and 0 elsewhere is the plain sum of squares.")
                    }
                    factor[row * count + row] = rest.squareRoot()
                } else {
                    factor[row * count + column] = rest / factor[column * count + column]
                }
            }
        }
        self.count = count
        self.kernel = kernel
        self.factor = factor
    }

    /// C fields with the kinetic energy ½ Σ φ_a′².
    public static func flat(_ count: Int) throws(UniverseError) -> FieldSpace {
        try FieldSpace(kernel: (0..<count * count).map { $0 % (count + 1) == 0 ? 1 : 0 })
    }

    /// L v: from canonical fields to φ.
    @inline(__always)
    func lift(_ vector: UnsafeBufferPointer<Double>, into result: UnsafeMutableBufferPointer<Double>) {
        for row in 0..<count {
            var sum = 0.0
            for column in 0...row { sum += factor[row * count + column] * vector[column] }
            result[row] = sum
        }
    }

    /// Lᵀ v: from derivatives by φ to those by canonical fields.
    @inline(__always)
    func pull(_ vector: UnsafeBufferPointer<Double>, into result: UnsafeMutableBufferPointer<Double>) {
        for column in 0..<count {
            var sum = 0.0
            for row in column..<count { sum += factor[row * count + column] * vector[row] }
            result[column] = sum
        }
    }

    /// L⁻¹ v: canonical fields, or their velocities.
    public func canonical(_ vector: [Double]) -> [Double] {
        var result = vector
        for row in 0..<count {
            for column in 0..<row { result[row] -= factor[row * count + column] * result[column] }
            result[row] /= factor[row * count + row]
        }
        return result
    }

    /// How fast the direction of motion turns: ω = |D_t T| with T = χ′/|χ′|, an angle a unit of time, 0 at rest.
    ///
    /// - Parameters:
    ///   - velocity: χ′.
    ///   - force: what turns it, χ″ or ∂V/∂χ: a part along χ′ changes nothing.
    static func turnRate(_ velocity: UnsafeBufferPointer<Double>, _ force: UnsafeBufferPointer<Double>) -> Double {
        var (speed, across) = (0.0, 0.0)
        for a in 0..<velocity.count {
            speed += velocity[a] * velocity[a]
            // Lagrange's identity: no difference of large numbers.
            for b in 0..<a {
                let part = force[a] * velocity[b] - force[b] * velocity[a]
                across += part * part
            }
        }
        return across == 0 ? 0 : across.squareRoot() / speed
    }

    /// The turn rates of a path that is known at equal steps of time, by central differences: of second order in the step; 0 at the ends.
    ///
    /// - Parameters:
    ///   - path: φ, (K + 1, C) in row-major order.
    ///   - timeStep: between rows.
    /// - Returns: ω at each row.
    public func turnRates(path: [Double], timeStep: Double) -> [Double] {
        let rows = path.count / count
        let fields = (0..<rows).map { canonical(Array(path[$0 * count..<($0 + 1) * count])) }
        return (0..<rows).map { row in
            guard row > 0, row + 1 < rows else { return 0 }
            let (before, now, after) = (fields[row - 1], fields[row], fields[row + 1])
            let velocity = (0..<count).map { (after[$0] - before[$0]) / (2 * timeStep) }
            let acceleration = (0..<count).map { (after[$0] - 2 * now[$0] + before[$0]) / (timeStep * timeStep) }
            return velocity.withUnsafeBufferPointer { velocity in
                acceleration.withUnsafeBufferPointer { Self.turnRate(velocity, $0) }
            }
        }
    }
}
