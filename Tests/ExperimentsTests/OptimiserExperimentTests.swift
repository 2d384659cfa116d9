import Arrays
import Compute
import Engines
import Experiments
import Figures
import Foundation
import OpenCL
import Runs
import Testing

/// The friction of optimisers, and what simulations cost, on their quick grids.
@Suite(.serialized) struct OptimiserExperimentTests {
    private func report(_ name: String) throws -> (report: ExperimentReport, runs: Int, rows: [[String: CSVTable.Cell]]) {
        let device = try #require(try Device.select("opencl", environment: [:]))
        let store = MemoryStore()
        let scheduler = Scheduler(engine: try OpenCLEngine(context: Context(device: device), tuning: .portable), store: store)
        let experiment = try #require(try ExperimentRegistry.named(name, quick: true, seed: 0))
        #expect(try scheduler.execute(experiment.runs))
        let report = try experiment.report(known: scheduler.result(for:))
        let table = try #require(report.figures[0].data)
        return (report, store.count, table.rows.map { Dictionary(uniqueKeysWithValues: zip(table.columns, $0)) })
    }

    private func number(_ row: [String: CSVTable.Cell], _ column: String) throws -> Double {
        switch try #require(row[column]) {
        case .number(let value): value
        case .integer(let value): Double(value)
        default: .nan
        }
    }

    @Test func frictionOfOptimisers() throws {
        let (report, runs, rows) = try report("optimisers")
        // Eight networks, four optimisers, each measured first.
        #expect(runs == 2 * 8 * 4 && rows.count == 8 * 4)
        #expect(report.figures.map(\.id) == ["optimisers"])
        // What is known of the friction without any fit: the momentum's, and that of energy conservation.
        for claim in report.claims where claim.claim.hasPrefix("The friction read off") || claim.claim.hasPrefix("That friction is") {
            #expect(claim.verdict == .holds, "\(claim.claim): \(claim.measuredText)")
        }
        func median(_ optimiser: String, _ column: String) throws -> Double {
            try Statistics.median(rows.filter { $0["optimiser"] == .text(optimiser) }.map { try number($0, column) })
        }
        // Frozen modes under one friction differ by the drift of the kernel alone, which adam's preconditioner is far beyond.
        for one in ["heavy-ball", "friedmann"] {
            #expect(try median(one, "spread") < median("adam", "spread") / 2)
            #expect(try median(one, "unexplained") < median("adam", "unexplained") / 2)
        }
        #expect(try median("born-infeld", "spreadScaled") < median("born-infeld", "spread") / 2)
    }

    @Test func simulations() throws {
        let (report, runs, rows) = try report("lattice")
        // Three networks of three widths on 4, 16 and 64 points, each measured first.
        #expect(runs == 2 * 3 * 3 * 3)
        #expect(report.figures.map(\.id) == ["lattice"] && report.claims.count == 1)
        for row in rows where row["simulation"] == .text("network") {
            let points = try number(row, "points"), width = try number(row, "width")
            // Forward and gradient are 2N Σ n_l n_{l−1} each, in 200 steps.
            #expect(try number(row, "operations") >= 200 * 4 * points * 2 * width)
        }
        // Recursions and lattices are of second order in their step.
        for simulation in ["frozen", "lattice", "latticeWithGradient"] {
            let own = rows.filter { $0["simulation"] == .text(simulation) }
            func errors(_ step: Double) throws -> [Double] {
                try own.filter { try number($0, "step") == step }.map { try number($0, "error") }
            }
            let coarse = try errors(0.05), fine = try errors(0.025)
            #expect(coarse.count == 27 && fine.count == 27)
            #expect(zip(coarse, fine).allSatisfy { log2($0 / $1) > 1.9 })
        }
    }
}
