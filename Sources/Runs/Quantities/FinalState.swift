import Arrays
import Duality
import Engines
import Networks

/// A run after its training: what the quantities of that stage are measured of.
///
/// The end of a run that diverged is no state, so nothing is measured of it.
struct FinalState {
    let result: RunResult
    let initial: InitialState
    let divergedAt: Int?
    /// f(K), (N, C); nil without training, if it diverged, or if it is missing.
    let outputs: ArraySlice<Double>?
    /// The run beside each prediction of its recording, in the order of `Prediction.allCases`, or why one does not apply or failed; nil
    /// where none is recorded.
    let comparisons: [Result<Comparison, DualityError>?]

    init(_ result: RunResult, _ initial: InitialState) {
        self.result = result
        self.initial = initial
        divergedAt = result.divergedAt
        let rows = initial.order
        let isWhole = result.run.training != nil && divergedAt == nil && result.run.steps > 0 && result.outputs.count >= 2 * rows
        outputs = isWhole ? result.outputs.suffix(rows) : nil
        comparisons =
            isWhole && !result.run.recording.predictions.isEmpty
            ? Self.compare(result, initial) : []
    }

    /// Predictions that are refused have no value: a scan goes on without them, and keeps the reason.
    private static func compare(_ result: RunResult, _ initial: InitialState) -> [Result<Comparison, DualityError>?] {
        guard let training = result.run.training, result.outputs.count == (training.steps + 1) * initial.order else { return [] }
        let network = Result<FrozenNetwork, DualityError> { () throws(DualityError) in
            try FrozenNetwork(result, training, initial.matrix ?? SymmetricMatrix([], order: 0))
        }
        let start = result.initialKernel, final = result.kernels.count > start.count ? result.finalKernel : start
        return Prediction.allCases.map { prediction in
            guard result.run.recording.predictions.contains(prediction) else { return nil }
            return network.flatMap { network in
                Result { () throws(DualityError) in
                    try Comparison(
                        trained: result.outputs, predicted: prediction.trajectory(of: network.prepared(for: prediction, result.run)),
                        kernelAtStart: start, kernelAtEnd: final)
                }
            }
        }
    }

    /// The comparison with one prediction, by its place in `Prediction.allCases`.
    func comparison(_ index: Int) -> Comparison? { comparisons.isEmpty ? nil : try? comparisons[index]?.get() }

    /// Why recorded predictions have no numbers.
    var failures: [Prediction: DualityError] {
        var failures: [Prediction: DualityError] = [:]
        for (prediction, comparison) in zip(Prediction.allCases, comparisons) {
            if case .failure(let reason) = comparison { failures[prediction] = reason }
        }
        return failures
    }

    /// What the update rule records under that name, at the end.
    func recorded(_ name: String) -> Double? { outputs == nil ? nil : result.recorded(name)?.last }

    /// |f(K) − f(0)|.
    var travel: Double? {
        guard let start = initial.outputs, let outputs else { return nil }
        return Comparison.distance(outputs, start)
    }

    /// max over k of |f(k) − f(0)|; nil unless every step was recorded.
    var greatestTravel: Double? {
        let rows = initial.order
        guard outputs != nil, result.outputs.count == (result.run.steps + 1) * rows else { return nil }
        // Squares, and no slices: this is done for every run of a scan.
        var greatest = 0.0
        for row in stride(from: rows, to: result.outputs.count, by: rows) {
            var sum = 0.0
            for field in 0..<rows {
                let difference = result.outputs[row + field] - result.outputs[field]
                sum += difference * difference
            }
            greatest = max(greatest, sum)
        }
        return (greatest / Double(rows)).squareRoot()
    }

    /// |Θ(K) − Θ(0)|/|Θ(0)|.
    var kernelDrift: Double? {
        guard let start = initial.kernel, outputs != nil, result.kernels.count >= 2 * start.count else { return nil }
        return Comparison.relativeChange(from: start, to: result.kernels.suffix(start.count))
    }

    /// Λ/N of the kernel at the end.
    var drivingEigenvalue: Double? {
        guard let start = initial.kernel, let outputs, result.kernels.count >= 2 * start.count else { return nil }
        return result.run.drivingEigenvalue(result.kernels.suffix(start.count), outputs)
    }

    /// The last state with finite outputs and loss; of recorded ones if the engine did not tell.
    var lastFinite: (step: Int, loss: Double)? {
        guard result.run.training != nil else { return nil }
        if let state = result.lastFinite { return state.step < 0 ? nil : (state.step, state.loss) }
        let rows = initial.order
        var last: (step: Int, loss: Double)?
        for index in result.losses.indices where (index + 1) * rows <= result.outputs.count {
            guard result.losses[index].isFinite, (index * rows..<(index + 1) * rows).allSatisfy({ result.outputs[$0].isFinite }) else {
                break
            }
            last = (result.recordedSteps[index], result.losses[index])
        }
        return last
    }
}
