import Arrays
import Compute
import Duality
import Engines
import Experiments
import Figures
import Networks
import OpenCL
import Runs
import Testing

/// The named experiments on their quick grids, on the engine that users get.
@Suite(.serialized) struct ExperimentTests {
    private func report(_ number: Int) throws -> (ExperimentReport, MemoryStore) {
        let device = try #require(try Device.select("opencl", environment: [:]))
        let store = MemoryStore()
        let scheduler = Scheduler(engine: try OpenCLEngine(context: Context(device: device), tuning: .portable), store: store)
        let experiment = try #require(try ExperimentRegistry.figure(number, quick: true, seed: 0))
        #expect(try scheduler.execute(experiment.runs))
        return (try experiment.report(known: scheduler.result(for:)), store)
    }

    private func claim(_ report: ExperimentReport, _ beginning: String, _ rest: String = "") throws -> Claim {
        try #require(report.claims.first { $0.claim.hasPrefix(beginning) && (rest.isEmpty || $0.claim.contains(rest)) }, "\(beginning)")
    }

    private func verdict(_ report: ExperimentReport, _ beginning: String, _ rest: String = "") throws -> Claim.Verdict {
        try claim(report, beginning, rest).verdict
    }

    @Test func figure1() throws {
        let (report, store) = try report(1)
        // Two settings of 72 combinations with four seeds.
        #expect(store.count == 2 * 72 * 4)
        #expect(report.figures[0].data?.rows.count == store.count)
        #expect(try verdict(report, "σ_w decides", "x = 1, σ_b = 0.1") == .holds)
        // Four seeds tell the slope to 0.07 and no better; 1/√width is −1/2.
        let scatter = try claim(report, "The scatter", "x = 1, σ_b = 0.1")
        let (slope, error) = (try #require(scatter.measured), try #require(scatter.standardError))
        #expect(abs(slope + 0.5) <= 3 * error && error < 0.1, "\(scatter.measuredText)")
        // True in part of the grid only, and the claims must say where it is not.
        #expect(try verdict(report, "The tangent kernel of erf", "for σ_w ≤ 1 (x = 1, σ_b = 0.1") == .holds)
        #expect(try verdict(report, "The tangent kernel of erf", "for all σ_w (x = 1, σ_b = 0.1") == .fails)
        #expect(try verdict(report, "The tangent kernel of erf", "for all σ_w (x = 0, σ_b = 1") == .fails)
    }

    @Test func figure2() throws {
        let (report, store) = try report(2)
        // Two formulas and two facts about equations are no findings.
        #expect(report.claims.map(\.verdict) == [.constructed, .constructed, .constructed, .constructed, .holds])
        #expect(report.claims.allSatisfy { $0.claim.hasPrefix("By construction, ") == ($0.basis == .construction) })
        // Networks that share degree, momentum and rate share their universe: to the tolerance of the integrator, 1e-12 of the field.
        let table = try #require(report.figures[0].data)
        let names = ["degree", "momentum", "factor", "expansionEffect"]
        let columns = try names.map { try #require(table.numbers($0)) }
        let effects = Dictionary(grouping: columns[3].indices) { row in columns[..<3].map { $0[row] } }
            .mapValues { rows in rows.map { columns[3][$0] } }
        #expect(effects.count == 11)
        #expect(effects.values.allSatisfy { $0.max()! - $0.min()! < 1e-9 })
        #expect(try claim(report, "By construction, at η_{max}").detail.hasPrefix("6 different numbers"))
        // Six networks, and their trainings less those beyond the stability bound.
        let trained = try #require(report.figures[0].data?.rows.count)
        #expect(store.count == 6 + trained)
        #expect(trained < 6 * 2 * 2 * 3 * 2)
    }

    @Test func figure3() throws {
        let (report, store) = try report(3)
        #expect(store.count == 2 * 2 * 2 * 3 * 4 * 4 + 12 * 3)
        // The null model meets these as well.
        for beginning in ["The paper's field ends", "The paper's field follows", "The error grows with the drift of the tangent kernel"] {
            let claim = try claim(report, beginning)
            #expect(claim.verdict == .undecided && claim.reason.contains("control"), "\(beginning): \(claim.measuredText)")
        }
        // It is only at momentum 0.9 that the end tells of inertia, and the claims say so of every momentum of the grid.
        #expect(report.claims.count { $0.claim.hasPrefix("At momentum ") } == 3)
        #expect(try verdict(report, "At momentum 0 ") == .fails)
        #expect(try verdict(report, "At momentum 0.5 ") == .fails)
        #expect(try verdict(report, "At momentum 0.9 ") == .holds)
        for beginning in ["The worst predictions", "The friction fitted", "Where a trajectory", "The corrected dictionary's error"] {
            for claim in report.claims where claim.claim.hasPrefix(beginning) {
                #expect(claim.verdict == .holds, "\(claim.claim): \(claim.measuredText)")
            }
        }
        // Part of the correlation of error and drift is their common one with the travel.
        let raw = try #require(try claim(report, "The error grows with the drift").measured)
        let partial = try #require(try claim(report, "The error grows with the drift", "equal travel").measured)
        #expect(partial < raw && partial > 0.4)
    }

    @Test func figure4() throws {
        let (report, store) = try report(4)
        // 2 activations × 2 depths × 2 widths × 4 σ_w × 4 σ_b × 3 intervals, each on the interval and at two points.
        #expect(store.count == 2 * 384)
        for claim in ["The leading eigenvalue is the kernel of the point", "One mode dominates"] {
            #expect(try verdict(report, claim) == .holds, "\(claim)")
        }
        #expect(try #require(try claim(report, "The leading eigenvalue is distributed as", "x = 0").measured) <= 0.1)
        #expect(try verdict(report, "By construction, the leading eigenvalue") == .constructed)
        #expect(try verdict(report, "The leading eigenvalue is distributed as", "x = 1") == .fails)
        #expect(try verdict(report, "The leading mode is the mean", "≤ 0.5") == .holds)
        #expect(try verdict(report, "The leading mode is the mean", "> 0.5") == .fails)
        #expect(try verdict(report, "Without bias one mode dominates (relu)") == .fails)
        #expect(try verdict(report, "By construction, an erf network") == .constructed)
    }

    @Test func figure5() throws {
        let (report, _) = try report(5)
        #expect(report.figures.count == 2)
        for degree in [2, 4] {
            // As the null model with the same eigenvalue does.
            let near = try claim(report, "The mean output follows", "n = \(degree), σ_b = 1, α = 0.1")
            #expect(near.verdict == .undecided && near.reason.contains("control"), "\(near.measuredText)")
        }
        // Knowing the same, the field is nearer than the null model, in all six.
        let nearer = report.claims.filter { $0.claim.hasPrefix("The corrected field is nearer") && $0.claim.contains("whole kernel") }
        #expect(nearer.count == 6 && nearer.allSatisfy { $0.verdict == .holds })
        #expect(try verdict(report, "Modes 2 and 3 hardly move") == .holds)
        #expect(try verdict(report, "Modes 4 and 5 hardly move") == .undecided)
        #expect(try #require(try claim(report, "Mode 3 is frozen (relu").measured) > 0.05)
        #expect(try verdict(report, "The source term", "erf, width 512, σ_b = 1, α = 0.5") == .holds)
        #expect(try verdict(report, "The source term", "relu, width 512, σ_b = 1, α = 0.1") == .fails)
    }

    /// The third mode of the trained networks at the end over that at the start, to the three digits that the issue states.
    @Test func theModesBesideAUniverseAreTrained() throws {
        let (report, _) = try report(5)
        let table = try #require(report.figures[1].data)
        for (alpha, value, half) in [(1, -0.289, 5e-4), (2, -0.050, 5e-4), (4, 2.36, 5e-3)] {
            let mode = try #require(table.numbers("alpha\(alpha)Trained3"))
            #expect(mode[0] == 1 && abs(mode[mode.count - 1] - value) <= half, "\(alpha): \(mode[mode.count - 1])")
        }
    }

    @Test func figure6() throws {
        let (report, _) = try report(6)
        #expect(try verdict(report, "It makes no difference", "n = 2, σ_b = 1, α = 0.1") == .holds)
        #expect(try verdict(report, "It makes no difference", "n = 4, σ_b = 1, α = 0.1") == .holds)
        #expect(try verdict(report, "It makes no difference", "n = 2, σ_b = 0.3, α = 0.5") == .fails)
        #expect(try #require(try claim(report, "With weak bias").measured) > 1)
    }

    @Test func reportsRefuseWhatWasNotComputed() throws {
        for number in ExperimentRegistry.figures {
            let experiment = try #require(try ExperimentRegistry.figure(number, quick: true, seed: 0))
            #expect(throws: ExperimentError.self) { try experiment.report { _ in nil } }
        }
        #expect(try ExperimentRegistry.figure(7, quick: true, seed: 0) == nil)
    }

    /// A quick grid is part of the full one, network by network.
    @Test(arguments: ExperimentRegistry.figures) func quickGridsAreSubsets(number: Int) throws {
        let quick = try #require(try ExperimentRegistry.figure(number, quick: true, seed: 0)).namedRuns()
        let full = try #require(try ExperimentRegistry.figure(number, quick: false, seed: 0)).namedRuns()
        #expect(quick.isStrictSubset(of: full))
    }

    @Test func figure3TrainsTheWholeGrid() throws {
        let full = try #require(try ExperimentRegistry.figure(3, quick: false, seed: 0)).namedRuns()
        #expect(full.count { $0.training != nil } == 2592)
    }
}
