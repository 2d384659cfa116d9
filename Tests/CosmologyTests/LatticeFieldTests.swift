import Cosmology
import Foundation
import Testing

@Suite struct LatticeFieldTests {
    private static func order(_ errors: [Double]) -> Double { log2(errors[errors.count - 2] / errors[errors.count - 1]) }

    /// A standing wave of V = m²φ²/2 in a static universe is one of the scheme itself: sin²(ωh/2) = h²(m² + k̂²)/4, k̂ = 2 sin(kΔ/2)/Δ.
    @Test(arguments: [true, false]) func standingWavesHaveTheSchemesDispersion(_ hasGradient: Bool) throws {
        let (count, mass, step) = (32, 0.7, 0.15), spacing = 0.2
        let lattice = try LatticeField(
            potential: .power(scale: mass * mass / 2, degree: 2), expansion: .constant(hubble: 0), spacing: spacing,
            hasGradient: hasGradient)
        let wave = (0..<count).map { cos(2 * .pi * 3 * Double($0) / Double(count)) }
        let wavenumber = hasGradient ? 2 * sin(.pi * 3 / Double(count)) / spacing : 0
        let frequency = 2 / step * asin(step / 2 * (mass * mass + wavenumber * wavenumber).squareRoot())
        let states = try lattice.evolve(.init(phi: wave, velocity: wave.map { _ in 0 }), timeStep: step, steps: 2000, every: 100)
        #expect(states.count == 21)
        for state in states {
            // Rounding adds up by a step at most, 2000 of 1e-16, and the phase by its square.
            for site in 0..<count { #expect(abs(state.phi[site] - wave[site] * cos(frequency * state.time)) <= 1e-10) }
        }
    }

    /// The breather of sine-Gordon's equation, V = 1 − cos φ: φ = 4 atan(√(1 − ω²)/ω sin ωt / cosh(√(1 − ω²)x)), of second order in h = Δ/2.
    @Test func breathersAreOfSecondOrder() throws {
        let errors = [try Self.breatherError(256), try Self.breatherError(512), try Self.breatherError(1024)]
        // The amplitude is 2.57, and the phase of 15 units of time errs by some Δ²/24 of it.
        #expect(errors[2] < 0.01)
        #expect(abs(Self.order(errors) - 2) < 0.05, "\(errors)")
    }

    private static func breatherError(_ count: Int) throws -> Double {
        let frequency = 0.8, width = (1 - frequency * frequency).squareRoot()
        let spacing = 60 / Double(count), steps = count / 2, time = Double(steps) * spacing / 2
        let potential = Potential.formula(try PotentialFormula("1 - cos(phi)"))
        let lattice = try LatticeField(potential: potential, expansion: .constant(hubble: 0), spacing: spacing)
        let places = (0..<count).map { (Double($0) - Double(count / 2)) * spacing }
        let start = LatticeField.State(phi: places.map { _ in 0 }, velocity: places.map { 4 * width / cosh(width * $0) })
        let states = try lattice.evolve(start, timeStep: spacing / 2, steps: steps, every: steps)
        let amplitude = width / frequency * sin(frequency * time)
        return zip(states[1].phi, places).map { abs($0 - 4 * atan(amplitude / cosh(width * $1))) }.max() ?? .nan
    }

    /// Massless waves in an era of radiation, aφ = sin k̂τ/k̂τ₀ + … ; matter without gradient, t φ = sin. Of second order in h.
    @Test func erasAreOfSecondOrder() throws {
        let count = 16, spacing = 0.5, age = 2.0
        let wavenumber = 2 * sin(.pi * 2 / Double(count)) / spacing
        let wave = (0..<count).map { cos(2 * .pi * 2 * Double($0) / Double(count)) }
        func error(_ expansion: LatticeField.Expansion, _ mass: Double, _ hasGradient: Bool, _ steps: Int, _ exact: (Double) -> Double)
            throws -> Double
        {
            let lattice = try LatticeField(
                potential: .power(scale: mass * mass / 2, degree: 2), expansion: expansion, spacing: spacing, hasGradient: hasGradient)
            let states = try lattice.evolve(.init(phi: wave, velocity: wave.map { _ in 0 }), timeStep: 16 / Double(steps), steps: steps)
            return states.map { abs($0.phi[0] - exact($0.time)) }.max()!
        }
        let radiation = try [80, 160, 320].map { steps in
            try error(.powerLaw(exponent: 0.5, age: age), 0, true, steps) { time in
                // τ = 2√(t₀(t + t₀)), a = τ/τ₀, τ₀ = 2t₀; aφ has the velocity 1/τ₀ at the start.
                let start = 2 * age, now = 2 * (age * (time + age)).squareRoot(), x = wavenumber * (now - start)
                return (cos(x) + sin(x) / (wavenumber * start)) * start / now
            }
        }
        let field = try PowerLawField(exponent: 2.0 / 3, mass: 1.3)
        let matter = try [80, 160, 320].map { steps in
            try error(.powerLaw(exponent: 2.0 / 3, age: age), 1.3, false, steps) {
                try! field.solution(from: age, .init(phi: 1, velocity: 0), at: [age + $0])[0].phi
            }
        }
        for errors in [radiation, matter] { #expect(abs(Self.order(errors) - 2) < 0.05 && errors[2] < 2e-3, "\(errors)") }
    }

    /// Nothing is lost in a static universe, of any potential: what the energy oscillates by falls with h², and does not grow.
    @Test func energyIsConservedInAStaticUniverse() throws {
        let count = 64, spacing = 0.25
        let lattice = try LatticeField(
            potential: .doubleWell(scale: 1, minimum: 1), expansion: .constant(hubble: 0), spacing: spacing, boundary: .reflecting)
        let phi = (0..<count).map { (site: Int) -> Double in 0.4 * cos(.pi * (Double(site) + 0.5) / Double(count)) + 0.2 }
        let start = LatticeField.State(phi: phi, velocity: phi.map { _ in 0 })
        func drifts(_ step: Double) throws -> (early: Double, late: Double) {
            let states = try lattice.evolve(start, timeStep: step, steps: Int(400 / step), every: 4)
            let energies = states.map { lattice.energy($0) }.map { $0.kinetic + $0.gradient + $0.potential }
            let changes = energies.map { abs($0 / energies[0] - 1) }
            return (changes[..<(changes.count / 2)].max()!, changes[(changes.count / 2)...].max()!)
        }
        let (coarse, fine) = (try drifts(0.1), try drifts(0.05))
        #expect(coarse.late < 1.5 * coarse.early && coarse.early < 0.01)
        #expect(coarse.early / fine.early > 3.5)
    }

    @Test func badLatticesAreRefusedByName() throws {
        let potential = try Potential.power(scale: 0.5, degree: 2)
        func message(spacing: Double = 1, sites: Int = 3, step: Double = 0.5, steps: Int = 2, hubble: Double = 0) -> String {
            CosmologyTests.message {
                _ = try LatticeField(potential: potential, expansion: .constant(hubble: hubble), spacing: spacing).evolve(
                    .init(phi: Array(repeating: 1, count: sites), velocity: Array(repeating: 0, count: sites)), timeStep: step, steps: steps
                )
            }
        }
        #expect(message() == "")
        #expect(message(spacing: 0).hasPrefix("spacing is 0.0"))
        #expect(message(sites: 2).hasPrefix("sites is 2 with 2 velocities"))
        #expect(message(step: 1.1).hasPrefix("time step is 1.1; it must be positive and at most 1.0"))
        #expect(message(steps: 0).hasPrefix("steps is 0"))
        #expect(message(hubble: .nan).hasPrefix("hubble is nan"))
    }
}
