import Checks
import Compute
import Engines
import Foundation
import Networks
import OpenCL
import Testing

/// A rule that no user can name, by which the shape of rules is tried: its friction depends on what the network's own motion and loss were.
extension UpdateRule {
    /// Heavy ball whose momentum is 1 less a coupling times the root of the network's own energy, ½ |v|²/η + L.
    static let energyFriction = UpdateRule(
        name: "energy-friction",
        parameters: [
            heavyBall.parameters[0],
            Parameter("coupling", "c", "the coupling of friction and energy", .fraction, remedy: "try 0.1", standard: .none),
        ],
        states: ["velocity"], scalars: ["rate", "friction"],
        reductions: [Reduction("motion", .state(0), .state(0))],
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
            Way(name: "resident", method: .members, choice: KernelChoice(kind: .gpu)),
            Way(name: "layers by groups", method: .layers, choice: KernelChoice(kind: .gpu)),
        ]
        var testDescription: String { name }
    }

    static let rules: [(rule: UpdateRule, values: [Double])] = [
        // Betas without rounding, whose differences from 1 have none.
        (.adam, [0.015625, 0.875, 0.9375, 0.0009765625]), (.energyFriction, [0.02, 0.25]), (.heavyBall, [0.02, 0.75]),
        (.friedmann, [0.02, 0.5, 0.25, 1.5]),
        // What differs from here on is the control or the step alone: two ways to train see all of it.
        (.fluid, [0.02, 0.25, 0]), (.fluid, [0.02, -0.25, 1.5]), (.deSitter, [0.02, 0.75]),
        (.nesterov, [0.02]), (.bornInfeld, [0.02, 0, 0]), (.bornInfeld, [0.02, 0.125, -0.0625]),
    ]

    /// Rules that differ in what a way to train does with them: each way is tried with them.
    static let differing = 0..<4
    static let fewer = rules.indices.dropFirst(4).flatMap { index in [Way.all[0], Way.all[2]].map { (index, $0) } }

    /// No rule without a name is forgotten, and parameters of one name are one parameter.
    @Test func allRulesAreTried() {
        #expect(UpdateRule.all.allSatisfy { rule in Self.rules.contains { $0.rule == rule } })
        let parameters = UpdateRule.all.flatMap(\.parameters).filter { $0.name != "learningRate" }
        #expect(Set(parameters.map(\.name)).count == Set(parameters).count)
        #expect(UpdateRule.all.allSatisfy { $0.parameters[0].name == "learningRate" && UpdateRule.named($0.name) == $0 })
    }

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

    /// The networks of a rule in some way, the same in all tests, so that these share programs.
    static func problem(_ rule: Int, _ way: Way) throws -> Problem {
        let points = [1, 5][rule % 2], width = way.name == "layers by groups" ? 40 : 17
        return Problem(
            try Architecture(inputs: 3, widths: [9, width], outputs: 2, activation: .erf), points: points, members: 3, steps: 12, seed: 21)
    }

    @Test(arguments: differing, Way.all) func everyWayFollowsTheReference(_ index: Int, _ way: Way) throws {
        try follow(index, way, in: [TestEngine.float32, .float64].filter { $0 == .float32 || way.choice.kind == .cpu })
    }

    @Test(arguments: fewer) func everyRuleFollowsTheReference(_ index: Int, _ way: Way) throws {
        try follow(index, way, in: [.float32])
    }

    private func follow(_ index: Int, _ way: Way, in kinds: [TestEngine]) throws {
        let (rule, values) = Self.rules[index]
        for kind in kinds {
            let problem = try Self.problem(index, way)
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
                let recorded = rule.recorded.count
                for step in 0...problem.steps where recorded > 0 {
                    let numbers = Array(found.controls[member][step * recorded..<(step + 1) * recorded])
                    let deviation = bounds.controls[step].compare(numbers)
                    #expect(deviation.isWithinBound, "\(rule) \(kind) member \(member) step \(step): recorded \(deviation)")
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
        for (index, (rule, values)) in Self.rules[Self.differing].enumerated() {
            let problem = try Self.problem(index, way), ensemble = try Self.ensemble(problem, rule, values)
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
        let problem = try Self.problem(0, Way.all[0]), first = try Self.ensemble(problem, .adam, Self.rules[0].values)
        let second = try Self.ensemble(problem, .heavyBall, Self.rules[2].values)
        let mixed = try Ensemble(
            architecture: first.architecture, members: [first.members[0], second.members[1], second.members[2]], inputs: first.inputs)
        let error = #expect(throws: EngineError.self) {
            try ReferenceEngine().run(mixed, Job(training: Job.Training(steps: 1))) { _ in true }
        }
        #expect("\(String(describing: error))".contains("must share the rule"))
    }
}
