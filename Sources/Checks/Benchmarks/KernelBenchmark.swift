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
    ///   - problem: the sizes of those of networks; those of other families have sizes of their own.
    ///   - stages: Default: those of networks.
    ///   - families: whose stages they may be. Default: all.
    ///   - repeats: runs after the one that warms up.
    ///   - ceiling: what to compare with. Default: measured now.
    ///   - proceed: called between runs; throws to stop.
    /// - Throws: `Failure.nothingToDo`; `NetworkError` and `EngineError` for sizes that make no network or do not fit; errors of the device.
    public func measure(
        _ problem: BenchmarkProblem, _ stages: [BenchmarkStage] = BenchmarkStage.networks,
        of families: [any KernelFamily] = KernelFamilies.all,
        repeats: Int, ceiling: DeviceCeiling? = nil, proceed: () throws -> Void = {}
    ) throws -> [BenchmarkMeasurement] {
        guard repeats >= 1 else { throw Failure.nothingToDo("the number of repeats is \(repeats), but must be at least 1") }
        guard !stages.isEmpty else { throw Failure.nothingToDo("no stage to time was given") }
        if let foreign = stages.first(where: { stage in !families.contains { $0.stages.contains(stage) } }) {
            throw Failure.nothingToDo("the stage '\(foreign.name)' is of no family of kernels")
        }
        let work = try families.flatMap { family in
            let own = stages.filter(family.stages.contains)
            guard !own.isEmpty else { return [BenchmarkWork]() }
            return try family is NetworkFamily ? self.work(problem, own) : family.work(own, engine.kernelDevice)
        }
        let ceiling = try ceiling ?? engine.measureCeiling()
        var measured: [BenchmarkStage: BenchmarkMeasurement] = [:]
        for one in try work.flatMap({ try $0.measure(repeats: repeats, ceiling: ceiling, proceed: proceed) }) { measured[one.stage] = one }
        return stages.compactMap { measured[$0] }
    }

    /// The stages whose jobs have launches to list.
    public static let listed: [BenchmarkStage] = [.ntk, .train, .jacobian]

    /// Every launch of the jobs of some stages, without what prepares them. Of a training it is one step.
    /// - Parameters:
    ///   - stages: those that are not `listed` have none.
    ///   - repeats: runs after one that warms up, of which each launch has its median time.
    ///   - proceed: called between runs; throws to stop.
    /// - Throws: as `measure`.
    public func launches(
        _ problem: BenchmarkProblem, _ stages: [BenchmarkStage], repeats: Int, proceed: () throws -> Void = {}
    ) throws -> [BenchmarkLaunch] {
        guard repeats >= 1 else { throw Failure.nothingToDo("the number of repeats is \(repeats), but must be at least 1") }
        var single = problem
        single.steps = 1
        return try stages.filter(Self.listed.contains).flatMap { stage in
            let runs = try (0...repeats).map { _ in
                try proceed()
                return try engine.context.profile { try run(stage.work, single) }
            }
            // Weights prepare a Jacobian as well, whose stage is a kernel alone.
            let prepared = BenchmarkStage(
                stage.name, kernels: stage.kernels, preparations: BenchmarkStage.ntk.preparations, unit: stage.unit)
            return BenchmarkLaunch.medians(Array(runs.dropFirst()), of: prepared)
        }
    }

    /// The work in which stages of networks are timed.
    /// - Throws: `NetworkError` and `EngineError` for sizes that make no network or do not fit; errors of the device.
    func work(_ problem: BenchmarkProblem, _ stages: [BenchmarkStage]) throws -> [BenchmarkWork] {
        let costs = Dictionary(try stages.map { ($0, try $0.cost(problem, engine.description.precision)) }) { first, _ in first }
        return try BenchmarkStage.Work.allCases.compactMap { work in
            let timed = costs.filter { $0.key.work == work }.map { (stage: $0.key, cost: $0.value) }
            guard !timed.isEmpty else { return nil }
            let ensemble = try work.problem(problem).ensemble(), engine = try engine(for: work)
            return BenchmarkWork(timed, in: engine.context) {
                var host = Duration.zero
                try engine.run(ensemble, work.job(problem), batchTime: { host += $0 }, deliver: { _ in true })
                return host
            }
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
