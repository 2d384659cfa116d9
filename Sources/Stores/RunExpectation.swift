import Arrays
import Foundation
import Learning
import Networks
import Runs

/// Which rows a store has of a run, as far as its parameters say.
struct RunExpectation {
    var points = 0
    var outputs = 0
    /// K, 0 without training.
    var steps = 0
    /// Whether the last finite step is known: of trainings and processes.
    var isTrained = false
    var hasLosses = false
    var trajectory = StepSelection.ends
    /// The steps of the kernels that are computed.
    var kernelSteps: [Int] = []
    var matrices = false
    var spectra = false
    var modes = false
    /// Numbers of a matrix, where that is no kernel of ``rows``: what was counted of a process.
    var counted: Int?

    /// Of a run that is known.
    init(_ run: Run) {
        points = run.inputs.points
        outputs = run.architecture.outputs
        steps = run.steps
        isTrained = run.training != nil || run.process != nil
        hasLosses = run.training != nil
        trajectory = run.recording.trajectory.inOrder
        kernelSteps = run.kernelSteps
        matrices = run.recording.matrices
        spectra = run.recording.spectra
        modes = run.recording.modes
        counted = run.process?.counted
    }

    /// Of a run by its canonical JSON (``RunIdentity``), as far as that can be read.
    init?(identity: some Sequence<UInt8>) {
        let identity = Data(identity)
        if let document = try? JSONDecoder().decode(EnsembleDocument.self, from: identity) {
            let ensemble = document.ensemble
            guard document.identityVersion == RunIdentity.version, ensemble.bins.count > 0, ensemble.starts.count > 1,
                document.training.steps > 0
            else { return nil }
            (points, outputs) = (ensemble.starts.count / 2, 2)
            (steps, isTrained, hasLosses) = (document.training.steps, true, true)
            trajectory = document.recording.trajectory.selection.inOrder
            matrices = document.recording.matrices
            kernelSteps = matrices ? [steps] : []
            counted = EnsembleRecord.valueCount(
                starts: points, records: trajectory.count(upTo: steps), bins: ensemble.bins.count)
            return
        }
        guard let document = try? JSONDecoder().decode(Document.self, from: identity) else {
            guard let document = try? JSONDecoder().decode(ProcessDocument.self, from: identity), read(document) else { return nil }
            return
        }
        guard document.identityVersion == RunIdentity.version, document.inputs.points > 0, document.outputs > 0,
            document.training?.steps ?? 0 >= 0
        else { return nil }
        points = document.inputs.points
        outputs = document.outputs
        steps = document.training?.steps ?? 0
        isTrained = document.training != nil
        hasLosses = isTrained
        trajectory = document.recording.trajectory.selection.inOrder
        kernelSteps = document.recording.kernels
        matrices = document.recording.matrices
        spectra = document.recording.spectra
        modes = document.recording.modes
    }

    /// Takes over what is said of a process that is no ensemble.
    /// - Returns: whether it is one.
    private mutating func read(_ document: ProcessDocument) -> Bool {
        if let lattice = document.lattice {
            guard document.identityVersion == RunIdentity.version, document.circulation == nil, document.birthDeath == nil,
                (1...3).contains(lattice.sizes.count), lattice.sizes.allSatisfy({ $0 > 0 }), lattice.steps > 0
            else { return false }
            (points, outputs) = (1, 1)
            (steps, isTrained) = (lattice.steps, true)
            matrices = document.recording.matrices ?? false
            kernelSteps = matrices ? [steps] : []
            counted = lattice.sizes.reduce(2 * lattice.sizes.count + 1) { $0.times($1) }
            return true
        }
        guard document.identityVersion == RunIdentity.version, let process = document.circulation ?? document.birthDeath,
            document.circulation == nil || document.birthDeath == nil, process.parts > 0, process.steps > 0
        else { return false }
        (points, outputs) = (process.parts, 2)
        (steps, isTrained) = (process.steps, true)
        trajectory = document.recording.trajectory.selection.inOrder
        guard let bins = process.bins else { return true }
        matrices = document.recording.matrices ?? false
        kernelSteps = matrices ? [steps] : []
        counted = process.parts.times(bins.count)
        return true
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

    /// The same of an ensemble.
    private struct EnsembleDocument: Decodable {
        struct Ensemble: Decodable {
            struct Bins: Decodable { let count: Int }
            let bins: Bins
            let starts: [Double]
        }
        struct Recording: Decodable {
            let matrices: Bool
            let trajectory: Trajectory
        }
        let ensemble: Ensemble
        let identityVersion: Int
        let recording: Recording
        let training: Document.Training
    }

    /// The same of another process.
    private struct ProcessDocument: Decodable {
        struct Process: Decodable {
            struct Bins: Decodable { let count: Int }
            let bins: Bins?
            let parts: Int
            let steps: Int
        }
        struct Recording: Decodable {
            let matrices: Bool?
            let trajectory: Trajectory
        }
        struct Lattice: Decodable {
            let sizes: [Int]
            let steps: Int
        }
        let birthDeath: Process?
        let circulation: Process?
        let lattice: Lattice?
        let identityVersion: Int
        let recording: Recording
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
