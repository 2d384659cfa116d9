import Engines
import Runs
import ScanFiles
import Stores
import Synchronization
import TestSupport
import Testing

/// The kernel at the start, whose modes parameters and filters follow from, is diagonalised once, whatever asks for it afterwards.
@Suite struct EigenproblemCountTests {
    /// A store that remembers what it gave and was given, whose copies of results count.
    private final class Watched: Store {
        let store: any Store
        private let state = Mutex<(given: [RunResult], taken: [RunResult])>(([], []))

        init(_ store: any Store) { self.store = store }

        var given: [RunResult] { state.withLock { $0.given } }
        var taken: [RunResult] { state.withLock { $0.taken } }

        func contains(_ digest: Digest) -> Bool { store.contains(digest) }

        func result(for run: Run, _ digest: Digest) throws -> RunResult? {
            let result = try store.result(for: run, digest)
            if let result { state.withLock { $0.given.append(result) } }
            return result
        }

        func insert(_ results: [(digest: Digest, result: RunResult)]) throws {
            state.withLock { $0.taken += results.map(\.result) }
            try store.insert(results)
        }
    }

    private static let text = """
        width: 5
        inputs: {interval: {count: 3, from: -1, to: 1}}
        seed: {count: 6}
        learningRate: 0.01 / leadingEigenvalue
        momentum: [0, 0.5]
        steps: 2
        where: [gapRatio > 0, vacuumRatio > 0]
        """

    @Test func storesKeepWhatWasMeasured() throws {
        let folder = try TemporaryFolder(), engine = ReferenceEngine()
        let store = Watched(try SQLiteStore(folder.file("s.sqlite"), engine)), source = try ScanFile(text: Self.text)
        let scheduler = Scheduler(engine: engine, store: store)
        try scheduler.execute(source)
        // Six networks, each with two trainings.
        #expect(store.taken.count == 18)
        #expect(store.taken.allSatisfy { $0.knownModes.timesMeasured == 1 })
        // Asked for again when a plan is made, when memory is planned for, and when a batch is made.
        #expect(store.given.count >= 24)
        #expect(store.given.allSatisfy { $0.knownModes.timesMeasured == 0 })
        // The numbers are those of the modes to the last bit.
        for network in store.taken where network.run.training == nil {
            let known = try #require(try scheduler.result(for: network.run))
            let (before, after) = (QuantityValues(network), QuantityValues(known.run, start: known))
            for name in ModeNumbers.quantities { #expect(try before.value(name) == after.value(name) && after.value(name) != nil) }
        }
    }

    @Test func resultsInMemoryKeepThemToo() throws {
        let store = Watched(MemoryStore()), source = try ScanFile(text: Self.text)
        try Scheduler(engine: ReferenceEngine(), store: store).execute(source)
        let networks = store.taken.filter { $0.run.training == nil }
        #expect(networks.count == 6 && networks.allSatisfy { $0.knownModes.timesMeasured == 1 })
    }
}
