/// One statement that a figure supports or not, with the number that decides it.
///
/// Nobody sets the verdict: it follows from the number, its standard error, the bound and the control, by one rule for all claims
/// (`Claim+Verdict.swift`).
public struct Claim: Sendable, Equatable {
    /// What the same measurement gives where the claim is not true: a null model, a null hypothesis, a limit.
    public struct Control: Sendable, Equatable {
        /// The control's number, in the unit of `measured`.
        public var value: Double
        /// What was measured, for example "null model".
        public var model: String

        public init(_ value: Double, _ model: String) {
            self.value = value
            self.model = model
        }
    }

    /// What the measured number rests on.
    public enum Basis: String, Sendable, Equatable, Codable {
        /// Networks that might have come out otherwise.
        case measurement
        /// Definitions, symmetry or equations alone: whatever the networks do, the number is the same.
        case construction
        /// A system that was designed to meet the criterion.
        case synthesis
        /// Nothing yet.
        case untested
        /// Nothing, as what the claim speaks of has no definition by which it could be measured.
        case untestable
    }

    /// How people read the numbers.
    public enum Unit: String, Sendable, Equatable, Codable {
        /// As they are.
        case plain
        /// In hundredths.
        case percent
    }

    /// On which scale a number's errors are as likely on either side.
    public enum Scale: String, Sendable, Equatable, Codable {
        /// Errors add.
        case linear
        /// Errors multiply, as those of ratios do: the standard error is that of ln(measured), times `measured`.
        case logarithmic
    }

    /// The `id` of the figure that shows it.
    public var figure: String
    /// The claim in a sentence.
    public var claim: String
    /// What is measured and the bound it must meet.
    public var criterion: String
    /// The measured number; nil where there was nothing to measure.
    public var measured: Double?
    /// How people read `measured`, its standard error and its control.
    public var unit: Unit
    /// Standard error of `measured`, in the number's own unit; nil where it is not defined.
    public var standardError: Double?
    /// On which scale two standard errors are taken.
    public var scale: Scale
    /// What decides between holding and failing, together with `control`.
    public var bound: Bound
    /// What the measurement gives where the claim is not true; nil where no control applies.
    public var control: Control?
    /// What the number rests on.
    public var basis: Basis
    /// What a reader should know besides: other numbers, sample sizes, what was left out.
    public var detail: String
    /// Why it fails, as far as its authors know: a report says it where the claim does not hold. Empty for nothing.
    public var explanation: String
    /// What a claim that misses its criterion does, in words. Default: it does not hold.
    public var failureWord: String

    /// Makes a claim; see the properties for what each value means.
    public init(
        figure: String, claim: String, criterion: String, measured: Double?, unit: Unit = .plain, standardError: Double? = nil,
        scale: Scale = .linear, bound: Bound, control: Control? = nil, basis: Basis = .measurement, detail: String = "",
        explanation: String = "", failureWord: String = Verdict.fails.rawValue
    ) {
        self.figure = figure
        self.claim = claim
        self.criterion = criterion
        self.measured = measured
        self.unit = unit
        self.standardError = standardError
        self.scale = scale
        self.bound = bound
        self.control = control
        self.basis = basis
        self.detail = detail
        self.explanation = explanation
        self.failureWord = failureWord
    }
}

extension Claim: Encodable {
    private enum CodingKeys: String, CodingKey {
        case figure, claim, criterion, measured, measuredText, standardError, control, controlModel, basis, verdict, reason
    }

    /// The properties by their names; a control is its number, and `controlModel` what it is of.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(figure, forKey: .figure)
        try container.encode(claim, forKey: .claim)
        try container.encode(criterion, forKey: .criterion)
        try container.encodeIfPresent(measured, forKey: .measured)
        try container.encode(measuredText, forKey: .measuredText)
        try container.encodeIfPresent(standardError, forKey: .standardError)
        try container.encodeIfPresent(control?.value, forKey: .control)
        try container.encodeIfPresent(control?.model, forKey: .controlModel)
        try container.encode(basis, forKey: .basis)
        try container.encode(verdictText, forKey: .verdict)
        try container.encode(reason, forKey: .reason)
    }
}
