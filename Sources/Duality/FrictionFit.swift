import Networks

/// Friction and force strength of f″ + c f′ + F l′(f) = 0 fitted to a trained output f_k at t_k = k · timeStep, by least squares
/// over c = 3H, F and the initial velocity, with f(0) = f_0. No dictionary enters, so that agreement with one is a finding.
///
/// F is what a dictionary calls forceFactor · Θ₀.
///
/// **When friction and force are identified separately.** A creeping field shows F/c alone: its speed −(F/c) l′. Friction shows only
/// in a transient or an oscillation. The fit is called identifiable if
/// 1. it converged;
/// 2. the tangent kernel, where its drift is given, stayed within 2.5 %: the force of a drifting kernel is no constant, and a creeping
///    field under a drifting force looks like one with little friction;
/// 3. the damping time 1/c lasts two samples or more, since a shorter transient is a matter of one sample, where the steps of
///    training and any continuous field differ by as much as the transient itself;
/// 4. the standard error of c is at most 5 % of c (or of 2/T, the friction that would damp by e over the trajectory, if that is more:
///    no friction is a result too), and that of F at most 5 % of F.
///
/// Standard errors come from the scatter of the residuals, no less than 1e-4 of the greatest travel (below that no finite network
/// follows its frozen kernel) and four roundings of float32 outputs, with the number of independent residuals reduced by their
/// correlation from one step to the next. They know nothing of kernel drift, which is no scatter: on finite networks
/// that pass the second condition the friction deviates from the corrected dictionary's by one and a half of them in the median.
public struct FrictionFit: Sendable, Hashable {
    /// Why friction and force are, or are not, told apart.
    public enum Verdict: String, Sendable, Hashable, Codable, CaseIterable {
        /// Both are identified.
        case identified
        /// The tangent kernel, and with it the force, changed by more than 2.5 %.
        case kernelDrifts
        /// The damping time is shorter than two samples.
        case transientTooShort
        /// Another friction with the same F/c fits about as well.
        case tooUncertain
        /// The least squares did not converge.
        case notConverged

        /// Why not, in words that complete "not told apart: …"; empty where they are.
        public var phrase: String {
            switch self {
            case .identified: ""
            case .kernelDrifts: "the tangent kernel, and with it the force, changed by more than 2.5 %"
            case .transientTooShort: "the damping time is shorter than two steps of the record"
            case .tooUncertain: "another friction with the same ratio fits about as well"
            case .notConverged: "the least squares did not converge"
            }
        }
    }

    /// c = 3H, per unit of time.
    public let friction: Double
    /// The standard error of c; infinite where the trajectory does not depend on it.
    public let frictionError: Double
    /// F.
    public let force: Double
    /// The standard error of F.
    public let forceError: Double
    /// f′(0), a parameter of no further interest.
    public let initialVelocity: Double
    /// F/c, the drift rate Θ₀/3H of a creeping field, which overdamped trajectories do identify; nil for c = 0.
    ///
    /// Where the fit does not know F/c to 5 %, as without inertia any c explains a creeping field, it is the rate r of f′ = −r l′,
    /// which exceeds F/c by a share (F/c) l″/c, the slow rate of the field over its friction.
    public let driftRate: Double?
    /// The standard error of `driftRate`; that of F/c holds c uncertain by no more than itself.
    public let driftRateError: Double?
    /// Whether friction and force are told apart, or why not.
    public let verdict: Verdict
    /// Root mean square of the residuals over the greatest travel.
    public let relativeResidual: Double
    /// Iterations spent.
    public let iterations: Int

    /// Whether friction and force are told apart.
    public var isIdentifiable: Bool { verdict == .identified }

    /// Fits one output on one point.
    ///
    /// - Parameters:
    ///   - trajectory: f_k, at least 8 samples.
    ///   - timeStep: the time between samples, √η if every step was recorded.
    ///   - loss: the loss that was trained, with one anchor.
    ///   - kernelDrift: |Θ(T) − Θ(0)|/Θ(0), if it was measured. Default none.
    /// - Throws: `DualityError.tooFewSamples`, `.notFinite`, `.outOfRange`, `.loss`, and `.noMovement` for a travel below 1e-9 of the
    ///   output.
    public init(trajectory: [Double], timeStep: Double, loss: Loss, kernelDrift: Double? = nil) throws(DualityError) {
        guard trajectory.count >= Self.fewestSamples else {
            throw .tooFewSamples(found: trajectory.count, needed: Self.fewestSamples)
        }
        try DualityError.check(trajectory, "the trajectory")
        guard timeStep > 0, timeStep.isFinite else {
            throw .outOfRange(what: "the time step", value: timeStep, limit: "positive and finite", remedy: "give √η")
        }
        let anchor: Double
        do {
            anchor = try loss.anchors(points: 1, outputs: 1)[0]
        } catch {
            throw .loss(error)
        }
        let travel = trajectory.reduce(0) { max($0, abs($1 - trajectory[0])) }
        let size = trajectory.reduce(0) { max($0, abs($1)) }
        guard travel > 1e-9 * size else { throw .noMovement(travel: travel, limit: 1e-9 * size) }

        let problem = FrictionModel(trajectory: trajectory, timeStep: timeStep, shape: loss.shape, anchor: anchor, scale: loss.scale)
        let best = problem.minimise(from: problem.startingPoint(), resolution: 1e-6 * travel)
        let errors = problem.errors(of: best.evaluation, at: best.parameters, scatterFloor: 1e-4 * travel + 0x1p-22 * size)

        friction = best.parameters.friction
        force = best.parameters.force
        initialVelocity = best.parameters.velocity
        frictionError = errors.friction
        forceError = errors.force
        if friction > 0, errors.driftRate <= 0.05 * force / friction {
            (driftRate, driftRateError) = (force / friction, errors.driftRate)
        } else {
            let creep = friction > 0 ? problem.creep() : nil
            (driftRate, driftRateError) = (creep?.rate, creep?.error)
        }
        relativeResidual = (best.evaluation.cost / Double(trajectory.count - 1)).squareRoot() / travel
        iterations = best.iterations
        let duration = timeStep * Double(trajectory.count - 1)
        verdict =
            if !best.converged {
                .notConverged
            } else if let kernelDrift, !(kernelDrift <= 0.025) {
                .kernelDrifts
            } else if friction * timeStep > 0.5 {
                .transientTooShort
            } else if errors.friction <= 0.05 * max(friction, 2 / duration), errors.force <= 0.05 * force {
                .identified
            } else {
                .tooUncertain
            }
    }

    /// Samples below which there is nothing to fit: three parameters and enough residuals to speak of a scatter.
    public static let fewestSamples = 8
}
