import Networks

/// The ways to predict the outputs of a network from what is known before its training, by name.
public enum Prediction: String, Sendable, Hashable, Codable, CaseIterable {
    /// The field of the paper's dictionary, constant friction.
    case paper
    /// The field of the corrected dictionary, constant friction. The default.
    case corrected
    /// The field that passes through every step; quadratic losses only, mode by mode.
    case exact
    /// The paper's dictionary with full Friedmann friction 3H = √(3ρ)/M, where V₀ is part of ρ.
    case friedmann
    /// The field of the universe that the optimiser makes (``Expansion``): of `friedmann`, `fluid`, `de-sitter` and `nesterov`.
    case universe
    /// No field at all: the recursion of training itself with the kernel frozen, the network of infinite width; of rules that are not linear in
    /// the gradient the training of the linearised network, which takes its Jacobian.
    case frozen
    /// The null model 3H f′ = −Θ l′ with the paper's 3H: friction without inertia.
    case null
    /// The field that training follows to fourth order in √η at fixed H, for any loss.
    case fourthOrder
    /// The recursion of training to next-to-leading order in 1/width, for one output on one point: the kernel and what changes it
    /// (`FiniteWidthCouplings`), all measured before the training. Of rules that are linear in the gradient.
    case nlo

    /// The prediction used where none is asked for.
    public static let standard = Prediction.corrected

    /// The prediction used where none is asked for, for that schedule.
    public static func standard(for schedule: Schedule) -> Prediction {
        schedule.rule == .heavyBall ? .corrected : (try? Expansion(schedule)) == nil ? .frozen : .universe
    }

    /// The dictionary that states H and V₀ for this prediction; nil for the recursion, which needs none.
    public var dictionary: DualityDictionary? {
        switch self {
        case .paper, .friedmann, .null: .paper
        case .corrected: .corrected
        case .exact: .exact
        case .fourthOrder: .fourthOrder
        case .universe, .frozen, .nlo: nil
        }
    }

    /// Whether it needs more of the network than outputs and kernel: its finite-width couplings.
    public var needsCouplings: Bool { self == .nlo }

    /// Whether it needs the network's Jacobian at the start.
    public func needsJacobian(_ rule: UpdateRule) -> Bool { self == .frozen && !rule.isLinear }

    /// Refuses what it cannot predict.
    /// - Throws: `DualityError.noUniverse`, `.notOfOptimiser`, `.scheduleNotConstant`, `.notQuadratic`.
    public func check(_ schedule: Schedule, _ loss: LossShape) throws(DualityError) {
        switch self {
        case .universe: _ = try Expansion(schedule)
        case .frozen: break
        case .nlo:
            guard schedule.rule.isLinear else { throw .notOfOptimiser(prediction: self, optimiser: schedule.rule.name) }
        case .paper, .corrected, .exact, .fourthOrder, .friedmann, .null:
            guard schedule.rule == .heavyBall else { throw .notOfOptimiser(prediction: self, optimiser: schedule.rule.name) }
            guard schedule.isConstant else { throw .scheduleNotConstant(prediction: self) }
            if self == .exact, !loss.isQuadratic { throw .notQuadratic(loss: loss) }
            if self == .fourthOrder, loss.coupling != nil { throw .coupledLoss(prediction: rawValue) }
        }
    }

    /// The predicted outputs at t_k = k√η, k = 0…K. Continuous times are integrated to a relative tolerance of 1e-12.
    ///
    /// For several points `friedmann` takes ρ = L₁ (|θ′|²/2 + ⟨l⟩) + V₀: the energy that the friction dissipates
    /// (d/dt [|θ′|²/2 + ⟨l⟩] = −3H |θ′|²) in units of the leading mode. It is f′²/2 + Θ₀ l + V₀ for one output on one point.
    ///
    /// - Parameters:
    ///   - network: initial outputs, kernel, loss, schedule and number of steps.
    ///   - planckMass: the reduced Planck mass M; only `friedmann` depends on it. Default 1.
    /// - Returns: K + 1 rows of N·C outputs. Unstable recursions grow beyond all numbers and end in infinities or NaN.
    /// - Throws: `DualityError`.
    public func trajectory(of network: FrozenNetwork, planckMass: Double = 1) throws(DualityError) -> PredictedTrajectory {
        try DualityError.check(planckMass: planckMass)
        try check(network.schedule, network.loss.shape)
        var history: UniverseHistory?, expansion: FieldExpansion?
        let values: [Double]
        switch self {
        case .frozen: values = network.schedule.rule.isLinear ? network.recursion() : try network.linearised()
        case .nlo:
            let next = try network.nextToLeadingOrder()
            (values, history) = (next.values, next.history)
            expansion = history.map { FieldExpansion(hubble: $0.hubble, eFolds: $0.eFolds) }
        case .universe:
            (values, history) = try network.universe()
            if let history {
                expansion = FieldExpansion(hubble: history.hubble, eFolds: history.eFolds)
            } else {
                let step = network.schedule.learningRates[0].squareRoot()
                expansion = FieldExpansion(try Expansion(network.schedule), timeStep: step, steps: network.steps)
            }
        case .exact: values = try network.exactModes()
        case .null: values = try network.inertialess()
        case .fourthOrder: values = try network.fourthOrderField()
        case .paper, .corrected, .friedmann: (values, expansion) = try network.field(self, planckMass: planckMass)
        }
        if expansion == nil { expansion = try network.constantExpansion(dictionary) }
        return PredictedTrajectory(
            prediction: self, fields: network.fields, values: values, history: history, expansion: expansion)
    }
}

/// Outputs at each step of training, as a prediction has them.
public struct PredictedTrajectory: Sendable, Hashable {
    public let prediction: Prediction
    /// N·C, the length of a row.
    public let fields: Int
    /// (K + 1, N·C) in row-major order.
    public let values: [Double]
    /// What becomes of the universe, of `universe` and `nlo` where Friedmann's equation makes it.
    public let history: UniverseHistory?
    /// H and e-folds of the universe that the prediction is; nil where it has no H, and for recursions.
    public let expansion: FieldExpansion?

    /// K.
    public var steps: Int { values.count / fields - 1 }

    /// The outputs after step k, 0 ≤ k ≤ K.
    public func outputs(at step: Int) -> [Double] { Array(values[step * fields..<(step + 1) * fields]) }
}
