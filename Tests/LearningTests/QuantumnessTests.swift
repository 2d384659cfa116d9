import Arrays
import Foundation
import Learning
import Testing

/// The meter of χ and its parts.
@Suite struct QuantumnessTests {
    /// The three equations of which χ is known: −1, 0 and +1, each to 0.02 (`Calibration` integrates them without any ensemble).
    @Test(arguments: Calibration.allCases) func calibrations(of calibration: Calibration) throws {
        let found = try calibration.measured(MicroNetwork(), diffusion: 0.06)
        #expect(abs(found.value - Double(calibration.exact)) < 0.02, "\(found.value)")
        #expect(found.residual < 0.15)
    }

    /// The splines of degree p add up to 1, x has the coefficients that Greville's abscissae are, and derivatives are those of differences.
    @Test(arguments: [1, 3, 5]) func splines(degree: Int) {
        let basis = BSplineBasis(-1, 2, count: 12, degree: degree), pieces = 12 - degree
        let knots =
            [Double](repeating: -1, count: degree) + (0...pieces).map { -1 + 3 * Double($0) / Double(pieces) }
            + [Double](repeating: 2, count: degree)
        let greville = (0..<12).map { i in (1...degree).reduce(0.0) { $0 + knots[i + $1] } / Double(degree) }
        for x in [-1, -0.31, 0.2, 1.17, 2] {
            #expect(abs(basis.sum([Double](repeating: 1, count: 12), at: x) - 1) < 1e-12)
            #expect(abs(basis.sum(greville, at: x) - x) < 1e-12)
            #expect(abs(basis.sum(greville, at: x, derivative: 1) - 1) < 1e-10)
        }
        let c = (0..<12).map { sin(Double($0)) }, h = 1e-5
        #expect(abs(basis.sum(c, at: 0.4, derivative: 1) - (basis.sum(c, at: 0.4 + h) - basis.sum(c, at: 0.4 - h)) / (2 * h)) < 1e-6)
    }

    /// A system with two diagonals beside the main one, whose solution is known.
    @Test func bandedSystem() throws {
        var system = BandedSystem(order: 5, band: 2)
        let rows: [[Double]] = [[4, 1, 0.5, 0, 0], [1, 5, 1, 0.5, 0], [0.5, 1, 6, 1, 0.5], [0, 0.5, 1, 7, 1], [0, 0, 0.5, 1, 8]]
        for i in 0..<5 { for j in max(0, i - 2)...i { system.add(rows[i][j], i, j) } }
        let x = [1.0, -2, 3, -4, 5], b = rows.map { zip($0, x).reduce(0) { $0 + $1.0 * $1.1 } }
        for (found, exact) in zip(try #require(system.solved(b)), x) { #expect(abs(found - exact) < 1e-12) }
        var indefinite = BandedSystem(order: 2, band: 1)
        indefinite.add(1, 0, 0)
        indefinite.add(2, 1, 0)
        indefinite.add(1, 1, 1)
        #expect(indefinite.solved([1, 1]) == nil)
    }

    /// A free packet spreads: σ² (1 + (ħt/2σ²)²). The scheme is off by (k h)²/12 of the kinetic energy, with k = 1/σ and h = 0.01.
    @Test func packetsSpread() {
        var wave = WaveEquation(range: -6...6, count: 1201, hbar: 0.3, mean: 0, deviation: 0.25, potential: { _ in 0 })
        wave.advance(by: 0.5, steps: 500)
        let p = wave.density
        let squares: [Double] = zip(p, wave.places).map { $0 * $1 * $1 }
        let variance = squares.reduce(0, +) * 0.01
        let growth: Double = 0.3 * 0.5 / (2 * 0.0625)
        let exact = 0.0625 * (1 + growth * growth)
        #expect(abs(p.reduce(0, +) * 0.01 - 1) < 1e-10)
        #expect(abs(variance / exact - 1) < 1e-3)
    }
}
