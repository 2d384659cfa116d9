import Arrays
import Checks
import Compute
import Engines
import Networks
import OpenCL
import Testing

/// A record must let another program repeat the work, so the reference engine repeats it from the arrays alone.
@Suite struct BenchmarkRecordTests {
    static let problem = BenchmarkProblem(width: 7, depth: 2, points: 3, members: 2, outputs: 1, inputs: 2, steps: 5, activation: .tanh)

    @Test(arguments: [BenchmarkStage.ntk, .train]) func anotherProgramFindsTheSame(stage: BenchmarkStage) throws {
        let device = try #require(try Device.select("opencl", environment: [:]))
        let benchmark = try KernelBenchmark(OpenCLEngine(context: Context(device: device), precision: .float64, tuning: .portable))
        let record = try BenchmarkRecord(benchmark, stage, Self.problem)
        let arrays = Dictionary(uniqueKeysWithValues: record.arrays.map { ($0.name, $0.array) })
        func number(_ name: String) throws -> Double { try #require(arrays[name]).elements[0] }

        let architecture = try Self.problem.architecture()
        let members = try (0..<2).map { member in
            var values: [Double] = []
            for layer in 1...3 {
                for name in ["W\(layer)", "b\(layer)"] {
                    let array = try #require(arrays[name]), length = array.columns
                    values += array.elements[member * length..<(member + 1) * length]
                }
            }
            return Ensemble.Member(
                source: .weights(try Weights(values, for: architecture)), sigmaW: try number("sigma_w"), sigmaB: try number("sigma_b"),
                loss: try .power(scale: number("loss_scale"), minimum: number("loss_minimum")),
                schedule: try Schedule(learningRate: number("learning_rate"), momentum: number("momentum")))
        }
        let ensemble = try Ensemble(architecture: architecture, members: members, inputs: [Inputs(try #require(arrays["X"]))])
        #expect(try number("steps") == 5)
        let repeated = try CollectedResults(ReferenceEngine(), ensemble, stage.work.job(Self.problem))
        let expected = stage == .ntk ? repeated.tangentKernels.flatMap { $0[0] ?? [] } : repeated.outputs.flatMap { $0 }
        let found = try #require(arrays[stage == .ntk ? "ntk" : "outputs"])
        #expect(found.shape == (stage == .ntk ? [2, 3, 3] : [2, 6, 3, 1]))
        #expect(found.elements.count == expected.count)
        // Sums of at most 8 products in a chain of 6 layers, over 5 steps: below 8·6·5·2⁻⁵³ = 3e-14 of numbers of order 1 to 10.
        for (a, b) in zip(found.elements, expected) { #expect(abs(a - b) < 3e-13) }
        #expect(expected.contains { abs($0) > 1e-3 })
        #expect(record.texts.map(\.text) == ["tanh"])
    }

    @Test func singleKernelsKeepNothing() throws {
        let device = try #require(try Device.select("opencl", environment: [:]))
        let benchmark = try KernelBenchmark(OpenCLEngine(context: Context(device: device), precision: .float32, tuning: .portable))
        #expect(throws: KernelBenchmark.Failure.self) { try BenchmarkRecord(benchmark, .tangent, Self.problem) }
    }
}
