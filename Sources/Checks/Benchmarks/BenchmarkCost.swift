import Engines
import Networks

/// The operations that a stage must do and the fewest bytes that it must move, counted before anything is timed.
///
/// Every input is read once and every output written once, without padding; what an implementation adds to that is its own.
/// E members, N points, C outputs, R = NC rows, n_0 … n_L the sizes of the layers, P = Σ (n_{l−1} + 1) n_l parameters; s bytes a
/// weight, g bytes a Gram entry. Activations, and terms that are smaller by a factor of a width, are left out.
public struct BenchmarkCost: Sendable, Hashable, Codable {
    /// Operations in `float` (and of 32-bit integers), a fused multiply-add counted as two.
    public var float32Operations: Double
    /// Operations in `double`.
    public var float64Operations: Double
    /// Bytes read and written.
    public var bytes: Double
    /// Things that the stage's rate counts; see ``BenchmarkStage/unit``.
    public var items: Double

    /// A cost. Default: nothing.
    public init(float32Operations: Double = 0, float64Operations: Double = 0, bytes: Double = 0, items: Double = 0) {
        self.float32Operations = float32Operations
        self.float64Operations = float64Operations
        self.bytes = bytes
        self.items = items
    }

    public var operations: Double { float32Operations + float64Operations }

    /// The least time that a device with that ceiling takes, in seconds. Data that stays in a cache can go below where bytes decide.
    public func floor(_ ceiling: DeviceCeiling) -> Double { max(arithmeticTime(ceiling), bytes / ceiling.bandwidth) }

    /// The rate of the operations alone at the device's peak, of whichever types they are; nil without operations.
    public func peak(_ ceiling: DeviceCeiling) -> Double? { operations > 0 ? operations / arithmeticTime(ceiling) : nil }

    private func arithmeticTime(_ ceiling: DeviceCeiling) -> Double {
        float32Operations / ceiling.float32Rate
            + (float64Operations > 0 ? float64Operations / (ceiling.float64Rate ?? ceiling.float32Rate) : 0)
    }

    mutating func add(_ operations: Double, in type: Precision) {
        if type == .float64 { float64Operations += operations } else { float32Operations += operations }
    }
}

extension BenchmarkStage {
    /// The stage's cost for a problem in some precision.
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
        }
        return cost
    }
}
