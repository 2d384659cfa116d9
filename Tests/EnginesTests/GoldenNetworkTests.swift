import Checks
import Compute
import Engines
import Foundation
import Networks
import Testing

/// Outputs, Jacobians and tangent kernels of the twelve golden networks, made with neural_tangents and JAX in float64.
@Suite struct GoldenNetworkTests {
    /// 1e-12 relative to the largest element for outputs and Jacobians, 1e-11 for the tangent kernel, which squares their errors'
    /// condition: the tolerances agreed with the makers of the files, whose own independent re-derivation agrees to 5e-15.
    @Test(arguments: Golden.networks, TestEngine.double)
    func float64AgreesWithTheFiles(_ name: String, _ kind: TestEngine) throws {
        let golden = try Golden(name), ensemble = try golden.ensemble(), engine = try kind.engine()
        let outputs = try golden.values("f"), jacobian = try golden.values("jac"), kernel = try golden.kernel()
        for method in TangentKernelMethod.allCases {
            let found = try CollectedResults(engine, ensemble, Job(outputs: true, jacobian: true, tangentKernel: method))
            #expect(distance(found.outputs[0], outputs) <= 1e-12 * size(outputs))
            #expect(distance(found.jacobians[0], jacobian) <= 1e-12 * size(jacobian))
            #expect(distance(found.tangentKernels[0][0] ?? [], kernel) <= 1e-11 * size(kernel), "\(method)")
        }
    }

    /// Every element within the running error bound of the precision plus that of the files, which are float64 themselves.
    @Test(arguments: Golden.networks, TestEngine.openCL)
    func everyPrecisionIsWithinItsBound(_ name: String, _ kind: TestEngine) throws {
        let golden = try Golden(name), ensemble = try golden.ensemble(), engine = try kind.engine()
        let bounds = ErrorBounds(ensemble, member: 0, precision: kind.precision),
            own = ErrorBounds(ensemble, member: 0, precision: .float64)
        func check(_ found: [Double], _ expected: [Double], _ bound: BoundedValues, _ file: BoundedValues, _ what: String) {
            let deviation = BoundedValues(expected, errors: zip(bound.errors, file.errors).map(+)).compare(found)
            #expect(deviation.isWithinBound, "\(what): \(deviation)")
            // A bound that a factor of two could hide behind would prove nothing.
            let loosest = bound.errors.max() ?? .infinity
            #expect(loosest < 0.1 * deviation.scale, "\(what): bound \(loosest) for numbers up to \(deviation.scale)")
        }
        for method in TangentKernelMethod.allCases {
            let found = try CollectedResults(engine, ensemble, Job(outputs: true, jacobian: true, tangentKernel: method))
            check(found.outputs[0], try golden.values("f"), bounds.outputs(), own.outputs(), "outputs")
            check(found.jacobians[0], try golden.values("jac"), bounds.jacobian(), own.jacobian(), "Jacobian")
            check(
                found.tangentKernels[0][0] ?? [], try golden.kernel(), bounds.tangentKernel(method), own.tangentKernel(method),
                "kernel by \(method)")
        }
    }

    /// The two files that exist as JSON hold the same network.
    @Test(arguments: ["net_p01", "net_p02"])
    func theJSONFilesSayTheSame(_ name: String) throws {
        struct File: Decodable {
            let f: [[Double]]
            let x: [[Double]]
            let jac: [[[Double]]]
            let params: [String: Parameter]
        }
        enum Parameter: Decodable {
            case vector([Double])
            case matrix([[Double]])

            init(from decoder: any Decoder) throws {
                let container = try decoder.singleValueContainer()
                if let matrix = try? container.decode([[Double]].self) {
                    self = .matrix(matrix)
                } else {
                    self = .vector(try container.decode([Double].self))
                }
            }

            var values: [Double] {
                switch self {
                case .vector(let values): values
                case .matrix(let rows): rows.flatMap { $0 }
                }
            }
        }
        let file = try JSONDecoder().decode(File.self, from: Data(contentsOf: Golden.folder.appending(path: name + ".json")))
        let golden = try Golden(name)
        var values: [Double] = []
        for layer in golden.architecture.layers {
            values += try file.params["W\(layer.index + 1)"].orThrow("W").values
            if layer.hasBias { values += try file.params["b\(layer.index + 1)"].orThrow("b").values }
        }
        #expect(values == golden.weights.values)
        #expect(file.x.flatMap { $0 } == golden.inputs.values)
        let f = try golden.values("f"), jacobian = try golden.values("jac")
        #expect(file.f.flatMap { $0 } == f)
        #expect(file.jac.flatMap { $0.flatMap { $0 } } == jacobian)
    }
}
