import Arrays
import Foundation
import Networks

/// An infinitely wide network at the edge of chaos, where σ_w² E[φ′(u)²] = 1 at the variance that its layers keep, and how the condition
/// number of its tangent kernel tends to a limit with depth: that of a kernel whose entries off the diagonal are c times those on it,
/// (1 + (m − 1) c)/(1 − c) (Xiao, Pennington & Schoenholz 2020, arXiv:1912.13053).
struct CriticalKernel {
    let activation: Activation
    let sigmaW: Double
    let sigmaB: Double

    /// - Parameter sigmaB: above 0 for a saturating activation, 0 for relu, whose critical σ_w is √2 whatever the variance.
    init(_ activation: Activation, sigmaB: Double) throws {
        func squares(_ q: Double) throws -> (value: Double, slope: Double) {
            let pair = try GaussianPair(firstVariance: q, secondVariance: q, covariance: q)
            return (try activation.dual.value(pair), try activation.dual.slope(pair))
        }
        // q = σ_w² E[φ²] + σ_b² with σ_w² = 1/E[φ′²], by bisection: for small q bias alone is more.
        var (low, high) = (0.0, 100.0)
        while sigmaB > 0 {
            let q = (low + high) / 2, (value, slope) = try squares(q)
            guard q > low, q < high else { break }
            if value / slope + sigmaB * sigmaB > q { low = q } else { high = q }
        }
        self.activation = activation
        self.sigmaB = sigmaB
        sigmaW = try 1 / squares(sigmaB > 0 ? high : 1).slope.squareRoot()
    }

    /// λ_1/λ_m of the tangent kernel on m points with |x|² = d = m, all of whose cosines are c.
    ///
    /// - Parameter correlation: c, from 0, orthogonal points, to below 1.
    func conditionNumber(points m: Int, depth: Int, correlation: Double = 0) throws -> Double {
        // x_i ∝ αe_i + βΣe_j: α² = 1 − c, 2αβ + mβ² = c.
        let alpha = (1 - correlation).squareRoot(), size = Double(m)
        let beta = ((alpha * alpha + size * correlation).squareRoot() - alpha) / size
        let values = (0..<m * m).map { size.squareRoot() * (beta + ($0 % (m + 1) == 0 ? alpha : 0)) }
        let kernel = try InfiniteWidthKernel(
            depth: depth, activation: activation, sigmaW: sigmaW, sigmaB: sigmaB,
            inputs: Inputs(points: m, dimension: m, values: values))
        let eigenvalues = try SymmetricEigen.eigenvalues(of: kernel.tangentKernel, order: m).values
        return eigenvalues[0] / eigenvalues[m - 1]
    }

    /// The correlation of points from 0 to 0.5 at which the condition number has a value at a depth, which grows with it; NaN where it has it
    /// at none.
    func correlation(conditionNumber value: Double, points: Int, depth: Int) throws -> Double {
        func excess(_ correlation: Double) throws -> Double {
            try conditionNumber(points: points, depth: depth, correlation: correlation) - value
        }
        var (low, high) = (0.0, 0.5)
        guard try excess(low) <= 0, try excess(high) >= 0 else { return .nan }
        for _ in 0..<30 {
            let middle = (low + high) / 2
            if try excess(middle) < 0 { low = middle } else { high = middle }
        }
        return high
    }
}
