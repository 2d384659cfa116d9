import Engines
import Learning
import Networks

extension Run {
    /// An ensemble of micro networks as a run. Its initial densities stand in the place of points, mean and deviation each, and mean and variance
    /// of the weights that began there in the place of outputs; the mean of F is its loss, and the matrix that a store may keep of it is what
    /// was counted in bins.
    ///
    /// - Parameter recording: of it the trajectory, by which weights are counted, and `matrices`. Default: the ensemble's own counts, kept whole.
    /// - Throws: `LearningError` for an ensemble that cannot be; `NetworkError`.
    public init(_ ensemble: EnsembleTraining, recording: Recording? = nil) throws {
        let asked = recording ?? Recording(trajectory: StepSelection(ensemble.recordedSteps), matrices: true)
        var ensemble = ensemble
        ensemble.recordedSteps = asked.trajectory.steps(upTo: ensemble.steps)
        try ensemble.check()
        self.init(
            architecture: try Architecture(
                inputs: 2, widths: [ensemble.network.neurons], outputs: 2, hasBias: false, activation: .tanh),
            source: .seed(ensemble.seed), sigmaW: 1, sigmaB: 0,
            inputs: try Inputs(
                points: ensemble.starts.count, dimension: 2, values: ensemble.starts.flatMap { [$0.mean, $0.deviation] }),
            training: Training(loss: try .power(scale: 1, minimum: 0), schedule: ensemble.schedule, steps: ensemble.steps),
            tangentKernel: nil, recording: Recording(trajectory: asked.trajectory, matrices: asked.matrices),
            process: .ensemble(ensemble))
    }
}

extension RunResult {
    /// What was counted of an ensemble; nil of all else, and where it was not kept.
    package var ensembleRecord: EnsembleRecord? {
        guard let training = run.ensemble else { return nil }
        return EnsembleRecord(kernels, of: training, lastFinite: lastFinite?.step ?? -1, knownMeter: knownMeter)
    }
}
