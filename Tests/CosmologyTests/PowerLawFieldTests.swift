import Cosmology
import Foundation
import Testing

/// Fields in a ∝ t^p with the Bessel functions of the C library and of mpmath. Rounding: a term for each radian and each octave of t, some
/// units each; errors of the library's j0 and j1 are absolute, 2e-16 or so.
@Suite struct PowerLawFieldTests {
    private static let times = [0, 1e-3, 0.2, 0.5, 1, 1.5, 3, 7.25, 20, 200]

    /// Matter sin t/t, kination J₀(t), w = −1/3 2J₁(t)/t; radiation is below.
    @Test func regularSolutionsAreBesselFunctions() throws {
        func check(_ w: Double, _ exact: (Double) -> (Double, Double)) throws {
            let states = try PowerLawField(equationOfState: w, mass: 1).regular(phi: 1, at: Self.times)
            for (state, time) in zip(states, Self.times) {
                let (phi, velocity) = time == 0 ? (1, 0) : exact(time)
                #expect(abs(state.phi - phi) <= 1e-14, "w = \(w), t = \(time)")
                #expect(abs(state.velocity - velocity) <= 1e-14, "w = \(w), t = \(time)")
            }
        }
        // A difference of equal numbers below t = 0.01: that of the series, −t/3 + t³/30.
        try check(0) { (sin($0) / $0, $0 < 0.01 ? -$0 / 3 + $0 * $0 * $0 / 30 : (cos($0) - sin($0) / $0) / $0) }
        try check(1) { (j0($0), -j1($0)) }
        try check(-1.0 / 3) { (2 * j1($0) / $0, -2 * jn(2, $0) / $0) }
    }

    /// Γ(5/4) (2/t)^¼ J_{1/4}(t) and its derivative by mpmath 1.3 with 30 digits.
    @Test func radiationIsABesselFunctionOfOrderOneQuarter() throws {
        let expected: [(Double, Double, Double)] = [
            (0.5, 0.95069000920464591, -0.19449760216876326), (3, -0.082424482387048916, -0.34939802047618595),
            (20, 0.090880012887741574, -0.00046665759451124134), (200, -0.010038357459017138, 0.012716126482979948),
        ]
        let states = try PowerLawField(equationOfState: 1.0 / 3, mass: 1).regular(phi: 1, at: expected.map(\.0))
        for (state, (time, phi, velocity)) in zip(states, expected) {
            #expect(abs(state.phi - phi) <= 1e-14, "t = \(time)")
            #expect(abs(state.velocity - velocity) <= 1e-14, "t = \(time)")
        }
    }

    /// With the second solution as well: cos(mt)/t in matter, Y₀ in kination, and t^{1−3p} without mass.
    @Test func solutionsFromAGivenStateAreOfBothKinds() throws {
        let times = [0.5, 0.6, 1, 4, 30]
        let matter = try PowerLawField(equationOfState: 0, mass: 2).solution(
            from: 0.5, .init(phi: 2 * cos(1), velocity: -4 * sin(1) - 4 * cos(1)), at: times)
        let kination = try PowerLawField(equationOfState: 1, mass: 1).solution(
            from: 0.5, .init(phi: y0(0.5), velocity: -y1(0.5)), at: times)
        let free = try PowerLawField(exponent: 0.5, mass: 0).solution(from: 0.5, .init(phi: 1, velocity: 1), at: times)
        for (index, time) in times.enumerated() {
            #expect(abs(matter[index].phi - cos(2 * time) / time) <= 1e-14)
            #expect(abs(kination[index].phi - y0(time)) <= 1e-14)
            #expect(abs(free[index].phi - (2 - (0.5 / time).squareRoot())) <= 1e-14)
        }
    }

    /// The integrator of universes finds the same field where a fluid does what the exponent says.
    @Test func badArgumentsAreRefusedByName() {
        #expect(message { _ = try PowerLawField(equationOfState: -1, mass: 1) }.hasPrefix("equation of state is -1.0; it must be finite"))
        #expect(message { _ = try PowerLawField(exponent: 0, mass: 1) }.hasPrefix("exponent of the expansion is 0.0"))
        #expect(message { _ = try PowerLawField(exponent: 1, mass: -1) }.hasPrefix("mass is -1.0"))
        #expect(message { _ = try PowerLawField(exponent: 1, mass: 1).regular(phi: 1, at: [2, 1]) }.hasPrefix("time is 1.0"))
        #expect(
            message { _ = try PowerLawField(exponent: 1, mass: 1).solution(from: 0, .init(phi: 1, velocity: 0), at: []) }
                .hasPrefix("start is 0.0"))
    }
}
