import Arrays
import Foundation

/// log p(x, t) as a tensor product of quintic B-splines, of the greatest Poisson likelihood of counts, with a little of a penalty on third differences
/// in x.
struct LogDensity: Sendable {
    let space: BSplineBasis
    let time: BSplineBasis
    /// (space, time).
    private let coefficients: [Double]

    /// A thousandth of a standard error, squared.
    private static let tolerance = 1e-6

    /// - Parameters:
    ///   - counts: (times, bins), whole numbers or what they are in the mean.
    ///   - edges: of the bins, one more.
    ///   - start: where to begin, a density of the same edges and times. Default: the logarithms of the counts.
    /// - Throws: `LearningError.notFinite` where the likelihood has no maximum that Newton's method finds.
    init(
        _ counts: [[Double]], edges: [Double], times: [Double], functions: (space: Int, time: Int) = (30, 10), ridge: Double = 1e-6,
        from start: LogDensity? = nil
    ) throws(LearningError) {
        let space = BSplineBasis(edges[0], edges[edges.count - 1], count: functions.space, degree: 5)
        let time = BSplineBasis(times[0], times[times.count - 1], count: functions.time, degree: 5)
        (self.space, self.time) = (space, time)
        let bins = edges.count - 1, nx = functions.space, nt = functions.time, order = nx * nt
        let penalty = ridge * counts.reduce(0) { $0 + $1.reduce(0, +) } / Double(times.count)
        // Six splines at each bin and at each time, in one list each.
        let atBins = (0..<bins).map { space.values(0.5 * (edges[$0] + edges[$0 + 1])) }, atTimes = times.map { time.values($0) }
        let (xFirst, xs) = (atBins.map(\.first), atBins.flatMap(\.values)), (tFirst, ts) = (atTimes.map(\.first), atTimes.flatMap(\.values))
        let offsets = counts.flatMap { row -> [Double] in
            let total = log(max(row.reduce(0, +), 1e-300))
            return (0..<bins).map { total + log(edges[$0 + 1] - edges[$0]) }
        }
        let observed = counts.flatMap { $0 }
        let third = [-1.0, 3, -3, 1]

        // The penalised normal equations for weights of all times and bins.
        func system(_ weights: [Double]) -> BandedSystem {
            var system = BandedSystem(order: order, band: 5 * nt + 5)
            var local = [Double](repeating: 0, count: nx * 6)
            for k in times.indices {
                for place in local.indices { local[place] = 0 }
                for b in 0..<bins {
                    let weight = weights[k * bins + b], first = xFirst[b]
                    for i in 0...5 {
                        let part = weight * xs[b * 6 + i]
                        for j in 0...i { local[(first + i) * 6 + i - j] += part * xs[b * 6 + j] }
                    }
                }
                for i in 0..<nx {
                    for distance in 0...min(5, i) where local[i * 6 + distance] != 0 {
                        let row = i * nt + tFirst[k], column = (i - distance) * nt + tFirst[k]
                        for a in 0...5 {
                            let part = local[i * 6 + distance] * ts[k * 6 + a]
                            for b in 0...(distance == 0 ? a : 5) { system.add(part * ts[k * 6 + b], row + a, column + b) }
                        }
                    }
                }
            }
            for place in 0..<order { system.add(1e-6, place, place) }
            for start in 0..<max(0, nx - 3) {
                for i in 0...3 {
                    for j in 0...i {
                        for a in 0..<nt { system.add(penalty * third[i] * third[j], (start + i) * nt + a, (start + j) * nt + a) }
                    }
                }
            }
            return system
        }
        func projected(_ residuals: [Double], _ c: [Double]?) -> [Double] {
            var result = [Double](repeating: 0, count: order)
            for k in times.indices {
                var local = [Double](repeating: 0, count: nx)
                for b in 0..<bins { for i in 0...5 { local[xFirst[b] + i] += residuals[k * bins + b] * xs[b * 6 + i] } }
                for i in 0..<nx { for a in 0...5 { result[i * nt + tFirst[k] + a] += local[i] * ts[k * 6 + a] } }
            }
            guard let c else { return result }
            for place in 0..<order { result[place] -= 1e-6 * c[place] }
            for start in 0..<max(0, nx - 3) {
                for a in 0..<nt {
                    let difference = (0...3).reduce(0.0) { $0 + third[$1] * c[(start + $1) * nt + a] }
                    for i in 0...3 { result[(start + i) * nt + a] -= penalty * third[i] * difference }
                }
            }
            return result
        }
        var c: [Double]
        if let start {
            c = start.coefficients
        } else {
            let rough = observed.indices.map { log(observed[$0] + 0.5) - offsets[$0] }
            guard let solved = system(rough.map { _ in 1 }).solved(projected(rough, nil)) else {
                throw .notFinite(what: "the density of the ensemble")
            }
            c = solved
        }
        var means = observed
        // Also fills `means`.
        func likelihood(_ c: [Double]) -> Double {
            var total = 0.0
            for k in times.indices {
                var row = [Double](repeating: 0, count: nx)
                for i in 0..<nx { for a in 0...5 { row[i] += c[i * nt + tFirst[k] + a] * ts[k * 6 + a] } }
                for b in 0..<bins {
                    var sum = offsets[k * bins + b]
                    for i in 0...5 { sum += row[xFirst[b] + i] * xs[b * 6 + i] }
                    let bounded = max(-50, min(30, sum))
                    means[k * bins + b] = exp(bounded)
                    total += observed[k * bins + b] * bounded - means[k * bins + b]
                }
            }
            for place in 0..<order { total -= 0.5e-6 * c[place] * c[place] }
            for start in 0..<max(0, nx - 3) {
                for a in 0..<nt {
                    let difference = (0...3).reduce(0.0) { $0 + third[$1] * c[(start + $1) * nt + a] }
                    total -= 0.5 * penalty * difference * difference
                }
            }
            return total
        }
        // Newton's method, a step of which is halved until the likelihood rises. Where nothing was counted coefficients go far down; steps of
        // bounded length would take many for what no density feels.
        var best = likelihood(c)
        for _ in 0..<80 {
            let slope = projected(observed.indices.map { observed[$0] - means[$0] }, c)
            guard let step = system(means).solved(slope) else { throw .notFinite(what: "the density of the ensemble") }
            // Twice what the likelihood still lacks: the square of the distance, in standard errors of the coefficients.
            let gain = zip(step, slope).reduce(0) { $0 + $1.0 * $1.1 }
            guard gain.isFinite else { throw .notFinite(what: "the density of the ensemble") }
            var factor = 1.0
            while factor > 1e-6 {
                let next = c.indices.map { c[$0] + factor * step[$0] }, value = likelihood(next)
                if gain < Self.tolerance || value >= best + 1e-4 * factor * gain {
                    (c, best) = (next, value)
                    break
                }
                factor /= 2
            }
            if gain < Self.tolerance { break }
        }
        coefficients = c
    }

    /// log p or a derivative of it, on a grid (times, places).
    func values(_ xs: [Double], _ ts: [Double], dx: Int = 0, dt: Int = 0) -> [[Double]] {
        let at = xs.map { space.values($0, derivative: dx) }, nt = time.count
        return ts.map { t in
            let now = time.values(t, derivative: dt)
            let row = (0..<space.count).map { i in (0...5).reduce(0.0) { $0 + coefficients[i * nt + now.first + $1] * now.values[$1] } }
            return at.map { x in (0...5).reduce(0.0) { $0 + row[x.first + $1] * x.values[$1] } }
        }
    }
}
