import Arrays
import Foundation

/// How an ensemble relaxes, beside the levels of the operator that its free energy has.
struct Relaxation: Sendable {
    let spectrum: LearningSpectrum
    let neurons: Int
    let batch: Int
    let learningRate: Double
    let count: Int
    let times: [Double]
    /// E[ψ_n/ψ_0] over its first value, n = 1, 2, 3.
    let decays: [[Double]]
    /// Rates by weighted least squares of the logarithm, with standard errors from four parts of the ensemble.
    let rates: [(value: Double, error: Double)]
    /// Shares of the ensemble at the end, symmetrised, and ψ_0², in bins of the weight.
    let edges: [Double]
    let shares: [Double]
    let ground: [Double]

    /// Σ √(p q).
    var overlap: Double { zip(shares, ground).reduce(0) { $0 + ($1.0 * $1.1).squareRoot() } }
    /// The same of an ensemble that stays where it starts, on both sides.
    let startOverlap: Double

    static let start = (mean: 1.4, deviation: 0.1)
    static let parts = 4

    init(
        _ network: MicroNetwork, learningRate: Double, batch: Int, noise: Double, count: Int, duration: Double, modes: [Int] = [1, 2, 3],
        _ seed: UInt64, on device: LearningDevice
    ) throws {
        spectrum = try LearningSpectrum(network, learningRate: learningRate, batch: batch, noise: noise)
        (neurons, self.batch, self.learningRate, self.count) = (network.neurons, batch, learningRate, count)
        let spectrum = spectrum, bins = EnsembleProblem.Bins(-3.6...3.6, count: 120)
        let problem = try EnsembleProblem.descent(
            network, count: count, learningRate: learningRate, batch: batch, diffusion: noise, seed: seed, bins: bins)
        let ensemble = try device.ensemble(problem)
        let every = max(1, Int((duration / learningRate / 150).rounded())), records = Int(duration / learningRate) / every
        times = (0...records).map { Double($0 * every) * learningRate }
        // (parts) of E[mode], and the scatter of one network.
        func means(_ mode: Int, _ weights: [Float]) throws -> [Double] {
            let each = weights.count / Self.parts
            return try (0..<Self.parts).map { Array(weights[$0 * each..<($0 + 1) * each]) }.parallelMap { part in
                part.reduce(0.0) { $0 + spectrum.mode(mode, at: Double($1)) } / Double(part.count)
            }
        }
        var curves = [Int: [[Double]]]()
        // Odd modes from one side; the even one from the top between the wells, which it leaves at once.
        try ensemble.start(mean: Self.start.mean, deviation: Self.start.deviation, firstNetwork: 0)
        for record in 0...records {
            if record > 0 { try ensemble.advance(steps: every) }
            if record.isMultiple(of: 30) {
                try device.proceed(
                    "  N = \(network.neurons), B = \(batch), η = \(learningRate): t = \(Int(times[record])) of \(Int(duration))")
            }
            let weights = try ensemble.weights()
            for mode in modes where mode != 2 { curves[mode, default: []].append(try means(mode, weights)) }
        }
        try ensemble.advance(steps: Int(6 / learningRate))
        try ensemble.record()
        let counts = try ensemble.counts()[0].map(Double.init)
        if modes.contains(2) {
            try ensemble.start(mean: 0, deviation: 0.2, firstNetwork: UInt32(truncatingIfNeeded: count))
            for record in 0...records where times[record] < 5 {
                if record > 0 { try ensemble.advance(steps: every) }
                curves[2, default: []].append(try means(2, ensemble.weights()))
            }
        }
        let times = times
        decays = modes.map { mode in
            let curve = (curves[mode] ?? []).map { $0.reduce(0, +) / Double(Self.parts) }
            return curve.map { $0 / curve[0] }
        }
        rates = modes.map { mode in
            let curve = curves[mode] ?? []
            func rate(_ part: (Int) -> Double) -> Double {
                let y = curve.indices.map { part($0) / part(0) }
                // What is above the sampling noise of modes whose size is about 1.
                let floor = max(8 / (Double(count).squareRoot() * abs(part(0))), 0.05)
                let used = Array(y.indices.prefix { y[$0] > floor })
                guard used.count > 3 else { return .nan }
                func sum(_ term: (Int) -> Double) -> Double { used.reduce(0) { $0 + y[$1] * y[$1] * term($1) } }
                let (s, x, xx) = (sum { _ in 1 }, sum { times[$0] }, sum { times[$0] * times[$0] })
                let (l, xl) = (sum { log(y[$0]) }, sum { times[$0] * log(y[$0]) })
                return -(s * xl - x * l) / (s * xx - x * x)
            }
            let each = (0..<Self.parts).map { part in rate { curve[$0][part] } }
            let mean = each.reduce(0, +) / Double(Self.parts)
            let error = (each.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(Self.parts * (Self.parts - 1))).squareRoot()
            return (rate { curve[$0].reduce(0, +) }, error)
        }
        edges = bins.edges
        // F is even.
        let total = counts.reduce(0, +)
        shares = counts.indices.map { 0.5 * (counts[$0] + counts[counts.count - 1 - $0]) / total }
        var ground = [Double](repeating: 0, count: bins.count)
        for (w, p) in zip(spectrum.places, spectrum.stationary) where bins.range.contains(w) {
            ground[min(bins.count - 1, Int((w - bins.range.lowerBound) / bins.width))] += p
        }
        self.ground = ground
        let side = FokkerPlanck.normal(mean: Self.start.mean, deviation: Self.start.deviation, edges: bins.edges)
        startOverlap = zip(side.indices.map { 0.5 * (side[$0] + side[side.count - 1 - $0]) }, ground).reduce(0) {
            $0 + ($1.0 * $1.1).squareRoot()
        }
    }
}
