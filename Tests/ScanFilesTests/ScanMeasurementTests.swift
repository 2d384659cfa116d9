import Engines
import Networks
import Runs
import ScanFiles
import Testing

/// Parameters and filters that depend on what a network is before its training.
@Suite struct ScanMeasurementTests {
    private static let text = """
        width: 4
        seed: {first: 1, count: 6}
        learningRate: 0.1 / kernel
        minimum: output + 1
        momentum: [0, 0.9]
        steps: 3
        """

    private func candidates(_ text: String, _ scheduler: Scheduler) throws -> [Candidate] {
        let file = try ScanFile(text: text)
        return try (0..<file.count).map { try file.candidate(at: $0, known: scheduler.result(for:)) }
    }

    @Test func networksAreMeasuredFirst() throws {
        let scheduler = Scheduler(engine: ReferenceEngine(), store: MemoryStore())
        var networks: [Run] = []
        for candidate in try candidates(Self.text, scheduler) {
            guard case .needs(let network) = candidate else {
                Issue.record("\(candidate)")
                return
            }
            networks.append(network)
        }
        // Both momenta need the same six networks.
        #expect(Set(networks).count == 6)
        #expect(networks.allSatisfy { $0.training == nil && $0.recording.matrices && $0.recording.predictions.isEmpty })
        #expect(try scheduler.execute(ScanFile(text: Self.text)))
        for (candidate, network) in zip(try candidates(Self.text, scheduler), networks) {
            guard case .run(let run) = candidate, let start = try scheduler.result(for: network), try scheduler.result(for: run) != nil
            else {
                Issue.record("\(candidate)")
                return
            }
            #expect(run.training?.schedule.learningRates == [0.1 / start.initialKernel[0]])
            #expect(run.training?.loss.anchors == .perOutput([start.outputs[0] + 1]))
            var untrained = run
            untrained.training = nil
            untrained.recording.matrices = true
            #expect(untrained == network)
        }
    }

    /// The filter sees the training: θ₀ l(f₀)/V₀ of the run, from the kernel of the network.
    @Test func filtersMayAskForMeasuredQuantities() throws {
        let scheduler = Scheduler(engine: ReferenceEngine(), store: MemoryStore())
        let text = "width: 4\nseed: {count: 40}\nscale: 0.05\nlearningRate: 0.01\nmomentum: 0.9\nsteps: 2\n"
        try scheduler.execute(ScanFile(text: text + "where: [vacuumRatio < 0.5, replica >= 10]"))
        var kept = 0, left = 0
        for candidate in try candidates(text + "where: [vacuumRatio < 0.5, replica >= 10]", scheduler) {
            switch candidate {
            case .run(let run):
                kept += 1
                let values = QuantityValues(try #require(try scheduler.result(for: run)))
                #expect(try #require(try values.value("vacuumRatio")) < 0.5)
            case .excluded: left += 1
            default: Issue.record("\(candidate)")
            }
        }
        #expect(kept > 0 && left > 10 && kept + left == 40)
        // A filter on parameters leaves candidates out before they are measured.
        let fresh = Scheduler(engine: ReferenceEngine(), store: MemoryStore())
        let plan = try fresh.plan(ScanFile(text: text + "where: [vacuumRatio < 0.5, replica >= 10]"))
        #expect(plan.excluded == 10 && plan.runs == 30 && plan.undecided == 30)
    }

    /// An impossible value of one run is known only after its measurement, and refuses that run alone.
    @Test func measuredValuesMayBeImpossible() throws {
        let scheduler = Scheduler(engine: ReferenceEngine(), store: MemoryStore())
        let text = "width: 4\nseed: {count: 20}\nlearningRate: 0.1 * output\nsteps: 2"
        try scheduler.execute(ScanFile(text: text))
        var refused = 0, runs = 0
        for candidate in try candidates(text, scheduler) {
            switch candidate {
            case .run(let run):
                runs += 1
                #expect((run.learningRate ?? 0) > 0)
            case .refused(let reason):
                refused += 1
                #expect(
                    reason.hasPrefix("learningRate is -") && reason.hasSuffix("but must be positive and finite; choose a step such as 0.01")
                )
            default: Issue.record("\(candidate)")
            }
        }
        #expect(refused > 0 && runs > 0 && refused + runs == 20)
    }

    /// A key cannot follow from what only its own training has.
    @Test func quantitiesOfTheTrainingHaveNoValueBeforeIt() throws {
        let scheduler = Scheduler(engine: ReferenceEngine(), store: MemoryStore())
        let text = "width: 4\nscale: vacuumRatio\nlearningRate: 0.1\nsteps: 2"
        try scheduler.execute(ScanFile(text: text))
        guard case .refused(let reason)? = try candidates(text, scheduler).first else {
            Issue.record("not refused")
            return
        }
        #expect(reason.contains("scale = vacuumRatio names vacuumRatio, which this network does not have before its training is described"))
    }
}
