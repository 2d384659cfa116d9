import Duality

extension Quantity {
    /// What the training says.
    static let finalDefinitions: [Definition<FinalState>] =
        [
            .init("finalOutput", "⟨f(K)⟩", "Output after training, averaged over points and outputs; none if it diverged") { state in
                state.outputs.map { $0.reduce(0, +) / Double($0.count) }
            },
            .init("finalLoss", "L(K)", "Loss after training; none if it diverged") { $0.outputs == nil ? nil : $0.result.losses.last },
            .init("travel", "|f(K) − f(0)|", "How far the outputs are from where they began, root mean square; none if it diverged") {
                $0.travel
            },
            .init(
                "greatestTravel", "max |f(k) − f(0)|",
                "How far the outputs ever were from where they began; none if it diverged or not every step was recorded"
            ) { $0.greatestTravel },
            .init(
                "kernelDrift", "|Θ(K) − Θ(0)|/|Θ(0)|",
                "Relative change of the tangent kernel, Frobenius norms; none if it diverged or without kernels"
            ) { $0.kernelDrift },
            .init(
                "finalDrivingEigenvalue", "Λ(K)/N",
                "Eigenvalue over N that would drive the loss after training; none if it diverged, without kernels, or at the minimum"
            ) { $0.drivingEigenvalue },
            .init("divergedAt", "k", "First step at which loss or outputs are not finite; none if all are") {
                $0.divergedAt.map(Double.init)
            },
            .init("lastStep", "k", "Last step before that, K without divergence; none without training") {
                $0.lastFinite.map { Double($0.step) }
            },
            .init("finalHubble", "H(K)", "Hubble rate after training by the optimiser friedmann; none of others, or if it diverged") {
                $0.recorded("hubble")
            },
            .init("eFolds", "∫ H dt", "e-folds of the training by the optimiser friedmann; none of others, or if it diverged") {
                $0.recorded("eFolds")
            },
            .init("lastLoss", "L(k)", "Loss at lastStep; none without training") { $0.lastFinite?.loss },
        ]
        + Prediction.allCases.enumerated().flatMap { index, prediction in
            let name = prediction.rawValue
            let condition = "by the prediction '\(name)'; none unless recorded, if it does not apply, or if the run diverged"
            return [
                .init("\(name).endError", "|p(K) − f(K)|", "Error of the outputs at the end \(condition)") {
                    $0.comparison(index)?.endError
                },
                .init("\(name).greatestError", "max |p(k) − f(k)|", "Greatest error of the outputs \(condition)") {
                    $0.comparison(index)?.greatestError
                },
                .init("\(name).errorOverTravel", nil, "Error at the end over the greatest travel \(condition)") {
                    $0.comparison(index)?.errorOverTravel
                },
                .init("\(name).greatestErrorOverTravel", nil, "Greatest error over the greatest travel \(condition)") {
                    $0.comparison(index)?.greatestErrorOverTravel
                },
            ] as [Definition<FinalState>]
        }
}
