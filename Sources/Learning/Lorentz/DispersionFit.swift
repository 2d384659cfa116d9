import Foundation

/// Whether two bands are those of a particle near their gap: (ω − ω_0 − v(k − k_0))² = m² + c²(k − k_0)².
package struct DispersionFit: Sendable {
    /// The root mean square of what the fit leaves of the squared half gap, over its range within ±0.25 of the gap's minimum.
    package let residual: Double
    /// c² of the fit.
    package let speedSquared: Double
    /// |v|/c.
    package let tilt: Double
    /// Whether the half gap varies by less than 1e-3 there, so that nothing moves.
    package let isFlat: Bool

    /// How far from the minimum, in radians a site.
    private static let reach = 0.25

    /// A fit.
    /// - Parameter bands: half of the gap between two bands at k, and their mean up to multiples of π; 2π-periodic.
    package init(_ bands: (_ k: Double) -> (half: Double, mean: Double)) {
        let grid = (0..<2000).map { -Double.pi + 2 * .pi * Double($0) / 2000 }
        let minimum = grid.min { bands($0).half < bands($1).half } ?? 0
        let offsets = (-50...50).map { Self.reach * Double($0) / 50 }, count = Double(offsets.count)
        let around = offsets.map { bands(minimum + $0) }, squares = around.map { $0.half * $0.half }
        // A parabola by least squares; odd moments of symmetric offsets vanish.
        let second = offsets.reduce(0) { $0 + $1 * $1 }, fourth = offsets.reduce(0) { $0 + pow($1, 4) }
        let sum = squares.reduce(0, +), bent = zip(offsets, squares).reduce(0) { $0 + $1.0 * $1.0 * $1.1 }
        let slope = zip(offsets, squares).reduce(0) { $0 + $1.0 * $1.1 } / second
        let curvature = (count * bent - second * sum) / (count * fourth - second * second)
        let level = (sum - curvature * second) / count
        let left = zip(offsets, squares).reduce(0) { $0 + pow($1.1 - level - slope * $1.0 - curvature * $1.0 * $1.0, 2) }
        let range = squares.max()! - squares.min()!
        residual = (left / count).squareRoot() / max(range, 1e-12)
        speedSquared = curvature
        isFlat = around.map(\.half).max()! - around.map(\.half).min()! < 1e-3
        // The mean is known up to multiples of π.
        var mean = [around[0].mean]
        for band in around.dropFirst() { mean.append(mean.last! + (band.mean - mean.last!).remainder(dividingBy: .pi)) }
        let drift = zip(offsets, mean).reduce(0) { $0 + $1.0 * $1.1 } / second
        tilt = abs(drift) / (abs(curvature) + 1e-12).squareRoot()
    }

    /// Whether there is something that moves.
    package var disperses: Bool { !isFlat && speedSquared > 1e-4 }

    /// Whether the fit is good to a hundredth.
    package var isRelativistic: Bool { disperses && residual < 0.01 }
}
