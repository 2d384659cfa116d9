import Compute
import Engines
import Networks
import OpenCL

/// The kernels of networks, checked against the reference engine and timed.
public struct NetworkFamily: KernelFamily {
    public let name = "networks"
    public let tunables = TunableKernel.networks
    public let stages = BenchmarkStage.networks

    /// The family.
    public init() {}

    /// A kernel in the engine's own jobs.
    public func subject(_ kernel: TunableKernel, context: Context, precision: Precision) throws -> any TuningSubject {
        try KernelTuningSubject(kernel, context: context, precision: precision)
    }

    /// The stages of the default problem.
    public func work(_ stages: [BenchmarkStage], _ device: KernelDevice) throws -> [BenchmarkWork] {
        try KernelBenchmark(OpenCLEngine(device)).work(BenchmarkProblem(), stages)
    }

    /// An engine's results, beside the reference engine's.
    public func checks(_ device: KernelDevice, _ extent: CheckExtent) throws -> [() -> CheckResult] {
        let engine = try OpenCLEngine(device)
        guard extent > .brief else {
            let problem = try CheckCatalogue.typical()[0]
            return Check.Quantity.allCases.map { Check(problem, $0) }.map { check in { check.run(on: engine) } }
        }
        return try CheckCatalogue.checks().map { check in { check.run(on: engine) } }
            + Activation.all.map { activation in { ActivationCheck(activation).run(on: engine) } }
            + Self.variants(of: engine) + (extent == .all ? Self.unasked(of: engine) : [])
            + Invariants.all.map { invariant in { invariant.run(on: engine) } }
    }
}

extension OpenCLEngine {
    /// An engine on that device, with these parameters.
    /// - Throws: errors of the device and of the parameters.
    convenience init(_ device: KernelDevice) throws {
        try self.init(context: device.context, precision: device.precision, tuning: device.tuning)
    }

    /// What its kernels are launched on.
    var kernelDevice: KernelDevice {
        KernelDevice(context: context, precision: description.precision, tuning: tuningState.table)
    }
}
