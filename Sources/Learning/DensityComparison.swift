import Foundation

/// An ensemble from all starts beside the Fokker–Planck equation with F and D in closed form.
struct DensityComparison: Sendable {
    let training: EnsembleTraining
    /// What claims call it.
    let name: String
    let times: [Double]
    /// Of the bins.
    let centres: [Double]
    let width: Double
    let changes: BinnedChanges
    /// Measured, by bins.
    let drift: [Double]
    let diffusion: [Double]
    /// F′ and D in closed form.
    let slopes: [Double]
    let diffusions: [Double]
    /// (starts, records, bins): shares of networks, and of the equation.
    let shares: [[[Double]]]
    let expected: [[[Double]]]
    /// Slope of the drift against −F′ by least squares.
    let slope: (value: Double, error: Double)
    let coldSlope: Double
    let residual: Double
    let coldResidual: Double
    let floor: Double
    /// Bins with more than 2000 changes.
    let decided: Int
    let diffusionResidual: Double
    let bareResidual: Double
    /// The greatest total variation, that of the equation without drift, and what sampling alone gives.
    let worst: Double
    let controlWorst: Double
    let samplingFloor: Double

    /// - Throws: `LearningError.notFinite` where weights left the bins.
    init(_ training: EnsembleTraining, _ record: EnsembleRecord, name: String = "") throws(LearningError) {
        (self.training, self.name) = (training, name)
        let eta = training.timeStep, records = training.recordedSteps.count - 1, bins = training.bins, network = training.network
        let (changes, shares) = (record.changes, training.starts.indices.map { record.shares($0) }), times = training.times
        (self.changes, self.shares, self.times) = (changes, shares, times)
        centres = bins.centres
        width = bins.width
        let gradients = bins.centres.map { network.gradient(at: $0) }
        slopes = gradients.map(\.mean)
        let bare = training.diffusion
        diffusions = gradients.map { bare + eta * $0.variance / Double(2 * training.batch) }
        drift = bins.centres.indices.map { changes.mean($0) / eta }
        diffusion = bins.centres.indices.map { changes.variance($0) / (2 * eta) }
        let used = bins.centres.indices.filter { changes.count[$0] > 2000 }, cold = bins.centres.map { network.coldGradient(at: $0) }
        guard !used.isEmpty, record.lastFinite == training.steps, shares.allSatisfy({ $0[records][0] + $0[records][bins.count - 1] < 0.01 })
        else {
            throw LearningError.notFinite(what: "the spread of the ensemble")
        }
        decided = used.count
        let (b, d, n) = (drift, diffusion, changes.count.map(Double.init))
        func sum(_ term: (Int) -> Double) -> Double { used.reduce(0) { $0 + term($1) } }
        func comparison(_ f: [Double]) -> (slope: Double, residual: Double, weight: Double) {
            let weight = sum { n[$0] * f[$0] * f[$0] }
            return (
                -sum { n[$0] * b[$0] * f[$0] } / weight, (sum { n[$0] * (b[$0] + f[$0]) * (b[$0] + f[$0]) } / weight).squareRoot(), weight
            )
        }
        let (warm, chilled) = (comparison(slopes), comparison(cold))
        (coldSlope, coldResidual, residual) = (chilled.slope, chilled.residual, warm.residual)
        let f = slopes, theory = diffusions
        slope = (warm.slope, sum { n[$0] * f[$0] * f[$0] * 2 * d[$0] / eta }.squareRoot() / warm.weight)
        floor = (sum { 2 * d[$0] / eta } / warm.weight).squareRoot()
        let total = sum { n[$0] }
        diffusionResidual = (sum { n[$0] * pow(d[$0] / theory[$0] - 1, 2) } / total).squareRoot()
        bareResidual = (sum { n[$0] * pow(d[$0] / bare - 1, 2) } / total).squareRoot()
        func densities(_ slopes: [Double], _ diffusion: [Double]) -> [[[Double]]] {
            let equation = FokkerPlanck(drift: slopes.map { -$0 }, diffusion: diffusion, width: bins.width)
            return training.starts.map { start in
                var p = FokkerPlanck.normal(mean: start.mean, deviation: start.deviation, edges: bins.edges), all = [p]
                for record in 1...records {
                    p = equation.advanced(p, by: times[record] - times[record - 1], steps: 20, damps: record == 1)
                    all.append(p)
                }
                return all
            }
        }
        expected = densities(f, theory)
        let still = densities(f.map { _ in 0 }, theory)
        func greatest(_ other: [[[Double]]]) -> Double {
            zip(shares, other).flatMap { zip($0, $1).map(Self.totalVariation) }.max() ?? .nan
        }
        (worst, controlWorst) = (greatest(expected), greatest(still))
        // E|n/E − p| = √(2p/πE) where counts are many.
        let spread = 0.5 * (2 / (Double.pi * Double(training.networks))).squareRoot()
        samplingFloor =
            expected.joined().map { (p: [Double]) -> Double in spread * p.reduce(0) { $0 + max(0, $1).squareRoot() } }.max() ?? .nan
    }

    /// ½ Σ |p − q|.
    static func totalVariation(_ p: [Double], _ q: [Double]) -> Double { 0.5 * zip(p, q).reduce(0) { $0 + abs($1.0 - $1.1) } }
}

/// ⟨∂H/∂w⟩ of explicit fast neurons at frozen weights, against F′.
struct AdiabaticTest: Sendable {
    let sweeps: Int
    /// Relaxation times for each datum.
    let ratio: Double
    /// √(Σ (g − F′)²/Σ F′²) over six weights.
    let error: Double
    let standardError: Double

    static let weights = [-1.8, -1, -0.5, 0.3, 0.8, 1.4]

    init(_ network: MicroNetwork, sweeps: Int, timeStep: Double, quick: Bool, _ seed: UInt64, on device: LearningDevice) throws {
        let each = quick ? 40_000 : 160_000, updates = 6, skipped = 2
        let neurons = FastNeurons(
            network, weights: Self.weights.flatMap { [Float](repeating: Float($0), count: each) }, sweeps: sweeps, timeStep: timeStep,
            updates: updates, skipped: skipped, seed: seed)
        let gradients = try neurons.run(on: device).gradients
        self.sweeps = sweeps
        ratio = neurons.adiabaticRatio
        var wrong = 0.0, noise = 0.0, size = 0.0
        for (place, w) in Self.weights.enumerated() {
            let own = gradients[place * each..<(place + 1) * each].map { Double($0) / Double(updates - skipped) }
            let mean = own.reduce(0, +) / Double(each), exact = network.gradient(at: Double(Float(w))).mean
            let variance = own.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(each - 1)
            wrong += (mean - exact) * (mean - exact)
            noise += variance / Double(each)
            size += exact * exact
        }
        error = (wrong / size).squareRoot()
        standardError = (noise / Double(Self.weights.count) / size).squareRoot()
    }
}
