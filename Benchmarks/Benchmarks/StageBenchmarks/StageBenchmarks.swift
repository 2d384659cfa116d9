import Benchmark
import Checks
import Compute
import Engines
import OpenCL

// Launches and bytes moved of the engine's work, which depend on no clock and no load: thresholds on them hold on every machine with
// an OpenCL device of the same kind (those checked in are a CPU's). Times are for `inflaton bench`.
let benchmarks: @Sendable () -> Void = {
    let launches = BenchmarkMetric.custom("launches", polarity: .prefersSmaller, useScalingFactor: false)
    let toDevice = BenchmarkMetric.custom("bytes to device", polarity: .prefersSmaller, useScalingFactor: false)
    let fromDevice = BenchmarkMetric.custom("bytes from device", polarity: .prefersSmaller, useScalingFactor: false)

    func add(_ name: String, _ work: BenchmarkStage.Work, _ problem: BenchmarkProblem) {
        Benchmark(
            name,
            configuration: .init(
                metrics: [launches, toDevice, fromDevice], timeUnits: .milliseconds, warmupIterations: 0, maxDuration: .seconds(5),
                maxIterations: 3)
        ) { benchmark in
            let engine = try EngineChoice.select("opencl", precision: .float32, environment: ["INFLATON_TUNING": "portable"]).engine
            let kernels = try KernelBenchmark(engine)
            let before = kernels.engine.context.counters
            for _ in benchmark.scaledIterations { try kernels.run(work, problem) }
            let after = kernels.engine.context.counters
            benchmark.measurement(launches, after.launches - before.launches)
            benchmark.measurement(toDevice, after.bytesToDevice - before.bytesToDevice)
            benchmark.measurement(fromDevice, after.bytesFromDevice - before.bytesFromDevice)
        }
    }

    add("tangent kernel", .tangentKernel, BenchmarkProblem(width: 256, points: 32, members: 4))
    add("tangent kernel, 3 outputs", .tangentKernel, BenchmarkProblem(width: 64, points: 16, members: 4, outputs: 3))
    add("jacobian", .jacobian, BenchmarkProblem(width: 64, points: 16, members: 4))
    add("training", .training, BenchmarkProblem(width: 64, points: 1, members: 16, steps: 100))
    add("training, 16 points", .training, BenchmarkProblem(width: 64, points: 16, members: 16, steps: 100))
}
