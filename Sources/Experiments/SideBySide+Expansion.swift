import Duality
import Networks
import Runs

/// How the universe that a training is dual to expands.
public struct ExpansionSummary: Sendable, Encodable {
    /// Whose H it is: a dictionary, or the optimiser.
    public let source: String
    /// H before the first step and after the last, in units of 1/t, t = k√η.
    public let hubbleAtStart: Double
    public let hubbleAtEnd: Double
    /// ∫ H dt.
    public let eFolds: Double
    /// a after the last step, 1 before the first.
    public let scaleFactorAtEnd: Double
}

extension SideBySide {
    /// The expansion of the universe that predicts, or of that by the corrected dictionary where a recursion does; nil where there is no H.
    static func expansion(
        _ result: RunResult, _ network: FrozenNetwork, _ predicted: PredictedTrajectory
    ) throws -> (expansion: FieldExpansion, source: String)? {
        if let expansion = predicted.expansion {
            return (expansion, (predicted.prediction.dictionary?.rawValue).map { "the dictionary '\($0)'" } ?? "the optimiser")
        }
        if network.schedule.rule == .heavyBall {
            guard predicted.prediction.dictionary == nil, let expansion = try network.constantExpansion(.corrected) else { return nil }
            return (expansion, "the dictionary 'corrected'")
        }
        // A recursion follows what the training itself recorded.
        if let hubble = result.recorded("hubble"), let eFolds = result.recorded("eFolds"), hubble.count == network.steps + 1 {
            return (FieldExpansion(hubble: hubble, eFolds: eFolds), "the optimiser")
        }
        guard let expansion = try? Expansion(network.schedule),
            let history = FieldExpansion(
                expansion, timeStep: network.schedule.learningRate(at: 0).squareRoot(), steps: network.steps)
        else { return nil }
        return (history, "the optimiser")
    }

    /// H, e-folds and a, unless the columns of both universes or of eras have them.
    var expansionColumns: [(name: String, values: [Double])] {
        guard universes == nil, eras == nil, let expansion = expansion?.expansion else { return [] }
        return [("hubble", expansion.hubble), ("eFolds", expansion.eFolds), ("scaleFactor", expansion.scaleFactor)]
    }

    var expansionSummary: ExpansionSummary? {
        guard let (expansion, source) = expansion, let first = expansion.hubble.first, let last = expansion.hubble.last,
            let folds = expansion.eFolds.last, let scale = expansion.scaleFactor.last
        else { return nil }
        return ExpansionSummary(
            source: source, hubbleAtStart: first, hubbleAtEnd: last, eFolds: folds, scaleFactorAtEnd: scale)
    }
}
