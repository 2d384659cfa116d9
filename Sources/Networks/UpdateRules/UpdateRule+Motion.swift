extension UpdateRule.Control {
    /// What a control finds before step 0.
    public init(before rule: UpdateRule) {
        self.init(
            parameters: [], reductions: rule.reductions.map { _ in 0 }, loss: 0, step: 0, memory: rule.memory.map(\.initial))
    }
}

extension UpdateRule {
    /// Weights that a rule moves on the host, whatever their gradient is of.
    public struct Motion: Sendable {
        /// The weights with their states.
        public private(set) var weights: [Weight]
        private let rule: UpdateRule
        private var control: Control

        /// Weights at rest before step 0.
        public init(_ rule: UpdateRule, from values: [Double]) {
            self.rule = rule
            weights = values.map { Weight($0, states: rule.states.map { _ in 0 }) }
            control = Control(before: rule)
        }

        /// Takes the next step.
        /// - Parameters:
        ///   - parameters: in the order of the rule's.
        ///   - loss: L before it.
        ///   - gradient: dL/dw of a weight before it, by its place; asked in their order, each once.
        public mutating func step(parameters: [Double], loss: Double, gradient: (Int) -> Double) {
            (control.parameters, control.loss) = (parameters, loss)
            let scalars = rule.control(&control), factor = rule.gradientFactor.map { scalars[$0] } ?? 1
            control.reductions = rule.reductions.map { _ in 0 }
            for place in weights.indices {
                let gradient = gradient(place)
                rule.step(&weights[place], gradient, scalars)
                for (index, reduction) in rule.reductions.enumerated() {
                    control.reductions[index] += reduction.term(weights[place].states, factor * gradient)
                }
            }
            control.step += 1
        }
    }
}
