import Checks
import Engines
import Networks
import Testing

/// Networks of small integers, in which every sum of every precision is exact: all engines must agree to the last bit.
///
/// Weights are ±1 and inputs ±1 or ±2 in the standard parameterisation with relu or identity; the test makes sure that the results
/// are integers below 2^24, which float32 holds. The loss (N/2) (f − y)² has the residual f − y, learning rates are powers of two and
/// momenta 0 or 1/2, so weights stay multiples of a power of two.
@Suite struct IntegerNetworkTests {
    struct Shape: Sendable, CustomTestStringConvertible {
        let inputs: Int
        let widths: [Int]
        let outputs: Int
        let points: Int
        let bias: Bool
        var testDescription: String { "d=\(inputs) widths=\(widths) C=\(outputs) N=\(points) bias=\(bias)" }
    }

    static let cases: [(shape: Shape, activation: Activation)] = [
        (Shape(inputs: 1, widths: [], outputs: 1, points: 1, bias: true), .relu),
        (Shape(inputs: 5, widths: [], outputs: 3, points: 4, bias: true), .relu),
        (Shape(inputs: 1, widths: [1], outputs: 1, points: 1, bias: false), .identity),
        (Shape(inputs: 3, widths: [5], outputs: 2, points: 2, bias: true), .relu),
        (Shape(inputs: 2, widths: [33], outputs: 1, points: 3, bias: true), .relu),
        (Shape(inputs: 5, widths: [17], outputs: 3, points: 8, bias: true), .identity),
        (Shape(inputs: 3, widths: [7, 16], outputs: 2, points: 4, bias: false), .relu),
        (Shape(inputs: 2, widths: [5, 3, 8], outputs: 3, points: 5, bias: true), .relu),
        (Shape(inputs: 1, widths: [4, 1, 6, 2], outputs: 1, points: 4, bias: true), .identity),
    ]

    /// ±1 … ±bound.
    private func integer(_ bound: Int, _ stream: Int, _ index: Int) -> Double {
        let block = Philox.block(key: (UInt32(stream), 77), counter: (UInt32(index), 0, 0, 0))
        let absolute = 1 + Int(block.0) % bound, isPositive = block.1.isMultiple(of: 2)
        return Double(isPositive ? absolute : -absolute)
    }

    private func ensemble(_ shape: Shape, _ activation: Activation, members: Int = 6) throws -> Ensemble {
        let architecture = try Architecture(
            inputs: shape.inputs, widths: shape.widths, outputs: shape.outputs, hasBias: shape.bias, activation: activation,
            parameterisation: .standard)
        var list: [Ensemble.Member] = []
        for e in 0..<members {
            let values: [Double] = (0..<architecture.parameterCount).map { integer(1, e, $0) }
            let targets: [Double] = (0..<shape.points * shape.outputs).map { integer(2, 10 + e, $0) }
            let loss = try Loss(shape: .evenPower(2), scale: 0.5 * Double(shape.points), anchors: .perPoint(targets))
            let rate = 1 / Double(1 << (e % 3)), momentum = e % 2 == 1 ? 0.5 : 0.0
            let weights = try Weights(values, for: architecture), schedule = try Schedule(learningRate: rate, momentum: momentum)
            list.append(.init(source: .weights(weights), sigmaW: 1, sigmaB: 1, loss: loss, schedule: schedule))
        }
        let inputs = try Inputs(
            points: shape.points, dimension: shape.inputs, values: (0..<shape.points * shape.inputs).map { integer(2, 20, $0) })
        return try Ensemble(architecture: architecture, members: list, inputs: [inputs])
    }

    @Test(arguments: cases)
    func everythingIsExact(_ shape: Shape, _ activation: Activation) throws {
        let ensemble = try ensemble(shape, activation)
        let gram = Job(outputs: true, jacobian: true, tangentKernel: .gram),
            contraction = Job(outputs: true, jacobian: true, tangentKernel: .jacobian)
        let expected = try CollectedResults(ReferenceEngine(), ensemble, gram)
        let all = expected.outputs.flatMap { $0 } + expected.jacobians.flatMap { $0 } + expected.tangentKernels.flatMap { $0[0] ?? [] }
        try #require(all.allSatisfy { $0 == $0.rounded() } && size(all) < 0x1p24, "the numbers are no small integers")
        try #require(size(all) > 0, "all numbers are zero")
        let other = try CollectedResults(ReferenceEngine(), ensemble, contraction)
        #expect(equal(expected, other))
        for kind in TestEngine.openCL {
            for job in [gram, contraction] {
                let found = try CollectedResults(kind.engine(), ensemble, job)
                #expect(equal(found, expected), "\(kind) by \(String(describing: job.tangentKernel))")
            }
        }
    }

    /// More points and units than a register tile, a strip of tiles and a block of units hold, and lengths that divide into none of them.
    @Test(arguments: [
        (Shape(inputs: 3, widths: [131, 300], outputs: 1, points: 150, bias: true), Activation.relu),
        (Shape(inputs: 2, widths: [40, 33], outputs: 3, points: 75, bias: false), .identity),
        (Shape(inputs: 1, widths: [257], outputs: 1, points: 13, bias: true), .relu),
        (Shape(inputs: 2, widths: [37, 530], outputs: 2, points: 50, bias: true), .relu),
    ])
    func largeTangentKernelsAreExact(_ shape: Shape, _ activation: Activation) throws {
        let ensemble = try ensemble(shape, activation, members: 2), job = Job(outputs: true, tangentKernel: .gram)
        let expected = try CollectedResults(ReferenceEngine(), ensemble, job)
        let all = expected.outputs.flatMap { $0 } + expected.tangentKernels.flatMap { $0[0] ?? [] }
        try #require(all.allSatisfy { $0 == $0.rounded() } && size(all) < 0x1p24, "the numbers are no small integers")
        try #require(size(all) > 0, "all numbers are zero")
        for kind in TestEngine.openCL {
            #expect(equal(try CollectedResults(kind.engine(), ensemble, job), expected), "\(kind)")
        }
    }

    /// As many steps of training, up to four, as numbers of 20 bits allow: more bits would need sums that a float cannot hold, and the
    /// engines would differ for a good reason. The reference alone decides. Outputs are recorded up to the last step but one, since
    /// those after it need more bits than the weights.
    // Points are a power of two here, so that the mean is exact.
    @Test(arguments: cases.filter { $0.shape.points.nonzeroBitCount == 1 })
    func trainingIsExact(_ shape: Shape, _ activation: Activation) throws {
        let ensemble = try ensemble(shape, activation)
        func job(_ steps: Int) -> Job { Job(finalWeights: true, training: Job.Training(steps: steps, recordedSteps: Array(0..<steps))) }
        func isShort(_ value: Double) -> Bool { value == 0 || (value.significand * 0x1p19).rounded() == value.significand * 0x1p19 }
        var chosen: (steps: Int, expected: CollectedResults)?
        for steps in 1...4 {
            let results = try CollectedResults(ReferenceEngine(), ensemble, job(steps))
            guard (results.outputs + results.weights).allSatisfy({ $0.allSatisfy(isShort) }) else { break }
            chosen = (steps, results)
        }
        let (steps, expected) = try #require(chosen, "not even one step is exact")
        let isSmall = shape.widths.reduce(0, +) <= 5
        #expect(steps >= (isSmall ? 2 : 1), "only \(steps) steps")
        let before = try CollectedResults(ReferenceEngine(), ensemble, Job(outputs: false, finalWeights: true))
        #expect(expected.weights != before.weights, "training changes nothing")
        for kind in TestEngine.openCL {
            let found = try CollectedResults(kind.engine(), ensemble, job(steps))
            #expect(equal(found, expected), "\(kind) after \(steps) steps")
        }
    }

    /// Equal as numbers: 0 and −0 are the same.
    private func equal(_ a: CollectedResults, _ b: CollectedResults) -> Bool {
        a.outputs == b.outputs && a.jacobians == b.jacobians && a.tangentKernels == b.tangentKernels && a.weights == b.weights
    }
}
