import Arrays
import Foundation
import Networks

/// χ of an ensemble in training: of all its networks, and of four parts of it, whose scatter is the standard error.
struct EnsembleMeter: Sendable {
    let name: String
    let whole: Quantumness
    /// Of the value and of the residual.
    let standardError: Double
    let residualError: Double
    let learningRate: Double
    let count: Int

    /// What is trained and how.
    struct Setting: Sendable {
        var name: String
        var problem: EnsembleProblem
        /// Time that passes in a step.
        var timeStep: Double
        /// The diffusion of a weight, by which it is measured; where it depends on the weight, χ is that of z = ∫ √(D̄/D) dw.
        var diffusion: @Sendable (Double) -> Double
    }

    static let parts = 4

    init(_ setting: Setting, on device: LearningDevice) throws {
        let records = FokkerPlanckExperiment.recordCount, starts = FokkerPlanckExperiment.starts
        let steps = max(1, Int((FokkerPlanckExperiment.duration / Double(records) / setting.timeStep).rounded()))
        let times = (0...records).map { Double($0 * steps) * setting.timeStep }
        var problem = setting.problem
        problem.count /= Self.parts
        let ensemble = try device.ensemble(problem), bins = problem.bins
        // (starts, parts, records, bins)
        let counts = try starts.enumerated().map { place, start in
            try device.proceed("  \(setting.name): \(place + 1) of \(starts.count)")
            return try (0..<Self.parts).map { part in
                try ensemble.start(
                    mean: start.mean, deviation: start.deviation, firstNetwork: UInt32((place * Self.parts + part) * problem.count))
                try ensemble.record()
                for _ in 0..<records {
                    try ensemble.advance(steps: steps)
                    try ensemble.record()
                }
                return try ensemble.counts().map { $0.map(Double.init) }
            }
        }
        let totals = (0..<bins.count).map { b in counts.reduce(0.0) { $0 + $1.reduce(0.0) { $0 + $1.reduce(0.0) { $0 + $1[b] } } } }
        let lost = counts.contains { $0.contains { $0[records][0] + $0[records][bins.count - 1] > 0.02 * Double(problem.count) } }
        guard !lost else { throw LearningError.notFinite(what: "the spread of the ensemble of \(setting.name)") }
        // The metric g = 1/D.
        let diffusions = bins.centres.map(setting.diffusion), all = totals.reduce(0, +)
        let mean = zip(totals, diffusions).reduce(0) { $0 + $1.0 * $1.1 } / all
        var edges = [0.0]
        for d in diffusions { edges.append(edges[edges.count - 1] + (mean / d).squareRoot() * bins.width) }
        let origin = edges[bins.count / 2]
        edges = edges.map { $0 - origin }
        let coordinate = edges
        func densities(_ parts: Range<Int>, like whole: [Quantumness.Density]?) throws -> [Quantumness.Density] {
            try Array(counts.indices).parallelMap { start in
                try Quantumness.Density(
                    counts: (0...records).map { k in (0..<bins.count).map { b in parts.reduce(0) { $0 + counts[start][$1][k][b] } } },
                    edges: coordinate, times: times, partOf: whole?[start])
            }
        }
        let wholes = try densities(0..<Self.parts, like: nil)
        whole = try Quantumness(wholes, diffusion: mean, times: times)
        let each = try (0..<Self.parts).map {
            try Quantumness(densities($0..<$0 + 1, like: wholes), diffusion: mean, times: times)
        }
        func error(_ values: [Double]) -> Double {
            let mean = values.reduce(0, +) / Double(values.count)
            return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count * (values.count - 1))).squareRoot()
        }
        standardError = max(error(each.map(\.value)), whole.regressionError)
        residualError = error(each.map(\.residual))
        name = setting.name
        learningRate = setting.timeStep
        count = setting.problem.count
    }

    /// Whether the momentum equation is met at all.
    var closes: Bool { whole.residual <= 0.15 }
}
