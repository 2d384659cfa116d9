import Arrays

/// The tangent kernel Θ_{ni,mj} = Σ_p ∂_p f_i(x_n) ∂_p f_j(x_m) of one network on N points with C outputs.
public struct TangentKernel: Sendable, Hashable {
    /// N.
    public let points: Int
    /// C.
    public let outputs: Int
    /// Θ as an NC × NC matrix in row-major order, row n·C + i, as engines deliver it.
    public let elements: [Double]

    /// A kernel.
    /// - Throws: `NumericArrayError.shapeMismatch` unless there are (NC)² elements.
    public init(points: Int, outputs: Int, elements: [Double]) throws {
        guard points > 0, outputs > 0, elements.count == points * outputs * points * outputs else {
            throw NumericArrayError.shapeMismatch(shape: [points * outputs, points * outputs], elements: elements.count)
        }
        self.points = points
        self.outputs = outputs
        self.elements = elements
    }

    /// NC, the rows of the matrix.
    public var order: Int { points * outputs }

    /// Σ_ni Θ_{ni,ni}, the sum of the eigenvalues.
    public var trace: Double { (0..<order).reduce(0) { $0 + elements[$1 * order + $1] } }

    /// Θ as (N, N, C, C), element [n, m, i, j], the order in which neural_tangents gives it.
    public var blocks: NumericArray {
        get throws {
            let permuted = [Double](unsafeUninitializedCapacity: elements.count) { storage, count in
                for n in 0..<points {
                    for m in 0..<points {
                        for i in 0..<outputs {
                            for j in 0..<outputs {
                                let source = (n * outputs + i) * order + m * outputs + j
                                storage[((n * points + m) * outputs + i) * outputs + j] = elements[source]
                            }
                        }
                    }
                }
                count = elements.count
            }
            return try NumericArray(shape: [points, points, outputs, outputs], elements: permuted)
        }
    }
}
