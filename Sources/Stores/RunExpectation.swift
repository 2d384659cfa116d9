import Foundation
import Networks
import Runs

/// Which rows a store has of a run, as far as its parameters say.
struct RunExpectation {
    var points = 0
    var outputs = 0
    /// K, 0 without training.
    var steps = 0
    var isTrained = false
    var trajectory = StepSelection.ends
    /// The steps of the kernels that are computed.
    var kernelSteps: [Int] = []
    var matrices = false
    var spectra = false
    var modes = false

    /// Of a run that is known.
    init(_ run: Run) {
        points = run.inputs.points
        outputs = run.architecture.outputs
        steps = run.steps
        isTrained = run.training != nil
        trajectory = run.recording.trajectory.inOrder
        kernelSteps = run.kernelSteps
        matrices = run.recording.matrices
        spectra = run.recording.spectra
        modes = run.recording.modes
    }

    /// Of a run by its canonical JSON (``RunIdentity``), as far as that can be read.
    init?(identity: some Sequence<UInt8>) {
        guard let document = try? JSONDecoder().decode(Document.self, from: Data(identity)),
            document.identityVersion == RunIdentity.version,
            document.inputs.points > 0, document.outputs > 0, document.training?.steps ?? 0 >= 0
        else { return nil }
        points = document.inputs.points
        outputs = document.outputs
        steps = document.training?.steps ?? 0
        isTrained = document.training != nil
        trajectory = document.recording.trajectory.selection.inOrder
        kernelSteps = document.recording.kernels
        matrices = document.recording.matrices
        spectra = document.recording.spectra
        modes = document.recording.modes
    }

    /// N·C, or nil where that is no number of rows of anything.
    var rows: Int? {
        let (rows, overflow) = points.multipliedReportingOverflow(by: outputs)
        return overflow || rows > Int(Int32.max) ? nil : rows
    }

    /// The kept step after another; they are not made all at once, because a damaged file may speak of any number of them.
    func step(after step: Int) -> Int? {
        guard step < steps else { return nil }
        switch trajectory {
        case .ends: return steps
        case .every(let stride):
            let (next, overflow) = step.addingReportingOverflow(max(1, stride))
            return overflow ? steps : min(next, steps)
        case .at(let listed):
            // The first that is greater: the list is in ascending order.
            var low = 0, high = listed.count
            while low < high {
                let middle = (low + high) / 2
                if listed[middle] > step { high = middle } else { low = middle + 1 }
            }
            return low < listed.count ? min(listed[low], steps) : steps
        }
    }

    /// The members of the canonical JSON that say how many rows there are.
    private struct Document: Decodable {
        struct Inputs: Decodable { let points: Int }
        struct Training: Decodable { let steps: Int }
        struct Recording: Decodable {
            let kernels: [Int]
            let matrices: Bool
            let modes: Bool
            let spectra: Bool
            let trajectory: Trajectory
        }
        let identityVersion: Int
        let inputs: Inputs
        let outputs: Int
        let recording: Recording
        let training: Training?
    }

    /// As ``RunIdentity`` spells a selection of steps.
    private struct Trajectory: Decodable {
        let selection: StepSelection

        private struct Listed: Decodable { let at: [Int] }

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let stride = try? container.decode([Int].self), stride.count == 1 {
                selection = .every(stride[0])
            } else if let listed = try? container.decode(Listed.self) {
                selection = .at(listed.at)
            } else if try container.decode(String.self) == "ends" {
                selection = .ends
            } else {
                throw DecodingError.dataCorruptedError(in: container, debugDescription: "no selection of steps")
            }
        }
    }
}

extension StepSelection {
    /// The same steps, with those that are listed in ascending order.
    fileprivate var inOrder: StepSelection { if case .at(let listed) = self { .at(Set(listed).sorted()) } else { self } }
}
