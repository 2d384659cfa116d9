import Figures
import Foundation

/// The action ∫√−g R of the metric of a static lattice, M = 1 + m and A = 1 + a, to second order up to total derivatives:
///
///     (3/2)(∂m)² − 2 ∂m·∂a + (1/2)(∂a)²
///
/// Its determinant is −1/4: it is not degenerate, and indefinite. Of its two combinations, either is to have a spectrum of k^{−2}.
package enum MetricForm {
    /// The coefficients of (∂m)², ∂m·∂a and (∂a)².
    package static let coefficients = (3.0 / 2, -2.0, 1.0 / 2)

    /// The combinations u·(m, a) in which the form is diagonal, with their eigenvalues, the larger first: 1 ± √5/2.
    package static let combinations: [(eigenvalue: Double, m: Double, a: Double)] = [1.0, -1].map { sign in
        let (mm, ma, aa) = (coefficients.0, coefficients.1 / 2, coefficients.2)
        let value = (mm + aa) / 2 + sign * ((mm - aa) * (mm - aa) / 4 + ma * ma).squareRoot()
        // Of [mm ma; ma aa].
        let (x, y) = (-ma, mm - value), size = (x * x + y * y).squareRoot()
        return (value, x / size, y / size)
    }

    /// A combination as people read it.
    static func name(_ combination: Int) -> String {
        let (_, m, a) = combinations[combination]
        return "\(Claim.number(m)) m \(a < 0 ? "−" : "+") \(Claim.number(abs(a))) a"
    }

    /// A wave of both fields: its wave vector, its phase and its amplitude in either.
    private struct Wave {
        let k: [Double]
        let phase, m, a: Double
    }

    /// How far the mean of √−g R over a torus is from the mean of the form, in units of it, for fields of three coordinates of that size.
    ///
    /// m and a are sums of waves of different directions, the mean is one over 12³ points, exact for waves that vary so slowly, and over both
    /// signs of the fields, so that terms of third order cancel.
    package static func deviation(amplitude: Double = 1e-3) -> Double {
        let count = 12
        let waves = [
            Wave(k: [1, 0, 0], phase: 0.3, m: 1, a: 0.5), Wave(k: [0, 1, 1], phase: 1.1, m: -0.4, a: 0.8),
            Wave(k: [1, -1, 0], phase: 2, m: 0.6, a: -0.7), Wave(k: [0, 0, 1], phase: 0.7, m: 0.2, a: 1),
        ]
        func field(
            _ point: [Double], _ scale: Double, _ size: (Wave) -> Double
        ) -> (value: Double, slope: [Double], bend: [[Double]]) {
            var value = 1.0, slope = [0.0, 0, 0], bend = [[Double]](repeating: [0, 0, 0], count: 3)
            for wave in waves {
                let angle = wave.phase + zip(wave.k, point).reduce(0) { $0 + $1.0 * $1.1 }, amplitude = scale * size(wave)
                value += amplitude * sin(angle)
                for i in 0..<3 {
                    slope[i] += amplitude * wave.k[i] * cos(angle)
                    for j in 0..<3 { bend[i][j] -= amplitude * wave.k[i] * wave.k[j] * sin(angle) }
                }
            }
            return (value, slope, bend)
        }
        var action = 0.0, form = 0.0
        for scale in [amplitude, -amplitude] {
            for index in 0..<count * count * count {
                let point = [index % count, index / count % count, index / (count * count)].map { 2 * .pi * Double($0) / Double(count) }
                let m = field(point, scale) { $0.m }, a = field(point, scale) { $0.a }
                action += Curvature.density(Curvature.Jet(massSquared: m, coupling: a))
                for i in 0..<3 {
                    form += coefficients.0 * m.slope[i] * m.slope[i] + coefficients.1 * m.slope[i] * a.slope[i]
                    form += coefficients.2 * a.slope[i] * a.slope[i]
                }
            }
        }
        return abs(action / form - 1)
    }
}
