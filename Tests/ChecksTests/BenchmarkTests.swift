import Checks
import Compute
import Engines
import Foundation
import OpenCL
import Testing

@Suite struct BenchmarkTests {
    static let tiny = BenchmarkProblem(width: 9, depth: 2, points: 3, members: 2, outputs: 2, inputs: 2, steps: 3)

    private func engine(_ precision: Precision, fusesTraining: Bool = true) throws -> OpenCLEngine {
        let device = try #require(try Device.select("opencl", environment: [:]))
        return try OpenCLEngine(
            context: Context(device: device), precision: precision, trainingMethod: fusesTraining ? nil : .layers, tuning: .portable)
    }

    @Test(arguments: Precision.allCases, [true, false])
    func everyStageIsTimedOnTheDevice(precision: Precision, fusesTraining: Bool) throws {
        let engine = try engine(precision, fusesTraining: fusesTraining)
        let ceiling = DeviceCeiling(float32Rate: 1e11, float64Rate: 5e10, bandwidth: 1e10)
        let measured = try KernelBenchmark(engine).measure(Self.tiny, repeats: 2, ceiling: ceiling)
        #expect(measured.map(\.stage) == BenchmarkStage.networks)
        for stage in measured {
            // A kernel whose name no launch bears would take the least time that the clock tells.
            #expect(stage.minimumSeconds > 1e-9, "\(stage.stage)")
            #expect(stage.medianSeconds >= stage.minimumSeconds)
            #expect(stage.device == engine.context.device.name)
            #expect((stage.hostMedianSeconds != nil) == (stage.stage.kernels == nil))
            // It is of runs of its own, which may be faster than those that are timed on the device.
            if let host = stage.hostMedianSeconds { #expect(host > 0 && stage.hostMinimumSeconds ?? .infinity <= host, "\(stage.stage)") }
        }
        // A stage takes as long as its kernels at least. Both numbers come from the same two runs, of which the median is the mean.
        func seconds(_ stage: BenchmarkStage) -> Double { measured.first { $0.stage == stage }?.medianSeconds ?? .nan }
        #expect(seconds(.ntk) >= seconds(.tangent) * (1 - 1e-12))
        let launches = try engine.context.profile { try KernelBenchmark(engine).run(.tangentKernel, Self.tiny) }
        let parts = [BenchmarkStage.forward, .backward, .tangent].map { $0.seconds(launches) }
        #expect(parts.allSatisfy { $0 > 0 } && BenchmarkStage.ntk.seconds(launches) >= parts.reduce(0, +) * (1 - 1e-12))
        guard !fusesTraining else { return }
        // Those of a training are timed in other runs than the training itself, so these are asked of one.
        let training = try engine.context.profile { try KernelBenchmark(engine).run(.layeredTraining, Self.tiny) }
        let kernels = [BenchmarkStage.update, .loss].map { $0.seconds(training) }
        #expect(kernels.allSatisfy { $0 > 0 } && BenchmarkStage.train.seconds(training) >= kernels.reduce(0, +) * (1 - 1e-12))
    }

    @Test func ceilingsAreMeasured() throws {
        let engine = try engine(.float32), ceiling = try engine.measureCeiling(repeats: 1)
        // One scalar operation, and one byte, in ten nanoseconds: what is slower was not measured but lost.
        #expect(ceiling.float32Rate > 1e8)
        #expect(ceiling.bandwidth > 1e8)
        let several = try engine.measureCeiling(repeats: 3)
        #expect((1e7...several.float32Rate).contains(several.typicalFloat32Rate))
        #expect((1e7...several.bandwidth).contains(several.typicalBandwidth))
        #expect((ceiling.float64Rate != nil) == engine.context.device.supportsDouble)
    }

    @Test func profileHoldsEveryLaunchInItsOrder() throws {
        let engine = try engine(.float32), before = engine.context.counters.launches
        let launches = try engine.context.profile { try KernelBenchmark(engine).run(.tangentKernel, Self.tiny) }
        #expect(launches.count == engine.context.counters.launches - before)
        // Weights and biases of three layers, three layers forward, then from the outputs down the sensitivities of each layer and two
        // Gram matrices, of inputs and of sensitivities: with two outputs a point they differ in size.
        let expected = [
            ("initial_weights", 6), ("forward", 3), ("unit_sensitivities", 1), ("tangent", 2), ("backward", 1), ("tangent", 2),
            ("backward", 1), ("tangent", 2),
        ]
        #expect(launches.map(\.kernel) == expected.flatMap { Array(repeating: $0.0, count: $0.1) })
        for (a, b) in zip(launches, launches.dropFirst()) { #expect(a.nanoseconds.upperBound <= b.nanoseconds.lowerBound) }
        #expect(try engine.context.profile {}.isEmpty)
    }

    /// Two batches: kernels at 10–12 and 15–20 ns, then after the weights of the second batch at 40–41 ns.
    @Test func timesOfLaunchesAddUp() {
        let launches = [
            LaunchTime(kernel: "initial_weights", nanoseconds: 0..<10),
            LaunchTime(kernel: "forward", nanoseconds: 10..<12),
            LaunchTime(kernel: "tangent", nanoseconds: 15..<20),
            LaunchTime(kernel: "initial_weights", nanoseconds: 30..<37),
            LaunchTime(kernel: "forward", nanoseconds: 40..<41),
        ]
        func nanoseconds(_ stage: BenchmarkStage) -> Double { (stage.seconds(launches) * 1e9).rounded() }
        #expect(nanoseconds(.weights) == 17)
        #expect(nanoseconds(.forward) == 3)
        #expect(nanoseconds(.tangent) == 5)
        #expect(nanoseconds(.loss) == 0)
        #expect(nanoseconds(.ntk) == 11)
    }

    /// Of one step of a training by layers with three layers: forward, loss, backward and update down, forward and loss.
    @Test func launchesAreListed() throws {
        let engine = try engine(.float32, fusesTraining: false)
        let launches = try KernelBenchmark(engine).launches(Self.tiny, [.train, .loss], repeats: 3)
        let forward = ["forward", "forward", "forward", "loss"]
        #expect(launches.map(\.kernel) == forward + ["backward", "update", "backward", "update", "update"] + forward)
        #expect(launches.allSatisfy { $0.stage.name == "train" && $0.medianSeconds > 0 })
        // A work-item for each member.
        #expect(launches[3].global == [2] || launches[3].global[1...].allSatisfy { $0 == 1 })
        #expect(launches.allSatisfy { $0.groups == zip($0.global, $0.local).reduce(1) { $0 * ($1.0 / $1.1) } })
        #expect(try KernelBenchmark(engine).launches(Self.tiny, [.gemm], repeats: 1).isEmpty)
    }

    /// 3, 9 and 5 ns, without the weights; a repeat with another launch does not count.
    @Test func mediansOfLaunches() {
        func repeated(_ end: UInt64) -> [LaunchTime] {
            [
                LaunchTime(kernel: "initial_weights", nanoseconds: 0..<1),
                LaunchTime(kernel: "forward", nanoseconds: 10..<10 + end, global: [12, 4], local: [3, 2]),
            ]
        }
        let more = repeated(99) + repeated(99)
        let launches = BenchmarkLaunch.medians([repeated(3), repeated(9), more, repeated(5)], of: .ntk)
        #expect(launches.map(\.kernel) == ["forward"] && launches[0].groups == 8)
        #expect(abs(launches[0].medianSeconds - 5e-9) < 1e-20)
    }

    @Test func measurementIsTheMedianBesideTheFloor() {
        let ceiling = DeviceCeiling(float32Rate: 100, float64Rate: nil, bandwidth: 10)
        let cost = BenchmarkCost(float32Operations: 300, bytes: 10, items: 12)
        let odd = BenchmarkMeasurement(stage: .train, cost: cost, seconds: [9, 4, 6], ceiling: ceiling, device: "d")
        #expect(odd.medianSeconds == 6 && odd.minimumSeconds == 4 && odd.rate == 2)
        #expect(odd.floorSeconds == 3 && odd.fractionOfFloor == 0.5)
        let even = BenchmarkMeasurement(stage: .train, cost: cost, seconds: [9, 4, 6, 5], ceiling: ceiling, device: "d")
        #expect(even.medianSeconds == 5.5)
        #expect(even.hostMedianSeconds == nil)
        let host = BenchmarkMeasurement(stage: .train, cost: cost, seconds: [4], hostSeconds: [7, 5, 9], ceiling: ceiling, device: "d")
        #expect(host.hostMedianSeconds == 7 && host.hostMinimumSeconds == 5 && host.rate == 3)
    }

    @Test func keysOfTheJSONAreThoseThatScriptsRead() throws {
        let ceiling = DeviceCeiling(float32Rate: 100, float64Rate: nil, bandwidth: 10)
        let cost = BenchmarkCost(float32Operations: 300, bytes: 10, items: 12)
        let one = BenchmarkMeasurement(stage: .ntk, cost: cost, seconds: [4], ceiling: ceiling, device: "d")
        let object = try JSONSerialization.jsonObject(with: JSONEncoder().encode(one)) as? [String: Any]
        let keys = [
            "stage", "unit", "flops", "bytes", "peak", "bandwidth", "median_s", "min_s", "rate", "floor_s", "fraction_of_floor", "device",
        ]
        #expect(object.map { Set($0.keys) } == Set(keys))
        #expect(object?["stage"] as? String == "ntk")
        #expect(object?["fraction_of_floor"] as? Double == 0.75)
        let timed = BenchmarkMeasurement(stage: .ntk, cost: cost, seconds: [4], hostSeconds: [5], ceiling: ceiling, device: "d")
        let both = try JSONSerialization.jsonObject(with: JSONEncoder().encode(timed)) as? [String: Any]
        #expect(both.map { Set($0.keys) } == Set(keys + ["host_median_s", "host_min_s"]))
    }

    @Test func whatCannotBeTimedIsRefused() throws {
        #expect(throws: KernelBenchmark.Failure.noKernels(engine: "reference")) { try KernelBenchmark(ReferenceEngine()) }
        let message = "\(KernelBenchmark.Failure.noKernels(engine: "reference"))"
        #expect(message.contains("--device") && message.contains("reference"))
        let benchmark = try KernelBenchmark(engine(.float32))
        #expect(throws: KernelBenchmark.Failure.self) { try benchmark.measure(Self.tiny, repeats: 0) }
        #expect(throws: KernelBenchmark.Failure.self) { try benchmark.measure(Self.tiny, [], repeats: 1) }
        let foreign = BenchmarkStage("square", kernels: nil, unit: "numbers/s")
        #expect(throws: KernelBenchmark.Failure.nothingToDo("the stage 'square' is of no family of kernels")) {
            try benchmark.measure(Self.tiny, [foreign], repeats: 1)
        }
        var empty = Self.tiny
        empty.points = 0
        #expect(throws: (any Error).self) { try benchmark.measure(empty, repeats: 1) }
    }
}
