import Engines
import Networks
import OpenCL

/// Checks engines: those on OpenCL devices against the reference engine, and that one against the error analysis, which computes
/// everything in its own way; all of them on what must hold for any engine.
public enum Doctor {
    /// How many checks ``run(_:progress:)`` makes.
    /// - Throws: `NetworkError` if the catalogue is wrong.
    public static func checkCount(for engines: [any Engine]) throws -> Int {
        try engines.reduce(0) { try $0 + checks(for: $1).count }
    }

    /// Runs all checks: some seconds for each device and precision the first time, when programs are built.
    ///
    /// - Parameters:
    ///   - engines: what is checked.
    ///   - progress: called after every check with the number of those done.
    /// - Returns: all findings. What an engine throws is in them as a failed check.
    /// - Throws: `NetworkError` if the catalogue is wrong, and what `progress` throws, which stops the work.
    public static func run(_ engines: [any Engine], progress: (_ done: Int) throws -> Void = { _ in }) throws -> DoctorReport {
        var report = DoctorReport()
        for engine in engines {
            for check in try checks(for: engine) {
                report.findings.append(DoctorReport.Finding(engine: engine.description, result: check(engine)))
                try progress(report.findings.count)
            }
        }
        return report
    }

    private static func checks(for engine: any Engine) throws -> [(any Engine) -> CheckResult] {
        let compared: [(any Engine) -> CheckResult] =
            engine is ReferenceEngine
            ? try (CheckCatalogue.odd() + CheckCatalogue.typical()).map { problem in { analysis(of: problem, on: $0) } }
            : try CheckCatalogue.checks().map { check in { check.run(on: $0) } }
                + Activation.all.map { activation in { ActivationCheck(activation).run(on: $0) } }
        return try compared + variants(of: engine) + Invariants.all.map { invariant in { invariant.run(on: $0) } }
    }

    /// What engines do with other networks or devices: small networks are trained member by member, step by step, and these in the ways of
    /// larger ones; tensor cores take products where `inflaton tune` found them faster.
    private static func variants(of engine: any Engine) throws -> [(any Engine) -> CheckResult] {
        guard let engine = engine as? OpenCLEngine else { return [] }
        let architecture = try Architecture(inputs: 2, widths: [33, 17], outputs: 2, activation: .erf)
        let few = Problem(architecture, points: 3, members: 2, steps: 8, seed: 5)
        // Of three momenta 0.5 keeps steps, 64 or 128 of them, and adds the first to its matrices before the end.
        let one = Problem(architecture, points: 1, members: 3, steps: 135, seed: 5)
        let ways: [(name: String, Problem, TrainingMethod, KernelChoice)] = [
            ("by layers", few, .layers, KernelChoice()), ("by rows", few, .rows, KernelChoice()),
            ("with steps kept", one, .members, KernelChoice(keptShare: 8)),
        ]
        func check(_ name: String, _ check: Check, on engine: @escaping () throws -> OpenCLEngine) -> (any Engine) -> CheckResult {
            { tested in
                CheckResult(name: "\(name), \(check.name)", precision: tested.description.precision) {
                    try check.deviation(of: engine())
                }
            }
        }
        var checks = ways.map { name, problem, method, choice in
            check(name, Check(problem, .training)) { try engine.with(trainingMethod: method, choice: choice) }
        }
        let device = engine.context.device
        guard device.kind != .cpu else { return checks }
        // Few members are divided into small tiles, many into large ones.
        let wide = try Architecture(inputs: 40, widths: [150, 70], outputs: 1, activation: .erf)
        for members in [2, 96] {
            let kernels = Check(Problem(wide, points: 70, members: members), .kernelByGram)
            checks.append(check("by work-groups", kernels) { engine })
            if device.hasTensorCores, engine.description.precision == .float32 {
                checks.append(check("with tensor cores", kernels) { try engine.with(choice: KernelChoice(splitsProducts: true)) })
            }
        }
        return checks
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
