import Compute
import Engines
import Foundation
import Networks
import OpenCL
import Testing

/// Prints how long each way to train takes, in turn, as medians and ratios to the default. Not a test: nothing is expected of a machine that
/// others use too.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["INFLATON_TIMINGS"] != nil), .serialized) struct TrainingMethodTimings {
    private func ensemble(width: Int, depth: Int, points: Int, members: Int, _ schedule: Schedule) throws -> Ensemble {
        try Ensemble(
            architecture: Architecture(inputs: 2, widths: Array(repeating: width, count: depth), outputs: 1, activation: .erf),
            members: (0..<UInt64(members)).map {
                Ensemble.Member(
                    source: .seed($0), sigmaW: 1.2, sigmaB: 0.3, loss: try .power(scale: 0.5, minimum: 0.5), schedule: schedule)
            },
            inputs: [Inputs(points: points, dimension: 2, values: (0..<2 * points).map { Double($0) / Double(points) - 0.5 })])
    }

    private func rounds(_ ways: [(name: String, engine: OpenCLEngine)], _ ensemble: Ensemble, steps: Int, _ what: String) throws {
        try rounds(ways.map { ($0.name, $0.engine, ensemble) }, steps: steps, what)
    }

    private func rounds(_ ways: [(name: String, engine: OpenCLEngine, ensemble: Ensemble)], steps: Int, _ what: String) throws {
        let job = Job(outputs: false, training: .init(steps: steps))
        var times = [[Double]](repeating: [], count: ways.count)
        for round in 0..<8 {
            for index in round % 2 == 0 ? Array(ways.indices) : ways.indices.reversed() {
                var seconds = 0.0
                try ways[index].engine.run(ways[index].ensemble, job, batchTime: { seconds += $0 / .seconds(1) }) { _ in true }
                if round > 0 { times[index].append(seconds) }
            }
        }
        func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
        for (index, way) in ways.enumerated() {
            let rate = Double(way.ensemble.members.count * steps) / median(times[index])
            let ratio = median(zip(times[index], times[0]).map { $0 / $1 })
            print("timing: \(what), \(way.name): \(Int(rate)) member-steps/s, \(ratio) times as long as \(ways[0].name)")
        }
    }

    @Test func waysToTrain() throws {
        let heavyBall = try Schedule(learningRate: 1e-3, momentum: 0.9)
        let rows: [(width: Int, depth: Int, points: Int, members: Int, steps: Int)] = [
            (64, 2, 1, 256, 400), (64, 2, 16, 256, 100), (128, 3, 1, 64, 200), (512, 2, 20, 64, 10), (128, 2, 20, 256, 30),
            (512, 2, 1, 16, 300), (2048, 2, 1, 1, 200), (2048, 2, 16, 1, 60),
        ]
        for row in rows {
            let ensemble = try ensemble(width: row.width, depth: row.depth, points: row.points, members: row.members, heavyBall)
            var ways: [(name: String, engine: OpenCLEngine)] = [("the default", try TestEngine.make(.float32))]
            for method in TrainingMethod.allCases {
                ways.append((method.rawValue, try TestEngine.make(.float32, trainingMethod: method)))
                guard row.points == 1, method == .rows else { continue }
                ways.append(
                    (
                        "\(method.rawValue) without kept steps",
                        try TestEngine.make(.float32, trainingMethod: method, choice: KernelChoice(keptShare: 0))
                    ))
            }
            try rounds(ways, ensemble, steps: row.steps, "\(row.members) x \(row.width), \(row.depth) hidden, N \(row.points)")
        }
    }

    @Test func adam() throws {
        let schedule = try Schedule(.adam, values: [[1e-3], [0.9], [0.999], [1e-8]])
        let ensemble = try ensemble(width: 64, depth: 2, points: 16, members: 256, schedule)
        try rounds([("the default", try TestEngine.make(.float32))], ensemble, steps: 100, "adam, 256 x 64, 2 hidden, N 16")
    }

    /// What other friction costs: a member-step of every optimiser beside heavy ball.
    @Test func optimisers() throws {
        let schedules: [(String, Schedule)] = [
            ("heavy-ball", try Schedule(learningRate: 1e-3, momentum: 0.9)),
            ("friedmann", try Schedule(.friedmann, values: [[1e-3], [1], [0], [1]])),
            ("fluid", try Schedule(.fluid, values: [[1e-3], [0], [0]])), ("nesterov", try Schedule(.nesterov, values: [[1e-3]])),
            ("adam", try Schedule(.adam, values: [[1e-3], [0.9], [0.999], [1e-8]])),
        ]
        let engine = try TestEngine.make(.float32)
        for (width, points, members, steps) in [(64, 1, 256, 400), (64, 16, 256, 100), (512, 1, 16, 300), (512, 16, 16, 40)] {
            try rounds(
                schedules.map { ($0.0, engine, try ensemble(width: width, depth: 2, points: points, members: members, $0.1)) },
                steps: steps,
                "\(members) x \(width), 2 hidden, N \(points)")
        }
    }
}
