import Duality
import Networks

extension Quantity {
    /// What outputs and tangent kernel before the training say. Losses are computed in doubles from the outputs, so that they are the
    /// same whether the training is known or not.
    static let initialDefinitions: [Definition<InitialState>] = [
        .init("output", "⟨f(0)⟩", "Output before training, averaged over points and outputs") { state in
            state.outputs.map { $0.reduce(0, +) / Double($0.count) }
        },
        .init("loss", "L(0)", "Loss before training; none without training") { $0.loss?.mean },
        .init("kernel", "Θ₀", "Tangent kernel before training, the mean of its diagonal; none if it was not computed") { state in
            state.kernel.map { kernel in
                let order = state.order
                return (0..<order).reduce(0) { $0 + kernel[$1 * order + $1] } / Double(order)
            }
        },
        .init("kernelMean", "⟨Θ⟩", "Mean of all elements of the tangent kernel before training; none if it was not computed") { state in
            state.kernel.map { $0.reduce(0, +) / Double($0.count) }
        },
        .init("leadingEigenvalue", "L₁ = λ₁/N", "Rate of the leading mode before training, Θ₀ for one field; none without kernel") {
            $0.leadingEigenvalue
        },
        .init("gapRatio", "λ₂/λ₁", "Second eigenvalue of the kernel over the first; none for one field or without kernel") {
            $0.modes(\.gapRatio) { _ in nil }
        },
        .init("uniformity", "|v₁·1|/√N", "How uniform the leading mode is: 1 where it is the mean field; none without kernel") {
            $0.modes(\.uniformity) { _ in 1 }
        },
        .init("entropy", "S = −Σ p ln p", "Entropy of the shares p = λ/Σλ of the eigenvalues, in nats; none without kernel") {
            $0.modes(\.entropy) { _ in 0 }
        },
        .init("effectiveRank", "e^S", "Number of modes that matter; none without kernel") {
            $0.modes(\.effectiveRank) { $0 > 0 ? 1 : 0 }
        },
        .init(
            "drivingEigenvalue", "Λ/N = gᵀΘg/(N gᵀg)",
            "Eigenvalue over N that drives the loss before training, g = ∂L/∂f; none without training or kernel"
        ) { $0.drivingEigenvalue },
        .init("spectralPosition", "Λ/λ₁", "Driving eigenvalue over the first: 1 where the first mode alone is learned; none as that") {
            state in
            guard let driving = state.drivingEigenvalue, let leading = state.leadingEigenvalue, leading > 0 else { return nil }
            return driving / leading
        },
        .init("potential", "Θ₀ l(f₀)", "Potential before training, L₁ ⟨l⟩ for several fields; none without training or kernel") {
            $0.potential
        },
        .init("vacuumRatio", "Θ₀ l(f₀)/V₀", "Potential over the paper's V₀, small where vacuum energy dominates; none as potential") {
            $0.vacuumRatio(.paper)
        },
        .init("corrected.vacuumRatio", "Θ₀ l(f₀)/V₀", "Potential over the corrected dictionary's V₀; none as potential") {
            $0.vacuumRatio(.corrected)
        },
        .init("stability", "η L₁ l″/(2(1 + γ))", "Below 1 where the first steps are stable; none without training or kernel") { state in
            guard let leading = state.leadingEigenvalue, let loss = state.loss, let schedule = state.run.training?.schedule,
                schedule.rule == .heavyBall,
                let bounds = try? RegimeBounds(momentum: schedule.momenta[0])
            else { return nil }
            return schedule.learningRates[0] * leading * loss.curvature / bounds.stable
        },
        .init(
            "largestLearningRate", "(1 − γ)²/(30 Θ₀ l(f₀))",
            "Largest learning rate at which the paper's V₀ is 10 times the potential; none as potential"
        ) { $0.largestLearningRate(.paper) },
        .init(
            "corrected.largestLearningRate", "2(1 − γ)²/(30(1 + γ) Θ₀ l(f₀))",
            "Largest learning rate at which the corrected V₀ is 10 times the potential; none as potential"
        ) { $0.largestLearningRate(.corrected) },
    ]
}
