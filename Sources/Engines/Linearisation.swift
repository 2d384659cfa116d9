import Arrays
import Compute
import Networks

/// A network to first order around its weights: f, df/dθ and the tangent kernel on given points.
public struct Linearisation: Sendable, Hashable {
    /// f, (N, C).
    public let outputs: NumericArray
    /// Θ.
    public let kernel: TangentKernel
    /// df_c(x_n)/dθ_p, (N, C, P) in the order of `Weights`; nil if it was not asked for.
    public let jacobian: NumericArray?

    /// What is computed.
    public struct Request: Sendable, Hashable {
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

    /// Evaluates an ensemble of one network.
    /// - Parameters:
    ///   - plan: that ``plan(_:_:on:)`` made of the same ensemble, request and engine: that it fits was checked.
    ///   - proceed: asked at each block; throws to stop the work.
    /// - Throws: `EngineError.invalidJob` for several networks; what the engine and `proceed` throw.
    public static func evaluate(
        _ ensemble: Ensemble, _ request: Request, on engine: any Engine, within plan: Plan, proceed: () throws -> Void = {}
    ) throws -> Linearisation {
        guard ensemble.members.count == 1 else {
            throw EngineError.invalidJob("\(ensemble.members.count) networks are given, but one at a time is linearised")
        }
        let results = try CollectedResults(engine, ensemble, request.job) { _ in try proceed() }
        let points = ensemble.points, outputs = ensemble.architecture.outputs, parameters = ensemble.architecture.parameterCount
        return Linearisation(
            outputs: try NumericArray(shape: [points, outputs], elements: results.outputs[0]),
            kernel: try TangentKernel(points: points, outputs: outputs, elements: results.tangentKernels[0][0] ?? []),
            jacobian: request.jacobian
                ? try NumericArray(shape: [points, outputs, parameters], elements: results.jacobians[0]) : nil)
    }
}
