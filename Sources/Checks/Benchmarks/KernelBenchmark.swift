import Compute
import Engines
import OpenCL

/// Times the stages of a problem on an OpenCL engine.
///
/// The kernels run in the engine's own jobs, on weights that the device draws; their times come from the driver's profiling events, and
/// those of `ntk` and `train` from the host's clock as well. A job runs once to warm up (programs, caches, clocks), then once for each
/// repeat, and every stage takes one time from every run.
public struct KernelBenchmark: Sendable {
    /// The engine whose kernels are timed.
    public let engine: OpenCLEngine

    /// Why nothing can be timed.
    public enum Failure: Error, Sendable, Equatable, CustomStringConvertible {
        /// The engine launches no kernels.
        case noKernels(engine: String)
        /// Fewer than one repeat, or no stage.
        case nothingToDo(String)

        /// One sentence with the remedy.
        public var description: String {
            switch self {
            case .noKernels(let engine):
                "the engine '\(engine)' launches no kernels that could be timed; choose an OpenCL device with --device, "
                    + "or install pocl-opencl-icd to compute on the CPU"
            case .nothingToDo(let reason): reason
            }
        }
    }

    /// A benchmark on that engine.
    /// - Throws: ``Failure/noKernels(engine:)`` for the reference engine.
    public init(_ engine: any Engine) throws(Failure) {
        guard let engine = engine as? OpenCLEngine else { throw .noKernels(engine: engine.description.name) }
        self.engine = engine
    }

    /// Times stages, in their order.
    /// - Parameters:
    ///   - stages: Default: all.
    ///   - repeats: runs after the one that warms up.
    ///   - ceiling: what to compare with. Default: measured now.
    ///   - proceed: called between runs; throws to stop.
    /// - Throws: `Failure.nothingToDo`; `NetworkError` and `EngineError` for sizes that make no network or do not fit; errors of the device.
    public func measure(
        _ problem: BenchmarkProblem, _ stages: [BenchmarkStage] = BenchmarkStage.allCases, repeats: Int, ceiling: DeviceCeiling? = nil,
        proceed: () throws -> Void = {}
    ) throws -> [BenchmarkMeasurement] {
        guard repeats >= 1 else { throw Failure.nothingToDo("the number of repeats is \(repeats), but must be at least 1") }
        guard !stages.isEmpty else { throw Failure.nothingToDo("no stage to time was given") }
        let precision = engine.description.precision, device = engine.context.device.name
        let costs = try stages.map { try $0.cost(problem, precision) }
        let ceiling = try ceiling ?? engine.measureCeiling()
        var seconds: [BenchmarkStage: [Double]] = [:], hostSeconds: [BenchmarkStage.Work: [Double]] = [:]
        for work in BenchmarkStage.Work.allCases {
            let timed = Set(stages.filter { $0.work == work })
            guard !timed.isEmpty else { continue }
            let ensemble = try work.problem(problem).ensemble(), engine = try engine(for: work)
            for index in 0...repeats {
                try proceed()
                var host = Duration.zero
                let launches = try engine.context.profile {
                    try engine.run(ensemble, work.job(problem), batchTime: { host += $0 }, deliver: { _ in true })
                }
                guard index > 0 else { continue }
                hostSeconds[work, default: []].append(host / .seconds(1))
                for stage in timed { seconds[stage, default: []].append(stage.seconds(launches)) }
            }
        }
        return zip(stages, costs).map { stage, cost in
            BenchmarkMeasurement(
                stage: stage, cost: cost, seconds: seconds[stage] ?? [],
                hostSeconds: stage.kernels == nil ? hostSeconds[stage.work] ?? [] : [], ceiling: ceiling, device: device)
        }
    }

    private func engine(for work: BenchmarkStage.Work) throws -> OpenCLEngine {
        switch work {
        case .layeredTraining: try engine.with(trainingMethod: .layers)
        default: engine
        }
    }

    /// Does the work once and drops its results.
    /// - Throws: as `measure`.
    public func run(_ work: BenchmarkStage.Work, _ problem: BenchmarkProblem) throws {
        try engine(for: work).run(work.problem(problem).ensemble(), work.job(problem)) { _ in true }
    }
}

extension BenchmarkStage {
    /// The stage's time among launches: the sum of its kernels' times, or for a stage of several kernels the time from the first to the
    /// last of each batch without the drawing of its weights.
    public func seconds(_ launches: [LaunchTime]) -> Double {
        if let kernels { return launches.filter { kernels.contains($0.kernel) }.reduce(0) { $0 + $1.seconds } }
        var total = 0.0
        var end: UInt64?
        for launch in launches {
            guard launch.kernel != "initial_weights" else {
                end = nil
                continue
            }
            let from = end ?? launch.nanoseconds.lowerBound
            if launch.nanoseconds.upperBound > from { total += Double(launch.nanoseconds.upperBound - from) * 1e-9 }
            end = launch.nanoseconds.upperBound
        }
        return total
    }
}
