import Arrays
import Compute
import Duality
import Engines
import Learning
import Networks
import Runs

/// What a store keeps of a run, worked out before its transaction begins.
struct StoredRun: Sendable {
    let digest: Digest
    let result: RunResult
    let parameters: [UInt8]
    let words: [String?]
    let values: [Double?]
    let status: String
    /// What the table `states` and `losses` have of it, in the order of the steps.
    let states: [State]
    /// λ of each kernel, descending, if the recording asks for them.
    let spectra: [(step: Int, values: [Double])]
    /// The outputs' coordinates in the eigenmodes of the kernel at the start, for each kept step, if the recording asks for them.
    let modes: [(step: Int, values: [Double])]
    /// The kernels by their bytes, if the recording asks for them.
    let kernels: [(step: Int, bytes: [UInt8])]
    /// Where an output, or the loss (field −1), is −0: SQLite keeps whole numbers in columns of reals as integers, which have no −0.
    let negativeZeros: [(step: Int, field: Int)]
    /// Of all of this: ``RunChecksum``.
    private(set) var contents: Digest

    /// Outputs and loss after a step.
    struct State: Sendable {
        let step: Int
        let outputs: ArraySlice<Double>
        let loss: Double?
    }

    init(_ digest: Digest, _ result: RunResult) {
        self.digest = digest
        self.result = result
        let run = result.run, precision = result.engine.precision
        parameters = RunIdentity.document(run, precision).bytes
        let quantities = QuantityValues(result)
        words = RunWords.values(of: run, precision: precision.rawValue, failures: quantities.failures)
        values = quantities.values
        status = result.divergedAt != nil ? "diverged" : run.steps == 0 && run.training == nil ? "untrained" : "finished"
        let kept = Self.kept(result)
        states = Self.states(result, kept)
        (spectra, modes) = Self.modes(result, kept, start: quantities.spectrum)
        kernels = Self.kernels(result)
        negativeZeros = states.flatMap { state in
            (state.loss?.isNegativeZero ?? false ? [(state.step, -1)] : [])
                + state.outputs.enumerated().filter { $0.element.isNegativeZero }.map { (state.step, $0.offset) }
        }
        // A method may be called once everything has a value.
        contents = digest
        contents = checksum()
    }

    /// The rows of a batch, on all cores.
    static func rows(_ results: [(digest: Digest, result: RunResult)]) throws -> [StoredRun] {
        let size = 32
        return try stride(from: 0, to: results.count, by: size).map { $0..<min($0 + size, results.count) }
            .parallelMap { range in range.map { StoredRun(results[$0].digest, results[$0].result) } }.flatMap { $0 }
    }

    /// What is kept, and the last finite step of a divergence.
    private static func states(_ result: RunResult, _ kept: [(index: Int, step: Int)]) -> [State] {
        let rows = result.rows
        var states = kept.map { index, step in
            State(
                step: step, outputs: result.outputs[index * rows..<(index + 1) * rows],
                loss: index < result.losses.count ? result.losses[index] : nil)
        }
        if let last = result.lastFinite, last.step >= 0, let place = states.firstIndex(where: { $0.step >= last.step }),
            states[place].step > last.step
        {
            states.insert(State(step: last.step, outputs: last.outputs[...], loss: last.loss), at: place)
        }
        return states
    }

    private static func kernels(_ result: RunResult) -> [(step: Int, bytes: [UInt8])] {
        let size = result.rows * result.rows
        guard result.run.recording.matrices, !result.kernels.isEmpty else { return [] }
        if result.run.process != nil { return [(result.run.steps, result.kernels.littleEndianBytes)] }
        return result.run.kernelSteps.enumerated().map { index, step in
            (step, Array(result.kernels[index * size..<(index + 1) * size]).littleEndianBytes)
        }
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
        _ result: RunResult, _ kept: [(index: Int, step: Int)], start: KernelSpectrum?
    ) -> ([(step: Int, values: [Double])], [(step: Int, values: [Double])]) {
        let run = result.run, order = result.rows, recording = run.recording
        guard recording.spectra || recording.modes, !result.kernels.isEmpty else { return ([], []) }
        var spectra: [(step: Int, values: [Double])] = [], modes: [(step: Int, values: [Double])] = []
        for (index, step) in run.kernelSteps.enumerated() where recording.spectra || index == 0 {
            // Of one field, too, there is one mode to keep.
            let known = index == 0 && order > 1 ? start : try? spectrum(of: result, at: index)
            guard let spectrum = known else { continue }
            if recording.spectra { spectra.append((step, spectrum.kernelEigenvalues)) }
            if recording.modes, index == 0 {
                modes = kept.map { kept in
                    let outputs = result.outputs[kept.index * order..<(kept.index + 1) * order]
                    return (kept.step, (0..<order).map { mode in zip(outputs, spectrum.vector(mode)).reduce(0) { $0 + $1.0 * $1.1 } })
                }
            }
        }
        return (spectra, modes)
    }

    private static func spectrum(of result: RunResult, at index: Int) throws -> KernelSpectrum {
        let size = result.rows * result.rows
        return try KernelSpectrum(
            elements: Array(result.kernels[index * size..<(index + 1) * size]), points: result.run.inputs.points,
            outputs: result.run.architecture.outputs, precision: result.engine.precision)
    }

    /// Of all rows, in the order and spelling in which they are read back.
    private func checksum() -> Digest {
        var checksum = RunChecksum()
        for column in RunChecksum.columns {
            switch column.value {
            case .digest: checksum.append(column.name) { checksum in digest.withBytes { checksum.append(blob: $0) } }
            case .status: checksum.append(column.name) { $0.append(text: status.utf8) }
            case .lastFinite: if let step = result.lastFinite?.step { checksum.append(column.name) { $0.append(step) } }
            case .word(let index): if let word = words[index] { checksum.append(column.name) { $0.append(text: word.utf8) } }
            case .real(let index): if let value = values[index] { checksum.append(column.name) { $0.append(value) } }
            case .integer(let index): if let value = values[index] { checksum.append(column.name) { $0.append(whole: value) } }
            case .seed(let index):
                if let seed {
                    checksum.append(column.name) { $0.append(seed) }
                } else if let value = values[index] {
                    checksum.append(column.name) { $0.append(whole: value) }
                }
            }
        }
        checksum.table(.identities)
        checksum.append(text: parameters)
        checksum.table(.states)
        let width = result.run.architecture.outputs
        for state in states {
            for (field, value) in state.outputs.enumerated() {
                checksum.append(state.step)
                checksum.append(field / width)
                checksum.append(field % width)
                checksum.append(value)
            }
        }
        checksum.table(.losses)
        for state in states {
            guard let loss = state.loss else { continue }
            checksum.append(state.step)
            checksum.append(loss)
        }
        checksum.table(.negativeZeros)
        for (step, field) in negativeZeros {
            checksum.append(step)
            checksum.append(field)
        }
        for (table, lists) in [(StoreTable.spectra, spectra), (.modes, modes)] {
            checksum.table(table)
            for (step, values) in lists {
                for (mode, value) in values.enumerated() {
                    checksum.append(step)
                    checksum.append(mode)
                    checksum.append(value)
                }
            }
        }
        checksum.table(.kernels)
        for (step, bytes) in kernels {
            checksum.append(step)
            checksum.append(blob: bytes)
        }
        return checksum.digest
    }

    /// The seed as it is, where a 64-bit integer with a sign can be it; the quantity is a double.
    var seed: Int? { if case .seed(let seed) = result.run.source { Int(exactly: seed) } else { nil } }

    /// Lists that the canonical JSON names by their digest.
    var longLists: [[Double]] {
        let run = result.run
        var lists = run.process?.lists ?? [run.inputs.values]
        if let training = run.training {
            switch training.loss.anchors {
            case .perOutput(let values), .perPoint(let values): lists.append(values)
            }
            lists += training.schedule.identityLists.map(\.values)
        }
        if case .weights(let weights) = run.source { lists.append(weights.values) }
        return lists.filter { $0.count > CanonicalJSON.longestList }
    }
}

extension Double {
    fileprivate var isNegativeZero: Bool { self == 0 && sign == .minus }
}
