import Compute
import Engines
import Learning
import Networks
import Runs
import Testing

/// Ensembles of networks that learn with noise as runs.
@Suite struct EnsembleRunTests {
    private static func training(_ change: (inout EnsembleTraining) throws -> Void = { _ in }) throws -> EnsembleTraining {
        var training = try EnsembleTraining.descent(
            MicroNetwork(), networks: 40_000, learningRate: 0.25, batch: 2, diffusion: 0.5, steps: 4, recordedSteps: [0, 2, 4], seed: 3)
        training.starts = [.init(mean: -1, deviation: 0.25)]
        try change(&training)
        return training
    }

    /// The JSON as Documentation/Store.md has it, written by hand: √(2 · 0.5/0.25) = 2 is the noise. The data are a list of 512.
    @Test func identityIsTheWholeOfTheParameters() throws {
        let training = try Self.training()
        let data = Digest(of: training.network.data.flatMap { withUnsafeBytes(of: $0.bitPattern.littleEndian) { Array($0) } })
        let expected = """
            {"ensemble":{"batch":2,"bins":{"count":320,"from":-3.2,"to":3.2},"data":"sha256:\(data)","diffusion":0.5,"inverseTemperature":4.0,\
            "networks":40000,"neurons":4,"noise":2.0,"parts":4,"starts":[-1.0,0.25],"stiffness":1.0,"timeStep":0.25,"weightDecay":0.0},\
            "identityVersion":1,"precision":"float32","recording":{"matrices":true,"trajectory":[2]},\
            "training":{"schedule":{"rule":"heavy-ball","values":[0.25,0.0]},"steps":4},"weights":{"seed":3,"stream":1}}
            """
        let run = try Run(training)
        #expect(RunIdentity.json(run, precision: .float64) == expected)
        #expect(RunIdentity.digest(run, precision: .float64) == Digest(of: Array(expected.utf8)))
        // The engine's precision is not the ensemble's.
        #expect(RunIdentity.digest(run, precision: .float32) == RunIdentity.digest(run, precision: .float64))
    }

    @Test func everyParameterCounts() throws {
        let runs = try [
            Self.training(), Self.training { $0.networks += 4 }, Self.training { $0.batch = 3 }, Self.training { $0.noise = 2.5 },
            Self.training { $0.seed = 4 }, Self.training { $0.steps = 6 }, Self.training { $0.recordedSteps = [0, 4] },
            Self.training { $0.starts[0].mean = -1.5 }, Self.training { $0.starts.append(.init(mean: 1, deviation: 0.25)) },
            Self.training { $0.network = try MicroNetwork(weightDecay: 0.5) }, Self.training { $0.network = try MicroNetwork(neurons: 8) },
            Self.training { $0.timeStep = 0.5 }, Self.training { $0.diffusion = 0.75 },
            Self.training { $0.schedule = try Schedule(learningRate: 0.25, momentum: 0.5) },
            Self.training { $0.schedule = try Schedule(.nesterov, values: [[0.25]]) },
            Self.training { $0.alternative = EnsembleAlternative(batch: 3, neurons: 4, renewal: 1) },
            Self.training { $0.alternative = EnsembleAlternative(batch: 3, neurons: 4, renewal: 0.5) },
            Self.training { $0.alternative = EnsembleAlternative(batch: 2, neurons: 5, renewal: 1) },
            Self.training { $0.alternative = EnsembleAlternative(stepRatio: 0.5, batch: 2, neurons: 4, renewal: 1) },
        ].map { try Run($0) }
        #expect(Set(runs.map { RunIdentity.digest($0, precision: .float32) }).count == runs.count)
    }

    /// Counts come back from the numbers that a store keeps of them, and say how many networks there are; moments are those of the counts.
    @Test func countsAreKeptWhole() throws {
        let run = try Run(Self.training()), scheduler = Scheduler(engine: ReferenceEngine(), store: MemoryStore())
        #expect(try scheduler.execute([run]))
        let result = try #require(try scheduler.result(for: run)), record = try #require(result.ensembleRecord)
        #expect(record.values == result.kernels && result.kernels.count == (4 * 3 + 4) * 320)
        for part in record.counts[0] { for counts in part { #expect(counts.reduce(0, +) == 10_000) } }
        // The first step after each of two counts.
        #expect(record.changes.count.reduce(0, +) == 2 * 40_000)
        #expect(result.divergedAt == nil && result.recordedSteps == [0, 2, 4] && result.losses.count == 3)
        // 40 000 draws of a normal density in bins of 0.02: five standard errors, 5σ/200 and 5√2 σ²/200, and half a bin at the most.
        let mean = result.outputs[0], variance = result.outputs[1]
        #expect(abs(mean + 1) < 0.016 && abs(variance - 0.0625) < 0.0024)
        let values = QuantityValues(result)
        for (name, expected) in [
            ("networks", 40_000.0), ("starts", 1), ("batch", 2), ("noise", 2), ("diffusion", 0.5), ("stepTime", 0.25),
            ("learningRate", 0.25),
            ("steps", 4), ("seed", 3), ("lastStep", 4),
        ] { #expect(try values.value(name) == expected, "\(name)") }
        // What is of single networks has no value, nor has χ of one density.
        for name in ["width", "sigmaW", "points", "scale", "hubble", "finalOutput", "divergedAt", "chi"] {
            #expect(try values.value(name) == nil, "\(name)")
        }
        #expect(try values.value("finalLoss") == result.losses.last)
        #expect(try values.value("meanWeight") == result.outputs[4])
    }

    /// The columns of a store and whoever has the record ask for χ; it is read once and is gone with the result.
    @Test func chiIsReadOnceForEachResult() throws {
        weak var known: KnownMeter?
        do {
            let training = try EnsembleTraining.descent(
                MicroNetwork(), networks: 40_000, learningRate: 0.02, batch: 1, diffusion: 0.06, steps: 40, seed: 3)
            let run = try Run(training), scheduler = Scheduler(engine: ReferenceEngine(), store: MemoryStore())
            try scheduler.execute([run])
            let result = try #require(try scheduler.result(for: run))
            let values = try ["chi", "chiError"].map { try #require(try QuantityValues(result).value($0)) }
            #expect(try values == ["chi", "chiError"].map { try QuantityValues(result).value($0) })
            #expect(result.knownMeter.timesRead == 1)
            // A record of the same counts that nothing is known of is no other one.
            let alone = try #require(EnsembleRecord(result.kernels, of: training, lastFinite: 40))
            #expect(alone.knownMeter.timesRead == 0 && alone.knownMeter !== result.knownMeter)
            #expect(result.ensembleRecord == alone && result.ensembleRecord?.knownMeter === result.knownMeter)
            known = result.knownMeter
        }
        #expect(known == nil)
    }

    /// With a step far beyond 2/F″ weights grow without bound, ηλ = 5000 times a step and more, so that they leave single precision within a
    /// dozen: a result, with its last finite count.
    @Test func divergenceIsAResult() throws {
        let training = try Self.training {
            $0.network = try MicroNetwork(weightDecay: 0.5)
            // Rules with states are not refused beforehand.
            $0.schedule = try Schedule(.nesterov, values: [[1e4]])
            ($0.steps, $0.recordedSteps, $0.diffusion) = (60, [0, 1, 60], 0.5)
        }
        let run = try Run(training), scheduler = Scheduler(engine: ReferenceEngine(), store: MemoryStore())
        try scheduler.execute([run])
        let result = try #require(try scheduler.result(for: run))
        let last = try #require(result.lastFinite).step, finalLoss = try QuantityValues(result).value("finalLoss")
        let divergedAt = try QuantityValues(result).value("divergedAt"), slope = try QuantityValues(result).value("driftSlope")
        #expect(last < 60 && divergedAt == Double(last + 1))
        let after = result.outputs.suffix(2).filter { $0.isFinite }
        #expect(after.isEmpty)
        #expect(finalLoss == nil && slope == nil)
    }

    @Test func impossibleEnsemblesAreRefused() throws {
        func message(_ change: (inout EnsembleTraining) throws -> Void) throws -> String {
            let training = try Self.training(change)
            do { _ = try Run(training) } catch { return "\(error)" }
            return ""
        }
        #expect(
            try message { $0.networks = 39_999 }.contains(
                "39999 networks are too few for a density in 320 bins told to 2 %, which needs 40000"))
        #expect(try message { $0.schedule = try Schedule(learningRate: 5) }.contains("the learning rate 5.0 is unstable"))
        #expect(try message { $0.noise = .nan }.contains("the noise is nan"))
        #expect(try message { $0.starts = [] }.contains("initial densities"))
        #expect(try message { $0.starts[0].deviation = .nan }.contains("deviation"))
        #expect(
            try message { $0.alternative = EnsembleAlternative(batch: 2, neurons: 4, renewal: 0) }.contains(
                "the renewal of settings is 0.0, but must be above 0 and at most 1"))
        // η is stable alone: F″ is at most some 8 there.
        #expect(
            try message { $0.alternative = EnsembleAlternative(stepRatio: 20, batch: 2, neurons: 4, renewal: 1) }.contains(
                "the learning rate 5.0 is unstable"))
        #expect(try message { $0.networks = .max }.contains("at most"))
        #expect(throws: LearningError.self) { try MicroNetwork(weightDecay: .nan) }
    }
}
