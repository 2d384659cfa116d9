/// How a step of a training moves the weights of a network: once for the host and once as OpenCL C for the kernels.
///
/// A step k computes the loss L_k and its gradient; the *control* makes the numbers that the step uses, the *scalars*, from the parameters
/// of the schedule, the loss and what the last step summed over all weights; the *step* moves every weight and its states by itself;
/// the *reductions* are summed over all weights of the member after it.
///
/// Each rule is one file and one entry of ``all``; schedules, memory plans, kernels, error bounds and tests follow from it. In the OpenCL
/// texts everything is called by its name: the texts are statements, and see
///
/// - the control: the parameters, the reductions of the last step (0 at step 0), `loss` and `step` (k), all of type REAL but the last, and
///   assigns the scalars and the memory;
/// - the step: the scalars and `g`, the gradient times ``gradientFactor``, and assigns `w` and the states, all of type T, a REAL or a vector of them;
/// - a reduction, an expression: as the step, after it.
///
/// A weight of 0 whose states and gradient are 0 stays so and adds nothing to a reduction, for rows are padded with such; and a step whose
/// scalars are all 0, of states and a gradient that are 0, moves nothing.
public struct UpdateRule: Sendable {
    /// What a control is given.
    public struct Control: Sendable {
        /// In the order of ``UpdateRule/parameters``.
        public var parameters: [Double]
        /// In the order of ``UpdateRule/reductions``.
        public var reductions: [Double]
        /// L_k.
        public var loss: Double
        /// k.
        public var step: Int
        /// In the order of ``UpdateRule/memory``; what the control leaves there it finds at the next step.
        public var memory: [Double]

        public init(parameters: [Double], reductions: [Double], loss: Double, step: Int, memory: [Double]) {
            (self.parameters, self.reductions, self.loss, self.step, self.memory) = (parameters, reductions, loss, step, memory)
        }
    }

    /// What a step does to one weight.
    public struct Weight: Sendable {
        /// w.
        public var value: Double
        /// In the order of ``UpdateRule/states``.
        public var states: [Double]

        public init(_ value: Double, states: [Double]) { (self.value, self.states) = (value, states) }
    }

    /// The name that users type and that results carry.
    public let name: String
    /// What the schedule gives. The first is the learning rate.
    public let parameters: [Parameter]
    /// Arrays of one number for each weight, 0 before step 0.
    public let states: [String]
    /// The numbers that the control makes for a step, at least one.
    public let scalars: [String]
    /// What the control keeps.
    public let memory: [Memory]
    /// What is summed over all weights of a member.
    public let reductions: [Reduction]
    /// Whether the numbers of a step follow from its parameters alone, and not from when it is taken or what was summed.
    public let followsParameters: Bool
    /// The scalar by which the gradient is multiplied before the step sees it as `g`; nil for 1. Kernels multiply the fewer numbers that a
    /// gradient is made of.
    public let gradientFactor: Int?
    /// Whether the change of w and the states after a step are linear in the states and g and do not depend on w, so that the steps of
    /// several gradients add up.
    public let isLinear: Bool
    /// The control as OpenCL C.
    public let kernelControl: String
    /// The step as OpenCL C.
    public let kernelStep: String
    /// The scalars of a step.
    public let control: @Sendable (inout Control) -> [Double]
    /// The step of a weight, for its gradient as it is, not yet multiplied.
    public let step: @Sendable (_ weight: inout Weight, _ gradient: Double, _ scalars: [Double]) -> Void
    /// A bound on the rounding of a step in a precision of that unit roundoff: of the weight and its states, for a gradient that is off by
    /// up to `gradientError`.
    public let rounding:
        @Sendable (_ before: Weight, _ after: Weight, _ gradient: Double, _ gradientError: Double, _ scalars: [Double], _ unit: Double)
            -> Weight
    /// The rule that does the same for schedules that need less of it, if they all do.
    public let simplified: @Sendable ([Schedule]) -> UpdateRule?

    public init(
        name: String, parameters: [Parameter], states: [String], scalars: [String], memory: [Memory] = [], reductions: [Reduction] = [],
        followsParameters: Bool = false, gradientFactor: Int? = nil, isLinear: Bool, kernelControl: String, kernelStep: String,
        control: @escaping @Sendable (inout Control) -> [Double], step: @escaping @Sendable (inout Weight, Double, [Double]) -> Void,
        rounding: @escaping @Sendable (Weight, Weight, Double, Double, [Double], Double) -> Weight,
        simplified: @escaping @Sendable ([Schedule]) -> UpdateRule? = { _ in nil }
    ) {
        self.name = name
        self.parameters = parameters
        self.states = states
        self.scalars = scalars
        self.memory = memory
        self.reductions = reductions
        self.followsParameters = followsParameters
        self.gradientFactor = gradientFactor
        self.isLinear = isLinear
        self.kernelControl = kernelControl
        self.kernelStep = kernelStep
        self.control = control
        self.step = step
        self.rounding = rounding
        self.simplified = simplified
    }

    /// What is recorded beside the loss of a step, in this order: numbers of the control's memory.
    public var recorded: [Memory] { memory.filter(\.isRecorded) }

    /// All rules that users can name, in the order in which the documentation lists them.
    public static let all: [UpdateRule] = [heavyBall, friedmann, fluid, deSitter, nesterov, adam, bornInfeld]

    /// The parameters that heavy ball does not have, each once.
    public static let ownParameters: [Parameter] = {
        var all: [Parameter] = []
        for parameter in Self.all.dropFirst().flatMap(\.parameters)
        where !all.contains(parameter) && !heavyBall.parameters.contains(where: { $0.name == parameter.name }) {
            all.append(parameter)
        }
        return all
    }()

    /// The rule of that name; nil if there is none.
    public static func named(_ name: String) -> UpdateRule? { all.first { $0.name == name } }

    /// The rule that kernels take for those schedules.
    public func needed(for schedules: [Schedule]) -> UpdateRule { simplified(schedules) ?? self }
}

extension UpdateRule: Hashable, CustomStringConvertible {
    /// Two rules are the same when their names are.
    public static func == (a: UpdateRule, b: UpdateRule) -> Bool { a.name == b.name }

    public func hash(into hasher: inout Hasher) { hasher.combine(name) }

    public var description: String { name }
}
