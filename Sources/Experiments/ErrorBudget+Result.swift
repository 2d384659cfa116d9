import Arrays
import Duality
import Figures
import Networks
import Runs

extension TrainingPath {
    /// The most operations that are spent on following a path: some seconds.
    static let mostOperations = 5e9
    /// The most weights that are followed: 160 MB, and as much for their velocities.
    static let mostWeights = 20_000_000
    /// The most elements of kernels that are kept: 80 MB.
    static let mostElements = 1e7

    /// The path of a run, followed on the host.
    /// - Throws: `Refusal`, `NetworkError`.
    init(_ run: Run, _ training: Run.Training) throws {
        try self.init(
            architecture: run.architecture, weights: run.initialWeights, sigmaW: run.sigmaW, sigmaB: run.sigmaB, inputs: run.inputs,
            loss: training.loss, schedule: training.schedule, steps: training.steps)
    }
}

extension ErrorBudget {
    /// The parts stacked on each other from zero, and the difference that they add up to; of several points their means.
    func layers(times: [Double], difference name: String) -> [Layer] {
        func mean(_ values: [Double]) -> [Double] {
            stride(from: 0, to: values.count, by: fields).map { row in values[row..<row + fields].reduce(0, +) / Double(fields) }
        }
        var layers: [Layer] = [], below = [Double](repeating: 0, count: times.count)
        for (slot, part) in Part.allCases.enumerated() {
            let above = zip(below, mean(parts[part, default: []])).map { $0 + $1 }
            layers.append(.band(Band(x: times, lower: below, upper: above, name: part.words, colour: slot)))
            below = above
        }
        layers.append(.line(Line(x: times, y: mean(residual), name: name, style: .solid, colour: 3)))
        layers.append(.rule(Rule(.horizontal(y: 0))))
        return layers
    }
}

extension ErrorBudget.Part {
    /// As figures and tables call it.
    var words: String {
        switch self {
        case .discretisation: "discretisation"
        case .kernelDrift: "kernel drift"
        case .curvature: "curvature"
        }
    }
}
