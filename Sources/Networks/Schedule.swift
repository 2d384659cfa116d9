/// An update rule with the values of its parameters at every step; by default heavy ball with a learning rate η and a momentum γ.
public struct Schedule: Sendable, Hashable {
    /// How a step moves the weights.
    public let rule: UpdateRule
    /// For each parameter of the rule, in their order, one value for all steps or one per step; all lists have the same length.
    public let values: [[Double]]

    /// Heavy ball with the same η and γ at every step.
    /// - Throws: `NetworkError.outOfRange` unless η > 0 and 0 ≤ γ ≤ 1.
    public init(learningRate: Double, momentum: Double = 0) throws(NetworkError) {
        try self.init(learningRates: [learningRate], momenta: [momentum])
    }

    /// Heavy ball with a value per step.
    /// - Throws: `NetworkError` for empty lists, lists of different length, η ≤ 0, or γ outside of 0…1.
    public init(learningRates: [Double], momenta: [Double]) throws(NetworkError) {
        guard !learningRates.isEmpty, learningRates.count == momenta.count else {
            throw .shapeMismatch(
                what: "the schedule of momenta", found: "(\(momenta.count))", expected: "(\(max(1, learningRates.count)))",
                remedy: "give as many momenta as learning rates")
        }
        try self.init(.heavyBall, values: [learningRates, momenta])
    }

    /// Any rule.
    /// - Parameter values: for each parameter of the rule one value, or one per step.
    /// - Throws: `NetworkError` for missing or empty lists, lists of different length, or values outside of a parameter's limits.
    public init(_ rule: UpdateRule, values: [[Double]]) throws(NetworkError) {
        let steps = values.first?.count ?? 0
        guard values.count == rule.parameters.count, steps > 0, values.allSatisfy({ $0.count == steps }) else {
            throw .shapeMismatch(
                what: "the schedule of \(rule.name)", found: "\(values.map(\.count))",
                expected: "\(rule.parameters.count) lists of the same length",
                remedy: "give a list of values for each of \(rule.parameters.map(\.name).joined(separator: ", "))")
        }
        for (parameter, list) in zip(rule.parameters, values) {
            if let bad = list.first(where: { !parameter.limits.allow($0) }) {
                throw .outOfRange(
                    what: parameter.title, value: "\(bad)", limit: parameter.limits.description, remedy: parameter.remedy)
            }
        }
        self.rule = rule
        self.values = values
    }

    /// The value of a parameter at the first step; nil where the rule has no such parameter.
    public func value(_ name: String) -> Double? { rule.parameters.firstIndex { $0.name == name }.map { values[$0][0] } }

    /// η_k: one value for all steps, or one per step.
    public var learningRates: [Double] { values[0] }

    /// γ_k: one value for all steps, or one per step; 0 for rules without a momentum.
    public var momenta: [Double] {
        rule.parameters.firstIndex { $0.name == "momentum" }.map { values[$0] } ?? values[0].map { _ in 0 }
    }

    /// Whether all parameters are the same at every step.
    public var isConstant: Bool { values[0].count == 1 }

    /// η_k.
    public func learningRate(at step: Int) -> Double { isConstant ? learningRates[0] : learningRates[step] }

    /// γ_k.
    public func momentum(at step: Int) -> Double { isConstant ? momenta[0] : momenta[step] }

    /// The values of all parameters at a step, in their order; after the last step those of the last.
    public func parameters(at step: Int) -> [Double] { values.map { isConstant ? $0[0] : $0[min(step, $0.count - 1)] } }
}
