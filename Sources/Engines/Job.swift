import Networks

/// What an engine is to compute for an ensemble, from its initial weights on.
public struct Job: Sendable, Hashable {
    /// Whether to deliver the outputs f, (N, C), at step 0.
    public var outputs: Bool
    /// Whether to deliver the per-sample Jacobian df/dθ, (N·C, P), at step 0.
    public var jacobian: Bool
    /// How tangent kernels are computed: at step 0, and at the training's ``Training/kernelSteps``. Nil for none.
    public var tangentKernel: TangentKernelMethod?
    /// The parts of the tangent kernel at step 0 that are delivered, one by one, in the place of the whole of it: for kernels between two
    /// sets of points, and for those that no memory holds. Empty for the whole. Not with a training.
    public var kernelRectangles: [KernelRectangle]
    /// Whether to deliver the weights that are left at the end.
    public var finalWeights: Bool
    /// Full-batch training, or nil.
    public var training: Training?

    /// What is computed. Default: the outputs.
    public init(
        outputs: Bool = true, jacobian: Bool = false, tangentKernel: TangentKernelMethod? = nil, finalWeights: Bool = false,
        training: Training? = nil, kernelRectangles: [KernelRectangle] = []
    ) {
        self.outputs = outputs
        self.jacobian = jacobian
        self.tangentKernel = tangentKernel
        self.finalWeights = finalWeights
        self.training = training
        self.kernelRectangles = kernelRectangles
    }

    /// Full-batch heavy ball of every member on its own loss, with its own schedule.
    public struct Training: Sendable, Hashable {
        /// K, the number of updates.
        public var steps: Int
        /// The steps, from 0 to K, at which outputs and loss are recorded; ascending.
        public var recordedSteps: [Int]
        /// The steps after 0 at which the tangent kernel is computed as well; ascending.
        public var kernelSteps: [Int]

        /// - Parameters:
        ///   - steps: K.
        ///   - recordedSteps: Default: all from 0 to K.
        ///   - kernelSteps: Default: none.
        public init(steps: Int, recordedSteps: [Int]? = nil, kernelSteps: [Int] = []) {
            self.steps = steps
            self.recordedSteps = recordedSteps ?? Array(0...max(0, steps))
            self.kernelSteps = kernelSteps
        }
    }
}

/// Two ways to the tangent kernel Θ = Σ_p ∂_p f ∂_p f that check each other.
public enum TangentKernelMethod: String, Sendable, Hashable, Codable, CaseIterable {
    /// Σ_l (α_l² H H^T + β_l²) ∘ (D D^T), layer by layer; no Jacobian is formed.
    case gram
    /// J J^T, block by block of the Jacobian.
    case jacobian
}
