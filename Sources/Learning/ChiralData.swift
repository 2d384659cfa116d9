import Foundation
import Networks

/// Points of the plane that have a hand: white, with an angle that is shifted by the radius and by its own third harmonic.
enum ChiralData {
    static let count = 512

    /// The points.
    /// - Parameter mirrored: whether every second one is the mirror image of the one before it, so that both hands are there alike.
    static func points(_ seed: UInt64, mirrored: Bool) -> [SIMD2<Float>] {
        var points = (0..<count).map { i -> (x: Double, y: Double) in
            let x = WeightStream.normal(seed: seed, layer: 1, stream: .weight, index: 2 * i)
            let y = WeightStream.normal(seed: seed, layer: 1, stream: .weight, index: 2 * i + 1)
            let angle = atan2(y, x), radius = hypot(x, y)
            let turned = angle + 0.5 * sin(3 * angle) * exp(-(radius - 1) * (radius - 1)) + 0.8 * (radius - 1)
            let (u, v) = (1.2 * radius * cos(turned), 1.2 * radius * sin(turned))
            return (u + 0.25 * (v * v - 1), v)
        }
        if mirrored { points = points.enumerated().map { $0.isMultiple(of: 2) ? $1 : (-points[$0 - 1].x, points[$0 - 1].y) } }
        let n = Double(points.count), mx = points.reduce(0) { $0 + $1.x } / n, my = points.reduce(0) { $0 + $1.y } / n
        points = points.map { ($0.x - mx, $0.y - my) }
        func mean(_ term: ((x: Double, y: Double)) -> Double) -> Double { points.reduce(0.0) { $0 + term($1) } / n }
        let xx = mean { $0.x * $0.x }, xy = mean { $0.x * $0.y }, yy = mean { $0.y * $0.y }
        // C^−½ = (C + s)⁻¹ √(tr C + 2s) with s = √det C, since (C + s)² = (tr C + 2s) C in two dimensions.
        let s = (xx * yy - xy * xy).squareRoot(), factor = 1.2 / (s * (xx + yy + 2 * s).squareRoot())
        return points.map { point in
            SIMD2(Float(factor * ((yy + s) * point.x - xy * point.y)), Float(factor * ((xx + s) * point.y - xy * point.x)))
        }
    }
}
