import Cosmology
import Foundation
import Testing

/// Ends of inflation, other clocks, fluids and turnarounds.
@Suite struct EventTests {
    private static func chaotic(_ velocity: Double, _ clock: Clock = .time, formula: Bool = false) throws -> UniverseSolution {
        let potential: Potential =
            formula ? .formula(try PotentialFormula("m^2*phi^2/2", parameters: ["m": 1])) : try .power(scale: 0.5, degree: 2)
        return try Universe(
            background: Background(potential: potential, hubble: .friedmann(planckMass: 1), phi: 16, velocity: velocity),
            until: 100, samples: 11, clock: clock, stopAtEpsilon: 1
        ).solve()
    }

    /// SciPy 1.17's DOP853 with its own event finder at rtol 1e-13: t = 18.67658646, N = 64.89351107, φ = 1.0093427 from rest;
    /// t = 18.62554424, N = 64.56075653 and the same φ from the slow-roll velocity −√(2/3).
    @Test(arguments: [false, true])
    func chaoticInflationEndsWhereSciPySays(_ formula: Bool) throws {
        for (velocity, time, eFolds) in [(0, 18.67658646, 64.89351107), (-(2.0 / 3).squareRoot(), 18.62554424, 64.56075653)] {
            let end = try #require(try Self.chaotic(velocity, formula: formula).samples.last?.background)
            #expect(abs(end.time - time) <= 1e-8 && abs(end.eFolds - eFolds) <= 1e-8 && abs(end.phi - 1.0093427) <= 1e-7)
            #expect(abs(end.epsilon - 1) <= 1e-10)
            #expect(abs(end.scaleFactor / exp(end.eFolds) - 1) <= 1e-15)
        }
    }

    /// The clock changes nothing but where the samples are.
    @Test func theClockChangesNothing() throws {
        let (time, eFolds) = (try Self.chaotic(0), try Self.chaotic(0, .eFolds))
        let (a, b) = (try #require(time.samples.last?.background), try #require(eFolds.samples.last?.background))
        // Some hundred steps of 1e-12 of each number, beside 1e-12 of 65 e-folds.
        #expect(abs(a.time / b.time - 1) <= 1e-10 && abs(a.eFolds / b.eFolds - 1) <= 1e-10 && abs(a.phi / b.phi - 1) <= 1e-10)
        let rows = eFolds.samples.map(\.background.eFolds)
        for (index, row) in rows.enumerated() { #expect(abs(row - b.eFolds * Double(index) / 10) <= 1e-12) }
        #expect(eFolds.samples.map(\.background.constraint).allSatisfy { abs($0) <= 1e-9 })
    }

    /// ⟨φ′²/2 − V⟩/ρ over whole periods is (n − 2)/(n + 2) for V ∝ φⁿ (Turner 1983): matter, radiation and w = 1/2. Here from what ρ falls by,
    /// w = −1 − ⅓ d ln ρ/dN, between two moments of rest, where what ρ oscillates by is 0; what is left goes with (H/ω)² < 1e-6.
    @Test(arguments: [(2, 0.0), (4, 1.0 / 3), (6, 0.5)] as [(Int, Double)])
    func oscillationsAreFluids(_ degree: Int, _ expected: Double) throws {
        let amplitude = 0.003
        func end(_ until: Double, samples: Int = 2) throws -> [BackgroundSample] {
            try Universe(
                potential: .power(scale: 1.0 / Double(degree), degree: degree), hubble: .friedmann(planckMass: 1), phi: amplitude,
                until: until, samples: samples
            ).solve().samples.map(\.background)
        }
        // About 12 periods of 2π/ω, ω = A^{n/2 − 1} or somewhat less; the last rest among them, by secants.
        let course = try end(80 * pow(amplitude, 1 - Double(degree) / 2), samples: 4001)
        let place = try #require(course.indices.dropFirst().last { course[$0 - 1].velocity > 0 && course[$0].velocity <= 0 })
        var (a, b) = (course[place - 1], course[place])
        for _ in 0..<6 where a.velocity != b.velocity {
            let next = b.time - b.velocity * (b.time - a.time) / (b.velocity - a.velocity)
            (a, b) = (b, try #require(try end(next).last))
        }
        let w = -1 - log(pow(b.phi / amplitude, Double(degree))) / b.eFolds / 3
        #expect(abs(b.velocity) <= 1e-9 * pow(amplitude, Double(degree) / 2) && b.phi > 0)
        #expect(abs(w - expected) <= 1e-5, "\(w)")
    }

    /// Radiation and matter with no field: a = √(2 √(ρ/3) t + 1) and (3/2 √(ρ/3) t + 1)^{2/3}; and the scale factor at the start is that of
    /// the density.
    @Test(arguments: [(1.0 / 3, 1.0), (0, 1), (1.0 / 3, 2), (0, 0.5), (1, 1), (-1.0 / 3, 1)] as [(Double, Double)])
    func fluidsExpandAsPowers(_ w: Double, _ scaleFactor: Double) throws {
        let density = 3.0
        let solution = try Universe(
            background: Background(
                potential: .power(scale: 0, degree: 2), hubble: .friedmann(planckMass: 1), phi: 1,
                fluids: [Fluid(equationOfState: w, density: density)], scaleFactor: scaleFactor), until: 10, samples: 21
        ).solve()
        let (rate, power) = ((density / 3).squareRoot(), 1.5 * (1 + w))
        for sample in solution.samples.map(\.background) {
            // a^{p − 1} a′ = √(ρ/3), p = 3(1 + w)/2.
            let exact = pow(pow(scaleFactor, power) + power * rate * sample.time, 1 / power)
            #expect(abs(sample.scaleFactor / exact - 1) <= 1e-10)
            #expect(abs(sample.hubble - rate * pow(exact, -power)) <= 1e-10 * sample.hubble)
            #expect(abs(sample.epsilon - power) <= 1e-13)
            #expect(abs(sample.constraint) <= 1e-10)
        }
    }

    /// A field in a fluid's universe, so light in energy that only the fluid expands it: the exact solutions of ``PowerLawField``.
    @Test(arguments: [0, 1.0 / 3, 1, -1.0 / 3] as [Double])
    func aTestFieldInAFluidIsABesselFunction(_ w: Double) throws {
        let exact = try PowerLawField(equationOfState: w, mass: 1), start = 0.5
        // H = p/t at the start: ρ = 3p²/t².
        let rate = exact.exponent / start
        let initial = try #require(try exact.regular(phi: 1e-9, at: [start]).first)
        let solution = try Universe(
            background: Background(
                potential: .power(scale: 0.5, degree: 2), hubble: .friedmann(planckMass: 1), phi: initial.phi, velocity: initial.velocity,
                fluids: [Fluid(equationOfState: w, density: 3 * rate * rate)]), until: 20, samples: 41,
            modes: [PerturbationMode(massRatio: 1, wavenumber: 0)]
        ).solve()
        let states = try exact.regular(phi: 1e-9, at: solution.samples.map { $0.background.time + start })
        for (sample, state) in zip(solution.samples, states) {
            #expect(abs(sample.background.phi - state.phi) <= 1e-19)
        }
    }

    /// V = −Λ alone with a moving field: ρ = φ′²/2 − Λ, a³ = cos(ωt − c)/cos c with ω = √3 √Λ·… : H = √(Λ/3) tan(c − √(3Λ)t), tan c = H₀/√(Λ/3),
    /// from H′ = −φ′²/2 = −(3H² + Λ). It turns at c/√(3Λ) and ends at (c + π/2)/√(3Λ).
    @Test(arguments: [Clock.time])
    func aNegativeVacuumTurnsTheUniverse(_ clock: Clock) throws {
        for formula in [false, true] {
            let (vacuum, velocity) = (0.3, 1.4)
            let potential: Potential =
                formula
                ? .formula(try PotentialFormula("-L", parameters: ["L": vacuum]))
                : try .power(scale: 0, degree: 2, vacuumEnergy: -vacuum)
            let unit = (vacuum / 3).squareRoot(), rate = (3 * vacuum).squareRoot()
            let phase = atan(((velocity * velocity / 2 - vacuum) / 3).squareRoot() / unit)
            let turn = phase / rate, crunch = (phase + .pi / 2) / rate
            let solution = try Universe(
                potential: potential, hubble: .friedmann(planckMass: 1), phi: 0, velocity: velocity, until: turn + 0.9 * (crunch - turn),
                samples: 101
            ).solve()
            for sample in solution.samples.map(\.background) {
                let angle = phase - rate * sample.time
                // H grows without bound towards the end, and what it errs by with its square.
                #expect(abs(sample.hubble - unit * tan(angle)) <= 1e-9 * (1 + tan(angle) * tan(angle)))
                #expect(abs(sample.eFolds - log(cos(angle) / cos(phase)) / 3) <= 1e-9)
                #expect(abs(sample.constraint) <= 1e-9)
            }
            #expect(try #require(solution.samples.last).background.hubble < 0)
            let text = message {
                _ = try Universe(
                    potential: potential, hubble: .friedmann(planckMass: 1), phi: 0, velocity: velocity, until: 2 * crunch, samples: 2
                ).solve()
            }
            #expect(text.contains("fell to zero at t = ") && text.contains("raise the vacuum energy"), "\(text)")
        }
    }

    /// A closed universe of radiation: in conformal time a = √(ρ/3) sin η + … ; t_end = 2√(ρ/3) for a = 0 at t = 0, a² = 2√(ρ/3)t − t² with k = 1.
    @Test func aClosedUniverseOfRadiationTurns() throws {
        let (strength, start) = (1.0, 0.5)
        // a² + (t − s)² = s², s = √(ρ/3); H² = ρ/(3a⁴) − 1/a².
        let solution = try Universe(
            background: Background(
                potential: .power(scale: 0, degree: 2), hubble: .friedmann(planckMass: 1), phi: 0,
                fluids: [Fluid(equationOfState: 1.0 / 3, density: 3 * strength * strength), Fluid(equationOfState: -1.0 / 3, density: -3)],
                scaleFactor: (2 * strength * start - start * start).squareRoot()), until: 1.4, samples: 57
        ).solve()
        for sample in solution.samples.map(\.background) {
            let time = sample.time + start, exact = (2 * strength * time - time * time).squareRoot()
            #expect(abs(sample.scaleFactor - exact) <= 1e-9)
        }
    }

    /// From kination, above 1, through inflation: the event is where ε rises, not where it starts or falls.
    @Test func theEventIsARise() throws {
        let solution = try Universe(
            background: Background(potential: .power(scale: 0.5, degree: 2), hubble: .friedmann(planckMass: 1), phi: 12, velocity: 30),
            until: 100, samples: 3, stopAtEpsilon: 1
        ).solve()
        #expect(solution.samples[0].background.epsilon > 2)
        #expect(solution.samples[2].background.eFolds > 30)
        #expect(abs(solution.samples[2].background.epsilon - 1) <= 1e-10)
        let text = message {
            _ = try Universe(
                background: Background(potential: .power(scale: 0.5, degree: 2), hubble: .friedmann(planckMass: 1), phi: 12), until: 3,
                samples: 3, stopAtEpsilon: 1
            ).solve()
        }
        #expect(text.hasPrefix("epsilon does not rise to 1.0 before 3.0"))
    }

    @Test func badBackgroundsAreRefusedByName() throws {
        let potential = try Potential.power(scale: 1, degree: 2)
        func message(
            _ fluids: [Fluid] = [], hubble: Hubble = .friedmann(planckMass: 1), scaleFactor: Double = 1, clock: Clock = .time,
            stop: Double? = nil, kind: PerturbationKind = .testField, ratio: Double = 1
        ) -> String {
            CosmologyTests.message {
                _ = try Universe(
                    background: Background(potential: potential, hubble: hubble, phi: 1, fluids: fluids, scaleFactor: scaleFactor),
                    until: 1,
                    samples: 2, modes: [PerturbationMode(massRatio: ratio)], kind: kind, clock: clock, stopAtEpsilon: stop)
            }
        }
        let dust = try Fluid(equationOfState: 0, density: 1)
        #expect(message([dust], clock: .eFolds, stop: 1) == "")
        #expect(CosmologyTests.message { _ = try Fluid(equationOfState: -1, density: 1) }.hasPrefix("equation of state of a fluid is -1.0"))
        #expect(CosmologyTests.message { _ = try Fluid(equationOfState: 0, density: .nan) }.hasPrefix("density of a fluid is nan"))
        #expect(message([dust], hubble: .constant(1)).hasPrefix("the number of fluids is 1; it must be 0 at constant H"))
        #expect(message([try Fluid(equationOfState: 0, density: -5)]).hasPrefix("initial energy density is -4.0; it must be at least 0"))
        #expect(message(scaleFactor: 0).hasPrefix("scale factor is 0.0; it must be positive"))
        #expect(message(stop: 0).hasPrefix("epsilon to stop at is 0.0"))
        #expect(message(hubble: .constant(1), stop: 1).contains("absent at constant H"))
        #expect(message(hubble: .constant(-1), clock: .eFolds).hasPrefix("H at the start is -1.0; it must be positive"))
        #expect(message([dust], kind: .gaugeInvariant).contains("a field with fluids"))
        #expect(message(hubble: .constant(1), kind: .gaugeInvariant).contains("a constant H"))
        #expect(message(kind: .gaugeInvariant, ratio: 0.5).hasPrefix("mass ratio of a gauge-invariant mode is 0.5"))
    }

    /// Where the field leaves its potential, before it moves and on its way; and texts that are none.
    @Test func potentialsMustHaveValues() throws {
        func solve(_ text: String, _ parameters: [String: Double] = [:], phi: Double) -> String {
            message {
                _ = try Universe(
                    potential: .formula(PotentialFormula(text, parameters: parameters)), hubble: .friedmann(planckMass: 1), phi: phi,
                    until: 20, samples: 2
                ).solve()
            }
        }
        #expect(solve("log(phi) + 9", phi: -1).contains("near φ = -1, where the field comes at 0 on the clock"))
        let leaving = solve("1 + sqrt(phi)", phi: 0.5)
        #expect(leaving.hasPrefix("the potential 1 + sqrt(phi) is not a finite number") && leaving.contains("near φ = "), "\(leaving)")
        #expect(solve("m^2*phi^2", phi: 1).contains("names 'm', which has no value"))
        #expect(solve("phi^2", ["m": 1], phi: 1).contains("the parameter 'm' is not in the potential"))
        #expect(solve("phi^", phi: 1).contains("in the expression 'phi^'"))
        #expect(solve("m*phi^2", ["m": .nan], phi: 1).hasPrefix("parameter m is nan"))
        #expect(solve("phi^2", phi: 1) == "")
    }
}
