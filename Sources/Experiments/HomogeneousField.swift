import Duality
import Networks
import Runs

/// A trained network with one point and one output, beside the predictions of its trajectory.
struct HomogeneousField: Sendable {
    let result: RunResult
    let training: Run.Training
    let frozen: FrozenNetwork
    /// Θ(0) and Θ(T).
    let kernels: (start: Double, end: Double)
    /// Each prediction beside the training.
    let comparisons: [Prediction: Comparison]

    /// - Throws: `ExperimentError` if the run was not trained; `DualityError`.
    init(_ result: RunResult, predictions: [Prediction]) throws {
        guard let training = result.run.training, let start = result.initialKernel.first, let end = result.finalKernel.first else {
            throw ExperimentError.nothingToJudge(experiment: "a homogeneous field", reason: "the run has no training or no kernels")
        }
        self.result = result
        self.training = training
        kernels = (start, end)
        frozen = try FrozenNetwork(
            output: result.outputs[0], tangentKernel: start, loss: training.loss, schedule: training.schedule, steps: training.steps)
        var comparisons: [Prediction: Comparison] = [:]
        for prediction in predictions {
            comparisons[prediction] = try Comparison(
                trained: result.outputs, predicted: prediction.trajectory(of: frozen), kernelAtStart: [start], kernelAtEnd: [end])
        }
        self.comparisons = comparisons
    }

    var learningRate: Double { training.schedule.learningRate(at: 0) }
    var momentum: Double { training.schedule.momentum(at: 0) }

    /// Θ₀ l(f₀).
    var potential: Double {
        VacuumDomination.potential(
            leadingEigenvalue: kernels.start, meanLoss: frozen.outputs.withUnsafeBufferPointer { frozen.meanLoss(of: $0) })
    }

    /// Θ₀ l(f₀)/V₀ with the paper's V₀ and M = 1.
    func vacuumRatio() throws -> Double {
        let terms = try DualityDictionary.paper.terms(learningRate: learningRate, momentum: momentum)
        return VacuumDomination.ratio(potential: potential, vacuumEnergy: terms.vacuumEnergy ?? 0)
    }

    /// |Θ(T) − Θ(0)| / Θ(0).
    var kernelDrift: Double { Comparison.relativeChange(from: [kernels.start], to: [kernels.end]) }

    /// Whether the training stayed finite.
    var isFinite: Bool { result.divergedAt == nil }
}
