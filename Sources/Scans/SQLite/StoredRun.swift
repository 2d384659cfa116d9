import Arrays
import Duality
import Engines
import Networks

/// What a store keeps of a run, worked out before its transaction begins.
struct StoredRun: Sendable {
    let digest: Digest
    let result: RunResult
    let parameters: [UInt8]
    let words: [String?]
    let values: [Double?]
    let status: String
    /// Places in ``RunResult/recordedSteps`` that are kept, with their steps.
    let kept: [(index: Int, step: Int)]
    /// λ of each kernel, descending, if the recording asks for them.
    let spectra: [(step: Int, eigenvalues: [Double])]
    /// The outputs' coordinates in the eigenmodes of the kernel at the start, for each kept step, if the recording asks for them.
    let modes: [[Double]]

    init(_ digest: Digest, _ result: RunResult) {
        self.digest = digest
        self.result = result
        let run = result.run, precision = result.engine.precision
        parameters = RunIdentity.document(run, precision).bytes
        words = StoreColumn.words(of: run, precision: precision.rawValue)
        values = QuantityValues(result).values
        status = result.divergedAt != nil ? "diverged" : run.training == nil ? "untrained" : "finished"
        kept = Self.kept(result)
        (spectra, modes) = Self.modes(result, kept)
    }

    /// The rows of a batch, on all cores.
    static func rows(_ results: [(digest: Digest, result: RunResult)]) throws -> [StoredRun] {
        let size = 32
        return try stride(from: 0, to: results.count, by: size).map { $0..<min($0 + size, results.count) }
            .parallelMap { range in range.map { StoredRun(results[$0].digest, results[$0].result) } }.flatMap { $0 }
    }

    private static func kept(_ result: RunResult) -> [(index: Int, step: Int)] {
        let run = result.run
        guard !run.recording.predictions.isEmpty, run.recording.trajectory != .every(1) else {
            return result.recordedSteps.enumerated().map { ($0.offset, $0.element) }
        }
        let kept = Set(run.recording.trajectory.steps(upTo: run.steps))
        return result.recordedSteps.enumerated().filter { kept.contains($0.element) }.map { ($0.offset, $0.element) }
    }

    /// A kernel whose eigenproblem is not solved, because it is not finite, has no rows.
    private static func modes(
        _ result: RunResult, _ kept: [(index: Int, step: Int)]
    ) -> ([(step: Int, eigenvalues: [Double])], [[Double]]) {
        let run = result.run, order = result.rows, recording = run.recording
        guard recording.spectra || recording.modes, !result.kernels.isEmpty else { return ([], []) }
        var spectra: [(step: Int, eigenvalues: [Double])] = [], modes: [[Double]] = []
        for (index, step) in run.kernelSteps.enumerated() where recording.spectra || index == 0 {
            let elements = Array(result.kernels[index * order * order..<(index + 1) * order * order])
            guard
                let spectrum = try? KernelSpectrum(
                    elements: elements, points: run.inputs.points, outputs: run.architecture.outputs, precision: result.engine.precision)
            else { continue }
            if recording.spectra { spectra.append((step, spectrum.kernelEigenvalues)) }
            if recording.modes, index == 0 {
                modes = kept.map { kept in
                    let outputs = result.outputs[kept.index * order..<(kept.index + 1) * order]
                    return (0..<order).map { mode in zip(outputs, spectrum.vector(mode)).reduce(0) { $0 + $1.0 * $1.1 } }
                }
            }
        }
        return (spectra, modes)
    }

    /// The seed as it is, where a 64-bit integer with a sign can be it; the quantity is a double.
    var seed: Int? { if case .seed(let seed) = result.run.source { Int(exactly: seed) } else { nil } }

    /// Lists that the canonical JSON names by their digest.
    var longLists: [[Double]] {
        let run = result.run
        var lists = [run.inputs.values]
        if let training = run.training {
            switch training.loss.anchors {
            case .perOutput(let values), .perPoint(let values): lists.append(values)
            }
            lists += [training.schedule.learningRates, training.schedule.momenta]
        }
        if case .weights(let weights) = run.source { lists.append(weights.values) }
        return lists.filter { $0.count > CanonicalJSON.longestList }
    }
}
