import Arrays
import Foundation

/// Schrödinger's equation in real time from an ensemble that is made for it: at every step the landscape S is learned anew from the density of
/// the ensemble,
///
///     dw = (v + D ∂ log p) dt + √(2D) dW,   v = S′,   v_t = −v v′ − V′ + χ D² (θ‴ + θ′θ″),   θ = log p,
///
/// with θ and v carried by quintic splines. χ = +1 is ħ = 2D; nothing in plain learning sets it.
struct ClosedLoop: Sendable {
    let times: [Double]
    /// Shares of the ensemble and of |ψ|² in cells, at each time that was reached.
    let places: [Double]
    let shares: [[Double]]
    let wave: [[Double]]
    let samplingFloor: Double
    /// Whether the loop lived to its end.
    let isWhole: Bool

    var worst: Double { zip(shares, wave).map(DensityComparison.totalVariation).max() ?? .nan }

    struct Setting: Sendable {
        var range: ClosedRange<Double>
        var mean: Double
        var deviation: Double
        var diffusion: Double
        var duration: Double
        var functions: Int
        var chi: Double
    }

    init(
        _ setting: Setting, count: Int, _ seed: UInt64, potential: @escaping (Double) -> Double, slope: @escaping (Double) -> Double,
        on device: LearningDevice
    ) throws {
        let cells = 400, low = setting.range.lowerBound, high = setting.range.upperBound, h = (high - low) / Double(cells - 1)
        let x = (0..<cells).map { low + Double($0) * h }, basis = BSplineBasis(low, high, count: setting.functions, degree: 5)
        let splines = (0...3).map { d in x.map { basis.values($0, derivative: d) } }
        let force = x.map { -slope($0) }, d = setting.diffusion, dt = 0.005, m = setting.functions
        func system(_ weights: [Double], penalty: Double, order: Int, floor: Double) -> BandedSystem {
            var system = BandedSystem(order: m, band: 5)
            for (b, one) in splines[0].enumerated() where weights[b] != 0 {
                for i in 0...5 { for j in 0...i { system.add(weights[b] * one.values[i] * one.values[j], one.first + i, one.first + j) } }
            }
            let difference = order == 2 ? [1.0, -2, 1] : [-1.0, 3, -3, 1]
            for start in 0..<m - order {
                for i in 0...order { for j in 0...i { system.add(penalty * difference[i] * difference[j], start + i, start + j) } }
            }
            for i in 0..<m { system.add(floor, i, i) }
            return system
        }
        func projected(_ values: [Double]) -> [Double] {
            var result = [Double](repeating: 0, count: m)
            for (b, one) in splines[0].enumerated() { for i in 0...5 { result[one.first + i] += values[b] * one.values[i] } }
            return result
        }
        func sums(_ c: [Double], _ derivative: Int) -> [Double] {
            splines[derivative].map { one in (0...5).reduce(0.0) { $0 + c[one.first + $1] * one.values[$1] } }
        }
        func penalised(_ c: [Double], _ penalty: Double) -> [Double] {
            var result = [Double](repeating: 0, count: m)
            let third = [-1.0, 3, -3, 1]
            for start in 0..<m - 3 {
                let value = (0...3).reduce(0.0) { $0 + third[$1] * c[start + $1] }
                for i in 0...3 { result[start + i] += penalty * third[i] * value }
            }
            return result
        }
        // log p of the start, then by two Newton steps at each time from the last.
        let begin = x.map { -pow(($0 - setting.mean) / setting.deviation, 2) / 2 - log(setting.deviation * (2 * Double.pi).squareRoot()) }
        let near = begin.map { exp($0) + 1e-6 }
        guard var c = system(near, penalty: 1e-7, order: 3, floor: 1e-10).solved(projected(zip(near, begin).map(*))) else {
            throw LearningError.notFinite(what: "the density of the ensemble")
        }
        var q = (0..<count).map { place -> Double in
            let words = TrainingNoise.block(seed: seed, network: UInt32(truncatingIfNeeded: place), step: 0, block: 0, .start)
            return setting.mean + setting.deviation * Double(TrainingNoise.normals(words.x, words.y).0)
        }
        var a = [Double](repeating: 0, count: m), times: [Double] = [], shares: [[Double]] = [], waves: [[Double]] = []
        var wave = WaveEquation(
            range: -12...12, count: 2401, hbar: 2 * d, mean: setting.mean, deviation: setting.deviation, potential: potential)
        let edges = x.map { $0 - h / 2 } + [high + h / 2]
        let steps = Int((setting.duration / dt).rounded()), every = max(1, steps / 60), number = Double(count)
        var lives = true
        for step in 0...steps {
            let pieces = stride(from: 0, to: count, by: 8192).map { $0..<min($0 + 8192, count) }, now = q
            let counted = try pieces.parallelMap { piece in
                var counts = [Double](repeating: 0, count: cells)
                for i in piece { counts[max(0, min(cells - 1, Int((now[i] - low) / h + 0.5)))] += 1 }
                return counts
            }
            let counts = (0..<cells).map { b in counted.reduce(0) { $0 + $1[b] } }
            if step.isMultiple(of: every) {
                if step > 0 { wave.advance(by: Double(every) * dt, steps: every * 5) }
                times.append(Double(step) * dt)
                shares.append(counts.map { $0 / number })
                waves.append(wave.shares(edges: edges))
                if step.isMultiple(of: every * 10) {
                    try device.proceed("  closed loop, χ = \(setting.chi): t = \(times[times.count - 1])")
                }
            }
            let offset = log(number * h)
            for _ in 0..<(step == 0 ? 8 : 2) {
                let means = sums(c, 0).map { exp(max(-60, min(30, $0 + offset))) }
                let right = zip(projected(zip(counts, means).map { $0 - $1 }), penalised(c, 1e-6 * number)).map { $0 - $1 }
                guard let move = system(means, penalty: 1e-6 * number, order: 3, floor: 1e-9 * number).solved(right) else {
                    lives = false
                    break
                }
                let longest = move.reduce(0) { max($0, abs($1)) }, factor = min(1, 3 / max(longest, 1e-300))
                for i in 0..<m { c[i] += factor * move[i] }
            }
            let theta = sums(c, 0), t1 = sums(c, 1), t2 = sums(c, 2), t3 = sums(c, 3)
            let p = theta.map { exp(max(-40, min(20, $0))) }, top = p.max() ?? 1
            let weights = p.map { $0 > 2e-4 * top ? $0 / top : 0 }, whole = weights.reduce(0, +)
            let landscape = system(weights, penalty: 3e-6 * whole, order: 2, floor: 1e-12 * whole)
            let quantum = x.indices.map { setting.chi * d * d * (t3[$0] + t1[$0] * t2[$0]) }
            let v = sums(a, 0), dv = sums(a, 1)
            let k1 = x.indices.map { -v[$0] * dv[$0] + force[$0] + quantum[$0] }
            guard let a1 = landscape.solved(projected(x.indices.map { weights[$0] * (v[$0] + dt * k1[$0]) })) else {
                lives = false
                break
            }
            let v1 = sums(a1, 0), dv1 = sums(a1, 1)
            let k2 = x.indices.map { -v1[$0] * dv1[$0] + force[$0] + quantum[$0] }
            guard let a2 = landscape.solved(projected(x.indices.map { weights[$0] * (v[$0] + 0.5 * dt * (k1[$0] + k2[$0])) })),
                a2.allSatisfy(\.isFinite), lives
            else {
                lives = false
                break
            }
            a = a2
            let ahead = sums(a, 0), drift = x.indices.map { 0.5 * (v[$0] + ahead[$0]) + d * t1[$0] }
            let inner = weights.indices.filter { weights[$0] > 0 }
            guard let first = inner.first, let last = inner.last, last > first else {
                lives = false
                break
            }
            let kick = (2 * d * dt).squareRoot(), (nearest, farthest) = (x[first], x[last])
            q = try pieces.parallelMap { piece in
                piece.map { i in
                    let words = TrainingNoise.block(
                        seed: seed, network: UInt32(truncatingIfNeeded: i), step: UInt32(step), block: 0, .process)
                    let at = max(0, min(Double(cells) - 1.001, (min(max(now[i], nearest), farthest) - low) / h)), cell = Int(at)
                    let push = drift[cell] + (at - Double(cell)) * (drift[cell + 1] - drift[cell])
                    return min(max(now[i] + dt * push + kick * Double(TrainingNoise.normals(words.x, words.y).0), low + 1e-6), high - 1e-6)
                }
            }.flatMap { $0 }
        }
        (self.times, self.shares, self.wave, places, isWhole) = (times, shares, waves, x, lives)
        samplingFloor =
            waves.map { p in 0.5 * (2 / (Double.pi * number)).squareRoot() * p.reduce(0) { $0 + max(0, $1).squareRoot() } }.reduce(0, +)
            / Double(max(1, waves.count))
    }
}
