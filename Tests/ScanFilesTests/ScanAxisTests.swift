import Foundation
import Networks
import Runs
import ScanFiles
import Testing

/// Ranges, draws and grids that nobody could hold.
@Suite struct ScanAxisTests {
    private func values(_ text: String) throws -> [Double] { try runs("sigmaW: \(text)").map(\.sigmaW) }

    @Test func rangesMeetTheDecimalsThatAPersonWrites() throws {
        #expect(try values("{from: 0, to: 1, count: 11}") == [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1])
        #expect(try values("{from: 0, to: 1, step: 0.1}") == [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1])
        #expect(try values("{from: 1, to: 0, step: -0.3}") == [1, 0.7, 0.4, 0.1])
        #expect(try values("{from: 0.001, to: 10, count: 5, spacing: log}") == [0.001, 0.01, 0.1, 1, 10])
        #expect(try values("{from: \"1/3\", to: \"1/3\", count: 1}") == [1.0 / 3])
        #expect(
            try runs("width: {from: 32, to: 512, count: 5, spacing: log}").map(\.architecture.widths) == [[32], [64], [128], [256], [512]])
        #expect(try runs("width: {from: 1, to: 4, count: 3}").map(\.architecture.widths) == [[1], [3], [4]])
        #expect(
            try runs("minimum: {from: -1, to: 1, step: 0.5}\nlearningRate: 1\nsteps: 1").map(\.anchors) == [[-1], [-0.5], [0], [0.5], [1]])
    }

    /// Drawn values are what they are: other numbers for another seed or key, the same ones in any file and for any count.
    @Test func drawsAreReproducible() throws {
        let draw = "{draw: uniform, from: 1, to: 3, count: 200, seed: 4}"
        let first = try values(draw)
        #expect(first == (try values(draw)))
        #expect(Set(first).count == 200 && first.allSatisfy { (1...3).contains($0) })
        // Mean 2, standard deviation of the mean 2/√12/√200 = 0.041; five of them.
        let average: Double = first.reduce(0, +) / 200
        #expect(abs(average - 2) < 0.21)
        #expect(try values("{draw: uniform, from: 1, to: 3, count: 300, seed: 4}").prefix(200) == first[...])
        #expect(try values("{draw: uniform, from: 1, to: 3, count: 200, seed: 5}") != first)
        #expect(try runs("sigmaB: \(draw)").map(\.sigmaB) != first)
        #expect(try runs("width: [2, 3]\nsigmaW: \(draw)").prefix(200).map(\.sigmaW) == first)
        let logarithmic = try values("{draw: logUniform, from: 0.01, to: 1, count: 400}")
        #expect(logarithmic.allSatisfy { (0.01...1).contains($0) })
        // Half of them below 0.1, ±5 · √400/2.
        let small = logarithmic.count { $0 < 0.1 }
        #expect(abs(small - 200) < 50)
        let normal = try runs("let x: {draw: normal, mean: 2, deviation: 0.5, count: 400}\nsigmaW: abs(x)").map(\.sigmaW)
        // 5 · 0.5/√400.
        let mean: Double = normal.reduce(0, +) / 400
        #expect(abs(mean - 2) < 0.125)
        let near = normal.count { abs($0 - 2) < 0.5 }
        #expect(abs(near - 273) < 50)
        let depths = try runs("depth: {draw: uniform, from: 0, to: 2, count: 300}").map(\.architecture.depth)
        for depth in 0...2 {
            let count = depths.count { $0 == depth }
            #expect(abs(count - 100) < 45)
        }
    }

    /// 100 points of a random search, not 100 × 100.
    @Test func samplesDrawAllKeysTogether() throws {
        let text = "sigmaW: {draw: uniform, from: 0, to: 1}\nsigmaB: {draw: logUniform, from: 0.1, to: 1}\nsamples: {count: 100, seed: 3}"
        let drawn = try runs(text)
        #expect(drawn.count == 100)
        #expect(Set(drawn.map(\.sigmaW)).count == 100 && Set(drawn.map(\.sigmaB)).count == 100)
        #expect(try runs(text + "\nwidth: [3, 4]").map(\.sigmaW) == drawn.flatMap { [$0.sigmaW, $0.sigmaW] })
        #expect(try runs(text, overrides: ["samples.seed=4"]).map(\.sigmaW) != drawn.map(\.sigmaW))
        #expect(try runs(text, overrides: ["samples=50"]).count == 50)
    }

    /// Ten million candidates are planned without being made, and the last costs what the first does.
    @Test func gridsAreLazy() throws {
        let clock = ContinuousClock()
        var file: ScanFile?
        let reading = try clock.measure {
            file = try ScanFile(
                text: """
                    sigmaW: {from: 0.5, to: 2, count: 1000}
                    learningRate: {from: 0.001, to: 0.1, count: 1000, spacing: log}
                    momentum: [0, 0.9]
                    steps: 100
                    width: 64
                    where: learningRate < 0.2
                    seed: {first: 1, count: 5, each: run}
                    """)
        }
        let scan = try #require(file)
        #expect(scan.count == 10_000_000)
        #expect(reading < .seconds(1))
        guard case .run(let last) = try scan.candidate(at: 9_999_999, known: { _ in nil }) else {
            Issue.record("no run")
            return
        }
        #expect(last.sigmaW == 2 && last.learningRate == 0.1 && last.momentum == 0.9 && last.seed == 10_000_000)
        // Time of this thread, since other tests run beside it. A candidate takes 2 µs; ten times that would be another algorithm.
        func threadTime() -> Double {
            var time = timespec()
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
            return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
        }
        let start = threadTime(), candidates = 100_000
        for index in 0..<candidates { _ = try scan.candidate(at: index * 99, known: { _ in nil }) }
        let each = (threadTime() - start) / Double(candidates)
        #expect(each < 20e-6, "\(each) s")
        if ProcessInfo.processInfo.environment["INFLATON_TIMES"] != nil { print("a candidate takes \(each) s") }
    }

    @Test func keysThatAreSpacedOrDrawnInTheirLogarithm() throws {
        let file = try ScanFile(
            text: """
                width: {from: 8, to: 64, count: 4, spacing: log}
                sigmaW: {from: 1, to: 2, count: 3}
                learningRate: {draw: logUniform, from: 0.001, to: 1, count: 5}
                momentum: {draw: uniform, from: 0, to: 0.9, count: 2}
                scale: [1, 10, 100]
                steps: 1
                """)
        #expect(file.scans[0].logarithmicKeys == ["width", "learningRate"])
        let joint = try ScanFile(
            text: "samples: 5\nsigmaW: {draw: logUniform, from: 0.1, to: 1}\nsigmaB: {draw: uniform, from: 0, to: 1}")
        #expect(joint.scans[0].logarithmicKeys == ["sigmaW"])
    }
}
