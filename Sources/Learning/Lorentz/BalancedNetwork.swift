import Foundation
import Networks

/// A network of two kinds of neurons at each site of a line, x_{t+1}[s] = Σ W_n x_t[s − n] with n = −1, 0, 1, that is trained on nothing but the
/// balance of entropy: that w(k) = Σ W_n exp(−ikn) destroys and produces none, |wᵀw − 1|² = 0 for every k.
package struct BalancedNetwork: Sendable {
    /// W_{−1}, W_0 and W_1, each by rows.
    package var weights: [[Double]]

    /// A network of random weights, normal with standard deviation 0.45.
    package init(seed: UInt64) {
        weights = (0..<3).map { n in
            (0..<4).map { 0.45 * WeightStream.normal(seed: seed, layer: 0, stream: .weight, index: 4 * n + $0) }
        }
    }

    /// D_m = Σ_n W_nᵀ W_{n+m} − δ_{m0}, for m = −2 … 2: the Fourier coefficients of wᵀw − 1.
    private var imbalances: [[Double]] {
        (-2...2).map { m in
            var sum = m == 0 ? [-1.0, 0, 0, -1] : [0, 0, 0, 0]
            for n in 0..<3 where (0..<3).contains(n + m) {
                let (a, b) = (weights[n], weights[n + m])
                sum[0] += a[0] * b[0] + a[2] * b[2]
                sum[1] += a[0] * b[1] + a[2] * b[3]
                sum[2] += a[1] * b[0] + a[3] * b[2]
                sum[3] += a[1] * b[1] + a[3] * b[3]
            }
            return sum
        }
    }

    /// The root of the mean over k and elements of |wᵀw − 1|².
    package var imbalance: Double { (imbalances.joined().reduce(0) { $0 + $1 * $1 } / 4).squareRoot() }

    /// Descends the mean over k of |wᵀw − 1|², whose slope with W_n is 4 Σ_m W_{n+m} D_mᵀ.
    package mutating func train(steps: Int, learningRate: Double) {
        for _ in 0..<steps {
            let gaps = imbalances, old = weights
            for n in 0..<3 {
                for m in -2...2 where (0..<3).contains(n + m) {
                    let a = old[n + m], d = gaps[m + 2]
                    weights[n][0] -= 4 * learningRate * (a[0] * d[0] + a[1] * d[1])
                    weights[n][1] -= 4 * learningRate * (a[0] * d[2] + a[1] * d[3])
                    weights[n][2] -= 4 * learningRate * (a[2] * d[0] + a[3] * d[1])
                    weights[n][3] -= 4 * learningRate * (a[2] * d[2] + a[3] * d[3])
                }
            }
        }
    }

    /// The eigenvalues of w(k).
    package func eigenvalues(at k: Double) -> (Complex, Complex) {
        let elements = (0..<4).map { place in
            Complex(
                weights[0][place] * cos(k) + weights[1][place] + weights[2][place] * cos(k),
                weights[0][place] * sin(k) - weights[2][place] * sin(k))
        }
        let trace = elements[0] + elements[3], minus = Complex(-1, 0)
        let determinant = elements[0] * elements[3] + minus * elements[1] * elements[2]
        let half = Complex(trace.real / 2, trace.imaginary / 2), root = (half * half + minus * determinant).squareRoot
        return (half + root, half + minus * root)
    }

    /// The largest |ln|λ|| over k: the entropy that a mode produces or loses in a step.
    package var largestRate: Double {
        (0..<512).map { 2 * .pi * Double($0) / 512 }.reduce(0) { largest, k in
            let (a, b) = eigenvalues(at: k)
            return max(largest, abs(log(a.square)) / 2, abs(log(b.square)) / 2)
        }
    }

    /// ω(k) of both bands: half of what is between them, and their mean.
    package func bands(at k: Double) -> (half: Double, mean: Double) {
        let (a, b) = eigenvalues(at: k)
        let turn = (a.angle - b.angle).remainder(dividingBy: 2 * .pi)
        return (abs(turn) / 2, (a * b).angle / 2)
    }
}

extension Complex {
    /// arg z.
    package var angle: Double { atan2(imaginary, real) }

    /// √z with a real part that is not negative.
    package var squareRoot: Complex {
        let size = square.squareRoot().squareRoot(), half = angle / 2
        return Complex(size * cos(half), size * sin(half))
    }
}
