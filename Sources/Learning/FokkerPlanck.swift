import Foundation

/// ∂p/∂t = −∂(bp) + ∂²(Dp) (Itô) on equal bins with walls, in the conservative exponential scheme of Scharfetter and Gummel: exact for the
/// stationary density of each pair of neighbours, second order otherwise.
public struct FokkerPlanck: Sendable {
    /// Rates of leaving a bin for the next and for the one before, one fewer than bins each: `up[i]` from i to i + 1, `down[i]` back.
    public let up: [Double]
    public let down: [Double]
    let width: Double

    /// - Parameters:
    ///   - drift: b at the centres of the bins.
    ///   - diffusion: D there, positive.
    public init(drift: [Double], diffusion: [Double], width: Double) {
        let n = drift.count
        self.width = width
        func slope(_ i: Int) -> Double {
            let (a, b) = (max(0, i - 1), min(n - 1, i + 1))
            return (diffusion[b] - diffusion[a]) / (Double(b - a) * width)
        }
        // J = (b − D′) p − D p′.
        let flow = (0..<n).map { drift[$0] - slope($0) }
        func bernoulli(_ z: Double) -> Double { abs(z) < 1e-6 ? 1 - z / 2 : z / expm1(z) }
        var up: [Double] = [], down: [Double] = []
        for i in 0..<n - 1 {
            let d = 0.5 * (diffusion[i] + diffusion[i + 1]), z = 0.5 * (flow[i] + flow[i + 1]) * width / d
            up.append(d / (width * width) * bernoulli(-z))
            down.append(d / (width * width) * bernoulli(z))
        }
        (self.up, self.down) = (up, down)
    }

    /// The density after a time, by Crank and Nicolson's scheme after two implicit steps that damp what no step resolves.
    /// - Parameters:
    ///   - p: what the bins hold.
    ///   - steps: of equal length.
    public func advanced(_ p: [Double], by time: Double, steps: Int, damps: Bool = false) -> [Double] {
        var p = p
        let dt = time / Double(steps)
        for step in 0..<steps {
            if damps, step == 0 {
                for _ in 0..<4 { p = solve(p, dt / 4) }
            } else {
                p = solve(applied(p, dt / 2), dt / 2)
            }
        }
        return p
    }

    /// (1 + dt G) p.
    private func applied(_ p: [Double], _ dt: Double) -> [Double] {
        var result = p
        for i in up.indices {
            let flow = dt * (up[i] * p[i] - down[i] * p[i + 1])
            result[i] -= flow
            result[i + 1] += flow
        }
        return result
    }

    /// (1 − dt G)⁻¹ p, a tridiagonal system.
    private func solve(_ p: [Double], _ dt: Double) -> [Double] {
        let n = p.count
        var ratio = [Double](repeating: 0, count: n), result = p
        for i in 0..<n {
            var diagonal = 1 + dt * ((i < n - 1 ? up[i] : 0) + (i > 0 ? down[i - 1] : 0))
            if i > 0 {
                let below = -dt * up[i - 1]
                diagonal -= below * ratio[i - 1]
                result[i] -= below * result[i - 1]
            }
            ratio[i] = i < n - 1 ? -dt * down[i] / diagonal : 0
            result[i] /= diagonal
        }
        for i in stride(from: n - 2, through: 0, by: -1) { result[i] -= ratio[i] * result[i + 1] }
        return result
    }

    /// What bins hold of a normal distribution; the first and last what lies beyond too.
    public static func normal(mean: Double, deviation: Double, edges: [Double]) -> [Double] {
        let below = edges.map { 0.5 * erfc(-($0 - mean) / (deviation * 2.0.squareRoot())) }
        return (0..<edges.count - 1).map { i in
            (i == edges.count - 2 ? 1 : below[i + 1]) - (i == 0 ? 0 : below[i])
        }
    }
}
