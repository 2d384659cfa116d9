import Compute
import Engines
import Networks
import OpenCL

/// Checks engines: those on OpenCL devices against the reference engine, and that one against the error analysis, which computes
/// everything in its own way; all of them on what must hold for any engine.
public struct Doctor {
    /// How much of an engine is checked. Most of the time goes into compiling its kernels.
    public enum Extent: Sendable, Hashable, Comparable {
        /// One network of ordinary work: for precisions that are a device's, but not its default.
        case brief
        /// What the device does by default, with networks of every size, activation, parameterisation and loss.
        case usual
        /// Also what it would do for nobody who does not ask: a GPU's kernels on a CPU, tensor cores emulated.
        case all
    }

    private let checks: [(engine: any Engine, run: (any Engine) -> CheckResult)]

    /// The checks of engines, each to some extent; the reference engine has one extent only.
    /// - Throws: `NetworkError` if the catalogue is wrong.
    public init(_ engines: [(engine: any Engine, extent: Extent)]) throws {
        checks = try engines.flatMap { engine, extent in try Self.checks(for: engine, extent).map { (engine, $0) } }
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
            let finding = DoctorReport.Finding(engine: engine.description, result: run(engine))
            report.findings.append(finding)
            try heard(finding)
        }
        return report
    }

    private static func checks(for engine: any Engine, _ extent: Extent) throws -> [(any Engine) -> CheckResult] {
        let invariants = Invariants.all.map { invariant in { (engine: any Engine) in invariant.run(on: engine) } }
        guard let opencl = engine as? OpenCLEngine else {
            return try (CheckCatalogue.odd() + CheckCatalogue.typical()).map { problem in { analysis(of: problem, on: $0) } } + invariants
        }
        guard extent > .brief else {
            let problem = try CheckCatalogue.typical()[0]
            return Check.Quantity.allCases.map { Check(problem, $0) }.map { check in { check.run(on: $0) } }
        }
        return try CheckCatalogue.checks().map { check in { check.run(on: $0) } }
            + Activation.all.map { activation in { ActivationCheck(activation).run(on: $0) } }
            + variants(of: opencl) + (extent == .all ? unasked(of: opencl) : []) + invariants
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
