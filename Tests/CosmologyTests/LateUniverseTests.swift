import Cosmology
import Foundation
import Testing

/// One universe of late-universes.json: its Taylor series of order 34 in 113-bit numbers, H from the constraint at every step.
struct LateUniverse: Decodable, Sendable, CustomTestStringConvertible {
    let name, potential: String
    let degree: Int
    let scale, vacuum, minimum, phi, velocity, until: Double
    let constantHubble, planckMass: Double?
    let mode: [Double]
    /// φ less the minimum it is near to, and the other columns, at equally spaced times.
    let displacement, velocities, eFolds, hubble, mode1: [Double]

    var testDescription: String { name }

    static let all: [LateUniverse] = {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Fixtures/late-universes.json").standardized
        do {
            return try JSONDecoder().decode([LateUniverse].self, from: Data(contentsOf: file))
        } catch {
            Issue.record("\(file.path): \(error)")
            return []
        }
    }()

    func solve(_ integrator: UniverseIntegrator = .standard) throws -> [UniverseSample] {
        let field: Potential =
            try potential == "power"
            ? .power(scale: scale, minimum: minimum, degree: degree, vacuumEnergy: vacuum)
            : .doubleWell(scale: scale, minimum: minimum, vacuumEnergy: vacuum)
        return try Universe(
            potential: field, hubble: constantHubble.map { .constant($0) } ?? .friedmann(planckMass: planckMass ?? .nan), phi: phi,
            velocity: velocity, until: until, samples: hubble.count,
            modes: [PerturbationMode(massRatio: mode[0], wavenumber: mode[1])]
        ).solve(integrator: integrator).samples
    }
}

/// Fields that have decayed, are tiny, slow, fast, or overdamped, number by number relative to itself.
@Suite struct LateUniverseTests {
    @Test func theFileIsComplete() { #expect(LateUniverse.all.count == 16) }

    /// Errors add up to a tolerance of 1e-12 a step at most in amplitude and phase; with 7000 steps allowed, 7e-9 of each number, none of
    /// which is so near to a zero of its oscillation that a phase weighs more than its amplitude by a factor of ten: 1e-7 at the very
    /// worst. Errors of random sign leave the square root of the number of steps, 1e-10 with 100 steps; ten times that is asked for.
    @Test(arguments: LateUniverse.all)
    func everyNumberIsKnownRelativeToItself(_ late: LateUniverse) throws {
        let samples = try late.solve(UniverseIntegrator(maximumSteps: 7000))
        #expect(samples.count == late.hubble.count)
        func close(_ value: Double, _ expected: Double) -> Bool { abs(value - expected) <= 1e-9 * abs(expected) }
        for (index, sample) in samples.enumerated() {
            let background = sample.background
            // φ itself is rounded beside its minimum.
            let rounding = late.minimum == 0 ? 0 : 2 * max(abs(background.phi), late.minimum).ulp
            #expect(abs(background.phi - late.minimum - late.displacement[index]) <= 1e-9 * abs(late.displacement[index]) + rounding)
            #expect(close(background.velocity, late.velocities[index]))
            #expect(close(background.eFolds, late.eFolds[index]))
            #expect(close(background.hubble, late.hubble[index]))
            #expect(close(sample.modes[0], late.mode1[index]))
            #expect(abs(background.constraint) <= 1e-10)
        }
    }

    /// With loose tolerances the constraint of the Friedmann law tells how wrong the density is: neither far less nor far more than it is.
    /// The density forgets some of its errors, as H → 2/(3t) whatever it was, and the constraint adds them all up: the greatest of the
    /// one is between the greatest of the other and a hundred times that, a factor of five for what partial sums cancel.
    @Test(arguments: LateUniverse.all.filter { $0.planckMass != nil && $0.vacuum == 0 && $0.scale > 1e-6 }, [1e-8, 1e-5])
    func theConstraintIsTheErrorOfTheDensity(_ late: LateUniverse, tolerance: Double) throws {
        let samples = try late.solve(UniverseIntegrator(tolerance: tolerance))
        // A field of 1e-180 has no square: the ratio is taken first.
        let error = zip(samples, late.hubble).map { abs(pow($0.background.hubble / $1, 2) - 1) }.max() ?? .nan
        let constraint = samples.map { abs($0.background.constraint) }.max() ?? .nan
        #expect(constraint >= 0.2 * error && constraint <= 500 * error)
    }

    /// Overdamped by the factor 1e6 to 1e13: φ = (λ₊e^{−λ₋t} − λ₋e^{−λ₊t})/(λ₊ − λ₋) with λ₊ + λ₋ = 3H, λ₊λ₋ = 1. After the transient
    /// φ = e^{−λ₋t}(1 + λ₋² + …) and φ′ = −λ₋φ, λ₋ = 1/(3H) + 1/(3H)³ + …; explicit steps would be 6/3H long.
    @Test(arguments: [1e6, 1e9, 1e13])
    func stiffFieldsAreFollowed(_ hubble: Double) throws {
        let until = 3 * hubble
        let samples = try Universe(
            potential: .power(scale: 0.5, degree: 2), hubble: .constant(hubble), phi: 1, until: until, samples: 4,
            modes: [PerturbationMode(), PerturbationMode(wavenumber: 1)]
        ).solve(integrator: UniverseIntegrator(maximumSteps: 3000)).samples
        let slow = 1 / (3 * hubble)
        for sample in samples.dropFirst() {
            // λ₋² < 1e-13 is beneath what is compared.
            let phi = exp(-slow * sample.background.time)
            #expect(abs(sample.background.phi / phi - 1) <= 1e-10)
            #expect(abs(sample.background.velocity / (-slow * phi) - 1) <= 1e-10)
            #expect(abs(sample.background.eFolds / (hubble * sample.background.time) - 1) <= 1e-12)
            // The mode r = 1, k = 0 obeys the same equation; k²/a² ends within 1/H, and takes k²/(9H²) of the amplitude.
            #expect(abs(sample.modes[0] / phi - 1) <= 1e-10)
            #expect(abs(sample.modes[1] / phi - 1) <= 1e-10)
        }
    }

    /// φ = 1e6 M rolls for 1e6 in H = 4e5: φ(t) = φ₀ − √(2/3) t + √(2/3)/(3H₀) + (1/φ − 1/φ₀)/3 + …, the third term from the transient and
    /// the last from φ′ = −√(2/3)(1 − 1/(3φ²)). The steps may err 1e-12 of φ, that is 1e-6, each; a tenth of that in sum is asked for,
    /// which tells the terms apart.
    @Test func inflationFromAMillionPlanckMasses() throws {
        let samples = try Universe(
            potential: .power(scale: 0.5, degree: 2), hubble: .friedmann(planckMass: 1), phi: 1e6, until: 1e6, samples: 5
        ).solve(integrator: UniverseIntegrator(maximumSteps: 3000)).samples
        let rate = (2.0 / 3).squareRoot()
        for sample in samples.dropFirst() {
            let leading = 1e6 - rate * sample.background.time
            let phi = leading + rate / (3 * 1e6 / 6.0.squareRoot()) + (1 / leading - 1e-6) / 3
            #expect(abs(sample.background.phi - phi) <= 1e-7)
            #expect(abs(sample.background.velocity + rate * (1 - 1 / (3 * phi * phi))) <= 1e-13)
        }
    }

    /// A thousand wavelengths take some 15 000 steps: the message says how many, and that many reach the end.
    @Test func theMessageSaysHowManyStepsItTakes() throws {
        let universe = try Universe(
            potential: .power(scale: 0, degree: 2), hubble: .constant(0.01), phi: 1, until: 7, samples: 2,
            modes: [PerturbationMode(wavenumber: 1000)])
        var needed = 100
        do throws(UniverseError) {
            _ = try universe.solve(integrator: UniverseIntegrator(maximumSteps: needed))
            Issue.record("100 steps were enough")
        } catch .stopped(.tooManySteps(100, _, 7, let steps), _) {
            needed = steps
        } catch {
            Issue.record("\(error)")
        }
        #expect(needed > 1000 && needed < 100_000)
        #expect(try universe.solve(integrator: UniverseIntegrator(maximumSteps: needed)).samples.count == 2)
    }

    /// Far below the least number a field is 0, not noise: overdamped with the slow rate (90 − √7700)/2 = 1.125, e^{−5625} is.
    @Test func whatIsNoNumberIsZero() throws {
        let gone = try Universe(
            potential: .power(scale: 50, degree: 2), hubble: .constant(30), phi: 1, until: 5000, samples: 3, modes: [PerturbationMode()]
        ).solve().samples
        #expect(gone[2].background.phi == 0 && gone[2].background.velocity == 0 && gone[2].modes[0] == 0)
        #expect(gone[2].background.constraint == 0)
    }
}
