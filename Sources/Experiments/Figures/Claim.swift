/// One statement that a figure supports or not, with the number that decides it.
public struct Claim: Sendable, Equatable {
    /// How the measurement judges the claim.
    public enum Verdict: String, Sendable, Equatable, Codable, CaseIterable {
        /// The measurement meets the criterion.
        case holds
        /// The measurement misses the criterion.
        case fails = "does not hold"
        /// The measurement would come out the same were the claim false, for example because the control meets the criterion too.
        case undecidable = "not decidable"
    }

    /// What the same measurement gives where the claim should not hold: the null model, a shuffle, a limit.
    public enum Control: Sendable, Equatable, ExpressibleByStringLiteral, ExpressibleByFloatLiteral {
        /// The control's number, in the unit of `measured`; other units are said in words.
        case value(Double)
        /// The control in words.
        case words(String)

        /// The control in words.
        public init(stringLiteral value: String) { self = .words(value) }

        /// The control's number.
        public init(floatLiteral value: Double) { self = .value(value) }
    }

    /// The `id` of the figure that shows it.
    public var figure: String
    /// The claim in a sentence.
    public var claim: String
    /// What is measured and the bound it must meet.
    public var criterion: String
    /// The measured number; nil where there is none.
    public var measured: Double?
    /// The measurement as a person reads it, with unit and sample size.
    public var measuredText: String
    /// Standard error of `measured`, in its unit; nil where it is not defined.
    public var standardError: Double?
    /// The null model's value; nil where no control applies.
    public var control: Control?
    /// The judgement.
    public var verdict: Verdict

    /// Makes a claim; see the properties for what each value means.
    public init(
        figure: String, claim: String, criterion: String, measured: Double?, measuredText: String, standardError: Double? = nil,
        control: Control? = nil, verdict: Verdict
    ) {
        self.figure = figure
        self.claim = claim
        self.criterion = criterion
        self.measured = measured
        self.measuredText = measuredText
        self.standardError = standardError
        self.control = control
        self.verdict = verdict
    }
}

extension Claim: Encodable {
    private enum CodingKeys: String, CodingKey {
        case figure, claim, criterion, measured, measuredText, standardError, control, verdict
    }

    /// The properties by their names; a control is its number or its words.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(figure, forKey: .figure)
        try container.encode(claim, forKey: .claim)
        try container.encode(criterion, forKey: .criterion)
        try container.encodeIfPresent(measured, forKey: .measured)
        try container.encode(measuredText, forKey: .measuredText)
        try container.encodeIfPresent(standardError, forKey: .standardError)
        switch control {
        case nil: break
        case .value(let value): try container.encode(value, forKey: .control)
        case .words(let words): try container.encode(words, forKey: .control)
        }
        try container.encode(verdict, forKey: .verdict)
    }
}
