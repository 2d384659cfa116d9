import Foundation
import Learning
import Testing

/// The algebra of Einstein's page against SymPy and closed forms.
@Suite struct EinsteinTests {
    /// `lattice_metric.json`, which SymPy wrote (`lattice_metric.py`).
    private struct Fixture: Decodable {
        struct Field: Decodable {
            let value: Double
            let slope: [Double]
            let bend: [[Double]]
            var jet: (value: Double, slope: [Double], bend: [[Double]]) { (value, slope, bend) }
        }
        struct Point: Decodable {
            let massSquared, coupling: Field
            let density: Double
        }
        let form: [Double]
        let points: [Point]

        static func read() throws -> Fixture {
            let url = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .appending(path: "Fixtures/lattice_metric.json")
            return try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: url))
        }
    }

    @Test func curvatureIsSymPys() throws {
        for point in try Fixture.read().points {
            let found = Curvature.density(Curvature.Jet(massSquared: point.massSquared.jet, coupling: point.coupling.jet))
            // Some hundred terms of size up to 3, and jets that are rounded.
            #expect(abs(found - point.density) < 1e-12 * max(1, abs(point.density)))
        }
    }

    /// The quadratic form by Euler–Lagrange equations of general fields in SymPy, and by numbers of this program.
    @Test func quadraticForm() throws {
        let form = try Fixture.read().form, (mm, ma, aa) = MetricForm.coefficients
        #expect(form == [mm, ma, aa])
        // Terms of fourth order are (1e-3)² of the form, times derivatives and numbers of some tens.
        #expect(MetricForm.deviation(amplitude: 1e-3) < 1e-4)
        #expect(MetricForm.deviation(amplitude: 1e-2) < 1e-2)
    }

    /// The combinations are orthonormal eigenvectors; eigenvalues have sum 2 and product −1/4.
    @Test func combinations() {
        let (u, v) = (MetricForm.combinations[0], MetricForm.combinations[1])
        #expect(abs(u.eigenvalue + v.eigenvalue - 2) < 1e-14 && abs(u.eigenvalue * v.eigenvalue + 0.25) < 1e-14)
        #expect(abs(u.m * v.m + u.a * v.a) < 1e-14 && abs(u.m * u.m + u.a * u.a - 1) < 1e-14)
        #expect(abs(1.5 * u.m - u.a - u.eigenvalue * u.m) < 1e-14)
    }

    /// Fierz and Pauli's coefficients.
    @Test func isotropicForm() throws {
        let (ratios, residual) = try Curvature.isotropicCoefficients()
        #expect(zip(ratios, [1, -2, 2, -1] as [Double]).allSatisfy { abs($0 - $1) < 1e-10 } && residual < 1e-11)
    }

    /// With a = y^(2/3) the action is ∫(−(4/3)ẏ² − Λy²)dt, so that y″ = (3Λ/4)y: hyperbolic functions.
    @Test(arguments: [0.1, 0.3, 1.5]) func universesAreHyperbolic(lambda: Double) {
        let universe = Minisuperspace(lambda: lambda), rate = (3 * lambda).squareRoot() / 2, end = 2.0, last = pow(2.5, 1.5)
        let sine = (last - cosh(rate * end)) / sinh(rate * end), count = universe.scaleFactors.count - 1
        var neurons = 0.0
        for (i, a) in universe.scaleFactors.enumerated() {
            let t = end * Double(i) / Double(count), y = cosh(rate * t) + sine * sinh(rate * t)
            // Steps of h = 0.005 are off by about h²/12 times third derivatives.
            #expect(abs(a - pow(y, 2.0 / 3)) < 2e-5)
            neurons += (i == 0 || i == count ? 0.5 : 1) * y * y * end / Double(count)
        }
        #expect(abs(universe.neurons / neurons - 1) < 1e-4)
        #expect(abs(Minisuperspace.slope(from: lambda - 0.005, to: lambda + 0.005) / lambda - 1) < 1e-3)
        #expect(universe.firstIntegral.scatter < 1e-3 && abs(universe.firstIntegral.mean) > 0.1)
    }
}
