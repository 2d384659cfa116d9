import Checks
import Compute
import Engines
import Foundation
import Networks
import Testing

/// The slope of every activation against differences of its values, on the host and in the kernels.
@Suite struct ActivationTests {
    static let places = [-3.1, -1.7, -0.9, -0.31, -0.02, 0.015, 0.4, 0.77, 1.3, 2.6]

    /// Richardson's extrapolation of central differences, D = (4 D_h − D_2h)/3, has the truncation error 4 h⁴ |φ⁗′|/120 (h⁴ |φ⁗′|/30),
    /// and the values' rounding k u |φ| enters with (4/(2h) + 1/(4h)) · 2/3 ≤ 1.6/h. The fifth derivatives of all activations are
    /// below 40 (erf: 2/√π |H₄| e^(−z²) ≤ 2/√π · 12 = 13.5; tanh: 16; gelu and sin less). With h = 2⁻¹⁰ truncation is 40/30 · 9e-13 = 1.3e-12
    /// and rounding, at k u = 36 · 1.1e-16 and |φ| ≤ 3.2, 1.6 · 1024 · 1.3e-14 = 2.1e-11.
    static let step = 0x1p-10
    static let tolerance = 2.5e-11

    static func difference(_ f: (Double) throws -> Double, at z: Double) rethrows -> Double {
        let near = (try f(z + step) - f(z - step)) / (2 * step), far = (try f(z + 2 * step) - f(z - 2 * step)) / (4 * step)
        return (4 * near - far) / 3
    }

    @Test(arguments: Activation.all)
    func slopeIsTheDerivativeOnTheHost(_ activation: Activation) {
        for z in Self.places {
            let expected = Self.difference(activation.value, at: z)
            #expect(abs(activation.slope(z) - expected) <= Self.tolerance, "\(activation) at \(z)")
        }
    }

    /// A network of one unit with unit weights computes φ(x); its derivative by b₁ is φ′(x).
    @Test(arguments: Activation.all, TestEngine.double)
    func slopeIsTheDerivativeInTheKernels(_ activation: Activation, _ kind: TestEngine) throws {
        let architecture = try Architecture(widths: [1], activation: activation, parameterisation: .standard)
        let member = Ensemble.Member(source: .weights(try Weights([1, 0, 1, 0], for: architecture)), sigmaW: 1, sigmaB: 1)
        let offsets = [0, -Self.step, Self.step, -2 * Self.step, 2 * Self.step]
        let points = Self.places.flatMap { z in offsets.map { z + $0 } }
        let ensemble = try Ensemble(architecture: architecture, members: [member], inputs: [Inputs(points)])
        let found = try CollectedResults(kind.engine(), ensemble, Job(outputs: true, jacobian: true))
        let values = Dictionary(uniqueKeysWithValues: zip(points, found.outputs[0]))
        for (place, z) in Self.places.enumerated() {
            let expected = try Self.difference({ try values[$0].orThrow("\($0)") }, at: z)
            let slope = found.jacobians[0][place * offsets.count * 4 + 1]
            #expect(abs(slope - expected) <= Self.tolerance, "\(activation) at \(z)")
        }
    }

    /// In every precision the kernels' values and slopes are those of the host within the bounds of OpenCL's functions, over the
    /// arguments at which float functions change their formulas, and where they saturate.
    @Test(arguments: Activation.all, TestEngine.openCL)
    func kernelsAgreeWithTheHost(_ activation: Activation, _ kind: TestEngine) throws {
        let architecture = try Architecture(widths: [1], activation: activation, parameterisation: .standard)
        let member = Ensemble.Member(source: .weights(try Weights([1, 0, 1, 0], for: architecture)), sigmaW: 1, sigmaB: 1)
        let points = (-96...96).map { Double($0) / 8 } + [-30, 30, 1e-5, -1e-5, 1e-20, 100]
        let ensemble = try Ensemble(architecture: architecture, members: [member], inputs: [Inputs(points)])
        let found = try CollectedResults(kind.engine(), ensemble, Job(outputs: true, jacobian: true))
        let bounds = ErrorBounds(ensemble, member: 0, precision: kind.precision),
            own = ErrorBounds(ensemble, member: 0, precision: .float64)
        let outputs = BoundedValues(points.map(activation.value), errors: zip(bounds.outputs().errors, own.outputs().errors).map(+))
        let deviation = outputs.compare(found.outputs[0])
        #expect(deviation.isWithinBound, "\(activation): \(deviation) at \(points[deviation.index])")
        let jacobian = bounds.jacobian(), ownJacobian = own.jacobian()
        let slopes = BoundedValues(
            points.map(activation.slope), errors: points.indices.map { jacobian.errors[4 * $0 + 1] + ownJacobian.errors[4 * $0 + 1] })
        let turned = slopes.compare(points.indices.map { found.jacobians[0][4 * $0 + 1] })
        #expect(turned.isWithinBound, "\(activation): \(turned) at \(points[turned.index])")
    }

    /// The host's functions at mpmath's numbers, float32's and float64's: within what float64 is allowed.
    @Test(arguments: Activation.all)
    func hostGivesMpmathsValues(_ activation: Activation) throws {
        for numbers in ["float64", "float32"] {
            let known = try KnownActivation.of(activation, numbers)
            try #require(known.z == ActivationCheck.arguments(numbers == "float64" ? .float64 : .float32))
            let bounds = ActivationCheck(activation).bounds(known.z, values: known.values, slopes: known.slopes, precision: .float64)
            for (found, bounds) in [(known.z.map(activation.value), bounds.values), (known.z.map(activation.slope), bounds.slopes)] {
                let deviation = bounds.compare(found)
                #expect(deviation.isWithinBound, "\(activation): \(deviation) at \(known.z[deviation.index])")
            }
        }
    }

    /// Every engine from 0 to the largest number; bounds are those of OpenCL's functions (`ActivationError`), so exactly 0 up to underflow
    /// where slopes are.
    @Test(arguments: Activation.all, [.reference] + TestEngine.openCL)
    func enginesGiveMpmathsValues(_ activation: Activation, _ kind: TestEngine) throws {
        let known = try KnownActivation.of(activation, kind.precision == .float64 ? "float64" : "float32")
        let check = ActivationCheck(activation)
        let found = try check.evaluate(known.z, on: kind.engine())
        let bounds = check.bounds(known.z, values: known.values, slopes: known.slopes, precision: kind.precision)
        for (found, bounds) in [(found.values, bounds.values), (found.slopes, bounds.slopes)] {
            let deviation = bounds.compare(found)
            #expect(deviation.isWithinBound, "\(activation): \(deviation) at \(known.z[deviation.index])")
        }
    }

    /// Where float32's tanh stays at the number below 1 its slope is 0 all the same; and a slope from it would be seen.
    @Test func slopesDoNotComeFromRoundedValues() throws {
        let check = ActivationCheck(.tanh)
        let bound = check.bounds([1e7], values: [1], slopes: [0], precision: .float32).slopes
        #expect(bound.errors[0] < 1e-36 && !bound.compare([1.2e-7]).isWithinBound)
    }

    /// |φ′| and |φ(z)/z| stay below the bound that error bounds use, and the bound is no more than a fifth too large.
    @Test(arguments: Activation.all)
    func lipschitzBoundHolds(_ activation: Activation) {
        let places = (-4000...4000).map { Double($0) / 500 + 1e-4 }
        let steepest = places.map { abs(activation.slope($0)) }.max() ?? .infinity
        #expect(steepest <= activation.lipschitzBound)
        #expect(steepest >= activation.lipschitzBound / 1.2)
        #expect(places.allSatisfy { abs(activation.value($0)) <= activation.lipschitzBound * abs($0) })
    }
}

/// Rows of activations.json.
struct KnownActivation {
    var z: [Double] = [], values: [Double] = [], slopes: [Double] = []

    static func of(_ activation: Activation, _ numbers: String) throws -> KnownActivation {
        struct Row: Decodable { let activation, numbers, z, value, slope: String }
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Fixtures/activations.json").standardized
        var known = KnownActivation()
        for row in try JSONDecoder().decode([Row].self, from: Data(contentsOf: file))
        where row.activation == activation.name && row.numbers == numbers {
            known.z.append(try Double(row.z).orThrow(row.z))
            known.values.append(try Double(row.value).orThrow(row.value))
            known.slopes.append(try Double(row.slope).orThrow(row.slope))
        }
        return known
    }
}
