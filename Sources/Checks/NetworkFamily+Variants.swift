import Compute
import Engines
import Networks
import OpenCL

extension NetworkFamily {
    /// What engines do with other networks: small ones are trained member by member, step by step, and these in the ways of larger ones;
    /// on a GPU work-groups share products of wide layers, and tensor cores take them where `inflaton tune` found them faster.
    static func variants(of engine: OpenCLEngine) throws -> [() -> CheckResult] {
        let precision = engine.description.precision
        let architecture = try Architecture(inputs: 2, widths: [33, 17], outputs: 2, activation: .erf)
        let few = Problem(architecture, points: 3, members: 2, steps: 8, seed: 5)
        // Of three momenta 0.5 keeps steps, 64 or 128 of them, and adds the first to its matrices before the end.
        let one = Problem(architecture, points: 1, members: 3, steps: 135, seed: 5)
        let ways: [(name: String, Problem, TrainingMethod, KernelChoice)] = [
            ("by layers", few, .layers, KernelChoice()), ("by rows", few, .rows, KernelChoice()),
            ("by rows with steps kept", one, .rows, KernelChoice(keptShare: 8)),
        ]
        var checks = ways.map { name, problem, method, choice in
            check(name, Check(problem, .training), precision) { try engine.with(trainingMethod: method, choice: choice) }
        }
        let device = engine.context.device
        guard device.kind != .cpu else { return checks }
        let even = try Architecture(inputs: 2, widths: [33, 33], outputs: 2, activation: .erf)
        checks.append(
            check("in registers", Check(Problem(even, points: 3, members: 3, steps: 8), .training), precision) {
                try engine.with(trainingMethod: .members)
            })
        // Few members are divided into small tiles, many into large ones.
        let wide = try Architecture(inputs: 40, widths: [150, 70], outputs: 1, activation: .erf)
        for members in [2, 96] {
            let kernels = Check(Problem(wide, points: 70, members: members), .kernelByGram)
            checks.append(check("by work-groups", kernels, precision) { engine })
            if device.hasTensorCores, precision == .float32 {
                checks.append(
                    check("with tensor cores", kernels, precision) { try engine.with(choice: KernelChoice(splitsProducts: true)) })
            }
        }
        return checks
    }

    /// What a device would do for nobody who does not ask: a CPU with the kernels of a GPU, and tensor cores that it has not, emulated.
    static func unasked(of engine: OpenCLEngine) throws -> [() -> CheckResult] {
        let device = engine.context.device, precision = engine.description.precision
        var checks: [() -> CheckResult] = []
        let wide = Problem(try Architecture(inputs: 3, widths: [33, 40], outputs: 1, activation: .relu), points: 17)
        if device.kind == .cpu {
            let gpu = KernelChoice(kind: .gpu)
            for problem in try CheckCatalogue.typical() {
                for quantity in [Check.Quantity.kernelByGram, .kernelByJacobian, .training] {
                    checks.append(check("with a GPU's kernels", Check(problem, quantity), precision) { try engine.with(choice: gpu) })
                }
            }
            checks.append(check("with a GPU's kernels", Check(wide, .kernelByGram), precision) { try engine.with(choice: gpu) })
        }
        if !device.hasTensorCores, precision == .float32 {
            let emulated = KernelChoice(kind: .gpu, splitsProducts: true)
            checks.append(check("with tensor cores emulated", Check(wide, .kernelByGram), precision) { try engine.with(choice: emulated) })
        }
        return checks
    }

    private static func check(
        _ name: String, _ check: Check, _ precision: Precision, on engine: @escaping () throws -> OpenCLEngine
    ) -> () -> CheckResult {
        { CheckResult(name: "\(name), \(check.name)", precision: precision) { try check.deviation(of: engine()) } }
    }
}
