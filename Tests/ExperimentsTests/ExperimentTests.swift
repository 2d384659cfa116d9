import Duality
import Engines
import Experiments
import Networks
import OpenCL
import Scans
import Testing

/// The named experiments on their quick grids, on the engine that users get.
@Suite(.serialized) struct ExperimentTests {
    private func report(_ number: Int) throws -> (ExperimentReport, MemoryStore) {
        let device = try #require(try Device.select("opencl", environment: [:]))
        let store = MemoryStore()
        let scheduler = Scheduler(engine: try OpenCLEngine(context: Context(device: device), tuning: .portable), store: store)
        let experiment = try #require(ExperimentRegistry.figure(number, quick: true, seed: 0))
        #expect(try experiment.compute(on: scheduler))
        return (try experiment.report(known: scheduler.result(for:)), store)
    }

    private func verdict(_ report: ExperimentReport, _ beginning: String, _ rest: String = "") throws -> Claim.Verdict {
        try #require(report.claims.first { $0.claim.hasPrefix(beginning) && (rest.isEmpty || $0.claim.contains(rest)) }, "\(beginning)")
            .verdict
    }

    @Test func figure1() throws {
        let (report, store) = try report(1)
        // Two settings of 72 combinations with four seeds.
        #expect(store.count == 2 * 72 * 4)
        #expect(report.figures[0].data?.rows.count == store.count)
        #expect(try verdict(report, "σ_w decides", "x = 1, σ_b = 0.1") == .holds)
        #expect(try verdict(report, "The scatter", "x = 1, σ_b = 0.1") == .holds)
        // True in part of the grid only, and the claims must say where it is not.
        #expect(try verdict(report, "The tangent kernel of erf", "for σ_w ≤ 1 (x = 1, σ_b = 0.1") == .holds)
        #expect(try verdict(report, "The tangent kernel of erf", "for all σ_w (x = 1, σ_b = 0.1") == .fails)
        #expect(try verdict(report, "The tangent kernel of erf", "for all σ_w (x = 0, σ_b = 1") == .fails)
    }

    @Test func figure2() throws {
        let (report, store) = try report(2)
        for claim in report.claims { #expect(claim.verdict == .holds, "\(claim.claim): \(claim.measuredText)") }
        // Six networks, and their trainings less those beyond the stability bound.
        let trained = try #require(report.figures[0].data?.rows.count)
        #expect(store.count == 6 + trained)
        #expect(trained < 6 * 2 * 2 * 3 * 2)
    }

    @Test func figure3() throws {
        let (report, store) = try report(3)
        #expect(store.count == 2 * 2 * 2 * 3 * 4 * 4 + 12 * 3)
        for claim in report.claims where !claim.claim.hasPrefix("At momentum 0 ") {
            #expect(claim.verdict == .holds, "\(claim.claim): \(claim.measuredText)")
        }
        #expect(try verdict(report, "At momentum 0 the end point") == .fails)
    }

    @Test func figure4() throws {
        let (report, store) = try report(4)
        // 2 activations × 2 depths × 2 widths × 4 σ_w × 4 σ_b × 3 intervals, each on the interval and at two points.
        #expect(store.count == 2 * 384)
        for claim in ["The leading eigenvalue is distributed as", "One mode dominates", "By construction, the leading eigenvalue"] {
            #expect(try verdict(report, claim) == .holds, "\(claim)")
        }
        #expect(try verdict(report, "The leading eigenvalue is distributed as", "x = 1") == .fails)
        #expect(try verdict(report, "The leading mode is the mean", "≤ 0.5") == .holds)
        #expect(try verdict(report, "The leading mode is the mean", "> 0.5") == .fails)
        #expect(try verdict(report, "Without bias one mode dominates (relu)") == .fails)
        #expect(try verdict(report, "By symmetry, an erf network") == .holds)
    }

    @Test func figure5() throws {
        let (report, _) = try report(5)
        #expect(report.figures.count == 2)
        for degree in [2, 4] {
            #expect(try verdict(report, "The mean output follows", "n = \(degree), σ_b = 1, α = 0.1") == .holds)
        }
        #expect(try verdict(report, "Modes 2 and 3 hardly move") == .holds)
        #expect(try verdict(report, "Mode 3 is frozen (relu") == .fails)
        #expect(try verdict(report, "The source term", "erf, width 512, σ_b = 1, α = 0.1") == .holds)
        #expect(try verdict(report, "Back-reaction", "α = 0.5") == .holds)
    }

    @Test func figure6() throws {
        let (report, _) = try report(6)
        #expect(try verdict(report, "It makes no difference", "n = 2, σ_b = 1, α = 0.1") == .holds)
        #expect(try verdict(report, "It makes no difference", "n = 4, σ_b = 1, α = 0.1") == .holds)
        #expect(try verdict(report, "It makes no difference", "n = 2, σ_b = 0.3, α = 0.5") == .fails)
        #expect(try verdict(report, "With weak bias") == .fails)
    }

    @Test func reportsRefuseWhatWasNotComputed() throws {
        for number in ExperimentRegistry.figures {
            let experiment = try #require(ExperimentRegistry.figure(number, quick: true, seed: 0))
            #expect(throws: ExperimentError.self) { try experiment.report { _ in nil } }
        }
        #expect(ExperimentRegistry.figure(7, quick: true, seed: 0) == nil)
    }

    /// A quick grid is part of the full one, network by network.
    @Test(arguments: ExperimentRegistry.figures) func quickGridsAreSubsets(number: Int) throws {
        let quick = try #require(ExperimentRegistry.figure(number, quick: true, seed: 0)).runs { _ in nil }
        let full = try #require(ExperimentRegistry.figure(number, quick: false, seed: 0)).runs { _ in nil }
        #expect(Set(quick).isSubset(of: Set(full)))
        #expect(quick.count < full.count || number == 2 && quick.count <= full.count)
        #expect(Set(full).count == full.count)
    }

    @Test func figure3TrainsTheWholeGrid() throws {
        let full = try #require(ExperimentRegistry.figure(3, quick: false, seed: 0)).runs { _ in nil }
        #expect(full.count { $0.training != nil } == 2592)
    }
}
