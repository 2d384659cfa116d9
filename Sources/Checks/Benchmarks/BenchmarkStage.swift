import Engines

/// What a benchmark times: a kernel, by the name of its file in `Kernels/`, or a stage made of several.
public enum BenchmarkStage: String, Sendable, Hashable, Codable, CaseIterable {
    /// Drawing the initial weights.
    case weights
    /// One forward pass of all layers.
    case forward
    /// One backward pass from every output of every point.
    case backward
    /// The Gram matrices of all layers and their Hadamard products.
    case tangent
    /// The per-sample Jacobian, written to device memory.
    case jacobian
    /// Losses and their slopes at the K + 1 steps of a training layer by layer.
    case loss
    /// The K updates of a training layer by layer.
    case update
    /// A tangent kernel from given weights: forward, backward, tangent.
    case ntk
    /// A training from given weights, with all outputs recorded: many steps a launch, or forward, loss, backward and update K times,
    /// whichever the engine chooses for the problem.
    case train
    /// A matrix product (N, n)(n, n) for each member, n the width: the forward kernel on one layer without activation.
    case gemm

    /// Work of an engine in which stages are timed.
    public enum Work: Sendable, Hashable, CaseIterable {
        /// `layeredTraining` is that of an engine that launches every layer of every pass.
        case tangentKernel, jacobian, training, layeredTraining, product
    }

    /// In which work this stage is timed.
    public var work: Work {
        switch self {
        case .weights, .forward, .backward, .tangent, .ntk: .tangentKernel
        case .jacobian: .jacobian
        case .loss, .update: .layeredTraining
        case .train: .training
        case .gemm: .product
        }
    }

    /// The kernels whose times add up to the stage's; nil for a stage timed from its first kernel to its last, gaps included.
    public var kernels: Set<String>? {
        switch self {
        case .weights: ["initial_weights"]
        case .forward, .gemm: ["forward"]
        case .backward: ["backward", "unit_sensitivities"]
        case .tangent: ["tangent"]
        case .jacobian: ["jacobian"]
        case .loss: ["loss"]
        case .update: ["update"]
        case .ntk, .train: nil
        }
    }

    /// What the rate counts, for each second.
    public var unit: String {
        switch self {
        case .weights: "weights/s"
        case .forward, .backward, .tangent, .ntk, .gemm: "flop/s"
        case .jacobian, .update: "byte/s"
        case .loss: "losses/s"
        case .train: "member-steps/s"
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
