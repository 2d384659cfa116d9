import Compute
import Engines
import Networks

/// An engine's activation and its slope, number by number, from 0 to the largest there is, within the error of its own functions.
///
/// The numbers are the biases of the second hidden layer of a network whose other parameters but the read-out's weights, which are 1, are
/// 0. Then ∂f/∂W of the read-out are the values and ∂f/∂b of that layer the slopes, exactly: every product is with 0 or 1. Networks are
/// shaped as those of ``CheckCatalogue/odd()``, for which a device has the kernels already.
public struct ActivationCheck: Sendable {
    public let activation: Activation

    public init(_ activation: Activation) { self.activation = activation }

    /// 0, small and large numbers, where formulas change, and where values saturate or slopes leave the numbers of float or double, with
    /// both signs; rounded to the precision's numbers.
    public static func arguments(_ precision: Precision) -> [Double] {
        let magnitudes = [
            1e-8, 1e-3, 0.25, 0.5493061443340549, 0.7517915241437, 0.9999999, 1, 1.0000001, 1.5707963267948966, 2, 3.141592653589793,
            3.9999998, 4, 5.5, 5.9215872, 7.1, 8.3, 9.010913, 9.3, 9.4, 10, 10.3, 13.1, 13.3, 14.5, 19.0615, 20, 22, 26.5, 26.7, 27.3,
            37.4, 37.6, 38.6, 43.6, 44.4, 52.5, 88, 104, 354, 373, 746, 1e3, 1e7, 1e22,
        ]
        let numbers =
            precision == .float64
            ? magnitudes + [.greatestFiniteMagnitude] : (magnitudes.map { Float($0) } + [.greatestFiniteMagnitude]).map { Double($0) }
        return [0] + numbers.flatMap { [$0, -$0] }
    }

    /// What the engine makes of numbers.
    /// - Parameter arguments: numbers of the engine's precision, each no more than twice, so that sums of them do not overflow.
    /// - Throws: what the engine throws.
    public func evaluate(_ arguments: [Double], on engine: any Engine) throws -> (values: [Double], slopes: [Double]) {
        let width = 33, hidden = 5 * width + width, second = width * width
        let architecture = try Architecture(
            inputs: 5, widths: [width, width], outputs: 3, activation: activation, parameterisation: .standard)
        let groups = stride(from: 0, to: arguments.count, by: width).map { Array(arguments[$0..<min($0 + width, arguments.count)]) }
        let members = try groups.map { group in
            var weights = [Double](repeating: 0, count: architecture.parameterCount)
            weights.replaceSubrange(hidden + second..<hidden + second + group.count, with: group)
            for index in 0..<3 * width { weights[hidden + second + width + index] = 1 }
            return Ensemble.Member(source: .weights(try Weights(weights, for: architecture)), sigmaW: 1, sigmaB: 1)
        }
        let inputs = try Inputs(points: 1, dimension: 5, values: Array(repeating: 0, count: 5))
        let found = try CollectedResults(
            engine, Ensemble(architecture: architecture, members: members, inputs: [inputs]), Job(outputs: false, jacobian: true))
        var values: [Double] = [], slopes: [Double] = []
        for (jacobian, group) in zip(found.jacobians, groups) {
            // Row 0 is the first output's.
            slopes += jacobian[hidden + second..<hidden + second + group.count]
            values += group.indices.map { jacobian[hidden + second + width + 3 * $0] }
        }
        return (values, slopes)
    }

    /// Bounds on how far the engine's values and slopes may be from exact ones.
    public func bounds(
        _ arguments: [Double], values: [Double], slopes: [Double], precision: Precision
    ) -> (values: BoundedValues, slopes: BoundedValues) {
        let arithmetic = Arithmetic(precision), error = ActivationError.of(activation)
        func bounded(_ exact: [Double], _ rounding: ((Double, Double) -> Double)?) -> BoundedValues {
            BoundedValues(
                exact,
                errors: zip(arguments, exact).map { z, value in
                    guard let error, let rounding else { return .infinity }
                    return 1.01 * arithmetic.unitRoundoff * rounding(abs(z), abs(value)) + arithmetic.smallest * error.underflow(abs(z))
                })
        }
        return (bounded(values, error?.valueRounding), bounded(slopes, error?.slopeRounding))
    }

    /// Compares an engine with the host's functions, whose own error, that of float64, is added to the engine's.
    public func run(on engine: any Engine) -> CheckResult {
        let precision = engine.description.precision
        return CheckResult(name: "activation \(activation): values and slopes up to the largest number", precision: precision) {
            let arguments = Self.arguments(precision)
            let values = arguments.map(activation.value), slopes = arguments.map(activation.slope)
            let found = try evaluate(arguments, on: engine)
            let bounds = bounds(arguments, values: values, slopes: slopes, precision: precision)
            let own = self.bounds(arguments, values: values, slopes: slopes, precision: .float64)
            return .worst([
                bounds.values.widened(by: own.values.errors).compare(found.values),
                bounds.slopes.widened(by: own.slopes.errors).compare(found.slopes),
            ])
        }
    }
}
