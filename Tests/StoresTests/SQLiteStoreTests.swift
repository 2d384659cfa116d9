import Arrays
import Compute
import Duality
import Engines
import Networks
import Runs
import Stores
import TestSupport
import Testing

/// What goes into a store comes out of it.
@Suite struct SQLiteStoreTests {
    /// A kernel that left the numbers has no eigenvalues, and the store says why.
    @Test func aKernelThatIsNotFiniteIsNamed() throws {
        let folder = try TemporaryFolder()
        let engine = SyntheticEngine { seed, _, number in number == 1001 && seed == 2 ? .infinity : Double(number) + 1 }
        let runs = try (1...2).map { try Run.small(seed: $0, points: 2) }
        let store = try SQLiteStore(folder.file("s.sqlite"), engine)
        try Scheduler(engine: engine, store: store).execute(runs)
        let table = try store.reader.table(["seed", "leadingEigenvalue", "predictionFailures"])
        #expect(table.rows.count == 2)
        for row in table.rows {
            guard case .text(let reason) = row[2] else {
                #expect(row[0].numericValue == 1 && row[1].numericValue.isFinite)
                continue
            }
            #expect(row[0].numericValue == 2 && row[1].numericValue.isNaN)
            #expect(reason.hasPrefix("kernel: the tangent kernel at the start is not finite at row 0, column 1; "), "\(reason)")
        }
    }

    /// Bit patterns, all NaN being one.
    private static func bits(_ values: some Sequence<Double>) -> [UInt64] {
        values.map { $0.isNaN ? Double.nan.bitPattern : $0.bitPattern }
    }

    /// Whether a result is what the recording keeps of another.
    private static func expectKept(_ stored: RunResult?, of whole: RunResult?, _ location: SourceLocation = #_sourceLocation) throws {
        let stored = try #require(stored, sourceLocation: location), whole = try #require(whole, sourceLocation: location)
        let run = whole.run, steps = run.recording.trajectory.steps(upTo: run.steps)
        #expect(stored.run == run && stored.engine == whole.engine, sourceLocation: location)
        #expect(stored.recordedSteps == steps, sourceLocation: location)
        #expect(bits(stored.outputs) == bits(steps.flatMap { whole.outputs(at: $0) }), sourceLocation: location)
        let losses = run.training == nil ? [] : steps.map { whole.losses[whole.recordedSteps.firstIndex(of: $0) ?? 0] }
        #expect(bits(stored.losses) == bits(losses), sourceLocation: location)
        #expect(bits(stored.kernels) == bits(run.recording.matrices ? whole.kernels : []), sourceLocation: location)
        #expect(stored.lastFinite?.step == whole.lastFinite?.step, sourceLocation: location)
        #expect(bits(stored.lastFinite?.outputs ?? []) == bits(whole.lastFinite?.outputs ?? []), sourceLocation: location)
        #expect(bits([stored.lastFinite?.loss ?? 0]) == bits([whole.lastFinite?.loss ?? 0]), sourceLocation: location)
        #expect(stored.divergedAt == whole.divergedAt, sourceLocation: location)
    }

    private static func expectSame(_ runs: [Run], _ engine: any Engine) throws {
        let folder = try TemporaryFolder(), memory = MemoryStore(), path = folder.file("s.sqlite")
        let whole = Scheduler(engine: engine, store: memory)
        try whole.execute(runs)
        do {
            let store = try SQLiteStore(path, engine)
            let scheduler = Scheduler(engine: engine, store: store)
            try scheduler.execute(runs)
            for run in runs { try expectKept(try scheduler.result(for: run), of: try whole.result(for: run)) }
            #expect(store.count == memory.count)
        }
        let again = Scheduler(engine: engine, store: try SQLiteStore(path, engine))
        #expect(try again.plan(RunList(runs)).missing == 0)
        for run in runs { try expectKept(try again.result(for: run), of: try whole.result(for: run)) }
    }

    @Test func resultsOfEveryRecordingComeBackBitForBit() throws {
        let weights = try Weights(seed: 9, sigmaW: 1, sigmaB: 1, for: Architecture(widths: [5], activation: .erf))
        var given = try Run.small(seed: 0)
        given.source = .weights(weights)
        var untrained = try Run.small(seed: 5, points: 3)
        untrained.training = nil
        try Self.expectSame(
            [
                try .small(seed: 1), try .small(seed: 1, tangentKernel: nil), given, untrained,
                try .small(seed: 2, recording: .everyStep), try .small(seed: 3, points: 3, outputs: 2, recording: .everyStep),
                try .small(
                    seed: 4, steps: 9, points: 2,
                    recording: Recording(
                        trajectory: .at([2, 3]), kernels: .every(4), spectra: true, modes: true, matrices: true,
                        predictions: [.corrected, .frozen])),
                try .small(seed: 18_446_744_073_709_551_615, steps: 0),
            ], ReferenceEngine())
    }

    @Test func divergedRunsComeBackBitForBit() throws {
        let wild = Run(
            architecture: try Architecture(widths: [5], activation: .relu), source: .seed(7), sigmaW: 2, sigmaB: 1, inputs: try Inputs([3]),
            training: Run.Training(
                loss: try .power(degree: 4, scale: 1e3, minimum: 5), schedule: try Schedule(learningRate: 10), steps: 40))
        var ends = wild
        ends.recording = Recording()
        try Self.expectSame([wild, ends, try .small(seed: 1)], ReferenceEngine())
    }

    /// NaN, infinities, both zeros, the least and the greatest numbers, and whole numbers, which SQLite stores in another way.
    @Test func everyKindOfNumberComesBack() throws {
        let kinds: [Double] = [
            .nan, .infinity, -.infinity, 0, -0.0, .leastNonzeroMagnitude, -.leastNormalMagnitude, .greatestFiniteMagnitude, 1, -3, 0x1p53,
            -0x1p63, 0x1p64, 0.1,
        ]
        let engine = SyntheticEngine { seed, step, number in
            kinds[Int(seed &* 5 &+ UInt64(3 * step) &+ UInt64(number + 1)) % kinds.count]
        }
        try Self.expectSame(
            try (0..<20 as Range<UInt64>).flatMap { seed in
                try [Recording.everyStep, Recording()].map { try .small(seed: seed, points: 2, outputs: 2, recording: $0) }
            }, engine)
    }

    @Test func aRunIsStoredOnce() throws {
        let folder = try TemporaryFolder(), engine = SyntheticEngine(), path = folder.file("s.sqlite")
        let memory = MemoryStore(), scheduler = Scheduler(engine: engine, store: memory), run = try Run.small(seed: 1)
        try scheduler.execute([run])
        let digest = RunIdentity.digest(run, precision: .float64), result = try #require(memory.result(for: run, digest))
        let store = try SQLiteStore(path, engine)
        try store.insert([(digest, result), (digest, result)])
        let fingerprint = try store.reader.fingerprint
        try store.insert([(digest, result)])
        #expect(store.count == 1)
        #expect(try store.reader.count == 1)
        #expect(try store.reader.fingerprint == fingerprint)
    }

    @Test func fingerprintsDependOnContentsAndNotOnOrder() throws {
        let folder = try TemporaryFolder(), engine = SyntheticEngine(), runs = try (0..<5).map { try Run.small(seed: $0) }
        func fingerprint(_ name: String, _ runs: [Run], _ engine: SyntheticEngine) throws -> Digest {
            let store = try SQLiteStore(folder.file(name), engine)
            for run in runs { try Scheduler(engine: engine, store: store).execute([run]) }
            return try store.reader.fingerprint
        }
        let one = try fingerprint("1", runs, engine)
        #expect(try fingerprint("2", runs.reversed(), engine) == one)
        #expect(try fingerprint("3", Array(runs.dropLast()), engine) != one)
        #expect(try fingerprint("4", runs, SyntheticEngine(device: "another")) != one)
        let otherwise = SyntheticEngine { seed, step, number in
            let value = 1 / Double(3 + seed &* 31 &+ UInt64(7 * step)) + Double(number)
            return seed == 3 && step == 4 && number == 0 ? value.nextUp : value
        }
        #expect(try fingerprint("5", runs, otherwise) != one)
    }

    @Test func listsThatTheIdentityOnlyNamesAreKept() throws {
        let folder = try TemporaryFolder(), engine = SyntheticEngine()
        let values = (0..<300).map { Double($0) / 7 }
        let store = try SQLiteStore(folder.file("s.sqlite"), engine)
        let runs = try (0..<3 as Range<UInt64>).map { seed in
            var run = try Run.small(seed: seed, tangentKernel: nil)
            run.inputs = try Inputs(values)
            return run
        }
        try Scheduler(engine: engine, store: store).execute(runs)
        let parameters = try #require(try store.reader.parameters.first)
        #expect(parameters == RunIdentity.json(runs[0], precision: .float64))
        let name = try #require(parameters.firstMatch(of: /"values":"(sha256:[0-9a-f]{64})"/)).1
        #expect(try store.reader.dataset(String(name)) == values)
        #expect(try store.reader.dataset("sha256:") == nil)
    }

    @Test func theStatusOfAScanComesWithItsBatches() throws {
        let folder = try TemporaryFolder(), engine = SyntheticEngine(), path = folder.file("s.sqlite")
        let store = try SQLiteStore(path, engine)
        try store.begin(ScanStatus(name: "a scan", file: "name: a scan", host: "here"))
        let reader = try StoreReader(path: path)
        let scheduler = Scheduler(engine: engine, store: store, planner: Planner(largestBatch: 2))
        try scheduler.execute(try (0..<5).map { try .small(seed: $0) }) { progress in
            store.note(progress, rate: 12)
            let scan = try #require(try reader.scans.last)
            #expect(scan.done == progress.done && scan.state == .running)
            #expect(try reader.count == progress.done)
            return true
        }
        try store.end(.finished)
        let scan = try #require(try reader.scans.last)
        #expect(scan.total == 5 && scan.rate == 12 && scan.state == .finished && scan.file == "name: a scan")
        #expect(try reader.scans.count == 1)
    }
}
