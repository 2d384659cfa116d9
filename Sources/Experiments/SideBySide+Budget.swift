import Duality
import Networks
import Runs

extension SideBySide {
    /// The error budget of a training, or why there is none. The path is followed on the host, if that takes seconds at most.
    /// - Parameter isMeasured: whether the prediction is from the kernel at the start, whose drift the budget shows.
    static func budget(
        _ result: RunResult, _ training: Run.Training, _ network: FrozenNetwork, _ predicted: PredictedTrajectory, isMeasured: Bool
    ) -> (budget: ErrorBudget?, refusal: String?) {
        let run = result.run, points = run.inputs.points
        if let refusal = TrainingPath.refusal(run.architecture, training.schedule) { return (nil, "\(refusal)") }
        guard isMeasured else { return (nil, "the prediction is not from the kernel that the network has at the start") }
        guard result.divergedAt == nil else { return (nil, "the training diverged") }
        let operations = TrainingPath.operations(parameters: run.architecture.parameterCount, points: points, steps: training.steps)
        let elements = Double(points) * Double(points) * Double(training.steps + 1)
        guard operations <= TrainingPath.mostOperations, elements <= TrainingPath.mostElements,
            run.architecture.parameterCount <= TrainingPath.mostWeights
        else {
            return (nil, "following the training on the host takes too long for a network, points and steps of these sizes")
        }
        do {
            return (try ErrorBudget(network, predicted: predicted, trained: result.outputs, path: TrainingPath(run, training)), nil)
        } catch {
            return (nil, "\(error)")
        }
    }
}
