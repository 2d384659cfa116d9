import Compute
import Engines
import Networks
import OpenCL

/// Checks engines: those on OpenCL devices against the reference engine, and that one against the error analysis, which computes
/// everything in its own way; all of them on what must hold for any engine.
public struct Doctor {
    private let checks: [(engine: EngineDescription, run: () -> CheckResult)]

    /// The checks of engines, each to some extent; the reference engine has one extent only.
    /// - Parameter families: whose kernels are checked on the devices of OpenCL engines. Default: all.
    /// - Throws: `NetworkError` if the catalogue is wrong; what a family throws.
    public init(_ engines: [(engine: any Engine, extent: CheckExtent)], families: [any KernelFamily] = KernelFamilies.all) throws {
        checks = try engines.flatMap { engine, extent in
            let own = try (engine as? OpenCLEngine).map { opencl in try families.flatMap { try $0.checks(opencl.kernelDevice, extent) } }
            return try (own ?? Self.checks(ofReference: engine)).map { (engine.description, $0) }
        }
    }

    public var count: Int { checks.count }

    /// Runs all checks: some seconds for each device and precision the first time, when programs are built.
    ///
    /// - Parameter heard: told of every check when it is done.
    /// - Returns: all findings. What an engine throws is in them as a failed check.
    /// - Throws: what `heard` throws, which stops the work.
    public func run(_ heard: (DoctorReport.Finding) throws -> Void = { _ in }) throws -> DoctorReport {
        var report = DoctorReport()
        for (engine, run) in checks {
            let finding = DoctorReport.Finding(engine: engine, result: run())
            report.findings.append(finding)
            try heard(finding)
        }
        return report
    }

    private static func checks(ofReference engine: any Engine) throws -> [() -> CheckResult] {
        try (CheckCatalogue.odd() + CheckCatalogue.typical()).map { problem in { analysis(of: problem, on: engine) } }
            + Invariants.all.map { invariant in { invariant.run(on: engine) } }
    }

    /// An engine against the values that the error analysis carries along.
    private static func analysis(of problem: Problem, on engine: any Engine) -> CheckResult {
        CheckResult(name: "error analysis: \(problem)", precision: engine.description.precision) {
            let ensemble = try problem.ensemble()
            return .worst(
                try TangentKernelMethod.allCases.flatMap { method in
                    let found = try CollectedResults(engine, ensemble, Job(jacobian: true, tangentKernel: method))
                    return ensemble.members.indices.flatMap { e in
                        let bounds = ErrorBounds(ensemble, member: e, precision: engine.description.precision)
                        return [
                            (found.outputs[e], bounds.outputs()), (found.jacobians[e], bounds.jacobian()),
                            (found.tangentKernels[e][0] ?? [], bounds.tangentKernel(method)),
                        ].map { values, expected in
                            // Both sides round.
                            expected.widened(by: expected.errors).compare(values)
                        }
                    }
                })
        }
    }
}
