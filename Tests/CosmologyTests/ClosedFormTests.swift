import Cosmology
import Foundation
import Testing

/// Universes with a solution in closed form. Where no other bound is derived, 1e-9 of the largest value: some hundred steps
/// with a local error of 1e-12 each, and a factor of ten for the growth of a perturbation.
@Suite struct ClosedFormTests {
    /// V = 0: φ′ falls as a^-3 and ρ = φ′²/2, so H = H₀/(1 + 3H₀t), φ′ = v₀/(1 + 3H₀t), N = ln(1 + 3H₀t)/3,
    /// φ = φ₀ + √(2/3) M ln(1 + 3H₀t) for v₀ > 0, with H₀ = v₀/(√6 M).
    @Test(arguments: [(1.0, 1.0), (0.1, 2.0), (3.0, 20.0)])
    func kination(_ planckMass: Double, _ velocity: Double) throws {
        let solution = try Universe(
            potential: .power(scale: 0, degree: 2), hubble: .friedmann(planckMass: planckMass), phi: 0.5, velocity: velocity,
            until: 10, samples: 51
        ).solve()
        let initial = velocity / (6.0.squareRoot() * planckMass)
        for sample in solution.samples.map(\.background) {
            let growth = 1 + 3 * initial * sample.time
            #expect(abs(sample.phi - (0.5 + (2.0 / 3).squareRoot() * planckMass * log(growth))) <= 1e-9 * max(1, planckMass))
            #expect(abs(sample.velocity - velocity / growth) <= 1e-9 * velocity)
            #expect(abs(sample.eFolds - log(growth) / 3) <= 1e-9)
            #expect(abs(sample.hubble - initial / growth) <= 1e-9 * initial)
        }
    }

    /// A flat potential V₀ with a moving field: a³ = sinh(3K(t + t₀))/sinh(3Kt₀) with K = √(V₀/3)/M, φ′ = v₀/a³,
    /// H = K coth(3K(t + t₀)); coth(3Kt₀) = H₀/K. It goes from a ∝ t^(1/3) to de Sitter.
    @Test func kinationIntoVacuumEnergy() throws {
        let (planckMass, vacuum, velocity) = (0.8, 0.3, 5.0)
        let solution = try Universe(
            potential: .power(scale: 0, degree: 2, vacuumEnergy: vacuum), hubble: .friedmann(planckMass: planckMass), phi: 0,
            velocity: velocity, until: 12, samples: 61
        ).solve()
        let vacuumRate = (vacuum / 3).squareRoot() / planckMass
        let initial = ((velocity * velocity / 2 + vacuum) / 3).squareRoot() / planckMass
        let phase = atanh(vacuumRate / initial)
        for sample in solution.samples.map(\.background) {
            let angle = 3 * vacuumRate * sample.time + phase
            let volume = sinh(angle) / sinh(phase)
            #expect(abs(sample.hubble - vacuumRate / tanh(angle)) <= 1e-9 * initial)
            #expect(abs(sample.eFolds - log(volume) / 3) <= 1e-9)
            #expect(abs(sample.velocity - velocity / volume) <= 1e-9 * velocity)
        }
    }

    /// A massless mode in de Sitter space: in conformal time η = −e^(−Ht)/H the solutions are cos kη + kη sin kη and
    /// sin kη − kη cos kη (real and imaginary part of (1 + ikη) e^(−ikη)); the combination with d = 1, d′ = 0 at kη₀ = x₀ is
    /// (1/x₀) [sin x₀ (cos x + x sin x) − cos x₀ (sin x − x cos x)].
    @Test(arguments: [(1.0, 0.5), (1.0, 10), (0.3, 2), (2.0, 40)])
    func masslessModesInDeSitterSpace(_ hubble: Double, _ wavenumber: Double) throws {
        let solution = try Universe(
            potential: .power(scale: 0, degree: 2), hubble: .constant(hubble), phi: 1, until: 6 / hubble, samples: 121,
            modes: [PerturbationMode(massRatio: 1, wavenumber: wavenumber), PerturbationMode(massRatio: 0, wavenumber: wavenumber)]
        ).solve()
        let start = -wavenumber / hubble
        var worst = 0.0
        for sample in solution.samples {
            let x = start * exp(-hubble * sample.background.time)
            let exact = (sin(start) * (cos(x) + x * sin(x)) - cos(start) * (sin(x) - x * cos(x))) / start
            worst = max(worst, abs(sample.modes[0] - exact), abs(sample.modes[1] - exact))
            #expect(abs(sample.background.eFolds - hubble * sample.background.time) <= 1e-11)
        }
        #expect(worst <= 1e-9)
    }

    /// φ″ + 3Hφ′ + m²(φ − φ_min) = 0 is a damped oscillator; the mode r = 1, k = 0 obeys the same equation. Overdamped,
    /// underdamped, static and contracting (where amplitudes grow up to e^(3|H|t/2) and errors with them).
    @Test(arguments: [1.0, 0.1, 0, -0.2])
    func quadraticPotentialAtConstantHubble(_ hubble: Double) throws {
        let (massSquared, minimum, until) = (0.5, 0.3, 15.0)
        let solution = try Universe(
            potential: .power(scale: massSquared / 2, minimum: minimum, degree: 2), hubble: .constant(hubble), phi: 1.3,
            until: until, samples: 61, modes: [PerturbationMode(), PerturbationMode(massRatio: 0.5)]
        ).solve()
        func exact(_ time: Double, ratio: Double) -> Double {
            let half = 1.5 * hubble
            let discriminant = half * half - ratio * massSquared
            let frequency = abs(discriminant).squareRoot()
            let (even, odd) =
                discriminant > 0
                ? (cosh(frequency * time), sinh(frequency * time)) : (cos(frequency * time), sin(frequency * time))
            return exp(-half * time) * (even + half / frequency * odd)
        }
        let growth = max(1, exp(-1.5 * hubble * until))
        for sample in solution.samples {
            let time = sample.background.time
            #expect(abs(sample.background.phi - minimum - exact(time, ratio: 1)) <= 1e-9 * growth)
            #expect(abs(sample.modes[0] - exact(time, ratio: 1)) <= 1e-9 * growth)
            #expect(abs(sample.modes[1] - exact(time, ratio: 0.5)) <= 1e-9 * growth)
            #expect(abs(sample.background.eFolds - hubble * time) <= 1e-11)
        }
    }

    /// At constant H the velocity itself solves the equation of the mode r = 1, k = 0 for any potential (differentiate the
    /// field equation). Started on the terminal velocity v₀ = −V′(φ₀)/(3H), φ″(0) = 0, so d = φ′/v₀: a test of V″.
    @Test(arguments: Potential.Kind.allCases)
    func theVelocityIsAMode(_ kind: Potential.Kind) throws {
        for potential in try PotentialTests.examples(kind) {
            let velocity = -potential.slope(at: 0.8) / (3 * 0.7)
            let solution = try Universe(
                potential: potential, hubble: .constant(0.7), phi: 0.8, velocity: velocity, until: 8, samples: 41,
                modes: [PerturbationMode()]
            ).solve()
            for sample in solution.samples {
                #expect(abs(sample.background.velocity / velocity - sample.modes[0]) <= 1e-9)
            }
        }
    }
}
