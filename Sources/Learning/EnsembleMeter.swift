import Arrays
import Foundation
import Networks

/// χ of an ensemble in training: of all its networks, and of four parts of it, whose scatter is the standard error.
struct EnsembleMeter: Sendable {
    private(set) var name: String
    let whole: Quantumness
    /// Of the value and of the residual.
    let standardError: Double
    let residualError: Double
    let learningRate: Double
    let count: Int

    /// - Parameter training: from at least five densities, counted at equal distances.
    /// - Throws: `LearningError` where the densities tell nothing.
    init(_ name: String, _ training: EnsembleTraining, _ record: EnsembleRecord) throws {
        self = try record.knownMeter.meter(of: training) { try EnsembleMeter(reading: name, training, record) }
        self.name = name
    }

    private init(reading name: String, _ training: EnsembleTraining, _ record: EnsembleRecord) throws {
        let bins = training.bins, times = training.times, records = times.count - 1, size = training.networks / EnsembleTraining.parts
        guard Self.canRead(training) else { throw LearningError.notFinite(what: "the quantumness of fewer than five densities") }
        // (starts, parts, records, bins)
        let counts = record.counts.map { $0.map { $0.map { $0.map(Double.init) } } }
        let totals = (0..<bins.count).map { b in counts.reduce(0.0) { $0 + $1.reduce(0.0) { $0 + $1.reduce(0.0) { $0 + $1[b] } } } }
        let lost = counts.contains { $0.contains { $0[records][0] + $0[records][bins.count - 1] > 0.02 * Double(size) } }
        guard !lost, record.lastFinite == training.steps else {
            throw LearningError.notFinite(what: "the spread of the ensemble of \(name)")
        }
        // The metric g = 1/D.
        let diffusions = bins.centres.map(training.diffusion(at:)), all = totals.reduce(0, +)
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
        let wholes = try densities(0..<EnsembleTraining.parts, like: nil)
        whole = try Quantumness(wholes, diffusion: mean, times: times)
        let each = try (0..<EnsembleTraining.parts).map {
            try Quantumness(densities($0..<$0 + 1, like: wholes), diffusion: mean, times: times)
        }
        func error(_ values: [Double]) -> Double {
            let mean = values.reduce(0, +) / Double(values.count)
            return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count * (values.count - 1))).squareRoot()
        }
        standardError = max(error(each.map(\.value)), whole.regressionError)
        residualError = error(each.map(\.residual))
        self.name = name
        learningRate = training.timeStep
        count = training.networks
    }

    /// Whether χ can be told: one density is fitted by any χ, and windows in time want counts at equal distances.
    static func canRead(_ training: EnsembleTraining) -> Bool {
        let steps = training.recordedSteps
        guard training.starts.count >= 5, steps.count >= 21 else { return false }
        return zip(steps, steps.dropFirst()).allSatisfy { $1 - $0 == steps[1] }
    }

    /// Whether the momentum equation is met at all.
    var closes: Bool { whole.residual <= 0.15 }
}
