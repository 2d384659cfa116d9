import Engines
import Networks

/// The problems that the doctor checks.
///
/// Their layers share a few vector widths and tiles, so that a device's compiler, which takes most of the time, builds each kernel in a
/// few variants only; tests go through many more shapes.
public enum CheckCatalogue {
    /// A shape that fits no vector and no tile, for every activation, with the parameterisations and losses taking turns.
    /// - Throws: `NetworkError` if a size does not fit.
    public static func odd() throws -> [Problem] {
        try Activation.all.enumerated().map { index, activation in
            let architecture = try Architecture(
                inputs: 5, widths: [33, 33], outputs: 3, activation: activation,
                parameterisation: Parameterisation.allCases[index % Parameterisation.allCases.count])
            return Problem(
                architecture, points: 5, members: 3, sharesInputs: index.isMultiple(of: 3),
                lossShape: LossShape.examples[index % LossShape.examples.count], seed: UInt64(index + 1))
        }
    }

    /// Shapes of ordinary work: wide networks, and an ensemble.
    /// - Throws: `NetworkError` if a size does not fit.
    public static func typical() throws -> [Problem] {
        [
            Problem(try Architecture(inputs: 8, widths: [128], outputs: 4, activation: .erf), points: 8, members: 2, steps: 8, seed: 7),
            Problem(
                try Architecture(inputs: 8, widths: [64, 64], outputs: 4, activation: .tanh), points: 4, members: 4, sharesInputs: true,
                steps: 8, seed: 8),
        ]
    }

    /// Every quantity of every problem.
    /// - Throws: `NetworkError` if a size does not fit.
    public static func checks() throws -> [Check] {
        try (odd() + typical()).flatMap { problem in Check.Quantity.allCases.map { Check(problem, $0) } }
    }
}
