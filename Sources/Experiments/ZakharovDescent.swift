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
        var motion = UpdateRule.Motion(rule, from: [Double](repeating: 1, count: 10)), least: [Double] = []
        for _ in 0..<Self.steps {
            let x = motion.weights.map(\.value), squares = x.reduce(0) { $0 + $1 * $1 }
            let sum = x.enumerated().reduce(0) { $0 + 0.5 * Double($1.offset + 1) * $1.element }
            let loss = squares + sum * sum + sum * sum * sum * sum
            least.append(min(least.last ?? .infinity, loss))
            motion.step(parameters: parameters, loss: loss) { place in
                2 * x[place] + 0.5 * Double(place + 1) * (2 * sum + 4 * sum * sum * sum)
            }
        }
        self.least = least
    }

    /// With the learning rate and the momentum of the article.
    static func heavyBallOfArticle() -> ZakharovDescent { ZakharovDescent(.heavyBall, [1.8026609877941198e-6, 0.99722657760598]) }

    /// With the step of the article, δE = 0 and ΔV = 1e-22, without bounces.
    static func bornInfeldOfArticle() -> ZakharovDescent { ZakharovDescent(.bornInfeld, [0.0026036721489343054, 0, 1e-22]) }
}
