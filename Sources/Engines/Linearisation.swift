import Arrays
import Networks

/// A network to first order around its weights: f, df/dθ and the tangent kernel on given points.
public struct Linearisation: Sendable, Hashable {
    /// f, (N, C).
    public let outputs: NumericArray
    /// Θ.
    public let kernel: TangentKernel
    /// df_c(x_n)/dθ_p, (N, C, P) in the order of ``Weights``; nil if it was not asked for.
    public let jacobian: NumericArray?

    /// What is computed.
    public struct Request: Sendable, Hashable {
        /// How the kernel is computed.
        public var method: TangentKernelMethod
        /// Whether the Jacobian is kept.
        public var jacobian: Bool

        /// Whether the kernel's spectrum is computed from the result, which limits its order and takes more memory.
        public var spectrum: Bool

        /// A request. Default: the kernel and its spectrum, from Gram matrices.
        public init(method: TangentKernelMethod = .gram, jacobian: Bool = false, spectrum: Bool = true) {
            self.method = method
            self.jacobian = jacobian
            self.spectrum = spectrum
        }

        var job: Job { Job(jacobian: jacobian, tangentKernel: method) }
    }

    /// The memory that a request takes on the device and on the host.
    public struct Plan: Sendable, Hashable, Codable {
        /// Device memory, in bytes; host memory for the reference engine.
        public let deviceBytes: Int
        /// Host memory that the results take while they are computed and written, in bytes.
        public let hostBytes: Int
    }

    /// Checks before any work that a request fits the device and the host.
    ///
    /// On the host the kernel is held four times at the peak (as delivered, permuted, and two copies in the file being written), with its
    /// spectrum six times (beside a copy the eigenvectors, and LAPACK's workspace of two more), the Jacobian three times.
    /// - Throws: `EngineError.doesNotFit` with bytes asked, available, and what to change; `SymmetricEigenError.tooLarge`.
    public static func plan(_ ensemble: Ensemble, _ request: Request, on engine: any Engine) throws -> Plan {
        let rows = ensemble.rows, parameters = ensemble.architecture.parameterCount
        guard !request.spectrum || rows <= SymmetricEigen.largestOrder else {
            throw SymmetricEigenError.tooLarge(order: rows, limit: SymmetricEigen.largestOrder)
        }
        let kernel = [request.spectrum ? 6 : 4, rows, rows], jacobian = [3, rows, parameters]
        try HostMemory.require(
            doubles: [kernel], for: "the tangent kernel of \(rows) rows on the host",
            remedy: "use fewer points, or a host with more memory")
        if request.jacobian {
            try HostMemory.require(
                doubles: [kernel, jacobian], for: "the Jacobian of \(rows) × \(parameters) elements on the host",
                remedy: "leave --jacobian out, use fewer points, or a host with more memory")
        }
        let device = try engine.plan(ensemble.shape, request.job)
        return Plan(
            deviceBytes: device.bytesPerBatch,
            hostBytes: HostMemory.bytes(ofDoubles: request.jacobian ? [kernel, jacobian] : [kernel]))
    }

    /// Evaluates the first member of an ensemble.
    /// - Parameter proceed: asked after each block; throws to stop the work.
    /// - Throws: what `plan`, the engine and `proceed` throw.
    public static func evaluate(
        _ ensemble: Ensemble, _ request: Request = Request(), on engine: any Engine, proceed: () throws -> Void = {}
    ) throws -> Linearisation {
        _ = try plan(ensemble, request, on: engine)
        let points = ensemble.points, outputs = ensemble.architecture.outputs, parameters = ensemble.architecture.parameterCount
        var values: [Double] = []
        var kernel: [Double] = []
        var rows: [Double] = []
        if request.jacobian { rows.reserveCapacity(ensemble.rows * parameters) }
        try engine.run(ensemble, request.job) { block in
            switch block {
            case .outputs(let members, _, let block) where members.contains(0): values = Array(block.prefix(ensemble.rows))
            case .tangentKernel(let members, _, let block) where members.contains(0):
                kernel = Array(block.prefix(ensemble.rows * ensemble.rows))
            case .jacobian(0, _, let block): rows += block
            default: break
            }
            try proceed()
            return true
        }
        return Linearisation(
            outputs: try NumericArray(shape: [points, outputs], elements: values),
            kernel: try TangentKernel(points: points, outputs: outputs, elements: kernel),
            jacobian: request.jacobian ? try NumericArray(shape: [points, outputs, parameters], elements: rows) : nil)
    }
}
