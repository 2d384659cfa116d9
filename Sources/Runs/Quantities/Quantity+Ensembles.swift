import Engines
import Learning
import Networks

extension Quantity {
    /// What is known of an ensemble before it is trained; none of networks.
    static let ensembleParameters: [Definition<Run>] = [
        .init("networks", "E", "Networks of an ensemble from each initial density; none of single networks") {
            $0.ensemble.map { Double($0.networks) }
        },
        .init("starts", nil, "Initial densities of an ensemble") { $0.ensemble.map { Double($0.starts.count) } },
        .init("neurons", "N", "Fast neurons of each network of an ensemble") { $0.ensemble.map { Double($0.network.neurons) } },
        .init("stiffness", "κ", "How stiffly the fast neurons of an ensemble are bound") { $0.ensemble?.network.stiffness },
        .init("inverseTemperature", "β", "Inverse temperature of the fast neurons of an ensemble") {
            $0.ensemble?.network.inverseTemperature
        },
        .init("weightDecay", "λ", "Factor of the loss λw²/2 of an ensemble") { $0.ensemble?.network.weightDecay },
        .init("batch", "B", "Data of a step of an ensemble") { $0.ensemble.map { Double($0.batch) } },
        .init("noise", nil, "Standard deviation of what is added to each gradient of an ensemble") { $0.ensemble?.noise },
        .init("diffusion", "D₀", "Diffusion of an ensemble's weights but for the noise of mini-batches") { $0.ensemble?.diffusion },
        .init("stepTime", nil, "Time that passes in a step of an ensemble: η for descent") { $0.ensemble?.timeStep },
        .init("otherLearningRate", nil, "Step of the second setting of an ensemble's networks; none of those that have one setting") {
            run in
            run.ensemble?.alternative.flatMap { other in (run.training?.schedule.learningRates[0]).map { $0 * other.stepRatio } }
        },
        .init("otherBatch", nil, "Its mini-batch") { $0.ensemble?.alternative.map { Double($0.batch) } },
        .init("otherNeurons", nil, "Its fast neurons") { $0.ensemble?.alternative.map { Double($0.neurons) } },
        .init("renewal", nil, "Probability with which such a network draws its setting before a step") {
            $0.ensemble?.alternative?.renewal
        },
    ]

    /// What came of it.
    static let ensembleDefinitions: [Definition<EnsembleState>] = [
        .init("meanWeight", "⟨w⟩", "Mean weight of an ensemble after training, over all initial densities") { $0.mean },
        .init("weightVariance", "⟨w²⟩ − ⟨w⟩²", "Variance of its weights after training, over all initial densities") { $0.variance },
        .init("driftSlope", nil, "Slope of an ensemble's drift against −∂F/∂w, 1 by Fokker and Planck; none but of descent") {
            $0.found?.drift?.slope
        },
        .init("driftSlopeError", nil, "Standard error of driftSlope") { $0.found?.drift?.error },
        .init("driftResidual", nil, "What is left of the drift, over its noise floor; none but of descent") { $0.found?.drift?.residual },
        .init("diffusionError", nil, "Root mean square of D over D₀ + η Var(∂H/∂w)/2B less 1; none but of descent") {
            $0.found?.diffusionError
        },
        .init("totalVariation", nil, "Greatest total variation to the Fokker–Planck equation; none but of descent") {
            $0.found?.totalVariation?.value
        },
        .init("samplingFloor", nil, "What sampling alone gives of totalVariation") { $0.found?.totalVariation?.floor },
        .init("chi", "χ = ħ²/4D²", "Coefficient of the quantum potential; none of fewer than five initial densities") {
            $0.found?.quantumness?.chi
        },
        .init("chiError", nil, "Standard error of chi") { $0.found?.quantumness?.error },
        .init("chiResidual", nil, "What is left of the accelerations, over their size; there is no closure above 0.15") {
            $0.found?.quantumness?.residual
        },
    ]
}

extension Quantity.Definition<Run> {
    /// The same of networks, and of ensembles nothing, unless it is of any training.
    var ofNetworks: Self {
        guard !["seed", "learningRate", "momentum", "steps"].contains(name) else { return self }
        let measure = measure
        return .init(name, symbol, meaning) { $0.ensemble == nil ? measure($0) : nil }
    }
}

/// What is known of an ensemble after its training.
struct EnsembleState {
    /// Numbers that networks have too, by their names.
    let shared: [String: Double]
    /// nil where counts were not kept, or weights diverged.
    let found: EnsembleObservables?
    let mean: Double?
    let variance: Double?
    var failures: [String] { found?.failures.map { "ensemble: \($0)" } ?? [] }

    /// nil for a network.
    init?(_ result: RunResult) {
        guard let training = result.run.ensemble else { return nil }
        var shared: [String: Double] = [:], moments: (Double, Double)?
        if let last = result.lastFinite { (shared["lastStep"], shared["lastLoss"]) = (Double(last.step), last.loss) }
        if let step = result.divergedAt {
            shared["divergedAt"] = Double(step)
        } else if let loss = result.losses.last {
            shared["finalLoss"] = loss
            let outputs = Array(result.outputs.suffix(result.rows)), count = Double(training.starts.count)
            let means = stride(from: 0, to: outputs.count, by: 2).map { outputs[$0] }, mean = means.reduce(0, +) / count
            let squares = stride(from: 0, to: outputs.count, by: 2).map { outputs[$0 + 1] + (outputs[$0] - mean) * (outputs[$0] - mean) }
            moments = (mean, squares.reduce(0, +) / count)
        }
        self.shared = shared
        (mean, variance) = (moments?.0, moments?.1)
        found = result.divergedAt == nil ? result.ensembleRecord.map { EnsembleObservables(training, $0) } : nil
    }
}
