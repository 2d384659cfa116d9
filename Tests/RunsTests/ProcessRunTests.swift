import Compute
import Engines
import Learning
import Networks
import Runs
import Testing

/// Circulations, and births and deaths, as runs.
@Suite struct ProcessRunTests {
    private static func circulation(
        networks: Int = 2000, rate: Double = 0.0625, batch: Int = 2, turning: Double = 0.25, mirrored: Bool = false, steps: Int = 40,
        warmUp: Int = 8, seed: UInt64 = 3
    ) -> LearningProcess {
        .circulation(
            Circulation(
                networks: networks, learningRate: rate, batch: batch, turning: turning, isMirrored: mirrored, steps: steps, warmUp: warmUp,
                seed: seed))
    }

    private static func births(
        network: MicroNetwork, networks: Int = 16_000, diffusion: Double = 0.25, timeStep: Double = 0.0625, steps: Int = 40,
        warmUp: Int = 8, seed: UInt64 = 3
    ) -> LearningProcess {
        .birthDeath(
            BirthDeath(
                network: network, networks: networks, diffusion: diffusion, timeStep: timeStep, steps: steps, warmUp: warmUp, seed: seed))
    }

    private static func lesson(
        sizes: [Int] = [8], coupling: Double = 0.25, steps: Int = 40, recordings: Int = 4, rate: Double = 0.125, noise: Double = 0.5,
        smoothing: Double = 0, seed: UInt64 = 3, decays: Bool = true
    ) throws -> LearningProcess {
        .lattice(
            try LatticeLesson(
                teacher: LatticeNetwork(shape: LatticeShape(sizes), coupling: coupling, massSquared: 0.5), steps: steps,
                recordings: recordings, learningRate: rate, decays: decays, noise: noise, smoothing: smoothing, seed: seed))
    }

    private static func digest(_ numbers: [Double]) -> Digest {
        Digest(of: numbers.flatMap { withUnsafeBytes(of: $0.bitPattern.littleEndian) { Array($0) } })
    }

    /// The JSON as Documentation/Store.md has it, written by hand.
    @Test func identitiesAreTheWholeOfTheParameters() throws {
        let circulation = Self.circulation()
        let turning = """
            {"circulation":{"batch":2,"data":"sha256:\(Self.digest(circulation.lists[0]))","learningRate":0.0625,"mirrored":false,"networks":2000,\
            "parts":20,"steps":40,"turning":0.25,"warmUp":8},"identityVersion":1,"precision":"float32","recording":{"trajectory":"ends"},\
            "weights":{"seed":3,"stream":1}}
            """
        #expect(circulation.lists[0].count == 1024)
        let network = try MicroNetwork()
        let dying = """
            {"birthDeath":{"bins":{"count":80,"from":-3.5,"to":3.5},"data":"sha256:\(Self.digest(network.data))","diffusion":0.25,\
            "inverseTemperature":4.0,"networks":16000,"neurons":4,"parts":8,"steps":40,"stiffness":1.0,"timeStep":0.0625,"warmUp":8,\
            "weightDecay":0.0},"identityVersion":1,"precision":"float64","recording":{"matrices":true,"trajectory":"ends"},\
            "weights":{"seed":3,"stream":1}}
            """
        for (process, expected) in [(circulation, turning), (Self.births(network: network), dying)] {
            let run = try Run(process)
            #expect(RunIdentity.json(run, precision: .float64) == expected)
            #expect(RunIdentity.digest(run, precision: .float64) == Digest(of: Array(expected.utf8)))
            // The engine's precision is not the process's.
            #expect(RunIdentity.digest(run, precision: .float32) == RunIdentity.digest(run, precision: .float64))
        }
    }

    /// The same of a lattice, in the engine's precision: 2 − M − 2A = 1 and A = 0.25 are the teacher's weights, 1 and 0 the student's.
    @Test func identityOfALesson() throws {
        func listed(_ values: [Double]) -> String {
            values.flatMap { value in [String](repeating: "\(value)", count: 8) }.joined(separator: ",")
        }
        let expected = """
            {"identityVersion":1,"lattice":{"decays":true,"learningRate":0.125,"noise":0.5,"recordings":4,"sizes":[8],"smoothing":0.0,\
            "steps":40,"student":[\(listed([1, 0, 0]))],"studentMemory":1.0,"teacher":[\(listed([1, 0.25, 0.25]))],"teacherMemory":1.0},\
            "precision":"float64","recording":{"matrices":true,"trajectory":"ends"},"weights":{"seed":3,"stream":1}}
            """
        let run = try Run(Self.lesson())
        #expect(RunIdentity.json(run, precision: .float64) == expected)
        #expect(RunIdentity.digest(run, precision: .float32) != RunIdentity.digest(run, precision: .float64))
    }

    /// The error is that of the weights, by hand, and less than at the start.
    @Test func lessonsHaveTheirColumns() throws {
        let process = try Self.lesson(), result = try Self.result(process), values = QuantityValues(result)
        for (name, expected) in [
            ("sites", 8.0), ("recordings", 4), ("noise", 0.5), ("learningRate", 0.125), ("steps", 40), ("smoothing", 0),
            ("latticeCoupling", 0.25), ("latticeMass", 0.5), ("seed", 3), ("lastStep", 40),
        ] { #expect(try values.value(name) == expected, "\(name)") }
        for name in ["networks", "batch", "quanta", "warmUp", "width", "finalLoss"] { #expect(try values.value(name) == nil, "\(name)") }
        let teacher = process.lists[0]
        let squares = zip(result.kernels, teacher).reduce(0.0) { (sum: Double, pair: (Double, Double)) -> Double in
            sum + (pair.0 - pair.1) * (pair.0 - pair.1)
        }
        let error = try #require(try values.value("weightError"))
        #expect(abs(error - (squares / 8).squareRoot()) < 1e-12)
        // At the start two weights of 0.25 are missing at each site.
        #expect(abs(result.outputs[0] - 0.125.squareRoot()) < 1e-12 && error < result.outputs[0])
    }

    @Test func everyParameterCounts() throws {
        let network = try MicroNetwork(), ends = Self.circulation()
        var kept = ends
        kept.recordedSteps = [0, 20, 40]
        let circulations = [
            ends, kept, Self.circulation(networks: 2020), Self.circulation(rate: 0.125), Self.circulation(batch: 3),
            Self.circulation(turning: 0.5), Self.circulation(mirrored: true), Self.circulation(steps: 41), Self.circulation(warmUp: 9),
            Self.circulation(seed: 4),
        ]
        let births = [
            Self.births(network: network), Self.births(network: network, networks: 16_008), Self.births(network: network, diffusion: 0.5),
            Self.births(network: network, timeStep: 0.03125), Self.births(network: network, steps: 41),
            Self.births(network: network, warmUp: 9), Self.births(network: network, seed: 4),
            Self.births(network: try MicroNetwork(neurons: 5)), Self.births(network: try MicroNetwork(stiffness: 2)),
            Self.births(network: try MicroNetwork(inverseTemperature: 2)), Self.births(network: try MicroNetwork(weightDecay: 0.25)),
        ]
        let lessons = try [
            Self.lesson(), Self.lesson(sizes: [12]), Self.lesson(coupling: 0.125), Self.lesson(steps: 41), Self.lesson(recordings: 8),
            Self.lesson(rate: 0.0625), Self.lesson(noise: 0.25), Self.lesson(smoothing: 0.5), Self.lesson(seed: 4),
            Self.lesson(decays: false), Self.lesson(sizes: [8, 4]), Self.lesson(sizes: [4, 8]),
        ]
        let runs = try (circulations + births + lessons).map { try Run($0) } + [Run(births[0], recording: Recording())]
        #expect(Set(runs.map { RunIdentity.digest($0, precision: .float32) }).count == runs.count)
    }

    private static func result(_ process: LearningProcess) throws -> RunResult {
        let run = try Run(process), scheduler = Scheduler(engine: ReferenceEngine(), store: MemoryStore())
        #expect(try scheduler.execute([run]))
        return try #require(try scheduler.result(for: run))
    }

    @Test func circulationHasItsColumns() throws {
        let result = try Self.result(Self.circulation(mirrored: true)), values = QuantityValues(result)
        for (name, expected) in [
            ("networks", 2000.0), ("learningRate", 0.0625), ("batch", 2), ("turning", 0.25), ("mirrored", 1), ("steps", 40), ("warmUp", 8),
            ("seed", 3), ("lastStep", 40),
        ] { #expect(try values.value(name) == expected, "\(name)") }
        for name in [
            "width", "points", "outputs", "timeStep", "momentum", "diffusion", "stepTime", "neurons", "starts", "finalLoss", "divergedAt",
            "groundEnergy", "chi", "meanWeight",
        ] { #expect(try values.value(name) == nil, "\(name)") }
        // The sums of twenty parts, by hand.
        let count = 100.0 * 32
        let each = (0..<20).map { part -> Double in
            let turns: Double = result.outputs[40 + 2 * part], squares: Double = result.outputs[41 + 2 * part]
            let mean = turns / 65_536 / count, square = squares / 0x1p32 / count
            return mean / (square - mean * mean)
        }
        let mean = each.reduce(0, +) / 20
        let scatter = each.reduce(0.0) { (sum: Double, one: Double) -> Double in sum + (one - mean) * (one - mean) }
        let quanta = try #require(try values.value("quanta")), error = try #require(try values.value("quantaError"))
        #expect(abs(quanta - mean) < 1e-12 && abs(error - (scatter / 380).squareRoot()) < 1e-12 && error > 0)
        #expect(result.kernels.isEmpty && result.losses.isEmpty && result.recordedSteps == [0, 40] && result.divergedAt == nil)
    }

    @Test func birthsAndDeathsHaveTheirColumns() throws {
        let result = try Self.result(Self.births(network: MicroNetwork(weightDecay: 0.25))), values = QuantityValues(result)
        for (name, expected) in [
            ("networks", 16_000.0), ("diffusion", 0.25), ("stepTime", 0.0625), ("neurons", 4), ("stiffness", 1), ("inverseTemperature", 4),
            ("weightDecay", 0.25), ("steps", 40), ("warmUp", 8), ("seed", 3), ("lastStep", 40),
        ] { #expect(try values.value(name) == expected, "\(name)") }
        for name in ["learningRate", "batch", "turning", "mirrored", "quanta", "finalLoss", "width"] {
            #expect(try values.value(name) == nil, "\(name)")
        }
        let each = (0..<8).map { (island: Int) -> Double in result.outputs[16 + 2 * island + 1] / 0x1p37 }
        let energy = try #require(try values.value("groundEnergy"))
        #expect(abs(energy - each.reduce(0, +) / 8) < 1e-12)
        #expect(result.kernels.count == 8 * 80)
        for name in ["groundEnergyError", "operatorEnergy", "groundVariation"] { #expect(try values.value(name) ?? 0 > 0, "\(name)") }
    }

    /// A store gives back what it has; without counts the density is not there, the energy is.
    @Test func countsAreKeptOnlyWhenAsked() throws {
        let process = Self.births(network: try MicroNetwork())
        let run = try Run(process, recording: Recording(trajectory: .every(20)))
        #expect(run.kernelSteps.isEmpty && run.recordedSteps == [0, 20, 40])
        #expect(try Run(process).kernelSteps == [40])
        #expect(throws: LearningError.self) { try Run(Self.circulation(networks: 10)) }
        // What circulates is counted in no bins, whatever is asked for.
        #expect(try Run(Self.circulation(), recording: Recording(matrices: true)) == Run(Self.circulation()))
    }
}
