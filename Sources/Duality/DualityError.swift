import Arrays
import Cosmology
import Networks

/// Why a dictionary, a prediction, a comparison or a fit is refused.
public enum DualityError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A value outside of its range.
    case outOfRange(what: String, value: Double, limit: String, remedy: String)
    /// Arrays whose sizes do not belong together.
    case sizeMismatch(what: String, found: Int, expected: Int, remedy: String)
    /// A NaN or an infinity where a number is needed.
    case notFinite(what: String, index: Int)
    /// The exact dictionary was asked for a loss that is not quadratic.
    case notQuadratic(loss: LossShape)
    /// A prediction that takes the outputs one by one was asked for a loss that couples them.
    case coupledLoss(prediction: String)
    /// A dictionary whose terms depend on the mode was asked for them without the curvature of one.
    case curvatureNeeded
    /// The next-to-leading order was asked for without the couplings of the network.
    case couplingsNeeded
    /// The same for an activation without second derivatives.
    case kink(activation: String)
    /// The same for several fields.
    case notOneField(fields: Int)
    /// The error budget of a prediction that has the parts in itself.
    case noBudget(prediction: Prediction)
    /// A dictionary that predicts whole outputs was asked for mean field and modes.
    case noModes(dictionary: DualityDictionary)
    /// A mode alternates in sign from step to step, or dies in one: no function of continuous time obeys an equation of second
    /// order and passes through it. `stepCurvature` is η L_i l″, `limit` is (1 + √γ)²; modes count from 0, and from 1 in the text.
    case noContinuumDual(mode: Int, stepCurvature: Double, limit: Double)
    /// A prediction in continuous time was asked for a schedule that changes from step to step.
    case scheduleNotConstant(prediction: Prediction)
    /// A prediction was asked for an optimiser that it is not of.
    case notOfOptimiser(prediction: Prediction, optimiser: String)
    /// `frozen` was asked for a rule that is not linear in the gradient, without the network's Jacobian.
    case jacobianNeeded(optimiser: String)
    /// The Jacobian of a network was not computed.
    case jacobian(String)
    /// The universe was asked for of an optimiser that has none.
    case noUniverse(optimiser: String, remedy: String)
    /// A schedule is shorter than the training.
    case scheduleTooShort(schedule: Int, steps: Int)
    /// The null model was asked for momentum 1, where there is no friction to balance the force.
    case noFriction
    /// The equation of a prediction could not be integrated.
    case integration(prediction: Prediction, reason: IntegrationError)
    /// The eigenproblem of the tangent kernel was not solved.
    case eigenproblem(String)
    /// The anchors of the loss do not fit the outputs.
    case loss(NetworkError)
    /// A trajectory is too short for the parameters of a fit.
    case tooFewSamples(found: Int, needed: Int)
    /// A trajectory that a fit can learn nothing from.
    case noMovement(travel: Double, limit: Double)

    /// One sentence or two: the value, the limit, the remedy.
    public var description: String {
        switch self {
        case .coupledLoss(let prediction):
            "\(prediction) takes the outputs one by one, but the loss couples them; use corrected, paper, friedmann, universe or frozen"
        case .outOfRange(let what, let value, let limit, let remedy):
            "\(what) is \(value), but must be \(limit); \(remedy)"
        case .sizeMismatch(let what, let found, let expected, let remedy):
            "\(what) has \(found.number(of: "element")), expected \(expected); \(remedy)"
        case .notFinite(let what, let index):
            "\(what) holds a value that is not finite at element \(index): the numbers of the network become too large; use smaller "
                + "weights (σ_w), inputs or losses (--scale)"
        case .notQuadratic(let loss):
            "the exact dictionary holds for quadratic losses, but the loss is \(loss); use the corrected dictionary"
        case .curvatureNeeded:
            "the terms of the dictionary depend on the mode; give its curvature L_i l″, or use the corrected dictionary"
        case .couplingsNeeded:
            "the prediction 'nlo' needs the finite-width couplings of the network; set FrozenNetwork.couplings, or use 'frozen'"
        case .kink(let activation):
            "the prediction 'nlo' does not apply to \(activation): it needs second and third derivatives by the weights, and a kink has none; "
                + "use a smooth activation such as erf, or 'frozen'"
        case .notOneField(let fields):
            "the prediction 'nlo' is for one output on one point, but there are \(fields) fields; use 'frozen'"
        case .noBudget(let prediction):
            "the error budget splits what the frozen kernel leaves out, which '\(prediction.rawValue)' includes; use 'corrected' or 'frozen'"
        case .noModes(let dictionary):
            "the dictionary '\(dictionary.rawValue)' predicts outputs, not their mean field and modes; use 'corrected', or the prediction "
                + "'\(dictionary.rawValue)' of all outputs"
        case .noContinuumDual(let mode, let stepCurvature, let limit):
            "mode \(mode + 1) has η L l″ = \(stepCurvature.text()), but a continuum dual exists only below (1 + √γ)² = \(limit.text()), where the "
                + "steps do not alternate in sign; lower the learning rate, or use the frozen recursion"
        case .scheduleNotConstant(let prediction):
            "the prediction '\(prediction.rawValue)' needs one learning rate and one momentum for all steps; use 'frozen', "
                + "which follows any schedule"
        case .notOfOptimiser(let prediction, let optimiser):
            "the prediction '\(prediction.rawValue)' is one of heavy ball, but the optimiser is \(optimiser); use 'universe' or 'frozen'"
        case .jacobianNeeded(let optimiser):
            "\(optimiser) moves every weight by a rule of its own, so that 'frozen' needs the Jacobian of the network; set FrozenNetwork.jacobian"
        case .jacobian(let reason): "the Jacobian of the network at the start was not computed: \(reason)"
        case .noUniverse(let optimiser, let remedy):
            "the prediction 'universe' needs an optimiser with one H for all weights that is known beforehand, but \(optimiser) has none; "
                + remedy
        case .scheduleTooShort(let schedule, let steps):
            "the schedule has \(schedule.number(of: "step")), but \(steps) are to be predicted; predict fewer, or extend the schedule"
        case .noFriction:
            "the null model balances force and friction, but momentum 1 has no friction; use a momentum below 1"
        case .integration(let prediction, let reason):
            "the prediction '\(prediction.rawValue)' failed: \(reason.cause). Lower the learning rate or the scale of the loss, or use 'frozen', which "
                + "integrates nothing"
        case .eigenproblem(let reason):
            "the eigenvalues of the tangent kernel were not found: \(reason)"
        case .loss(let reason):
            reason.description
        case .tooFewSamples(let found, let needed):
            "the trajectory has \(found.number(of: "sample")), but a fit needs \(needed); train for more steps"
        case .noMovement(let travel, let limit):
            "the output travels \(travel.text()), but a fit needs more than \(limit.text()), the rounding of the output; train for longer, "
                + "or start farther from the minimum"
        }
    }

    static func check(_ values: [Double], _ what: String) throws(DualityError) {
        if let index = values.firstIndex(where: { !$0.isFinite }) { throw .notFinite(what: what, index: index) }
    }

    static func check(learningRate: Double, momentum: Double, planckMass: Double = 1) throws(DualityError) {
        guard learningRate > 0, learningRate.isFinite else {
            throw .outOfRange(
                what: "the learning rate", value: learningRate, limit: "positive and finite", remedy: "choose a step such as 0.01")
        }
        try check(momentum: momentum)
        try check(planckMass: planckMass)
    }

    static func check(momentum: Double) throws(DualityError) {
        guard momentum >= 0, momentum <= 1 else {
            throw .outOfRange(
                what: "the momentum", value: momentum, limit: "from 0 to 1", remedy: "use 0 for plain gradient descent")
        }
    }

    static func check(planckMass: Double) throws(DualityError) {
        guard planckMass > 0, planckMass.isFinite else {
            throw .outOfRange(what: "the Planck mass", value: planckMass, limit: "positive and finite", remedy: "use 1")
        }
    }
}
