import Duality
import Figures
import Foundation
import Networks
import Runs

/// What became of the universe of a training and of the one that predicts it.
public struct UniverseSummary: Sendable, Encodable {
    /// One of the two.
    public struct Side: Sendable, Encodable {
        /// H before the first step and after the last.
        public let hubbleAtStart: Double
        public let hubbleAtEnd: Double
        /// ∫ H dt.
        public let eFolds: Double
        /// Where ε reaches 1: t, and the e-folds until then; absent where inflation does not end.
        public let inflationEndsAt: Double?
        public let eFoldsOfInflation: Double?
        /// ε and w of the last step.
        public let epsilonAtEnd: Double
        public let equationOfStateAtEnd: Double
        /// The greatest |H′ + φ′²/2M²| over H².
        public let greatestResidual: Double

        init(_ history: UniverseHistory) {
            hubbleAtStart = history.hubble[0]
            hubbleAtEnd = history.hubble[history.hubble.count - 1]
            eFolds = history.eFolds[history.eFolds.count - 1]
            inflationEndsAt = history.endOfInflation?.time
            eFoldsOfInflation = history.endOfInflation?.eFolds
            epsilonAtEnd = history.epsilon[history.epsilon.count - 1]
            equationOfStateAtEnd = history.equationOfState[history.equationOfState.count - 1]
            greatestResidual = history.residual.map(abs).max() ?? 0
        }
    }

    public let network: Side
    public let universe: Side
    /// The greatest difference of the e-folds at any time.
    public let greatestDifferenceOfEFolds: Double
}

extension SideBySide {
    /// The training's history, from what its optimiser recorded, and the prediction's.
    static func universes(
        _ result: RunResult, _ training: Run.Training, _ predicted: PredictedTrajectory
    ) -> (network: UniverseHistory, universe: UniverseHistory)? {
        guard let universe = predicted.history, let expansion = try? Expansion(training.schedule), training.steps > 0,
            let hubble = result.recorded("hubble"), let eFolds = result.recorded("eFolds"), hubble.count == training.steps + 1
        else { return nil }
        return UniverseHistory(
            expansion, step: training.schedule.learningRate(at: 0).squareRoot(), hubble: hubble, eFolds: eFolds, losses: result.losses
        ).map { ($0, universe) }
    }

    /// The numbers of both universes; nil where there are none.
    var universeSummary: UniverseSummary? {
        universes.map { network, universe in
            UniverseSummary(
                network: .init(network), universe: .init(universe),
                greatestDifferenceOfEFolds: zip(network.eFolds, universe.eFolds).map { abs($0 - $1) }.max() ?? 0)
        }
    }

    /// The columns of both universes.
    var historyColumns: [(name: String, values: [Double])] {
        guard let universes else { return [] }
        func columns(_ history: UniverseHistory, _ suffix: String) -> [(name: String, values: [Double])] {
            let named: [(String, [Double])] = [
                ("hubble", history.hubble), ("eFolds", history.eFolds), ("scaleFactor", history.eFolds.map { exp($0) }),
                ("epsilon", history.epsilon), ("density", history.density), ("equationOfState", history.equationOfState),
                ("residual", history.residual),
            ]
            return named.map { ($0.0 + suffix, $0.1) }
        }
        return columns(universes.network, "") + columns(universes.universe, "_predicted")
    }

    /// A period of oscillation that is shorter than this part of the axis is drawn by its mean and extremes.
    private static let shortestPeriod = 1.0 / 80

    /// H, ε and w of both universes over their e-folds; nil where there are none.
    ///
    /// After the end of inflation ε and w oscillate, ever faster in e-folds: where a period is too short for a picture, its mean and its
    /// extremes are drawn.
    public func universeFigure() -> Figure? {
        guard let universes else { return nil }
        let sides: [(name: String, history: UniverseHistory, style: LineStyle)] = [
            ("network", universes.network, .solid), ("universe", universes.universe, .dashed),
        ]
        let axis = Axis("e-folds N"), span = sides.map { $0.history.eFolds.last ?? 0 }.max() ?? 0
        let hubble: [Layer] = sides.enumerated().map { place, side in
            .line(Line(x: side.history.eFolds, y: side.history.hubble, name: side.name, style: side.style, colour: place))
        }
        func panel(_ label: String, _ values: (UniverseHistory) -> [Double], rule: Double, isNamed: Bool = false) -> Panel {
            var bands: [Layer] = [], lines: [Layer] = [], starts: [Double] = []
            func line(_ x: [Double], _ y: [Double], _ side: (name: String, history: UniverseHistory, style: LineStyle), _ place: Int) {
                lines.append(.line(Line(x: x, y: y, style: side.style, colour: place)))
            }
            for (place, side) in sides.enumerated() {
                let x = side.history.eFolds, y = values(side.history)
                if let end = side.history.endOfInflation,
                    let periods = PeriodMeans(x: x, y: y, from: Int(end.place), shorterThan: Self.shortestPeriod * span)
                {
                    starts.append(x[periods.start])
                    // Of two panels that say the same the upper one says it; which side is which stands in the panel of H.
                    let name = isNamed ? "\(side.name): extremes of each period" : ""
                    bands.append(.band(Band(x: periods.x, lower: periods.lower, upper: periods.upper, name: name, colour: place)))
                    // Values end where means begin: a line from one to the other would be a fall that nobody had.
                    line(Array(x[...periods.start]), Array(y[...periods.start]), side, place)
                    line(periods.x, periods.mean, side, place)
                } else {
                    line(x, y, side, place)
                }
            }
            var rules: [Layer] = [.rule(Rule(.horizontal(y: rule)))]
            if let start = starts.min() { rules.append(.rule(Rule(.vertical(x: start), label: isNamed ? "from here: means" : ""))) }
            return Panel(x: axis, y: Axis(label), layers: bands + lines + rules)
        }
        return Figure(
            id: "universe", title: "The universe that a network makes", subtitle: setting,
            caption: """
                Hubble rate, slow-roll parameter ε = −H′/H² and equation of state w of a network whose friction is 3H of its own energy, and of the \
                universe of its field at infinite width, over the e-folds of each. Inflation ends where ε = 1; no decay of the field is modelled. \
                Oscillations too fast to be drawn are shown by the mean and the extremes of each period.
                """,
            panels: [
                Panel(x: axis, y: Axis("H", scale: .log10), layers: hubble), panel("ε", \.epsilon, rule: 1, isNamed: true),
                panel("w", \.equationOfState, rule: 0),
            ], arrangement: .stacked(), data: nil)
    }
}
