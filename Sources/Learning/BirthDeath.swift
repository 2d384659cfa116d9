import Arrays
import Foundation

/// An ensemble whose networks diffuse, are copied and are removed, at the rate F(w)/ħ above and below what keeps their number: the imaginary-time
/// Schrödinger process of networks, −D ψ″ + (F/2D) ψ = E ψ in units of ħ = 2D.
struct BirthDeath: Sendable {
    /// The lowest level by LAPACK on a grid, and of the ensemble.
    let exact: Double
    let energy: Double
    let standardError: Double
    /// The level of diffusion alone in a harmonic well of the same curvature at the minimum: what the energy would be without the other well.
    let harmonic: Double
    let centres: [Double]
    let shares: [Double]
    let ground: [Double]
    let networks: Int
    let steps: Int
    /// The number of networks of the first island over time.
    let numbers: [Double]

    var totalVariation: Double { DensityComparison.totalVariation(shares, ground) }

    static let diffusion = 0.15
    static let islands = 8

    init(_ network: MicroNetwork, count: Int, steps: Int, _ seed: UInt64, on device: LearningDevice) throws {
        let d = Self.diffusion, dt = 0.005, low = -8.0, cells = 4000, h = 16 / Double(cells)
        var table = (0...cells).map { network.freeEnergy(at: low + Double($0) * h) }
        let least = table.min() ?? 0
        table = table.map { ($0 - least) / (2 * d) }
        let rates = table
        @Sendable func rate(_ w: Double) -> Double {
            let at = max(0, min(Double(cells) - 0.001, (w - low) / h)), cell = Int(at)
            return rates[cell] + (at - Double(cell)) * (rates[cell + 1] - rates[cell])
        }
        let eigen = try TridiagonalEigen(
            diagonal: rates.map { 2 * d / (h * h) + $0 }, beside: [Double](repeating: -d / (h * h), count: cells), lowest: 1)
        let level = eigen.values[0]
        exact = level
        let bottom = (0...400).min { rates[2000 + 5 * $0] < rates[2000 + 5 * $1] }.map { 2000 + 5 * $0 } ?? 2000
        let curvature = (rates[bottom + 20] - 2 * rates[bottom] + rates[bottom - 20]) / (400 * h * h)
        harmonic = (d * curvature / 2).squareRoot()
        let each = count / Self.islands, burn = steps / 4
        networks = each * Self.islands
        self.steps = steps
        let bins = EnsembleProblem.Bins(-3.5...3.5, count: 80)

        struct Island: Sendable {
            var energies: [Double] = []
            var counts: [Double]
            var numbers: [Double] = []
        }
        try device.proceed("\(networks) networks that are born and die, \(steps) steps")
        let found = try (0..<Self.islands).map { UInt32($0) }.parallelMap { island -> Island in
            var result = Island(counts: [Double](repeating: 0, count: bins.count))
            var weights = (0..<each).map { 1.3 * ($0.isMultiple(of: 2) ? 1.0 : -1) }, trial = level * 1.3
            var before = weights.map(rate)
            let kick = (2 * d * dt).squareRoot()
            for step in 0..<steps {
                var next: [Double] = [], nextRates: [Double] = [], total = 0.0
                next.reserveCapacity(weights.count + weights.count / 50)
                nextRates.reserveCapacity(weights.count + weights.count / 50)
                for (place, w) in weights.enumerated() {
                    let words = TrainingNoise.block(
                        seed: seed, network: UInt32(truncatingIfNeeded: place), step: UInt32(step), block: island, .process)
                    let moved = w + kick * Double(TrainingNoise.normals(words.x, words.y).0), now = rate(moved)
                    let weight = exp(-dt * (0.5 * (before[place] + now) - trial))
                    total += weight
                    let copies = Int(weight + Double(words.z) * 0x1p-32)
                    for _ in 0..<copies {
                        next.append(moved)
                        nextRates.append(now)
                    }
                }
                let growth = total / Double(weights.count)
                if step >= burn { result.energies.append(trial - log(growth) / dt) }
                if step.isMultiple(of: 10) { result.numbers.append(Double(next.count)) }
                (weights, before) = (next, nextRates)
                guard !weights.isEmpty else { throw LearningError.notFinite(what: "the number of networks, of which none is left,") }
                trial -= 0.02 * log(Double(weights.count) / Double(each))
                if step >= burn, step.isMultiple(of: 50) {
                    for w in weights where bins.range.contains(w) {
                        result.counts[min(bins.count - 1, Int((w - bins.range.lowerBound) / bins.width))] += 1
                    }
                }
            }
            return result
        }
        let means = found.map { island -> Double in island.energies.reduce(0, +) / Double(island.energies.count) }
        let n = Double(Self.islands)
        let mean = means.reduce(0, +) / n
        energy = mean
        let scatter = means.reduce(0.0) { (sum: Double, one: Double) -> Double in sum + (one - mean) * (one - mean) }
        standardError = (scatter / (n * (n - 1))).squareRoot()
        centres = bins.centres
        let counts = bins.centres.indices.map { b -> Double in found.reduce(0.0) { $0 + $1.counts[b] } }
        let all = counts.reduce(0, +)
        shares = counts.map { $0 / all }
        var ground = [Double](repeating: 0, count: bins.count)
        for (place, value) in eigen.vectors[0].enumerated() {
            let w = low + Double(place) * h
            if bins.range.contains(w) { ground[min(bins.count - 1, Int((w - bins.range.lowerBound) / bins.width))] += abs(value) }
        }
        let whole = ground.reduce(0, +)
        self.ground = ground.map { $0 / whole }
        numbers = found[0].numbers
    }
}
