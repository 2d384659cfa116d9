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

    static let start = EnsembleTraining.Start(mean: 1.4, deviation: 0.1)

    /// What is trained for it: the unit of a scan.
    struct Setting: Sendable {
        let network: MicroNetwork
        let learningRate: Double
        let batch: Int
        /// D₀.
        let noise: Double
        let count: Int
        /// How long odd modes are followed.
        let duration: Double
        var modes = [1, 2, 3]
        let seed: UInt64

        static let bins = EnsembleProblem.Bins(-3.6...3.6, count: 360)

        /// Odd modes from one side, with a last count when all are settled; the even one from the top between the wells, which it leaves at once.
        func trainings() throws -> [EnsembleTraining] {
            let every = max(1, Int((duration / learningRate / 150).rounded()))
            func training(_ start: EnsembleTraining.Start, for time: Double, rest: Double?, seed: UInt64) throws -> EnsembleTraining {
                var steps = Array(stride(from: 0, through: Int(time / learningRate), by: every))
                if let rest { steps.append(steps[steps.count - 1] + Int(rest / learningRate)) }
                var training = try EnsembleTraining.descent(
                    network, networks: count, learningRate: learningRate, batch: batch, diffusion: noise, steps: steps[steps.count - 1],
                    recordedSteps: steps, seed: seed)
                (training.starts, training.bins) = ([start], Self.bins)
                return training
            }
            let side = try training(Relaxation.start, for: duration, rest: 6, seed: seed)
            guard modes.contains(2) else { return [side] }
            // Other random numbers than those of the first.
            return [side, try training(.init(mean: 0, deviation: 0.2), for: 5, rest: nil, seed: seed ^ 1 << 40)]
        }
    }

    /// - Throws: errors of the device or the store; `LearningError`.
    init(_ setting: Setting, on device: LearningDevice) throws {
        let spectrum = try LearningSpectrum(
            setting.network, learningRate: setting.learningRate, batch: setting.batch, noise: setting.noise)
        self.spectrum = spectrum
        (neurons, batch, learningRate, count) = (setting.network.neurons, setting.batch, setting.learningRate, setting.count)
        let trainings = try setting.trainings(), count = count, bins = Setting.bins, modes = setting.modes
        let records = try trainings.map { training in
            try device.proceed("  N = \(setting.network.neurons), B = \(training.batch), η = \(training.timeStep): \(training.steps) steps")
            return try training.record(on: device)
        }
        let times = Array(trainings[0].times.dropLast())
        self.times = times
        let parts = EnsembleTraining.parts
        // E[ψ_n/ψ_0], (records, parts).
        func curve(_ mode: Int) -> [[Double]] {
            let values = bins.centres.map { spectrum.mode(mode, at: $0) }, place = mode == 2 ? 1 : 0
            let each = records[place].counts[0], last = each[0].count - (place == 0 ? 1 : 0)
            return (0..<last).map { record in
                each.map { part in
                    let counts = part[record], all = Double(counts.reduce(0, +))
                    return zip(counts, values).reduce(0.0) { $0 + Double($1.0) * $1.1 } / all
                }
            }
        }
        let curves = Dictionary(uniqueKeysWithValues: modes.map { ($0, curve($0)) })
        decays = modes.map { mode in
            let curve = (curves[mode] ?? []).map { $0.reduce(0, +) / Double(parts) }
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
            let each = (0..<parts).map { part in rate { curve[$0][part] } }
            let mean = each.reduce(0, +) / Double(parts)
            let error = (each.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(parts * (parts - 1))).squareRoot()
            return (rate { curve[$0].reduce(0, +) }, error)
        }
        // Three bins in one.
        let edges = stride(from: 0, through: bins.count, by: 3).map { bins.edges[$0] }
        self.edges = edges
        let settled = records[0].shares(0).last ?? [],
            counts = stride(from: 0, to: settled.count, by: 3).map { settled[$0..<$0 + 3].reduce(0, +) }
        // F is even.
        let total = counts.reduce(0, +)
        shares = counts.indices.map { 0.5 * (counts[$0] + counts[counts.count - 1 - $0]) / total }
        ground = LearningSpectrum.shares(
            of: spectrum.stationary, from: spectrum.places[0], step: spectrum.places[1] - spectrum.places[0], edges: edges)
        let side = FokkerPlanck.normal(mean: Self.start.mean, deviation: Self.start.deviation, edges: edges)
        startOverlap = zip(side.indices.map { 0.5 * (side[$0] + side[side.count - 1 - $0]) }, ground).reduce(0) {
            $0 + ($1.0 * $1.1).squareRoot()
        }
    }
}
