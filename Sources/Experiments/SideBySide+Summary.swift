import Duality
import Networks
import Runs

/// The numbers of `summary.json`.
public struct SideBySideSummary: Sendable, Encodable {
    /// How the prediction met the training.
    public struct Agreement: Sendable, Encodable {
        public let prediction: Prediction
        /// |f_pred(T) − f(T)|.
        public let endError: Double
        /// Its greatest value over time.
        public let greatestError: Double
        /// |f(T) − f(0)|.
        public let travel: Double
        /// max over t of |f(t) − f(0)|.
        public let greatestTravel: Double
        /// `endError` over `greatestTravel`.
        public let errorOverTravel: Double
        /// `greatestError` over `greatestTravel`.
        public let greatestErrorOverTravel: Double
        /// |Θ(T) − Θ(0)|/Θ(0).
        public let kernelDrift: Double
    }

    /// A condition of the duality.
    public struct Judgement: Sendable, Encodable {
        public let condition: Condition.Name
        public let measured: Double
        /// Its limit.
        public let threshold: Double
        public let holds: Bool
        public let sentence: String
    }

    /// Friction and force fitted to the trajectory without a dictionary.
    public struct Fitted: Sendable, Encodable {
        /// 3H.
        public let friction: Double
        /// Its standard error.
        public let frictionError: Double
        /// F Θ₀.
        public let force: Double
        /// Its standard error.
        public let forceError: Double
        /// F Θ₀/3H.
        public let driftRate: Double?
        /// Whether friction and force were told apart.
        public let verdict: FrictionFit.Verdict
    }

    /// The parts of the difference between network and prediction, root mean squares over steps and points. They are found with the trained
    /// path and predict nothing.
    public struct Budget: Sendable, Encodable {
        public let discretisation: Double
        public let kernelDrift: Double
        public let curvature: Double
        /// What the parts do not explain.
        public let remainder: Double
        /// The difference itself.
        public let residual: Double
        /// 1 − Σ remainder²/Σ residual².
        public let explained: Double
    }

    public let agreement: Agreement
    /// The optimiser.
    public let optimiser: String
    /// What each dictionary says; absent for other optimisers than heavy ball.
    public let dictionary: DictionaryTable?
    /// What became of both universes; absent for optimisers that make no expansion of their own.
    public let universe: UniverseSummary?
    /// The eras; absent for optimisers without an H for every step.
    public let eras: [EraSummary]?
    /// H, e-folds and a of the universe; absent where there is no H.
    public let expansion: ExpansionSummary?
    /// The arguments of `inflaton universe` that give the predicted field; absent where it has no such universe.
    public let universeArguments: [String]?
    /// Several outputs on one point as several fields; absent for others.
    public let fields: FieldSummary?
    /// The conditions, those that fail first to be blamed.
    public let conditions: [Judgement]
    /// The fit; absent unless there is one output on one point.
    public let fit: Fitted?
    /// Why there is no fit of one output on one point; absent where there is one, or none was tried.
    public let fitFailure: String?
    /// What the difference is made of; absent where there is no budget.
    public let errorBudget: Budget?
    /// Why there is no budget; absent where there is one.
    public let errorBudgetRefusal: String?
    /// The step at which the training diverged; absent if it did not.
    public let divergedAt: Int?
    /// The kernels that were measured during the training; absent where that was not asked for.
    public var kernels: [KernelEvolution.Moment]?
}

extension SideBySide {
    /// Everything measured, as numbers.
    public func summary() throws -> SideBySideSummary {
        SideBySideSummary(
            agreement: .init(
                prediction: prediction, endError: comparison.endError, greatestError: comparison.greatestError, travel: comparison.travel,
                greatestTravel: comparison.greatestTravel, errorOverTravel: comparison.errorOverTravel,
                greatestErrorOverTravel: comparison.greatestErrorOverTravel, kernelDrift: comparison.kernelDrift),
            optimiser: training.schedule.rule.name, dictionary: training.schedule.rule == .heavyBall ? try dictionaryTable() : nil,
            universe: universeSummary, eras: eraSummary, expansion: expansionSummary,
            universeArguments: try universeArguments(), fields: fieldSummary,
            conditions: conditions.map {
                .init(condition: $0.name, measured: $0.measured, threshold: $0.threshold, holds: $0.holds, sentence: $0.sentence)
            },
            fit: fit.map {
                .init(
                    friction: $0.friction, frictionError: $0.frictionError, force: $0.force, forceError: $0.forceError,
                    driftRate: $0.driftRate, verdict: $0.verdict)
            }, fitFailure: fitFailure.map { "\($0)" },
            errorBudget: budget.map {
                .init(
                    discretisation: $0.size(.discretisation), kernelDrift: $0.size(.kernelDrift), curvature: $0.size(.curvature),
                    remainder: $0.remainderSize, residual: $0.residualSize, explained: $0.explained)
            }, errorBudgetRefusal: budgetRefusal, divergedAt: result.divergedAt)
    }
}
