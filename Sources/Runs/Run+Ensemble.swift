import Arrays
import Compute
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
            tangentKernel: nil, recording: Recording(trajectory: asked.trajectory, matrices: asked.matrices), ensemble: ensemble)
    }

    /// The same run of fewer steps, to be timed.
    func shortened(to steps: Int) -> Run {
        var run = self
        run.training?.steps = steps
        run.shortenEnsemble()
        return run
    }
}

extension StepSelection {
    /// Those steps, 0 first.
    fileprivate init(_ steps: [Int]) {
        guard steps.count > 1, zip(steps, steps.dropFirst()).allSatisfy({ $1 - $0 == steps[1] }) else {
            self = .at(steps)
            return
        }
        self = .every(steps[1])
    }
}

/// What makes the code and the work of an ensemble.
struct EnsembleKey: Hashable, Sendable {
    let networks: Int
    let starts: Int
    let batch: Int
    let rule: UpdateRule
    let isNoisy: Bool
    /// B of a second setting; nil without one.
    let otherBatch: Int?
    /// Numbers that are counted.
    let counted: Int
    private let bytes: Int

    init(_ ensemble: EnsembleTraining) {
        networks = ensemble.networks
        starts = ensemble.starts.count
        batch = ensemble.batch
        rule = ensemble.schedule.rule.needed(for: [ensemble.schedule])
        isNoisy = ensemble.noise > 0
        otherBatch = ensemble.alternative?.batch
        counted = EnsembleRecord.valueCount(starts: starts, records: ensemble.recordedSteps.count, bins: ensemble.bins.count)
        bytes = ensemble.deviceBytes
    }

    /// Networks of a run.
    var networksOfRun: Int { networks.times(starts) }

    /// Operations of a step, roughly.
    var operations: Double { Double(networksOfRun) * (60 * Double(max(batch, otherBatch ?? 0)) + 60) }

    /// How an engine's device is used: a part of an ensemble is there at a time.
    /// - Throws: `EngineError.doesNotFit`.
    func memory(on engine: any Engine) throws(EngineError) -> MemoryPlan {
        let available = LearningDevice(ofEngine: engine).memoryBytes ?? HostMemory.availableBytes
        guard bytes <= available else {
            throw .doesNotFit(
                what: "an ensemble of \(networks) networks", asked: bytes, available: available, remedy: "use fewer networks")
        }
        return MemoryPlan(membersPerBatch: 1, bytesPerBatch: bytes, fixedBytes: 0, bytesPerMember: bytes)
    }
}

extension BatchKey {
    /// Steps of single networks that a run takes.
    var networkSteps: Int { (steps ?? 0).times(ensemble?.networksOfRun ?? 1) }
}

extension LearningDevice {
    /// Where an engine computes.
    init(ofEngine engine: any Engine, proceed: @escaping @Sendable (_ next: String) throws -> Void = { _ in }) {
        self.init((engine as? OpenCLEngine)?.context, proceed: proceed)
    }
}

extension RunResult {
    /// Trains the ensemble that a run is.
    init(ensemble run: Run, on engine: any Engine, proceed: @escaping @Sendable (_ step: Int?) throws -> Void) throws {
        self.init(run: run, engine: engine.description)
        guard let training = run.ensemble else { return }
        let record = try training.computed(on: LearningDevice(ofEngine: engine) { _ in try proceed(nil) })
        let (moments, freeEnergies) = record.moments(of: training)
        (outputs, losses, kernels) = (moments, freeEnergies, record.values)
        let last = record.lastFinite, index = training.recordedSteps.firstIndex(of: last)
        lastFinite = State(
            step: last, outputs: index.map { Array(moments[$0 * rows..<($0 + 1) * rows]) } ?? [],
            loss: index.map { freeEnergies[$0] } ?? .nan)
    }

    /// What was counted of an ensemble; nil of networks, and where it was not kept.
    package var ensembleRecord: EnsembleRecord? {
        guard let training = run.ensemble else { return nil }
        return EnsembleRecord(kernels, of: training, lastFinite: lastFinite?.step ?? -1, knownMeter: knownMeter)
    }
}
