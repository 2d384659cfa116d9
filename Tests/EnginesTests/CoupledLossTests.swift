import Checks
import Compute
import Engines
import Foundation
import Networks
import OpenCL
import Testing

/// Losses of all outputs of a point together.
@Suite struct CoupledLossTests {
    private static let forms = [
        "u1^2 + 0.5*u2^2 + 0.75*u1*u2", "(u1*u2)^2/4 + u1^4/8 + 0.1*u2^2", "1 - exp(-u1^2 - u2^2/2) + 0.1*sin(u1 - u2)^2",
    ]

    private static func ensemble(_ shape: LossShape, points: Int, widths: [Int], outputs: Int = 2) throws -> Ensemble {
        let architecture = try Architecture(inputs: 2, widths: widths, outputs: outputs, activation: .erf)
        let members = try (0..<3).map { index in
            Ensemble.Member(
                source: .seed(UInt64(40 + index)), sigmaW: 1, sigmaB: 0.5,
                loss: try Loss(
                    shape: shape, scale: 0.3 + 0.1 * Double(index), anchors: .perOutput((0..<outputs).map { 0.5 - 0.7 * Double($0) })),
                schedule: try Schedule(learningRate: 0.05, momentum: 0.8))
        }
        let values = (0..<2 * points).map { cos(1.3 * Double($0)) }
        return try Ensemble(architecture: architecture, members: members, inputs: [Inputs(points: points, dimension: 2, values: values)])
    }

    private static func train(_ engine: any Engine, _ ensemble: Ensemble) throws -> (outputs: [[Double]], losses: [[Double]]) {
        let found = try CollectedResults(engine, ensemble, Job(training: Job.Training(steps: 20)))
        return (found.outputs, found.losses)
    }

    /// Compiled derivatives, in every way of training, beside those of the host, by the rules of differentiation: 20 stable steps of numbers
    /// near 1 round by some 1e-14 in float64.
    @Test(arguments: forms, UpdateRuleTests.Way.all) func devicesFollowTheReference(_ form: String, _ way: UpdateRuleTests.Way) throws {
        guard form == Self.forms[0] || way.name == "members" else { return }
        let points = way.name == "rows" ? 1 : 5, width = way.name == "layers by groups" ? 40 : 17
        let ensemble = try Self.ensemble(.coupled(Coupling(form, outputs: 2)), points: points, widths: [9, width])
        let isHost = way.choice.kind == .cpu
        let engine = try TestEngine.make(isHost ? .float64 : .float32, trainingMethod: way.method, choice: way.choice)
        let (found, expected) = (try Self.train(engine, ensemble), try Self.train(ReferenceEngine(), ensemble))
        let tolerance = isHost ? 1e-11 : 1e-4
        for member in 0..<3 {
            #expect(distance(found.outputs[member], expected.outputs[member]) <= tolerance)
            #expect(distance(found.losses[member], expected.losses[member]) <= tolerance)
        }
    }

    /// Trainings in every precision, within the bounds that interval arithmetic has for the expression.
    @Test(arguments: forms, TestEngine.openCL) func checksHold(_ form: String, _ kind: TestEngine) throws {
        let architecture = try Architecture(inputs: 3, widths: [9, 17], outputs: 2, activation: .erf)
        let problem = Problem(architecture, points: 5, members: 3, lossShape: .coupled(try Coupling(form, outputs: 2)), seed: 11)
        let result = Check(problem, .training).run(on: try kind.engine())
        #expect(result.passed, "\(form): \(result)")
        // Bounds that exclude something: some thousand roundings.
        #expect(try #require(result.bound) <= 4000 * result.precision.unitRoundoff * 20, "\(form): \(result)")
    }

    /// A sum of squares is the loss of each output by itself.
    @Test func withoutCouplingItIsThePower() throws {
        let whole = try Self.train(
            ReferenceEngine(), Self.ensemble(.coupled(Coupling("u1^2 + u2^2 + u3^2", outputs: 3)), points: 4, widths: [8], outputs: 3))
        let single = try Self.train(ReferenceEngine(), Self.ensemble(.evenPower(2), points: 4, widths: [8], outputs: 3))
        for member in 0..<3 {
            #expect(distance(whole.outputs[member], single.outputs[member]) <= 1e-13)
            #expect(distance(whole.losses[member], single.losses[member]) <= 1e-13)
        }
    }

    /// V = ½(u_1² + u_2²) + g u_1u_2 of a linear model with Θ = 1 on its two outputs: u_± = u_1 ± u_2 are oscillators with 1 ± g. Steps of gradient
    /// descent without momentum scale them by 1 − η(1 ± g).
    @Test func coupledOscillatorsAreExact() throws {
        let architecture = try Architecture(inputs: 1, widths: [], outputs: 2, hasBias: false, activation: .identity)
        let ensemble = try Ensemble(
            architecture: architecture,
            members: [
                Ensemble.Member(
                    source: .weights(try Weights([1, 0.25], for: architecture)), sigmaW: 1, sigmaB: 0,
                    loss: try Loss(
                        shape: .coupled(Coupling("(u1^2 + u2^2)/2 + 0.6*u1*u2", outputs: 2)), scale: 1, anchors: .perOutput([0, 0])),
                    schedule: try Schedule(learningRate: 0.1))
            ], inputs: [Inputs([1])])
        for engine in [try TestEngine.float64.engine(), ReferenceEngine()] {
            let outputs = try CollectedResults(engine, ensemble, Job(training: Job.Training(steps: 20))).outputs[0]
            for step in 0...20 {
                let (plus, minus) = (1.25 * pow(1 - 0.16, Double(step)), 0.75 * pow(1 - 0.04, Double(step)))
                #expect(abs(outputs[2 * step] - (plus + minus) / 2) <= 1e-14 && abs(outputs[2 * step + 1] - (plus - minus) / 2) <= 1e-14)
            }
        }
    }

    @Test func whatCannotBeCoupledIsRefused() throws {
        for (text, outputs) in [
            ("u1^2", 1), ("u1^2", 17), (String(repeating: "u1 + ", count: 200) + "u2", 2), ("u1^2 + u3", 2), ("f1^2", 2), ("abs(u1)", 2),
            ("max(u1, u2)", 2), ("u1 > u2", 2), ("u1 +", 2),
        ] { #expect(throws: NetworkError.self) { try Coupling(text, outputs: outputs) } }
        let loss = try Loss(shape: .coupled(Coupling("u1*u2", outputs: 2)), scale: 1, anchors: .perOutput([0]))
        #expect(throws: NetworkError.self) { try loss.anchors(points: 1, outputs: 3) }
        let again = try JSONDecoder().decode(Loss.self, from: JSONEncoder().encode(loss))
        #expect(again == loss)
    }
}
