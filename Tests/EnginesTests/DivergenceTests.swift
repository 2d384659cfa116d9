import Checks
import Compute
import Engines
import Networks
import Testing

/// How far every member of a batch came before it diverged.
@Suite struct DivergenceTests {
    /// f = w x with x = w_0 = 1, no bias, and L = f²/2: w_{k+1} = (1 − η_k) w_k. With η = 2²⁰ + 1 the weight is multiplied by −2²⁰, exactly
    /// in every precision.
    private func line(_ schedules: [Schedule]) throws -> Ensemble {
        let architecture = try Architecture(widths: [], hasBias: false, activation: .identity, parameterisation: .standard)
        let weights = try Weights([1], for: architecture), loss = try Loss.power(scale: 0.5, minimum: 0)
        return try Ensemble(
            architecture: architecture,
            members: schedules.map { Ensemble.Member(source: .weights(weights), sigmaW: 1, sigmaB: 0, loss: loss, schedule: $0) },
            inputs: [Inputs([1])])
    }

    /// f_k = ±2^(20k), and f_k² is beyond the largest float from 2^128 on and beyond the largest double from 2^1024 on: after step 3, and
    /// after step 25. The outputs themselves stay finite for longer. A rate of 1 leads back to f = 0, which does not undo it.
    @Test(arguments: TestEngine.allCases)
    func theLastFiniteStepIsTheOneBeforeTheFirstOverflow(_ kind: TestEngine) throws {
        let wild = try Schedule(learningRate: 0x1p20 + 1), calm = try Schedule(learningRate: 0.5), steps = 30
        let returning = try Schedule(learningRates: (0..<steps).map { $0 < 4 ? 0x1p20 + 1 : 1 }, momenta: Array(repeating: 0, count: steps))
        let ensemble = try line([calm, wild, returning])
        let found = try CollectedResults(kind.engine(), ensemble, Job(training: .init(steps: steps, recordedSteps: [5])))
        let isSingle = kind == .float32 || kind == .mixed
        func last(_ member: Int) throws -> CollectedResults.LastFinite { try found.lastFinite[member].orThrow("member \(member)") }
        #expect(try last(0) == .init(step: 30, outputs: [0x1p-30], loss: 0x1p-61))
        #expect(
            try last(1)
                == (isSingle
                    ? .init(step: 3, outputs: [-0x1p60], loss: 0x1p119) : .init(step: 25, outputs: [-0x1p500], loss: 0x1p999)))
        #expect(try last(2) == (isSingle ? .init(step: 3, outputs: [-0x1p60], loss: 0x1p119) : .init(step: 30, outputs: [0], loss: 0)))
        #expect(found.outputs[2] == [0] && found.losses[2] == [0])
    }

    /// Weights whose first output overflows: there is no finite step.
    @Test(arguments: TestEngine.allCases)
    func aStartThatIsNotFiniteIsStepMinusOne(_ kind: TestEngine) throws {
        let architecture = try Architecture(widths: [], hasBias: false, activation: .identity, parameterisation: .standard)
        let huge = kind.precision == .float64 ? 0x1p1000 : 0x1p120
        let loss = try Loss.power(scale: 0.5, minimum: 0), schedule = try Schedule(learningRate: 0.5)
        let members = try [1, huge].map {
            Ensemble.Member(
                source: .weights(try Weights([$0], for: architecture)), sigmaW: 1, sigmaB: 0, loss: loss, schedule: schedule)
        }
        let ensemble = try Ensemble(architecture: architecture, members: members, inputs: [Inputs([1])])
        let found = try CollectedResults(kind.engine(), ensemble, Job(training: .init(steps: 0)))
        #expect(found.lastFinite[0] == .init(step: 0, outputs: [1], loss: 0.5))
        let none = try found.lastFinite[1].orThrow("member 1")
        #expect(none.step == -1 && none.outputs.count == 1 && none.outputs[0].isNaN && none.loss.isNaN)
    }

    private func ensemble(_ rates: [Double]) throws -> Ensemble {
        let problem = try Problem(
            Architecture(inputs: 2, widths: [9, 17], outputs: 2, activation: .relu), points: 3, members: rates.count, sharesInputs: true)
        let given = try problem.ensemble()
        return try Ensemble(
            architecture: given.architecture,
            members: zip(given.members, rates).map { member, rate in
                Ensemble.Member(
                    source: member.source, sigmaW: 1, sigmaB: 0.5, loss: try .power(degree: 4, scale: 0.05, minimum: 0.5),
                    schedule: try Schedule(learningRate: rate, momentum: 0.5))
            }, inputs: given.inputs)
    }

    /// In a nonlinear network: the step is the one that the records of all steps show, in float64 the same as in the reference engine,
    /// whether or not that step was recorded, and the others stay as they are without the wild member, to the last bit.
    @Test(arguments: TestEngine.allCases)
    func aWildMemberKeepsItsHistoryAndItsNeighbours(_ kind: TestEngine) throws {
        let steps = 25, mixed = try ensemble([0.01, 50, 0.02]), engine = try kind.engine()
        let all = try CollectedResults(engine, mixed, Job(finalWeights: true, training: .init(steps: steps)))
        let few = try CollectedResults(engine, mixed, Job(finalWeights: true, training: .init(steps: steps, recordedSteps: [0, steps])))
        let calm = try CollectedResults(engine, ensemble([0.01, 0.01, 0.02]), Job(finalWeights: true, training: .init(steps: steps)))
        let rows = mixed.rows
        for e in 0..<3 {
            let last = try few.lastFinite[e].orThrow("member \(e)")
            #expect(all.lastFinite[e] == last)
            let first = (0...steps).first { step in
                !all.losses[e][step].isFinite || !all.outputs[e][step * rows..<(step + 1) * rows].allSatisfy(\.isFinite)
            }
            #expect(last.step == (first ?? steps + 1) - 1)
            #expect(identical(last.outputs, Array(all.outputs[e][last.step * rows..<(last.step + 1) * rows])))
            #expect(last.loss == all.losses[e][last.step])
            if e == 1 {
                #expect(last.step > 0 && last.step < steps, "this member was to diverge on the way")
                guard kind.precision == .float64 else { continue }
                #expect(try CollectedResults(ReferenceEngine(), mixed, Job(training: .init(steps: steps))).lastFinite[e]?.step == last.step)
            } else {
                #expect(last.step == steps && last == calm.lastFinite[e])
                #expect(identical(all.outputs[e], calm.outputs[e]) && identical(all.losses[e], calm.losses[e]))
                #expect(identical(all.weights[e], calm.weights[e]) && identical(few.weights[e], calm.weights[e]))
            }
        }
    }

    /// Once for each batch, after the records and before the weights.
    @Test(arguments: TestEngine.allCases)
    func itComesOnceForEachBatch(_ kind: TestEngine) throws {
        var order: [String] = [], members: [Int] = []
        try kind.engine().run(ensemble([0.01, 0.02]), Job(finalWeights: true, training: .init(steps: 2))) { block in
            switch block {
            case .outputs: order.append("outputs")
            case .losses: order.append("losses")
            case .lastFinite(let range, _, _, _):
                order.append("last")
                members += range
            case .weights: order.append("weights")
            default: break
            }
            return true
        }
        #expect(members == [0, 1])
        let batch = ["outputs", "losses", "last"]
        #expect(order.filter { $0 != "weights" } == (kind == .reference ? batch + batch : batch))
        #expect(order.last == "weights")
    }
}
