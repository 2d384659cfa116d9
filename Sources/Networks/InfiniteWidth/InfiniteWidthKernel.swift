import Arrays
import Synchronization

/// The kernels of a fully connected network whose hidden layers are infinitely wide, at its random initial weights: the covariance
/// of its outputs (NNGP kernel) and its tangent kernel, which training then leaves as it is.
///
///     K_0 = σ_w² x·x′/d + σ_b²           Θ_0 = K_0
///     K_l = σ_w² E[φ(u) φ(v)] + σ_b²     Θ_l = K_l + σ_w² E[φ′(u) φ′(v)] Θ_{l−1},   (u, v) ~ N(0, K_{l−1})
///
/// for l = 1 … depth (Jacot, Gabriel & Hongler 2018; Lee et al. 2018 for K). A network without biases has σ_b = 0. Outputs are
/// independent of each other: the kernel of C outputs is δ_ij times this one.
///
/// **Standard parameterisation.** The same networks have the same K. Their tangent kernel has no limit: derivatives with respect to
/// W lack the factor σ_w/√n and those with respect to b the factor σ_b, so that
///
///     Θ_0 = x·x′ + 1,     Θ_l = n_l E[φ(u) φ(v)] + 1 + σ_w² E[φ′(u) φ′(v)] Θ_{l−1}
///
/// (the 1 only with biases) grows with the widths n_l (Sohl-Dickstein et al. 2020, arXiv:2001.07301). It is computed for the widths
/// of the architecture: the mean over initial weights for one hidden layer, up to a factor 1 + O(1/n) for more.
///
/// Closed forms are accurate to rounding for collinear and duplicated points as well; for activations without one (tanh) see
/// ``GaussianQuadrature/tolerance``.
public struct InfiniteWidthKernel: Sendable, Hashable {
    /// N.
    public let points: Int
    /// K, (N, N) in row-major order; symmetric to the last bit.
    public let nngp: [Double]
    /// Θ, (N, N) in row-major order; symmetric to the last bit.
    public let tangentKernel: [Double]

    /// The kernels of an architecture. Widths matter only in the standard parameterisation, where Θ is proportional to them.
    /// - Parameter proceed: called as the work goes on, with the pairs of points of all hidden layers that are begun and how many there are, on any
    ///   thread; what it throws ends the work. Default: nothing.
    /// - Throws: `NetworkError` for inputs of another dimension, σ that is negative or not finite, and `.leavesNumbers` for variances
    ///   or kernels that overflow or underflow, or are beyond the reach of numerical expectations.
    public init(
        architecture: Architecture, sigmaW: Double, sigmaB: Double, inputs: Inputs,
        proceed: @escaping @Sendable (_ done: Int, _ total: Int) throws -> Void = { _, _ in }
    ) throws {
        try architecture.check(inputs)
        for (name, sigma) in [("σ_w", sigmaW), ("σ_b", sigmaB)] where !(sigma >= 0 && sigma.isFinite) {
            throw NetworkError.outOfRange(
                what: name, value: "\(sigma)", limit: "zero or more, and finite", remedy: "give a standard deviation")
        }
        let begun = Atomic(0)
        let total = inputs.points.times(inputs.points.plus(1), max(1, architecture.depth)) / 2
        let count: InfiniteLayer.Proceed = { entries in
            // bounded: entries of matrices that are there
            try proceed(begun.wrappingAdd(entries, ordering: .relaxed).oldValue, total)
        }
        var layer = try InfiniteLayer(
            inputs, LayerScales(architecture, fanIn: architecture.inputs, sigmaW: sigmaW, sigmaB: sigmaB),
            // It takes next to nothing beside the expectations of the others.
            proceed: { _ in try proceed(0, total) })
        for (index, width) in architecture.widths.enumerated() {
            layer = try layer.next(
                architecture.activation.dual, LayerScales(architecture, fanIn: width, sigmaW: sigmaW, sigmaB: sigmaB),
                layer: index + 2, proceed: count)
        }
        points = inputs.points
        nngp = layer.covariance
        tangentKernel = layer.tangentKernel
    }

    /// The kernels for a depth alone, in the NTK parameterisation unless stated.
    /// - Parameters:
    ///   - depth: the number of hidden layers; 0 is a linear model.
    ///   - hasBias: whether layers have biases. Default: true.
    ///   - proceed: as of the other initialiser.
    /// - Throws: as the other initialiser; `NetworkError.outOfRange` for a depth outside of 0 to 10,000, and for the standard
    ///   parameterisation of a network with hidden layers, whose tangent kernel needs widths.
    public init(
        depth: Int, activation: Activation, hasBias: Bool = true, parameterisation: Parameterisation = .ntk, sigmaW: Double,
        sigmaB: Double, inputs: Inputs, proceed: @escaping @Sendable (_ done: Int, _ total: Int) throws -> Void = { _, _ in }
    ) throws {
        guard 0...10_000 ~= depth else {
            throw NetworkError.outOfRange(
                what: "the depth", value: "\(depth)", limit: "from 0 to 10000", remedy: "give the number of hidden layers")
        }
        guard parameterisation == .ntk || depth == 0 else {
            throw NetworkError.outOfRange(
                what: "the width in the standard parameterisation", value: "infinite",
                limit: "finite, because the tangent kernel grows in proportion to it",
                remedy: "use the ntk parameterisation, or give an architecture (a weights file) whose widths can be used")
        }
        try self.init(
            architecture: Architecture(
                inputs: inputs.dimension, widths: Array(repeating: 1, count: depth), hasBias: hasBias, activation: activation,
                parameterisation: parameterisation),
            sigmaW: sigmaW, sigmaB: sigmaB, inputs: inputs, proceed: proceed)
    }

    /// Θ of C outputs as an NC × NC matrix in row-major order, row n·C + i, the order in which engines deliver it: Θ_nm δ_ij.
    public func tangentKernel(outputs: Int) -> [Double] {
        let order = points * outputs
        var elements = Array(repeating: 0.0, count: order * order)
        for n in 0..<points {
            for m in 0..<points {
                for i in 0..<outputs { elements[(n * outputs + i) * order + m * outputs + i] = tangentKernel[n * points + m] }
            }
        }
        return elements
    }
}

/// What a layer's inputs are multiplied with, in its outputs and in its derivatives. Roots, as squares may leave the numbers of 64 bits.
struct LayerScales {
    /// σ_w and σ_b, of K; σ_b is 0 without biases.
    let weight, bias: Double
    /// The length of ∂z/∂W over √E[h²], and the squared length of ∂z/∂b: those of Θ.
    let weightSlope, biasSlope: Double

    init(_ architecture: Architecture, fanIn: Int, sigmaW: Double, sigmaB: Double) {
        weight = sigmaW
        bias = architecture.hasBias ? sigmaB : 0
        let forward = architecture.parameterisation.forwardScales(sigmaW: sigmaW, sigmaB: sigmaB, fanIn: fanIn)
        switch architecture.parameterisation {
        case .ntk: weightSlope = weight
        case .standard: weightSlope = forward.weight * Double(fanIn).squareRoot()
        }
        biasSlope = architecture.hasBias ? forward.bias * forward.bias : 0
    }
}
