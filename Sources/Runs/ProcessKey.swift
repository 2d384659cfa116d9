import Arrays
import Compute
import Engines
import Learning
import Networks

/// What makes the code and the work of a process.
struct ProcessKey: Hashable, Sendable {
    /// What else its code follows from.
    private enum Code: Hashable {
        case ensemble(UpdateRule, isNoisy: Bool, otherBatch: Int?)
        case circulation
        case birthDeath
        case lattice(sizes: [Int], recordings: Int, isSmooth: Bool)
    }

    private let code: Code
    private let networks: Int
    private let starts: Int
    private let batch: Int
    /// Numbers that are counted.
    let counted: Int
    /// Bytes that it takes where it is computed.
    private let bytes: Int

    init(_ process: LearningProcess) {
        networks = process.networks
        counted = process.counted
        switch process {
        case .ensemble(let ensemble):
            code = .ensemble(
                ensemble.schedule.rule.needed(for: [ensemble.schedule]), isNoisy: ensemble.noise > 0,
                otherBatch: ensemble.alternative?.batch)
            (starts, batch, bytes) = (ensemble.starts.count, ensemble.batch, ensemble.deviceBytes)
        case .circulation(let circulation):
            // Two weights of four bytes, as they were and as they become.
            (code, starts, batch, bytes) = (.circulation, 1, circulation.batch, networks.times(16))
        case .birthDeath:
            // Weight and rate, as they were, as they become and as they are copied; there may be more networks than at the start.
            (code, starts, batch, bytes) = (.birthDeath, 1, 1, networks.times(16, 6))
        case .lattice(let lesson):
            code = .lattice(sizes: lesson.teacher.shape.sizes, recordings: lesson.recordings, isSmooth: lesson.smoothing > 0)
            (starts, batch) = (1, lesson.recordings)
            // Weights of teacher and student, twice where they are smoothed, and the inputs of a step.
            bytes = counted.times(3, 8).plus(lesson.teacher.shape.sites.times(lesson.recordings, 8)).plus(8 << 20)
        }
    }

    /// Networks of a run.
    var networksOfRun: Int { networks.times(starts) }

    /// Operations of a step, roughly.
    var operations: Double {
        let ofDatum: Double
        switch code {
        case .ensemble(_, _, let otherBatch): ofDatum = 60 * Double(max(batch, otherBatch ?? 0))
        case .circulation: ofDatum = 120 * Double(batch)
        case .birthDeath: ofDatum = 60
        case .lattice: return 8 * Double(counted) * Double(batch)
        }
        return Double(networksOfRun) * (ofDatum + 60)
    }

    private var what: String {
        if case .lattice(let sizes, _, _) = code { return "a lattice of \(sizes.reduce(1) { $0.times($1) }) sites" }
        return "an ensemble of \(networks.number(of: "network"))"
    }

    /// How an engine's device is used: a part of an ensemble is there at a time. All else is computed on the host.
    /// - Throws: `EngineError.doesNotFit`.
    func memory(on engine: any Engine) throws(EngineError) -> MemoryPlan {
        let available: Int
        switch code {
        case .ensemble, .lattice: available = LearningDevice(ofEngine: engine).memoryBytes ?? HostMemory.availableBytes
        case .circulation, .birthDeath: available = HostMemory.availableBytes
        }
        guard bytes <= available else {
            throw .doesNotFit(
                what: what, asked: bytes, available: available, remedy: "use fewer of them")
        }
        return MemoryPlan(membersPerBatch: 1, bytesPerBatch: bytes, fixedBytes: 0, bytesPerMember: bytes)
    }
}

extension BatchKey {
    /// Steps of single networks that a run takes.
    var networkSteps: Int { (steps ?? 0).times(process?.networksOfRun ?? 1) }
}

extension LearningDevice {
    /// Where an engine computes.
    init(ofEngine engine: any Engine, proceed: @escaping @Sendable (_ next: String) throws -> Void = { _ in }) {
        self.init((engine as? OpenCLEngine)?.context, proceed: proceed)
        precision = engine.description.precision
    }
}
