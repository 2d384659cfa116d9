import Arrays
import Foundation
import Networks

/// The stationary current of an ensemble with two weights in a valley around the origin, on chiral data: mean angular velocity and angular diffusion.
///
///     H = K/2 (S − t)² + ½ |a − w S|²,   t = tanh(w·a),   S ~ N((Kt + w·a)/(K + |w|²), 1/(β(K + |w|²)))
struct Circulation: Sendable {
    let setting: Setting
    /// Ω/2D_φ: how many quanta h/m = 2π·2D the circulation has.
    let quanta: Double
    let standardError: Double
    let networks: Int

    struct Setting: Sendable {
        var learningRate: Double
        var batch: Int
        /// A turned part of the gradient, which no landscape has.
        var mixing: Double = 0
        /// Whether data are what they are and their mirror image.
        var isMirrored = false

        var name: String {
            "B = \(batch), η = \(learningRate)" + (mixing > 0 ? ", antisymmetric mixing \(mixing)" : "")
                + (isMirrored ? ", mirrored data" : "")
        }
    }

    /// White and chiral: the angle is shifted by the radius and by its own third harmonic; with `mirrored` both hands.
    static func data(_ seed: UInt64, mirrored: Bool) throws -> [SIMD2<Float>] {
        let count = 512
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
        let xy = mean { $0.x * $0.y }
        let eigen = try SymmetricEigen.decompose([mean { $0.x * $0.x }, xy, xy, mean { $0.y * $0.y }], order: 2)
        guard let u = eigen.vectors?.elements else { throw LearningError.notFinite(what: "the spread of the data") }
        let (s, t) = (1.2 / eigen.values[0].squareRoot(), 1.2 / eigen.values[1].squareRoot())
        let (xx, off, yy) = (
            s * u[0] * u[0] + t * u[1] * u[1], s * u[0] * u[2] + t * u[1] * u[3], s * u[2] * u[2] + t * u[3] * u[3]
        )
        return points.map { SIMD2(Float(xx * $0.x + off * $0.y), Float(off * $0.x + yy * $0.y)) }
    }

    static let parts = 20
    static let warmUp = 400
    static let steps = 600

    init(_ setting: Setting, networks: Int, _ seed: UInt64) throws {
        let data = try Self.data(seed, mirrored: setting.isMirrored), each = networks / Self.parts, eta = Float(setting.learningRate)
        let found = try (0..<Self.parts).map { $0 }.parallelMap { part -> (mean: Double, square: Double) in
            var sum = 0.0, squares = 0.0
            for index in part * each..<(part + 1) * each {
                let number = UInt32(truncatingIfNeeded: index)
                let start = TrainingNoise.block(seed: seed, network: number, step: 0, block: 0, .start)
                let first = TrainingNoise.normals(start.x, start.y)
                var w = SIMD2<Float>(first.0, first.1)
                for step in 0..<Self.warmUp + Self.steps {
                    let g = Self.gradient(w, data, batch: setting.batch, seed, number, UInt32(step))
                    let turned = SIMD2(-g.y, g.x) * Float(setting.mixing)
                    let next = w - eta * (g + turned)
                    if step >= Self.warmUp {
                        let angle = Double(atan2(w.x * next.y - w.y * next.x, w.x * next.x + w.y * next.y))
                        sum += angle
                        squares += angle * angle
                    }
                    w = next
                }
            }
            let count = Double(each * Self.steps)
            return (sum / count, squares / count)
        }
        let n = Double(Self.parts)
        let each0 = found.map { part -> Double in
            // Ω/2D = (⟨dφ⟩/η)/(⟨dφ²⟩ − ⟨dφ⟩²)/η).
            part.mean / (part.square - part.mean * part.mean)
        }
        let mean = each0.reduce(0, +) / n
        let scatter = each0.reduce(0.0) { (total: Double, one: Double) -> Double in total + (one - mean) * (one - mean) }
        self.setting = setting
        quanta = mean
        standardError = (scatter / (n * (n - 1))).squareRoot()
        self.networks = each * Self.parts
    }

    private static func gradient(
        _ w: SIMD2<Float>, _ data: [SIMD2<Float>], batch: Int, _ seed: UInt64, _ number: UInt32, _ step: UInt32
    ) -> SIMD2<Float> {
        let k: Float = 4, inverse = 1 / (k + (w * w).sum()), spread = (inverse * 0.25).squareRoot()
        var g = SIMD2<Float>(0, 0)
        for b in stride(from: 0, to: batch, by: 2) {
            let words = TrainingNoise.block(seed: seed, network: number, step: step, block: UInt32(b / 2), .training)
            let pair = TrainingNoise.normals(words.x, words.y)
            for half in 0..<min(2, batch - b) {
                let a = data[TrainingNoise.place(half == 0 ? words.z : words.w, of: data.count)], z = (w * a).sum()
                let t = TrainingNoise.tangent(z), s = (k * t + z) * inverse + spread * (half == 0 ? pair.0 : pair.1)
                let outer: Float = k * (s - t) * (1 - t * t)
                g -= a * outer + (a - w * s) * s
            }
        }
        return g / Float(batch)
    }

    /// How many standard errors the circulation is away from the nearest whole number of quanta.
    var distance: Double { abs(quanta - quanta.rounded()) / standardError }
}
