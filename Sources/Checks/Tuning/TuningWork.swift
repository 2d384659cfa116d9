import Compute
import Engines
import Networks
import OpenCL

/// Work in which a kernel is checked and timed while its parameters are searched.
struct TuningWork {
    /// What the engine computes.
    let job: Job
    /// How the engine takes the steps of a training.
    let method: TrainingMethod
    /// What the check of accuracy compares.
    let quantity: Check.Quantity
    /// The networks that are timed: a wide one with many points, and several narrower ones with fewer.
    let shapes: [BenchmarkProblem]

    /// Several panels and blocks of every kernel, with a rest in each, in a size that the reference computes at once. The activation and
    /// the loss are those of the timed networks, panels go by two and one member has momentum, so that both use the same programs.
    func check() throws -> Check {
        let isTraining = quantity == .training, width = !isTraining ? 150 : method == .members ? 64 : 70
        let architecture = try Architecture(inputs: 8, widths: [width, width], outputs: 1, activation: .erf)
        return Check(
            Problem(architecture, points: isTraining ? 19 : 70, members: isTraining ? 2 : 1, sharesInputs: true, steps: 3, seed: 11),
            quantity)
    }

    /// Shapes of other panels and tiles, several outputs among them. Activations have no part in the tiles, so few programs are enough.
    func furtherChecks() throws -> [Check] {
        (try CheckCatalogue.odd().prefix(1) + CheckCatalogue.typical()).map { Check($0, quantity) }
    }

    init(_ kernel: TunableKernel, on kind: Device.Kind) {
        let isCPU = kind == .cpu
        func problem(_ width: Int, _ points: Int, _ members: Int, steps: Int = 4) -> BenchmarkProblem {
            BenchmarkProblem(width: width, depth: 2, points: points, members: members, steps: steps, activation: .erf)
        }
        switch kernel {
        case .update:
            (job, method, quantity) = (Job(training: .init(steps: 4)), .layers, .training)
            shapes = isCPU ? [problem(1024, 32, 1), problem(256, 64, 4)] : [problem(4096, 16, 1), problem(512, 64, 16)]
        case .train:
            (job, method, quantity) = (Job(training: .init(steps: 40)), .members, .training)
            shapes = [problem(64, 16, 32, steps: 40), problem(128, 6, 16, steps: 40)]
        default:
            (job, method, quantity) = (Job(outputs: false, tangentKernel: .gram), .members, .kernelByGram)
            shapes = isCPU ? [problem(768, 256, 1), problem(256, 64, 8)] : [problem(4096, 512, 1), problem(512, 64, 32)]
        }
    }

    /// How far two variants of a kernel may be apart on the timed networks: each is off by 4 (2 L + 2) √n u of the size of its results,
    /// times 1 + √K after K steps (Documentation/Benchmarks.md derives that), and the two have independent roundings.
    static func tolerance(_ problem: BenchmarkProblem, steps: Int?, _ precision: Precision) -> Double {
        let layers = Double(problem.depth + 1), units = Double(max(problem.width, problem.inputs))
        let one = 4 * (2 * layers + 2) * units.squareRoot() * precision.unitRoundoff * (steps.map { 1 + Double($0).squareRoot() } ?? 1)
        return 2.0.squareRoot() * one
    }
}
