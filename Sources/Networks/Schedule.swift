/// The learning rate η and the momentum γ of every step of full-batch heavy ball (KS eq. 2):
/// θ_{k+1} = θ_k + γ_k (θ_k − θ_{k−1}) − η_k ∇L(θ_k), θ_{−1} = θ_0. Momentum 0 is gradient descent.
public struct Schedule: Sendable, Hashable, Codable {
    /// η_k: one value for all steps, or one per step.
    public let learningRates: [Double]
    /// γ_k: one value for all steps, or one per step.
    public let momenta: [Double]

    /// The same η and γ at every step.
    /// - Throws: `NetworkError.outOfRange` unless η > 0 and 0 ≤ γ ≤ 1.
    public init(learningRate: Double, momentum: Double = 0) throws(NetworkError) {
        try self.init(learningRates: [learningRate], momenta: [momentum])
    }

    /// A value per step.
    /// - Throws: `NetworkError` for empty lists, lists of different length, η ≤ 0, or γ outside of 0…1.
    public init(learningRates: [Double], momenta: [Double]) throws(NetworkError) {
        guard !learningRates.isEmpty, learningRates.count == momenta.count else {
            throw .shapeMismatch(
                what: "the schedule of momenta", found: "(\(momenta.count))", expected: "(\(max(1, learningRates.count)))",
                remedy: "give as many momenta as learning rates")
        }
        if let bad = learningRates.first(where: { !($0 > 0 && $0.isFinite) }) {
            throw .outOfRange(
                what: "the learning rate", value: "\(bad)", limit: "positive and finite", remedy: "choose a step such as 0.01")
        }
        if let bad = momenta.first(where: { !($0 >= 0 && $0 <= 1) }) {
            throw .outOfRange(what: "the momentum", value: "\(bad)", limit: "from 0 to 1", remedy: "use 0 for plain gradient descent")
        }
        self.learningRates = learningRates
        self.momenta = momenta
    }

    /// Whether η and γ are the same at every step.
    public var isConstant: Bool { learningRates.count == 1 }

    /// η_k.
    public func learningRate(at step: Int) -> Double { isConstant ? learningRates[0] : learningRates[step] }

    /// γ_k.
    public func momentum(at step: Int) -> Double { isConstant ? momenta[0] : momenta[step] }
}
