import OpenCL

/// Where ensembles are trained: an OpenCL device, or the host with the kernels' twins.
public struct LearningDevice: Sendable {
    /// Where kernels are launched; nil for the host.
    public let context: Context?
    /// Networks of a work-item: 16 on a CPU, 1 on a GPU, whose work-items then form groups. Default: the device's.
    package var vectorWidth: Int?
    /// Heard between two pieces of work, with what comes next; throws to stop.
    public let proceed: @Sendable (_ next: String) throws -> Void

    /// Networks of a work-item there.
    func lanes(of context: Context) -> Int { vectorWidth ?? (context.device.kind == .cpu ? 16 : 1) }

    /// A device.
    /// - Parameters:
    ///   - context: nil for the host.
    ///   - proceed: Default: goes on.
    public init(_ context: Context?, proceed: @escaping @Sendable (_ next: String) throws -> Void = { _ in }) {
        self.context = context
        self.proceed = proceed
    }
}
