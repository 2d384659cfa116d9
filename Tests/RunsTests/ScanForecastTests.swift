import Compute
import Engines
import Networks
import Runs
import Synchronization
import Testing

/// Candidates that train with a learning rate which their own kernel at the start decides.
private struct Deciding: RunSource {
    let count: Int
    /// Whether they need not wait.
    var isDecided = false

    func candidate(at index: Int, known: (Run) throws -> RunResult?) throws -> Candidate {
        var run = Run(
            architecture: try Architecture(widths: [5], activation: .erf), source: .seed(UInt64(index)), sigmaW: 1.1, sigmaB: 0.2,
            inputs: try Inputs([1]))
        if !isDecided, try known(run) == nil { return .needs(run) }
        run.training = Run.Training(
            loss: try .power(scale: 0.1, minimum: 1), schedule: try Schedule(learningRate: 0.1, momentum: 0), steps: 4000)
        return .run(run)
    }
}

/// Notes what is stored.
private final class Notebook: Store {
    let digests = Mutex<[Digest]>([])

    func contains(_ digest: Digest) -> Bool { false }
    func result(for run: Run, _ digest: Digest) -> RunResult? { nil }
    func insert(_ results: [(digest: Digest, result: RunResult)]) { digests.withLock { $0 += results.map(\.digest) } }
}

@Suite struct ScanForecastTests {
    private struct Stop: Error {}

    private func forecast(
        _ source: Deciding, in store: Notebook = Notebook(), proceed: @escaping @Sendable () throws -> Void = {}
    ) throws -> ScanForecast? {
        let scheduler = Scheduler(engine: ReferenceEngine(), store: MemoryStore())
        return try ScanForecast(ScanSurvey(source, scheduler), of: source, scheduler, storing: store, proceed: proceed)
    }

    /// The trainings are all the work there is: 4000 steps each beside one kernel.
    @Test func runsThatOthersDecideCount() throws {
        let waiting = try #require(try forecast(Deciding(count: 500)))
        let decided = try #require(try forecast(Deciding(count: 500, isDecided: true)))
        #expect(waiting.sampled == 2 && decided.sampled == 1)
        // Two measurements of the same work, of which one may be disturbed.
        #expect((1.0 / 4...4).contains(waiting.seconds / decided.seconds), "\(waiting) \(decided)")
    }

    /// Ten times as many take ten times as long.
    @Test func whatIsLookedAtStandsForAll() throws {
        let few = try #require(try forecast(Deciding(count: 1000))), many = try #require(try forecast(Deciding(count: 10_000)))
        #expect((10.0 / 4...40).contains(many.seconds / few.seconds), "\(few) \(many)")
    }

    @Test func trialsAreStoredUnderOtherNames() throws {
        let source = Deciding(count: 20, isDecided: true), store = Notebook()
        _ = try forecast(source, in: store)
        let own = try (0..<20).map { index in
            guard case .run(let run) = try source.candidate(at: index, known: { _ in nil }) else { throw Stop() }
            return RunIdentity.digest(run, precision: .float64)
        }
        let digests = store.digests.withLock { $0 }
        #expect(!digests.isEmpty && Set(digests).count == digests.count && Set(digests).isDisjoint(with: own))
    }

    @Test func trialsStop() {
        #expect(throws: Stop.self) { try forecast(Deciding(count: 20)) { throw Stop() } }
    }
}
