import Compute
import OpenCL

/// Where ensembles are trained: an OpenCL device, or the host with the kernels' twins.
public struct LearningDevice: Sendable {
    /// Where kernels are launched; nil for the host.
    public let context: Context?
    /// Networks of a work-item: 16 on a CPU, 1 on a GPU, whose work-items then form groups. Default: the device's.
    package var vectorWidth: Int?
    /// What lattices are trained in on a device, so that a run's precision is that of its engine. Default: 32 bits.
    package var precision = Precision.float32
    /// Heard between two pieces of work, with what comes next; throws to stop.
    public let proceed: @Sendable (_ next: String) throws -> Void
    /// Who has ensembles that were trained already, such as a store of runs; nil where all are trained when they are asked for.
    public let source: (@Sendable (EnsembleTraining) throws -> EnsembleRecord)?
    /// Who may have processes that ran already, nil for one that did not; nil where all are computed when they are asked for.
    public let processes: (@Sendable (LearningProcess) throws -> ProcessRecord?)?

    /// Networks of a work-item there.
    func lanes(of context: Context) -> Int { vectorWidth ?? (context.device.kind == .cpu ? 16 : 1) }

    /// Bytes of the device's memory; nil for the host.
    public var memoryBytes: Int? { context?.device.globalMemoryBytes }

    /// A device.
    /// - Parameters:
    ///   - context: nil for the host.
    ///   - source: who has ensembles that were trained already. Default: nobody.
    ///   - processes: who may have other processes that ran already. Default: nobody.
    ///   - proceed: Default: goes on.
    public init(
        _ context: Context?, source: (@Sendable (EnsembleTraining) throws -> EnsembleRecord)? = nil,
        processes: (@Sendable (LearningProcess) throws -> ProcessRecord?)? = nil,
        proceed: @escaping @Sendable (_ next: String) throws -> Void = { _ in }
    ) {
        self.context = context
        self.source = source
        self.processes = processes
        self.proceed = proceed
    }
}
