import Checks
import Engines
import Networks
import OpenCL
import Testing

/// The last hidden matrix taken forward and back in one launch, beside a launch for every layer of every pass: the same to the last bit.
@Suite struct TurnTests {
    /// Widths below and above a vector and a tile, the wider layer below and above; one panel of points to three, partly filled.
    static let shapes: [(widths: [Int], points: Int, activation: Activation)] = [
        ([9, 17], 3, .erf), ([40, 25], 16, .relu), ([33, 70, 50], 5, .gelu), ([64, 64], 1, .tanh), ([31, 100], 20, .erf),
    ]

    private func launches(_ engine: OpenCLEngine, _ ensemble: Ensemble, _ job: Job) throws -> (CollectedResults, [String]) {
        var results: CollectedResults?
        let names = try engine.context.profile { results = try CollectedResults(engine, ensemble, job) }.map(\.kernel)
        return (try #require(results), names)
    }

    @Test(arguments: TestEngine.openCL, shapes.indices)
    func bothWaysGiveTheSameBits(_ kind: TestEngine, _ index: Int) throws {
        let (widths, points, activation) = Self.shapes[index]
        let architecture = try Architecture(inputs: 3, widths: widths, outputs: 1, activation: activation)
        let ensemble = try Problem(architecture, points: points, members: 3, steps: 2, seed: 5).ensemble()
        let job = Job(tangentKernel: .gram, training: Job.Training(steps: 2, kernelSteps: [1, 2]))
        // The engines of the kinds of devices that take both ways, whatever device the tests run on.
        let cpu = KernelChoice(kind: .cpu), apart = KernelChoice(kind: .cpu, separatesPasses: true)
        let (turned, names) = try launches(TestEngine.make(kind.precision, choice: cpu), ensemble, job)
        let (separate, others) = try launches(TestEngine.make(kind.precision, choice: apart), ensemble, job)
        // At the start, and at both steps.
        #expect(names.filter { $0 == "turn_panels" }.count == 3)
        #expect(!others.contains("turn_panels"))
        #expect(identical(turned, separate))
        // Alone as in the ensemble.
        let one = try Ensemble(architecture: architecture, members: [ensemble.members[1]], inputs: [ensemble.inputs[1]])
        let alone = try launches(TestEngine.make(kind.precision, choice: cpu), one, job).0
        #expect(alone.tangentKernels.first?.count == 3)
        for (step, values) in alone.tangentKernels[0] { #expect(identical(values, turned.tangentKernels[1][step] ?? [])) }
    }

    /// Where it does not pay: more panels, which share copied weights; several outputs; one hidden layer; a matrix of 4 MB.
    @Test(arguments: [([20, 20], 70, 1), ([20, 20], 4, 2), ([20], 4, 1), ([1000, 1000], 2, 1)])
    func otherNetworksTakeALaunchForEveryLayer(_ widths: [Int], _ points: Int, _ outputs: Int) throws {
        let architecture = try Architecture(inputs: 3, widths: widths, outputs: outputs, activation: .relu)
        let ensemble = try Problem(architecture, points: points, members: 1).ensemble()
        let engine = try TestEngine.make(.float32, choice: KernelChoice(kind: .cpu))
        let names = try launches(engine, ensemble, Job(tangentKernel: .gram)).1
        #expect(!names.contains("turn_panels") && names.contains("backward_panels"))
    }
}
