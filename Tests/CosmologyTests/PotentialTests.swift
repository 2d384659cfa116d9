import Cosmology
import Testing

@Suite struct PotentialTests {
    /// One or more potentials of every kind.
    static func examples(_ kind: Potential.Kind) throws -> [Potential] {
        switch kind {
        case .power:
            try [2, 4, 6].map { try .power(scale: 0.75, minimum: 0.5, degree: $0, vacuumEnergy: 2) }
        case .doubleWell:
            [try .doubleWell(scale: 0.75, minimum: 1.5, vacuumEnergy: 2)]
        case .formula:
            [.formula(try PotentialFormula("s*(phi - 0.5)^4 + 0.1*phi^5 + 2", parameters: ["s": 0.75]))]
        }
    }

    /// The central difference over seven points is exact for polynomials up to degree 6, so that only rounding remains: a sum
    /// of six terms of size up to |V| ≤ 4000 over a spacing of 1/4 rounds to below 100 · 1e-16 · 4000 = 4e-11.
    static func difference(_ function: (Double) -> Double, at phi: Double) -> Double {
        let spacing = 0.25
        return [(1, 45.0), (2, -9.0), (3, 1.0)].map { step, weight in
            weight * (function(phi + Double(step) * spacing) - function(phi - Double(step) * spacing))
        }.reduce(0, +) / (60 * spacing)
    }

    @Test(arguments: Potential.Kind.allCases, [-2.0, -0.5, 0, 0.5, 1.25, 3])
    func derivativesAreThoseOfTheValue(_ kind: Potential.Kind, phi: Double) throws {
        for potential in try Self.examples(kind) {
            #expect(potential.kind == kind)
            #expect(abs(Self.difference(potential.value, at: phi) - potential.slope(at: phi)) <= 4e-11)
            #expect(abs(Self.difference(potential.slope, at: phi) - potential.curvature(at: phi)) <= 4e-11)
            #expect(abs(Self.difference(potential.curvature, at: phi) - potential.thirdDerivative(at: phi)) <= 4e-11)
        }
    }

    /// Values worked out by hand, exact in binary.
    @Test func valuesAreThoseOfTheFormulas() throws {
        #expect(try Potential.power(scale: 3, minimum: 1, degree: 4, vacuumEnergy: 7).value(at: 3) == 55)
        #expect(try Potential.power(scale: 0.5, minimum: -1, degree: 2).value(at: 1) == 2)
        #expect(try Potential.doubleWell(scale: 4, minimum: 2, vacuumEnergy: 1).value(at: 3) == 26)
        #expect(try Potential.doubleWell(scale: 4, minimum: 2, vacuumEnergy: 1).value(at: -2) == 1)
        #expect(try Potential.doubleWell(scale: 4, minimum: 2).curvature(at: 0) == -16)
    }

    @Test(arguments: [3, 1, 0, -2, 1002, .max - 1])
    func oddOrSmallDegreesAreRefused(_ degree: Int) {
        #expect(
            throws: UniverseError.outOfRange(
                quantity: "degree", value: "\(degree)", limit: "even, so that the potential has a minimum, and from 2 to 1000",
                remedy: "Use 2 or 4.")
        ) { try Potential.power(scale: 1, degree: degree) }
    }

    @Test func badNumbersAreRefusedByName() {
        #expect(message { _ = try Potential.power(scale: -1, degree: 2) }.hasPrefix("scale is -1.0; it must be finite and not negative"))
        #expect(message { _ = try Potential.doubleWell(scale: .nan, minimum: 1) }.hasPrefix("scale is nan"))
        #expect(message { _ = try Potential.power(scale: 1, minimum: .infinity, degree: 2) }.hasPrefix("minimum is inf"))
        #expect(message { _ = try Potential.doubleWell(scale: 1, minimum: 1, vacuumEnergy: .nan) }.hasPrefix("vacuum energy is nan"))
    }
}

/// The message of the error that `body` throws; empty where it throws none.
func message(_ body: () throws -> Void) -> String {
    do {
        try body()
        return ""
    } catch {
        return "\(error)"
    }
}
