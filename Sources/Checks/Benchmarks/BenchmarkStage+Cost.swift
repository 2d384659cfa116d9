import Compute
import Engines
import Networks

extension BenchmarkStage {
    /// The cost of a stage of networks for a problem in some precision.
    ///
    /// E members, N points, C outputs, R = NC rows, n_0 … n_L the sizes of the layers, P = Σ (n_{l−1} + 1) n_l parameters; s bytes a
    /// weight, g bytes a Gram entry. Activations, and terms that are smaller by a factor of a width, are left out.
    /// - Throws: `NetworkError` for sizes that make no network.
    public func cost(_ problem: BenchmarkProblem, _ precision: Precision) throws -> BenchmarkCost {
        let problem = work.problem(problem)
        let layers = try problem.architecture().layers
        let sizes = BenchmarkSizes(problem, precision)
        var cost = BenchmarkCost()
        switch self {
        case .weights: sizes.addWeights(layers, to: &cost)
        case .forward, .gemm:
            for layer in layers { sizes.addForward(layer, last: layer.index == layers.count - 1, to: &cost) }
            cost.items = cost.operations
        case .backward:
            sizes.addUnitSensitivities(to: &cost)
            for layer in layers.dropFirst() { sizes.addBackward(layer, rows: sizes.rows, to: &cost) }
            cost.items = cost.operations
        case .tangent: sizes.addTangent(layers, to: &cost)
        case .jacobian: sizes.addJacobian(layers, to: &cost)
        case .loss: sizes.addLoss(to: &cost)
        case .update: sizes.addUpdate(layers, to: &cost)
        case .ntk: sizes.addTangentKernel(layers, to: &cost)
        case .train: sizes.addTraining(layers, to: &cost)
        default: break
        }
        return cost
    }
}
