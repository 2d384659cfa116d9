import Checks
import Compute
import Engines
import Foundation
import Networks
import OpenCL
import Testing

/// Rules that no user can name yet, by which the shape of rules is tried: one that is not linear, has two states and counts its steps, and one
/// whose friction depends on what the network's own motion and loss were.
extension UpdateRule {
    /// Adam (Kingma & Ba, arXiv:1412.6980, algorithm 1).
    static let adam = UpdateRule(
        name: "adam",
        parameters: [
            heavyBall.parameters[0], Parameter("beta1", "what is kept of the mean", .belowOne, remedy: "try 0.9"),
            Parameter("beta2", "what is kept of the mean square", .belowOne, remedy: "try 0.999"),
            Parameter("epsilon", "what is added to the root", .positive, remedy: "try 1e-8"),
        ],
        states: ["mean", "square"],
        scalars: ["rate", "keptMean", "newMean", "keptSquare", "newSquare", "meanCorrection", "squareCorrection", "offset"],
        memory: [Memory("power1", initial: 1), Memory("power2", initial: 1)], isLinear: false,
        kernelControl: """
            power1 *= beta1; power2 *= beta2; rate = learningRate; keptMean = beta1; newMean = 1 - beta1; keptSquare = beta2; \
            newSquare = 1 - beta2; meanCorrection = 1 / (1 - power1); squareCorrection = 1 / (1 - power2); offset = epsilon;
            """,
        kernelStep: """
            mean = fma(keptMean, mean, newMean * g); square = fma(keptSquare, square, newSquare * g * g); \
            w -= rate * (meanCorrection * mean) / fmax(sqrt(squareCorrection * square) + offset, (T)(1e-37f));
            """,
        control: { control in
            let (beta1, beta2) = (control.parameters[1], control.parameters[2])
            control.memory[0] *= beta1
            control.memory[1] *= beta2
            return [
                control.parameters[0], beta1, 1 - beta1, beta2, 1 - beta2, 1 / (1 - control.memory[0]), 1 / (1 - control.memory[1]),
                control.parameters[3],
            ]
        },
        step: { weight, gradient, scalars in
            weight.states[0] = scalars[1] * weight.states[0] + scalars[2] * gradient
            weight.states[1] = scalars[3] * weight.states[1] + scalars[4] * gradient * gradient
            weight.value -= change(weight.states, scalars)
        },
        // Each state rounds its two products and their sum; the change is what states that are off by that much make of it at the worst, and
        // a root of 3 units, a division of 2.5, and five products and sums.
        rounding: { before, after, gradient, gradientError, scalars, unit in
            func gamma(_ count: Int) -> Double { Double(count) * unit / (1 - Double(count) * unit) }
            let g = abs(gradient) + gradientError
            let mean = scalars[2] * gradientError + gamma(3) * (scalars[1] * abs(before.states[0]) + scalars[2] * g)
            let square = scalars[4] * (g * g - gradient * gradient) + gamma(4) * (scalars[3] * before.states[1] + scalars[4] * g * g)
            let exact = change(after.states, scalars),
                extremes = [-1.0, 1].flatMap { a in
                    [-1.0, 1].map { b in change([after.states[0] + a * mean, max(0, after.states[1] + b * square)], scalars) }
                }
            let moved = extremes.map { abs($0 - exact) }.max() ?? 0, size = (extremes + [exact]).map(abs).max() ?? 0
            return Weight(moved + gamma(14) * size + unit * (abs(before.value) + size), states: [mean, square])
        })

    private static func change(_ states: [Double], _ scalars: [Double]) -> Double {
        scalars[0] * scalars[5] * states[0] / ((scalars[6] * max(0, states[1])).squareRoot() + scalars[7])
    }

    /// Heavy ball whose momentum is 1 less a coupling times the root of the network's own energy, ½ |v|²/η + L.
    static let energyFriction = UpdateRule(
        name: "energy-friction",
        parameters: [
            heavyBall.parameters[0], Parameter("coupling", "the coupling of friction and energy", .fraction, remedy: "try 0.1"),
        ],
        states: ["velocity"], scalars: ["rate", "friction"],
        reductions: [Reduction("motion", kernel: "velocity * velocity") { _, states, _ in states[0] * states[0] }],
        gradientFactor: 0, isLinear: true,
        kernelControl: "rate = -learningRate; friction = fmax((REAL)0, 1 - coupling * sqrt((REAL)0.5 * motion / learningRate + loss));",
        kernelStep: heavyBall.kernelStep,
        control: { control in
            let energy = 0.5 * control.reductions[0] / control.parameters[0] + control.loss
            return [-control.parameters[0], max(0, 1 - control.parameters[1] * energy.squareRoot())]
        },
        step: heavyBall.step,
        // The friction itself is off by 8 roundings of its two terms, which every weight feels as a part of γ v.
        rounding: { before, after, gradient, gradientError, scalars, unit in
            let bound = heavyBall.rounding(before, after, gradient, gradientError, scalars, unit)
            let friction = 8 * unit * (2 - scalars[1]) * abs(before.states[0])
            return Weight(bound.value + friction, states: [bound.states[0] + friction])
        })
}

@Suite struct UpdateRuleTests {
    /// An engine that takes steps in one way.
    struct Way: CustomTestStringConvertible {
        let name: String
        let method: TrainingMethod
        var choice = KernelChoice(kind: .cpu)

        static let all = [
            Way(name: "members", method: .members), Way(name: "rows", method: .rows), Way(name: "layers", method: .layers),
            Way(name: "groups", method: .members, choice: KernelChoice(kind: .gpu, trainingGroup: 16)),
            Way(name: "layers by groups", method: .layers, choice: KernelChoice(kind: .gpu)),
        ]
        var testDescription: String { name }
    }

    static let rules: [(rule: UpdateRule, values: [Double])] = [
        // Betas without rounding, whose differences from 1 have none.
        (.adam, [0.015625, 0.875, 0.9375, 0.0009765625]), (.energyFriction, [0.02, 0.25]), (.heavyBall, [0.02, 0.75]),
    ]

    /// Three networks with losses of their own, one with a schedule twice as fast.
    static func ensemble(_ problem: Problem, _ rule: UpdateRule, _ values: [Double]) throws -> Ensemble {
        let given = try problem.ensemble()
        let members = try given.members.enumerated().map { index, member in
            var own = values
            if index == 1 { own[0] *= 2 }
            return Ensemble.Member(
                source: member.source, sigmaW: member.sigmaW, sigmaB: member.sigmaB, loss: member.loss,
                schedule: try Schedule(rule, values: own.map { [$0] }))
        }
        return try Ensemble(architecture: problem.architecture, members: members, inputs: given.inputs)
    }

    static func problem(_ points: Int, _ width: Int = 17) throws -> Problem {
        Problem(
            try Architecture(inputs: 3, widths: [9, width], outputs: 2, activation: .erf), points: points, members: 3, steps: 12, seed: 21)
    }

    @Test(arguments: rules.indices, Way.all) func everyWayFollowsTheReference(_ index: Int, _ way: Way) throws {
        let (rule, values) = Self.rules[index], points = [1, 5][index % 2]
        for kind in [TestEngine.float32, .float64] where kind == .float32 || way.choice.kind == .cpu {
            let problem = try Self.problem(points, way.name == "layers by groups" ? 40 : 17)
            let ensemble = try Self.ensemble(problem, rule, values)
            let engine = try TestEngine.make(kind.precision, trainingMethod: way.method, choice: way.choice)
            let job = Job(finalWeights: true, training: Job.Training(steps: problem.steps))
            let found = try CollectedResults(engine, ensemble, job)
            for member in ensemble.members.indices {
                let bounds = try TrajectoryBounds(ensemble, member: member, precision: kind.precision, steps: problem.steps)
                let count = ensemble.rows
                for step in 0...problem.steps {
                    let outputs = Array(found.outputs[member][step * count..<(step + 1) * count])
                    let deviation = bounds.outputs[step].compare(outputs)
                    #expect(deviation.isWithinBound, "\(rule) \(kind) member \(member) step \(step): \(deviation)")
                }
                let weights = bounds.weights.compare(found.weights[member])
                #expect(weights.isWithinBound, "\(rule) \(kind) member \(member): weights \(weights)")
                // A bound that allows another rule's trajectory would show nothing.
                #expect(zip(bounds.weights.errors, bounds.weights.values).allSatisfy { $0 < 1e-2 * max(1, abs($1)) })
            }
        }
    }

    /// The reference is the algorithm as its authors write it: Adam's first step is the learning rate, whatever the gradient's size.
    @Test func adamsFirstStepIsTheLearningRate() throws {
        let rule = UpdateRule.adam
        for gradient in [1e-3, -2, 300] {
            var control = UpdateRule.Control(parameters: [0.1, 0.9, 0.999, 1e-12], reductions: [], loss: 1, step: 0, memory: [1, 1])
            var weight = UpdateRule.Weight(1, states: [0, 0])
            rule.step(&weight, gradient, rule.control(&control))
            #expect(abs(weight.value - (1 - (gradient < 0 ? -0.1 : 0.1))) < 1e-8)
        }
    }

    /// What a member computes does not depend on who is trained beside it, nor on where launches end: not its sums over all weights either.
    @Test(arguments: Way.all) func membersAreIndependent(_ way: Way) throws {
        for (rule, values) in Self.rules {
            let problem = try Self.problem(3), ensemble = try Self.ensemble(problem, rule, values)
            let engine = try TestEngine.make(.float32, trainingMethod: way.method, choice: way.choice)
            let whole = Job(finalWeights: true, training: Job.Training(steps: problem.steps))
            let all = try CollectedResults(engine, ensemble, whole)
            for member in ensemble.members.indices {
                let alone = try Ensemble(
                    architecture: ensemble.architecture, members: [ensemble.members[member]], inputs: [ensemble.inputs[member]])
                // A record of one step at a time ends a launch at every step.
                let small = try TestEngine.make(.float32, blockBytes: 1, trainingMethod: way.method, choice: way.choice)
                let found = try CollectedResults(small, alone, whole)
                #expect(identical(found.weights[0], all.weights[member]), "\(rule) member \(member)")
            }
        }
    }

    /// Parameters outside of their meaning, and rules that do not go together, are refused before work.
    @Test func badParametersAreRefused() throws {
        #expect(throws: NetworkError.self) { try Schedule(.adam, values: [[0.1], [1], [0.5], [1e-8]]) }
        #expect(throws: NetworkError.self) { try Schedule(.adam, values: [[0.1], [0.5], [0.5], [0]]) }
        #expect(throws: NetworkError.self) { try Schedule(.adam, values: [[0.1], [0.5], [0.5]]) }
        #expect(throws: NetworkError.self) { try Schedule(.heavyBall, values: [[0.1, 0.2], [0.5]]) }
        let problem = try Self.problem(1), first = try Self.ensemble(problem, .adam, Self.rules[0].values)
        let second = try Self.ensemble(problem, .heavyBall, Self.rules[2].values)
        let mixed = try Ensemble(
            architecture: first.architecture, members: [first.members[0], second.members[1], second.members[2]], inputs: first.inputs)
        let error = #expect(throws: EngineError.self) {
            try ReferenceEngine().run(mixed, Job(training: Job.Training(steps: 1))) { _ in true }
        }
        #expect("\(String(describing: error))".contains("must share the rule"))
    }
}
