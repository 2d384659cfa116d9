import Cosmology
import Foundation
import Testing

@Suite struct UniverseTests {
    private static func inflation(_ hubble: Hubble) throws -> Universe {
        try Universe(potential: .power(scale: 0.5, degree: 2), hubble: hubble, phi: 4, until: 20, samples: 101)
    }

    /// The constraint is a measurement: zero at the start, tiny at the default tolerance, and larger by orders of magnitude at a loose
    /// one. To first order it adds up what the steps err relative to the energy, a few tolerances each: below a thousand of them here.
    @Test(arguments: [Hubble.friedmann(planckMass: 1), .constant(0.2)])
    func theConstraintFollowsTheTolerance(_ hubble: Hubble) throws {
        func worst(_ tolerance: Double) throws -> Double {
            let solution = try Self.inflation(hubble).solve(integrator: UniverseIntegrator(tolerance: tolerance))
            #expect(solution.samples[0].background.constraint == 0)
            return solution.samples.map { abs($0.background.constraint) }.max() ?? .nan
        }
        let (loose, tight) = (try worst(1e-5), try worst(1e-12))
        #expect(tight <= 1e-9)
        #expect(tight > 0)
        #expect(loose > 1000 * tight)
    }

    @Test func badIntegratorsAreRefusedByName() {
        func message(_ tolerance: Double = 1e-12, _ steps: Int = 1) -> String {
            CosmologyTests.message { _ = try UniverseIntegrator(tolerance: tolerance, maximumSteps: steps) }
        }
        #expect(message() == "")
        #expect(message(1e-14).hasPrefix("tolerance is 1e-14; it must be from 1e-13"))
        #expect(message(.nan).hasPrefix("tolerance is nan"))
        #expect(message(0.1).hasPrefix("tolerance is 0.1"))
        #expect(message(1e-12, 0).hasPrefix("the limit of steps is 0; it must be at least 1"))
    }

    /// A field at rest in its minimum stays there and the universe is de Sitter: N = √(V₀/3) t/M.
    @Test func theVacuumExpandsExponentially() throws {
        let solution = try Universe(
            potential: .doubleWell(scale: 2, minimum: 1.5, vacuumEnergy: 0.75), hubble: .friedmann(planckMass: 0.5), phi: -1.5,
            until: 3, samples: 4
        ).solve()
        for sample in solution.samples.map(\.background) {
            #expect(sample.phi == -1.5 && sample.velocity == 0)
            #expect(sample.hubble == 1)
            #expect(abs(sample.eFolds - sample.time) <= 1e-12)
            #expect(abs(sample.constraint) <= 1e-12)
        }
    }

    /// An empty universe without energy neither expands nor divides by zero.
    @Test func anEmptyUniverseIsStatic() throws {
        let solution = try Universe(
            potential: .power(scale: 1, degree: 2), hubble: .friedmann(planckMass: 1), phi: 0, until: 5, samples: 3
        ).solve()
        #expect(solution.samples.allSatisfy { $0.values == [$0.background.time, 0, 0, 0, 0, 0, 0, 1] })
    }

    @Test func tableHasTheNamedColumnsAndTimes() throws {
        let solution = try Universe(
            potential: .power(scale: 1, degree: 4), hubble: .constant(1), phi: 1, until: 0.7, samples: 8,
            modes: [PerturbationMode(), PerturbationMode(massRatio: 0.5, wavenumber: 2)]
        ).solve()
        #expect(
            solution.columnNames == ["t", "phi", "velocity", "eFolds", "hubble", "constraint", "epsilon", "scaleFactor", "mode1", "mode2"])
        #expect(solution.samples.allSatisfy { $0.values.count == 10 })
        #expect(solution.samples[0].values == [0, 1, 0, 0, 1, 0, 0, 1, 1, 1])
        #expect(solution.samples.count == 8)
        #expect(solution.samples[7].background.time == 0.7)
        #expect(abs(solution.samples[3].background.time - 0.3) < 1e-15)
    }

    /// Integrations share nothing: side by side they give to the last bit what they give alone.
    @Test func universesIntegrateSideBySide() async throws {
        let universes = try (1...32).map {
            try Universe(
                potential: .power(scale: 0.5, degree: 4), hubble: .friedmann(planckMass: Double($0)), phi: 2, until: 5, samples: 6,
                modes: [PerturbationMode(wavenumber: 1)])
        }
        let alone = try universes.map { try $0.solve() }
        let together = try await withThrowingTaskGroup(of: (Int, UniverseSolution).self) { group in
            for (index, universe) in universes.enumerated() { group.addTask { (index, try universe.solve()) } }
            return try await group.reduce(into: [Int: UniverseSolution]()) { $0[$1.0] = $1.1 }
        }
        for (index, solution) in alone.enumerated() { #expect(together[index] == solution) }
    }

    @Test func badUniversesAreRefusedByName() throws {
        let potential = try Potential.power(scale: 1, degree: 2)
        let sunken = try Potential.power(scale: 1, degree: 2, vacuumEnergy: -2)
        func message(
            _ potential: Potential, _ hubble: Hubble = .friedmann(planckMass: 1), phi: Double = 1, velocity: Double = 0,
            until: Double = 1, samples: Int = 2
        ) -> String {
            CosmologyTests.message {
                _ = try Universe(
                    potential: potential, hubble: hubble, phi: phi, velocity: velocity, until: until, samples: samples)
            }
        }
        #expect(message(potential) == "")
        #expect(message(potential, .constant(-1)) == "")
        #expect(message(potential, phi: .nan).hasPrefix("phi is nan; it must be a finite number"))
        #expect(message(potential, velocity: .infinity).hasPrefix("velocity is inf"))
        #expect(message(potential, until: 0).hasPrefix("until is 0.0; it must be positive"))
        #expect(message(potential, until: -3).hasPrefix("until is -3.0"))
        #expect(message(potential, until: .nan).hasPrefix("until is nan"))
        #expect(message(potential, samples: 1).hasPrefix("samples is 1; it must be at least 2"))
        #expect(message(potential, .friedmann(planckMass: 0)).hasPrefix("Planck mass is 0.0; it must be positive"))
        #expect(message(potential, .friedmann(planckMass: -1)).hasPrefix("Planck mass is -1.0"))
        #expect(message(potential, .constant(.nan)).hasPrefix("hubble is nan"))
        #expect(message(potential, phi: 1e200).hasPrefix("initial energy density is inf"))
        let sunkenMessage = message(sunken)
        #expect(sunkenMessage.hasPrefix("initial energy density is -1.0; it must be at least 0"))
        #expect(sunkenMessage.contains("Raise the vacuum energy by at least 1.0, or choose a constant H"))
        #expect(message(sunken, .constant(1)) == "")
        #expect(CosmologyTests.message { _ = try PerturbationMode(wavenumber: -1) }.hasPrefix("wavenumber of a mode is -1.0"))
        #expect(CosmologyTests.message { _ = try PerturbationMode(massRatio: .nan) }.hasPrefix("mass ratio of a mode is nan"))
    }

    /// In a contracting universe a free field's velocity grows as e^(3|H|t); its square, twice the energy density,
    /// passes the largest number at t = ln(1.8e308)/6 = 118.3.
    @Test func divergenceEndsInAnError() throws {
        let universe = try Universe(
            potential: .power(scale: 0, degree: 2), hubble: .constant(-1), phi: 0, velocity: 1, until: 1000, samples: 2)
        let text = message { _ = try universe.solve() }
        #expect(text.contains("not a finite number") || text.contains("below the spacing of numbers"))
    }
}
