/// Which eigenvalues of a tangent kernel drive the loss.
///
/// With the slopes g = ∂L/∂f of the loss, outputs that follow the gradient lose −dL/dt = gᵀΘg = Σ_i λ_i (v_i·g)², so that mode i has the
/// share p_i = λ_i (v_i·g)²/gᵀΘg. The *driving eigenvalue* is the Rayleigh quotient of the slopes,
///
///     Λ = gᵀΘg/gᵀg = Σ_i λ_i (v_i·g)²/Σ_i (v_i·g)² = (Σ_i p_i/λ_i)⁻¹,
///
/// the harmonic mean of the eigenvalues by their shares, which needs no modes; the *spectral position* is Λ/λ₁: 1 where the first mode
/// alone is learned, and towards 0 in the tail of the spectrum. The name and the question are those of arXiv:2605.31244; the formula is this
/// program's.
public struct SpectralPosition: Sendable, Hashable {
    /// Λ, in units of λ.
    public let drivingEigenvalue: Double
    /// Λ/λ₁, at most 1.
    public let position: Double
    /// p_i, in the order of the modes, together 1. Of equal eigenvalues only the sum of the shares is determined.
    public let shares: [Double]
    /// Σ_i i p_i, counted from 1: how far down the spectrum the modes stand that drive the loss.
    public let drivingMode: Double

    /// The position for a kernel by its modes; nil where no mode drives the loss: slopes or kernel are 0, or not finite.
    /// - Parameters:
    ///   - spectrum: the modes of Θ.
    ///   - slopes: g up to a factor, N·C numbers in the order of the kernel's rows.
    public init?(_ spectrum: KernelSpectrum, slopes: [Double]) {
        let order = spectrum.order
        guard slopes.count == order, let slopes = Self.scaled(slopes[...]), spectrum.eigenvalues[0] > 0 else { return nil }
        var components = [Double](repeating: 0, count: order)
        for x in 0..<order { for i in 0..<order { components[i] += spectrum.vectors[x * order + i] * slopes[x] } }
        let first = spectrum.eigenvalues[0]
        // Negative eigenvalues are rounding.
        let parts = zip(spectrum.eigenvalues, components).map { max(0, $0 / first) * $1 * $1 }
        let sum = parts.reduce(0, +), length = components.reduce(0) { $0 + $1 * $1 }
        guard sum > 0, length > 0 else { return nil }
        position = sum / length
        drivingEigenvalue = position * first * Double(spectrum.points)
        shares = parts.map { $0 / sum }
        drivingMode = shares.enumerated().reduce(0) { $0 + Double($1.offset + 1) * $1.element }
    }

    /// Λ without modes, in units of λ; nil as for the initialiser, and for elements that are not finite.
    /// - Parameters:
    ///   - kernel: Θ, (N·C, N·C) in row-major order.
    ///   - slopes: g up to a factor, N·C numbers.
    public static func drivingEigenvalue(kernel: ArraySlice<Double>, slopes: [Double]) -> Double? {
        guard !slopes.isEmpty, kernel.count == slopes.count * slopes.count, let slopes = scaled(slopes[...]) else { return nil }
        var sum = 0.0, place = kernel.startIndex
        for row in slopes {
            var product = 0.0
            for column in slopes {
                product += kernel[place] * column
                place += 1
            }
            sum += row * product
        }
        let value = sum / slopes.reduce(0) { $0 + $1 * $1 }
        return value.isFinite && value > 0 ? value : nil
    }

    /// Slopes over the greatest of them, so that no square leaves the numbers; nil where all are 0 or one is not finite.
    private static func scaled(_ slopes: ArraySlice<Double>) -> [Double]? {
        let greatest = slopes.reduce(0) { max($0, abs($1)) }
        guard greatest > 0, slopes.allSatisfy(\.isFinite) else { return nil }
        return slopes.map { $0 / greatest }
    }
}
