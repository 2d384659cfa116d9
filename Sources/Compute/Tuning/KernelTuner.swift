import OpenCL

/// Finds the parameters of kernels that are fastest on a device.
public struct KernelTuner: Sendable {
    /// Where kernels are built and run.
    public let context: Context
    /// Their arithmetic.
    public let precision: Precision

    /// Those whose kernels it can tune.
    private let families: [any KernelFamily]

    /// A tuner.
    /// - Parameters:
    ///   - families: those whose kernels it can tune.
    ///   - context: one without a program cache keeps the user's free of variants that will never be used.
    public init(_ families: [any KernelFamily], context: Context, precision: Precision) {
        self.families = families
        self.context = context
        self.precision = precision
    }

    /// The values of a kernel's parameters that a search goes through; empty where the device does not use the kernel.
    public func axes(of kernel: TunableKernel) -> [TuningAxis] { kernel.axes(on: context.device.kind) }

    /// Searches one kernel's parameters.
    /// - Parameters:
    ///   - seconds: how long it may take (``TuningSearch``), the compilation of variants included.
    ///   - start: values to begin with, such as those that an earlier search found. Default: the portable ones.
    ///   - proceed: called between measurements; throws to stop.
    ///   - progress: called before a variant with the number of those before it, and of those that one pass has.
    /// - Throws: errors of the device and of `proceed`.
    public func tune(
        _ kernel: TunableKernel, seconds: Double, from start: [String: Int]? = nil, proceed: @escaping () throws -> Void = {},
        progress: @escaping (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) throws -> TuningOutcome {
        let axes = axes(of: kernel), names = Set(axes.map(\.name))
        let portable = TuningTable.portableValues(of: kernel, on: context.device)
        var unused = TuningOutcome(kernel, portable: portable.filter { names.contains($0.key) })
        unused.verdict = .unused
        unused.isComplete = true
        unused.message = "\(context.device.name) does not use it"
        guard !axes.isEmpty, let family = families.first(where: { $0.tunables.contains(kernel) }) else { return unused }
        let subject = try family.subject(kernel, context: context, precision: precision)
        guard try subject.isUsed() else { return unused }
        let search = TuningSearch(
            kernel, axes: axes, portable: portable, subject: subject, budget: seconds, proceed: proceed, progress: progress)
        // What an earlier version stored may name fewer parameters.
        return try search.run(from: start.map { portable.merging($0) { $1 } })
    }
}
