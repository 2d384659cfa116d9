import Arrays

/// The mean fields f̄_a of C outputs, and the matrix κ that drives them: f̄_a″ + 3H f̄_a′ + Σ_b κ_ab ∂l/∂f̄_b = 0.
///
/// With u_ia = Σ_x v_i(x, a) the C leading modes are the mean fields where U = (u_ia), i ≤ C, is invertible: f̄ = U⁻¹ (v_i·f) with
/// κ = U⁻¹ΛU, and for one output f̄ = v₁·f/u₁ with κ = L₁.
struct MeanRates: Sendable, Hashable {
    /// C.
    let outputs: Int
    /// κ, (C, C).
    let matrix: [Double]
    /// P and the eigenvalues with κ = P⁻¹ΛP.
    let toModes: [Double]
    let eigenvalues: [Double]
    /// P⁻¹.
    let fromModes: [Double]

    init(_ spectrum: KernelSpectrum, overlaps: [Double], kernel: [Double], _ meanField: MeanField) throws(DualityError) {
        let count = spectrum.outputs
        outputs = count
        if meanField == .meanKernel {
            let mean = Self.meanKernel(kernel, points: spectrum.points, outputs: count)
            matrix = mean
            guard count > 1 else {
                (toModes, fromModes, eigenvalues) = ([1], [1], mean)
                return
            }
            let eigen: SymmetricEigen
            do { eigen = try SymmetricEigen.decompose(mean, order: count) } catch { throw .eigenproblem("\(error)") }
            guard let columns = eigen.vectors?.elements else { throw .eigenproblem("no eigenvectors came back") }
            fromModes = columns
            toModes = (0..<count * count).map { columns[$0 % count * count + $0 / count] }
            eigenvalues = eigen.values
            return
        }
        let values = Array(spectrum.eigenvalues[..<count])
        eigenvalues = values
        guard count > 1 else {
            (matrix, toModes, fromModes) = (values, [1], [1])
            return
        }
        let leading = Array(overlaps[..<(count * count)])
        let inverse = try Self.inverse(leading, order: count, points: spectrum.points)
        toModes = leading
        fromModes = inverse
        matrix = (0..<count * count).map { place in
            (0..<count).reduce(0) { $0 + inverse[place / count * count + $1] * values[$1] * leading[$1 * count + place % count] }
        }
    }

    /// (1/N²) Σ_xx′ Θ_ab(x, x′).
    private static func meanKernel(_ kernel: [Double], points: Int, outputs: Int) -> [Double] {
        var mean = [Double](repeating: 0, count: outputs * outputs)
        let order = points * outputs
        for row in 0..<order {
            for column in 0..<order { mean[row % outputs * outputs + column % outputs] += kernel[row * order + column] }
        }
        return mean.map { $0 / Double(points * points) }
    }

    /// U⁻¹ by elimination with pivots.
    /// - Throws: `DualityError.outOfRange` where the leading modes have no C means, |pivot|/√N ≤ 1.5e-8.
    static func inverse(_ matrix: [Double], order: Int, points: Int) throws(DualityError) -> [Double] {
        var left = matrix, right = (0..<order * order).map { $0 % (order + 1) == 0 ? 1.0 : 0 }
        for column in 0..<order {
            let pivot = (column..<order).max { abs(left[$0 * order + column]) < abs(left[$1 * order + column]) } ?? column
            let size = abs(left[pivot * order + column]) / Double(points).squareRoot()
            guard size > Double.ulpOfOne.squareRoot() else {
                throw .outOfRange(
                    what: "the overlap of the \(order) leading modes with the means of \(order) outputs", value: size,
                    limit: "above 1.5e-8", remedy: "this kernel's leading modes have no means: use the mean kernel")
            }
            for k in 0..<order {
                left.swapAt(column * order + k, pivot * order + k)
                right.swapAt(column * order + k, pivot * order + k)
            }
            let scale = 1 / left[column * order + column]
            for k in 0..<order {
                left[column * order + k] *= scale
                right[column * order + k] *= scale
            }
            for row in 0..<order where row != column {
                let factor = left[row * order + column]
                for k in 0..<order {
                    left[row * order + k] -= factor * left[column * order + k]
                    right[row * order + k] -= factor * right[column * order + k]
                }
            }
        }
        return right
    }
}

extension KernelSpectrum {
    /// u_ia = Σ_x v_i(x, a), (N·C, C) in row-major order: the overlaps of each mode with the mean of each output; `overlaps` for one output.
    public var outputOverlaps: [Double] {
        var sums = [Double](repeating: 0, count: order * outputs)
        for row in 0..<order {
            for i in 0..<order { sums[i * outputs + row % outputs] += vectors[row * order + i] }
        }
        return sums
    }
}
