import Cosmology
import Foundation
import Testing

/// Several fields, their metric and their perturbations.
@Suite struct FieldUniverseTests {
    private static let coupled = "phi1^2/2 + 3*phi2^2 + g*phi1^2*phi2^2"

    private static func rolling(_ kind: PerturbationKind, _ clock: Clock = .time) throws -> FieldUniverse {
        try FieldUniverse(
            space: FieldSpace(kernel: [1, 0.3, 0.3, 0.8]),
            potential: .coupled(PotentialFormula(coupled, fields: 2, parameters: ["g": 0.1])), hubble: .friedmann(planckMass: 1),
            phi: [12, 6], modes: [PerturbationMode(wavenumber: 0.7)], kind: kind, clock: clock)
    }

    private static func close(_ values: [Double], _ expected: [Double], _ tolerance: Double) -> Bool {
        values.count == expected.count && zip(values, expected).allSatisfy { abs($0 - $1) <= tolerance * (1 + abs($1)) }
    }

    /// SciPy 1.17's DOP853 at rtol 1e-13 in the coordinates φ, φ′ with Θ⁻¹ as a matrix, and its own event finder. Two methods of 1e-13 a step
    /// differ by some hundred steps' worth of it.
    @Test func twoFieldsInflateAsSciPySays() throws {
        let samples = try Self.rolling(.testField).solve(until: 1.5, samples: 4), at = samples[3]
        #expect(Self.close(at.phi, [8.413069411545889, 1.2870014470625732], 1e-11))
        #expect(Self.close(at.velocity, [-1.5507443676230894, -2.018298916701801], 1e-11))
        #expect(Self.close([at.eFolds, at.hubble, at.turnRate], [12.981662767563357, 4.281112615324363, 0.18807910884810797], 1e-11))
        #expect(Self.close(at.modes, [0.8756065026122998, -0.27488070088783056, -0.6344548642618209, 0.34084742015424646], 1e-10))
        #expect(samples.allSatisfy { abs($0.constraint) <= 1e-10 })

        let end = try #require(try Self.rolling(.gaugeInvariant).solve(until: 30, samples: 2, stopAtEpsilon: 1).last)
        #expect(Self.close([end.time, end.eFolds], [11.407637011819869, 31.26249165339857], 1e-10))
        #expect(Self.close(end.phi, [0.924197588431768, -0.06862659092495767], 1e-10))
        #expect(Self.close(end.modes, [6.577012665778573, -0.433099406242637, -0.8371933747159129, 0.05512954994142277], 1e-9))
        let byEFolds = try #require(try Self.rolling(.gaugeInvariant, .eFolds).solve(until: 40, samples: 2, stopAtEpsilon: 1).last)
        #expect(Self.close(byEFolds.modes + [byEFolds.time], end.modes + [end.time], 1e-9))
    }

    /// Two equal fields from one place are one field, with its metric, by other code.
    @Test func equalFieldsAreOneField() throws {
        let one = try Universe(
            background: Background(potential: .power(scale: 0.5, degree: 2), hubble: .friedmann(planckMass: 1), phi: 16), until: 18,
            samples: 10, modes: [PerturbationMode(wavenumber: 1)], kind: .gaugeInvariant
        ).solve()
        // φ_a = φ/√2 each, so that energies add up; δ = (δ_1 + δ_2)/√2 is the field's own, and starts as 1 from (1, 1)/√2.
        let root = 0.5.squareRoot()
        let two = try FieldUniverse(
            space: .flat(2), potential: .sum(Array(repeating: .power(scale: 0.5, degree: 2), count: 2)),
            hubble: .friedmann(planckMass: 1), phi: [16 * root, 16 * root], modes: [PerturbationMode(wavenumber: 1)],
            kind: .gaugeInvariant
        ).solve(until: 18, samples: 10)
        for (a, b) in zip(one.samples, two) {
            #expect(Self.close(b.phi, [a.background.phi * root, a.background.phi * root], 1e-10))
            #expect(abs(b.eFolds - a.background.eFolds) <= 1e-10 && abs(b.epsilon - a.background.epsilon) <= 1e-10)
            #expect(abs(b.modes.reduce(0, +) / 2 - a.modes[0]) <= 1e-8 * (1 + abs(a.modes[0])))
            #expect(b.turnRate <= 1e-12)
        }
    }

    /// Θ = (2 1; 1 2), V = ½φ², H = 0: the fields χ_± = (φ_1 ± φ_2)/√2 swing with ω² = 3 and 1.
    private static func exact(_ t: Double) -> (phi: [Double], turnRate: Double) {
        let w = 3.0.squareRoot(), (plus, minus) = (cos(w * t), cos(t))
        // Canonical: χ_±/ω_±; what turns is the angle of their velocities.
        let velocity = (-sin(w * t) / 2.0.squareRoot(), -sin(t) / 2.0.squareRoot())
        let acceleration = (-w * cos(w * t) / 2.0.squareRoot(), -cos(t) / 2.0.squareRoot())
        let across = abs(velocity.0 * acceleration.1 - velocity.1 * acceleration.0)
        return ([(plus + minus) / 2, (plus - minus) / 2], across / (velocity.0 * velocity.0 + velocity.1 * velocity.1))
    }

    @Test func theMetricTurnsThePath() throws {
        let space = try FieldSpace(kernel: [2, 1, 1, 2])
        let universe = try FieldUniverse(
            space: space, potential: .sum(Array(repeating: .power(scale: 0.5, degree: 2), count: 2)), hubble: .constant(0), phi: [1, 0],
            modes: [PerturbationMode()])
        let samples = try universe.solve(until: 2, samples: 2001)
        for sample in samples.dropFirst() {
            let exact = Self.exact(sample.time)
            #expect(Self.close(sample.phi, exact.phi, 1e-11) && Self.close([sample.turnRate], [exact.turnRate], 1e-9))
            // Linear fields: a perturbation of field 1 is the field.
            #expect(Self.close(Array(sample.modes[..<2]), exact.phi, 1e-11))
            #expect(abs(sample.constraint) <= 1e-11)
        }
        // From the path alone: second order in the step, which quadruples the error where it is doubled.
        let path = samples.flatMap(\.phi)
        func error(_ stride: Int) -> Double {
            let rows = Swift.stride(from: 0, to: 2001, by: stride).flatMap { Array(path[2 * $0..<2 * $0 + 2]) }
            let rates = space.turnRates(path: rows, timeStep: 0.001 * Double(stride))
            return (1..<rates.count - 1).filter { Double($0 * stride) >= 400 }
                .map { abs(rates[$0] - Self.exact(0.001 * Double($0 * stride)).turnRate) }.max() ?? .infinity
        }
        #expect(error(20) < 1e-3 && log2(error(40) / error(20)) >= 1.9)
    }

    @Test func whatCannotBeIsRefused() throws {
        #expect(throws: UniverseError.self) { try FieldSpace(kernel: [1, 2, 2, 1]) }
        #expect(throws: UniverseError.self) { try FieldSpace(kernel: [1, 0.2, 0.1, 1]) }
        #expect(throws: UniverseError.self) { try FieldSpace(kernel: [1, 0, 0]) }
        #expect(throws: UniverseError.self) { try PotentialFormula("phi1 + phi3", fields: 2) }
        let sum = FieldPotential.sum([try .power(scale: 1, degree: 2, vacuumEnergy: -3), try .power(scale: 1, degree: 2)])
        func universe(
            _ hubble: Hubble, phi: [Double] = [1, 1], fluids: [Fluid] = [], _ mode: PerturbationMode? = nil, _ clock: Clock = .time
        ) throws -> FieldUniverse {
            try FieldUniverse(
                space: .flat(2), potential: sum, hubble: hubble, phi: phi, fluids: fluids, modes: mode.map { [$0] } ?? [],
                kind: .gaugeInvariant, clock: clock)
        }
        #expect(throws: UniverseError.self) { try universe(.friedmann(planckMass: 1)) }
        #expect(throws: UniverseError.self) { try universe(.constant(1), phi: [1]) }
        #expect(throws: UniverseError.self) { try universe(.constant(1), fluids: [Fluid(equationOfState: 0, density: 1)]) }
        #expect(throws: UniverseError.self) { try universe(.constant(1), PerturbationMode()) }
        #expect(throws: UniverseError.self) { try universe(.friedmann(planckMass: 1), phi: [3, 3], PerturbationMode(massRatio: 2)) }
        #expect(throws: UniverseError.self) { try universe(.constant(-1), nil, .eFolds) }
        #expect(throws: UniverseError.self) { try universe(.constant(1)).solve(until: 1, samples: 2, stopAtEpsilon: 1) }
        // The density falls to V < 0, beyond which H is no number.
        #expect(throws: UniverseError.self) { try universe(.friedmann(planckMass: 1), phi: [2, 2]).solve(until: 50, samples: 2) }
    }
}
