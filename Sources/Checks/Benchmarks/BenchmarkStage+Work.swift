import Compute
import Engines

extension BenchmarkStage {
    /// Work of an engine in which stages are timed.
    public enum Work: Sendable, Hashable, CaseIterable {
        /// `layeredTraining` is that of an engine that launches every layer of every pass.
        case tangentKernel, jacobian, training, layeredTraining, product
    }

    /// In which work this stage of networks is timed.
    public var work: Work {
        switch self {
        case .jacobian: .jacobian
        case .loss, .update: .layeredTraining
        case .train: .training
        case .gemm: .product
        default: .tangentKernel
        }
    }
}

extension BenchmarkStage.Work {
    /// The problem that the work takes from one with all sizes: a product's network is one layer as wide as its inputs.
    public func problem(_ problem: BenchmarkProblem) -> BenchmarkProblem {
        guard self == .product else { return problem }
        var layer = problem
        layer.inputs = problem.width
        layer.depth = 0
        layer.outputs = problem.width
        return layer
    }

    /// The engine's job.
    public func job(_ problem: BenchmarkProblem) -> Job {
        switch self {
        case .tangentKernel: Job(outputs: false, tangentKernel: .gram)
        case .jacobian: Job(outputs: false, jacobian: true)
        case .training, .layeredTraining: Job(outputs: false, training: .init(steps: problem.steps))
        // The forward pass alone.
        case .product: Job(outputs: true)
        }
    }
}
