import Arrays
import Learning
import Networks
import Testing

/// Processes whose parts move on their own: circulations, and births and deaths.
@Suite struct ProcessTests {
    private let host = LearningDevice(nil)

    private func circulation(_ turning: Double = 0, mirrored: Bool = false, networks: Int = 2000, steps: Int = 300) -> Circulation {
        Circulation(
            networks: networks, learningRate: 0.05, batch: 1, turning: turning, isMirrored: mirrored, steps: steps, warmUp: 100, seed: 3)
    }

    /// White to the rounding of 512 numbers of single precision: means below 2⁻²⁴ of the largest, some 10; squares twice that times it.
    @Test(arguments: [false, true]) func chiralDataAreWhite(mirrored: Bool) {
        let numbers = Circulation(networks: 2000, learningRate: 0.05, batch: 1, isMirrored: mirrored, seed: 7).numbersOfData
        let points = stride(from: 0, to: numbers.count, by: 2).map { (numbers[$0], numbers[$0 + 1]) }, n = Double(points.count)
        let largest = points.reduce(0) { max($0, abs($1.0), abs($1.1)) }, rounding = largest * 0x1p-24
        #expect(largest < 10)
        func mean(_ term: ((Double, Double)) -> Double) -> Double { points.reduce(0.0) { $0 + term($1) } / n }
        #expect(abs(mean(\.0)) < rounding && abs(mean(\.1)) < rounding)
        for (found, expected) in [(mean { $0.0 * $0.0 }, 1.44), (mean { $0.1 * $0.1 }, 1.44), (mean { $0.0 * $0.1 }, 0)] {
            #expect(abs(found - expected) < 2 * largest * rounding)
        }
    }

    /// With data of both hands only the turned part of the gradient tells the hands apart, so that n(−m) is −n(m) in law, and n(0) is 0.
    @Test func turningTurns() throws {
        let found = try [-0.5, 0, 0.5].map { turning -> CirculationRecord in
            let setting = circulation(turning, mirrored: true, networks: 4000, steps: 500)
            return try CirculationRecord(LearningProcess.circulation(setting).computed(on: host), of: setting)
        }
        let both = (found[0].standardError * found[0].standardError + found[2].standardError * found[2].standardError).squareRoot()
        #expect(abs(found[1].quanta) < 5 * found[1].standardError)
        #expect(abs(found[0].quanta + found[2].quanta) < 5 * both)
        #expect(abs(found[0].quanta - found[2].quanta) > 5 * both)
    }

    /// Sums are whole, nothing before the warm-up, and the same whichever steps are kept between.
    @Test func whereItIsLookedAtChangesNothing() throws {
        var often = circulation(0.2)
        often.recordedSteps = [0, 50, 100, 101, 250, 300]
        let once = try LearningProcess.circulation(circulation(0.2)).computed(on: host)
        let many = try LearningProcess.circulation(often).computed(on: host)
        let row = 2 * Circulation.parts
        #expect(once.outputs.suffix(row) == many.outputs.suffix(row))
        #expect(many.outputs.allSatisfy { $0 == $0.rounded() } && once.lastFinite == 300)
        #expect(many.outputs.prefix(3 * row).allSatisfy { $0 == 0 } && many.outputs[3 * row..<4 * row].allSatisfy { $0 != 0 })

        var births = BirthDeath(network: try MicroNetwork(), networks: 16_000, diffusion: 0.15, steps: 60, seed: 3)
        let short = try LearningProcess.birthDeath(births).computed(on: host)
        births.recordedSteps = [0, 7, 59, 60]
        let long = try LearningProcess.birthDeath(births).computed(on: host)
        #expect(short.outputs.suffix(16) == long.outputs.suffix(16) && short.counts == long.counts)
        #expect((0..<8).allSatisfy { short.outputs[2 * $0] == 2000 && short.outputs[2 * $0 + 1] == 0 })
        // Counted at step 20 and at step 40, within the bins: no more than there are, and most of them.
        let counted = short.counts.reduce(0, +)
        #expect(counted > 16_000 && short.counts.allSatisfy { $0 == $0.rounded() && $0 >= 0 })
    }

    /// The level of −D ∂² + F/2D by LAPACK, which the networks do not know but for where they start; a step of 0.02 is off by less than 10⁻⁴ of it.
    @Test func networksFindTheGroundState() throws {
        let births = BirthDeath(network: try MicroNetwork(), networks: 16_000, diffusion: 0.15, steps: 1200, seed: 5)
        let record = try BirthDeathRecord(LearningProcess.birthDeath(births).computed(on: host), of: births)
        #expect(record.standardError < 0.01 * record.exact)
        #expect(abs(record.energy - record.exact) < 5 * record.standardError + 1e-4 * record.exact)
        // Far from the level of one well alone, and the density is ψ_0: sampling alone gives √(80/2πn) ≈ 0.01 of some 10⁵ independent counts.
        #expect(abs(record.harmonic - record.exact) > 10 * record.standardError)
        #expect(try #require(record.totalVariation) < 0.03)
        let squares = record.ground.map { $0 * $0 }, whole = squares.reduce(0, +)
        #expect(zip(squares, record.ground).reduce(0) { $0 + abs($1.0 / whole - $1.1) } / 2 > 0.1)
    }

    /// What a loss of numbers leaves: sums up to the last finite step, and a record that says so.
    @Test func numbersThatAreNoneEndIt() throws {
        struct Doomed: ProcessPart {
            var step = 0
            var numbers: [Double] { [Double(step)] }
            var isFinite: Bool { step < 5 }
            mutating func advance(_ steps: Range<Int>) { for _ in steps where isFinite { step += 1 } }
        }
        let record = try ProcessRecord(moving: [Doomed(step: -4), Doomed()], recordedSteps: [0, 3, 6, 9], networks: 1, on: host)
        #expect(record.lastFinite == 3)
        #expect(record.outputs.prefix(4) == [-4, 0, -1, 3] && record.outputs.suffix(4).allSatisfy(\.isNaN))
        let setting = circulation()
        let lost = ProcessRecord(
            outputs: [Double](repeating: .nan, count: 4 * Circulation.parts), counts: [], lastFinite: 0)
        #expect(throws: LearningError.self) { try CirculationRecord(lost, of: setting) }
    }

    @Test func whatCannotBeIsRefused() throws {
        func message(_ process: LearningProcess) -> String {
            do { try process.check() } catch { return "\(error)" }
            return ""
        }
        func circulation(
            networks: Int = 2000, rate: Double = 0.05, batch: Int = 1, turning: Double = 0, steps: Int = 100, warmUp: Int = 50
        ) -> LearningProcess {
            .circulation(
                Circulation(
                    networks: networks, learningRate: rate, batch: batch, turning: turning, steps: steps, warmUp: warmUp, seed: 0))
        }
        #expect(message(circulation()).isEmpty)
        #expect(message(circulation(networks: 1999)).contains("1999 networks are too few"))
        #expect(message(circulation(networks: .max)).contains("at most"))
        for rate in [0, -1, 0.5, .nan, .infinity] { #expect(message(circulation(rate: rate)).contains("the learning rate is \(rate)")) }
        #expect(message(circulation(batch: 0)).contains("the mini-batch is 0"))
        for turning in [1.1, -2, .nan] { #expect(message(circulation(turning: turning)).contains("the turned part of the gradient")) }
        #expect(message(circulation(steps: 0, warmUp: 0)).contains("the number of steps is 0"))
        for warmUp in [-1, 100] { #expect(message(circulation(warmUp: warmUp)).contains("the warm-up is \(warmUp)")) }
        #expect(message(circulation(networks: 1 << 28, steps: 1000)).contains("the number of steps after the warm-up is 950"))

        let network = try MicroNetwork()
        func births(
            networks: Int = 16_000, diffusion: Double = 0.15, timeStep: Double = 0.02, steps: Int = 100, warmUp: Int = 25
        ) -> LearningProcess {
            .birthDeath(
                BirthDeath(
                    network: network, networks: networks, diffusion: diffusion, timeStep: timeStep, steps: steps, warmUp: warmUp, seed: 0))
        }
        #expect(message(births()).isEmpty)
        #expect(message(births(networks: 15_999)).contains("15999 networks are too few"))
        #expect(message(births(networks: .max)).contains("at most"))
        for diffusion in [0, -1, 11, .nan] { #expect(message(births(diffusion: diffusion)).contains("the diffusion is \(diffusion)")) }
        // F grows as a logarithm only: networks that diffuse much are bound by nothing.
        #expect(message(births(diffusion: 5)).contains("the ground state has fallen below"))
        for step in [0, 0.2, .nan] { #expect(message(births(timeStep: step)).contains("the time of a step is \(step)")) }
        #expect(message(births(steps: 0, warmUp: 0)).contains("the number of steps is 0"))
        #expect(message(births(warmUp: 100)).contains("the warm-up is 100"))
    }
}
