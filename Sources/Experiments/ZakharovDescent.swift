import Networks

/// Zakharov's function V = Σ x_i² + s² + s⁴ with s = Σ i x_i/2 of 10 variables, descended from x = (1, …, 1), where V = 572680.3125, by an
/// update rule on its own: no network.
///
/// Figure 1 of arXiv:2201.11137, whose parameters these are.
struct ZakharovDescent {
    static let steps = 10_000

    /// The least V until each step.
    let least: [Double]

    /// - Parameters:
    ///   - rule: how the variables move.
    ///   - parameters: its parameters, in its own order.
    init(_ rule: UpdateRule, _ parameters: [Double]) {
        let n = 10
        var variables = [UpdateRule.Weight](repeating: .init(1, states: [Double](repeating: 0, count: rule.states.count)), count: n)
        var control = UpdateRule.Control(
            parameters: parameters, reductions: rule.reductions.map { _ in 0 }, loss: 0, step: 0, memory: rule.memory.map(\.initial))
        var least: [Double] = []
        for step in 0..<Self.steps {
            let x = variables.map(\.value), squares = x.reduce(0) { $0 + $1 * $1 }
            let sum = x.enumerated().reduce(0) { $0 + 0.5 * Double($1.offset + 1) * $1.element }
            (control.loss, control.step) = (squares + sum * sum + sum * sum * sum * sum, step)
            least.append(min(least.last ?? .infinity, control.loss))
            let scalars = rule.control(&control), factor = rule.gradientFactor.map { scalars[$0] } ?? 1
            control.reductions = rule.reductions.map { _ in 0 }
            for index in 0..<n {
                let gradient = 2 * x[index] + 0.5 * Double(index + 1) * (2 * sum + 4 * sum * sum * sum)
                rule.step(&variables[index], gradient, scalars)
                for (place, reduction) in rule.reductions.enumerated() {
                    control.reductions[place] += reduction.term(variables[index].states, factor * gradient)
                }
            }
        }
        self.least = least
    }

    /// With the learning rate and the momentum of the article.
    static func heavyBallOfArticle() -> ZakharovDescent { ZakharovDescent(.heavyBall, [1.8026609877941198e-6, 0.99722657760598]) }

    /// With the step of the article, δE = 0 and ΔV = 1e-22, without bounces.
    static func bornInfeldOfArticle() -> ZakharovDescent { ZakharovDescent(.bornInfeld, [0.0026036721489343054, 0, 1e-22]) }
}
