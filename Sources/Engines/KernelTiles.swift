import Arrays
import Compute
import Networks

/// The tangent kernel Θ(x, x′) of one network between two sets of points, or of one set, in tiles: what is held at a time is a tile and the
/// layers of some points, not the kernel.
///
/// Points are taken in groups whose layers fit ``Request/memory``, and tiles are formed of pairs of groups, whose forward and backward
/// passes are repeated for each pair. Of one set only tiles below the diagonal are computed; what they hold above it is mirrored.
public struct KernelTiles: Sendable {
    /// What is wanted of the kernel.
    public struct Request: Sendable, Hashable {
        /// How elements are formed.
        public var method: TangentKernelMethod
        /// Whether Σ_c Θ_{nc,mc} stands in the place of the C × C elements of a pair of points.
        public var trace: Bool
        /// Whether only x = x′ is wanted. Only of one set.
        public var diagonal: Bool
        /// Device memory that a group of points takes, in bytes; more only where a few points or the weights need more.
        public var memory: Int
        /// Groups are not made smaller than this for the sake of the memory that weights take.
        package var fewestPoints = 512

        /// A request. Default: all elements, from Gram matrices, with groups of 512 MiB.
        public init(method: TangentKernelMethod = .gram, trace: Bool = false, diagonal: Bool = false, memory: Int = 512 << 20) {
            self.method = method
            self.trace = trace
            self.diagonal = diagonal
            self.memory = memory
        }
    }

    /// Some elements of the kernel.
    public struct Tile: Sendable {
        /// Points of the first set.
        public let rows: Range<Int>
        /// Points of the second one; nil for the diagonal.
        public let columns: Range<Int>?
        /// (rows, columns, C, C), or (rows, C, C) of the diagonal; without C of a trace.
        public let values: [Double]
    }

    /// The memory that the tiles take.
    public struct Plan: Sendable, Hashable, Codable {
        /// Device memory, in bytes; host memory for the reference engine.
        public let deviceBytes: Int
        /// Host memory beside it, in bytes.
        public let hostBytes: Int
        /// Points whose layers are held at a time.
        public let pointsAtATime: Int
    }

    let rows: Inputs
    let columns: Inputs?
    let request: Request
    let plan: Plan
    let engine: any Engine
    /// The network itself, for outputs.
    let whole: Network
    /// Networks whose kernels are added: the network, or one for each output.
    let networks: [Network]
    let networksAtATime: Int

    /// A network with its weights.
    struct Network: Sendable {
        let architecture: Architecture
        let member: Ensemble.Member
    }

    /// The most elements of a tile, and of a square on the diagonal the most points.
    static let tileElements = 1 << 23, diagonalPoints = 64

    /// Plans the tiles.
    /// - Parameters:
    ///   - ensemble: one network, with given weights, on the first set of points.
    ///   - columns: the second set; nil for the first.
    /// - Throws: `EngineError.doesNotFit`, `EngineError.invalidJob` for several networks or weights that are not given; `NetworkError` for
    ///   points of another dimension.
    public init(_ ensemble: Ensemble, and columns: Inputs?, _ request: Request, on engine: any Engine) throws {
        guard ensemble.members.count == 1, case .weights(let weights) = ensemble.members[0].source else {
            throw EngineError.invalidJob("tiles are made of the kernel of one network whose weights are given")
        }
        guard columns == nil || !request.diagonal else { throw EngineError.invalidJob("two sets of points have no diagonal") }
        if let columns { try ensemble.architecture.check(columns) }
        let member = ensemble.members[0]
        rows = ensemble.inputs[0]
        self.columns = columns
        self.request = request
        self.engine = engine
        whole = Network(architecture: ensemble.architecture, member: member)
        networks =
            request.trace && !request.diagonal && ensemble.architecture.outputs > 1
            ? try (0..<ensemble.architecture.outputs).map {
                let single = try Self.output($0, of: ensemble.architecture, weights)
                return Network(
                    architecture: single.architecture,
                    member: .init(source: .weights(single.weights), sigmaW: member.sigmaW, sigmaB: member.sigmaB))
            } : [whole]
        let architecture = networks[0].architecture, count = networks.count
        var points = rows.points.plus(columns?.points ?? 0)
        while true {
            let job = Job(
                outputs: false, tangentKernel: request.method, kernelRectangles: Self.largest(of: points, request, architecture, count))
            do {
                let found = try engine.plan(EnsembleShape(architecture: architecture, points: points, members: count, rule: nil), job)
                let all = found.fixedBytes.plus(found.bytesPerMember.times(count))
                if all <= request.memory || points <= request.fewestPoints {
                    let fitting = max(1, (request.memory - min(request.memory, found.fixedBytes)) / max(1, found.bytesPerMember))
                    let together = min(count, fitting, found.membersPerBatch)
                    networksAtATime = together
                    let tile = job.kernelRectangles.map { $0.count(outputs: architecture.outputs).times(together) }.max() ?? 0
                    let host = [
                        [4, tile], [3, points, rows.dimension], [2, rows.points.plus(columns?.points ?? 0), whole.architecture.outputs],
                    ]
                    plan = Plan(
                        deviceBytes: found.fixedBytes.plus(found.bytesPerMember.times(networksAtATime)),
                        hostBytes: HostMemory.bytes(ofDoubles: host), pointsAtATime: points)
                    break
                }
            } catch let error as EngineError {
                guard points > 2, case .doesNotFit = error else { throw error }
            }
            points = max(2, (points + 1) / 2)
        }
        try HostMemory.require(
            doubles: [[1, plan.hostBytes / 8]], for: "a tile of the tangent kernel", remedy: "use fewer points, or a host with more memory")
    }

    /// What the tiles take.
    public var memory: Plan { plan }

    /// The network whose only output is that one of a network: the kernel between the same outputs is its kernel.
    private static func output(
        _ output: Int, of architecture: Architecture, _ weights: Weights
    ) throws -> (architecture: Architecture, weights: Weights) {
        let single = try Architecture(
            inputs: architecture.inputs, widths: architecture.widths, hasBias: architecture.hasBias, activation: architecture.activation,
            parameterisation: architecture.parameterisation)
        let last = architecture.layers[architecture.depth]
        var values = Array(weights.values[..<last.offset])
        for row in 0..<last.rows { values.append(weights.values[last.offset + row * last.fanOut + output]) }
        return (single, try Weights(values, for: single))
    }

    /// Points of the rows of a tile with so many columns.
    static func height(columns: Int, _ architecture: Architecture, _ networks: Int) -> Int {
        let fitting = tileElements / columns.times(architecture.outputs, architecture.outputs.times(networks))
        // Of a set with itself the half of a tile on the diagonal is computed for nothing.
        let height = min(fitting, max(256, columns / 32))
        return height >= 64 ? height / 64 * 64 : max(1, height)
    }

    /// Rectangles that need as much memory as any of a group of points.
    private static func largest(of points: Int, _ request: Request, _ architecture: Architecture, _ networks: Int) -> [KernelRectangle] {
        if request.diagonal {
            let some = 0..<min(points, diagonalPoints)
            return [KernelRectangle(rows: some, columns: some)]
        }
        return [KernelRectangle(rows: 0..<min(points, height(columns: points, architecture, networks)), columns: 0..<points)]
    }
}
