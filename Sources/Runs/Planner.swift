import Arrays
import Compute
import Engines
import Networks

/// Groups runs of equal shape, and cuts the groups into batches.
public struct Planner: Sendable {
    /// Members of a batch at the most, so that results come and can be interrupted in good time.
    public let largestBatch: Int
    /// Bytes that the results of a batch may take on the host.
    static let resultBytes = min(256 << 20, max(1 << 20, HostMemory.availableBytes / 16))
    /// Bytes that a candidate takes while a scan is planned: its number, and number and digest twice and in a set.
    private static let bytesPerCandidate = 192

    /// The numbers of all candidates of a source, if their plan fits the host: to be asked for before there is a store.
    /// - Throws: `EngineError.doesNotFit`.
    public static func candidates(of source: any RunSource) throws(EngineError) -> [Int32] {
        try HostMemoryPlan([part(source.count)]).require(for: "the plan of the scan")
        // bounded: see RunSource.count
        return Array(0..<Int32(source.count))
    }

    /// What planning takes for so many candidates.
    fileprivate static func part(_ candidates: Int) -> HostMemoryPlan.Part {
        .init(
            candidates.number(of: "candidate"), bytes: candidates.times(bytesPerCandidate),
            remedy: "shorten an axis, or compute a share at a time with --shard I/N")
    }

    public init(largestBatch: Int = 2048) { self.largestBatch = max(1, largestBatch) }

    /// The groups of those candidates that are neither there already nor repeats of others: least work first, so that the first results
    /// come soon. Nothing but numbers and digests is held of a run.
    ///
    /// - Parameters:
    ///   - source: the candidates.
    ///   - indices: which of them.
    ///   - precision: part of the identity of runs.
    ///   - store: what is there already.
    /// - Throws: what the source throws.
    public func plan(
        _ source: any RunSource, _ indices: [Int32], precision: Precision, store: any Store, known: @Sendable (Run) throws -> RunResult?
    ) throws -> ScanPlan {
        let size = max(256, min(16_384, indices.count / 16))
        let pieces = try stride(from: 0, to: indices.count, by: size).map { indices[$0..<min($0 + size, indices.count)] }
            .parallelMap { try Piece(source, $0, precision: precision, known: known) }
        var plan = ScanPlan()
        plan.candidates = indices.count
        var numbers: [BatchKey: Int] = [:]
        var seen: Set<Digest> = []
        seen.reserveCapacity(indices.count)
        for piece in pieces {
            plan.excluded += piece.excluded
            plan.refusals.add(piece.refusals)
            plan.waiting += piece.waiting
            if let largest = piece.largest, largest.bytes > plan.largest?.bytes ?? 0 { plan.largest = largest }
            for (key, entries) in piece.groups {
                let number = numbers[key] ?? plan.groups.count
                if number == plan.groups.count {
                    numbers[key] = number
                    plan.groups.append(ScanPlan.Group(key: key))
                }
                for entry in entries {
                    guard seen.insert(entry.digest).inserted else {
                        plan.repeats += 1
                        continue
                    }
                    plan.runs += 1
                    if store.contains(entry.digest) { plan.stored += 1 } else { plan.groups[number].entries.append(entry) }
                }
            }
        }
        plan.groups = plan.groups.enumerated().filter { !$0.element.entries.isEmpty }
            .map { (operations: $0.element.key.operations, offset: $0.offset, group: $0.element) }
            .sorted { ($0.operations, $0.offset) < ($1.operations, $1.offset) }.map(\.group)
        return plan
    }

    /// The candidates of a stretch, by what they share.
    private struct Piece: Sendable {
        var groups: [(key: BatchKey, entries: [ScanPlan.Entry])] = []
        var waiting: [Int32] = []
        var excluded = 0
        var refusals = Refusals()
        /// The run that takes the most of the host's memory.
        var largest: RunMemory?

        init(
            _ source: any RunSource, _ indices: ArraySlice<Int32>, precision: Precision, known: (Run) throws -> RunResult?
        ) throws {
            var numbers: [BatchKey: Int] = [:]
            for index in indices {
                let run: Run
                switch try source.candidate(at: Int(index), known: known) {
                case .excluded:
                    excluded += 1
                    continue
                case .refused(let reason):
                    refusals.add(reason)
                    continue
                case .run(let known): run = known
                case .needs(let needed):
                    run = needed
                    waiting.append(index)
                }
                let memory = RunMemory(run)
                if memory.bytes > largest?.bytes ?? 0 { largest = memory }
                let key = BatchKey(run)
                let number = numbers[key] ?? groups.count
                if number == groups.count {
                    numbers[key] = number
                    groups.append((key, []))
                }
                groups[number].entries.append(ScanPlan.Entry(index: index, digest: RunIdentity.digest(run, precision: precision)))
            }
        }
    }
}

/// What is to be computed in one round of a scan.
public struct ScanPlan: Sendable {
    /// A run by its candidate's number.
    struct Entry: Sendable {
        let index: Int32
        let digest: Digest
    }

    /// Runs of equal shape that are not stored.
    struct Group: Sendable {
        let key: BatchKey
        var entries: [Entry] = []
    }

    var groups: [Group] = []
    /// Candidates that have to be asked again after this round.
    var waiting: [Int32] = []
    /// Different runs of this round, those that are stored among them.
    public internal(set) var runs = 0
    /// Runs of this round that are stored already.
    public internal(set) var stored = 0
    /// Candidates that are runs of this round once more, as equal values on an axis or among drawn ones make them.
    public internal(set) var repeats = 0
    /// Candidates that a filter leaves out.
    public internal(set) var excluded = 0
    /// Candidates that cannot be.
    public internal(set) var refusals = Refusals()

    /// Candidates of this round.
    var candidates = 0
    /// The run that takes the most of the host's memory.
    var largest: RunMemory?

    /// What planning, the largest run and the results of the runs beside it take of the host's memory.
    public var hostMemory: HostMemoryPlan { hostMemory(candidates: candidates) }

    /// The same for a scan of so many candidates, of which these are some.
    func hostMemory(candidates: Int) -> HostMemoryPlan {
        let beside = groups.map { group in
            min(group.entries.count.times(group.key.memory.bytesInBatch), Planner.resultBytes)
        }
        return HostMemoryPlan(
            [
                [Planner.part(candidates)],
                [.init("results of a batch", bytes: beside.max() ?? 0, remedy: "use a smaller --batch")],
                largest?.plan.parts ?? [],
            ].flatMap { $0 })
    }

    /// The number of shapes that are left to compute.
    public var shapes: Int { groups.count }
    /// The runs that are left to compute, by shape, in the order in which they are computed.
    public var sizes: [Int] { groups.map(\.entries.count) }
    /// The runs that are left to compute.
    public var missing: Int { runs - stored }
    /// Candidates that are decided only after this round.
    public var undecided: Int { waiting.count }

    /// How the engine's memory would be used by each shape.
    /// - Throws: `EngineError.doesNotFit`.
    public func memory(on engine: any Engine, of source: any RunSource, known: (Run) throws -> RunResult?) throws -> [MemoryPlan] {
        try groups.map { group in
            if let process = group.key.process { return try process.memory(on: engine) }
            return try engine.plan(group.key.shape(members: group.entries.count), Self.run(group.entries[0], source, known).job)
        }
    }

    static func run(_ entry: Entry, _ source: any RunSource, _ known: (Run) throws -> RunResult?) throws -> Run {
        switch try source.candidate(at: Int(entry.index), known: known) {
        case .run(let run), .needs(let run): run
        case .excluded, .refused: throw ScanError.unsteadySource(index: Int(entry.index))
        }
    }
}
