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
        }
        return Double(networksOfRun) * (ofDatum + 60)
    }

    /// How an engine's device is used: a part of an ensemble is there at a time. All else is computed on the host.
    /// - Throws: `EngineError.doesNotFit`.
    func memory(on engine: any Engine) throws(EngineError) -> MemoryPlan {
        let available: Int
        if case .ensemble = code {
            available = LearningDevice(ofEngine: engine).memoryBytes ?? HostMemory.availableBytes
        } else {
            available = HostMemory.availableBytes
        }
        guard bytes <= available else {
            throw .doesNotFit(
                what: "an ensemble of \(networks) networks", asked: bytes, available: available, remedy: "use fewer networks")
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
    }
}
