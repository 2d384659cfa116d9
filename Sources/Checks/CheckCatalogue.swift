import Engines
import Networks

/// The problems that the doctor checks, and that tests and benchmarks share.
public enum CheckCatalogue {
    /// Shapes that fit no vector and no tile; together they use every kernel, activation, loss and parameterisation.
    public static func odd() throws -> [Problem] {
        [
            Problem(
                try Architecture(inputs: 5, widths: [33, 7], outputs: 3, activation: .gelu), points: 3, members: 3,
                lossShape: .evenPower(2),
                seed: 1),
            Problem(
                try Architecture(inputs: 1, widths: [17], outputs: 1, activation: .erf, parameterisation: .standard), points: 7, members: 7,
                sharesInputs: true, lossShape: .doubleWell, seed: 2),
            Problem(
                try Architecture(inputs: 3, widths: [9, 33, 5], outputs: 2, hasBias: false, activation: .relu), points: 5, members: 2,
                lossShape: .evenPower(4), seed: 3),
            Problem(
                try Architecture(inputs: 2, widths: [1], outputs: 5, activation: .sin), points: 1, members: 2, lossShape: .evenPower(6),
                seed: 4),
        ]
    }

    /// Shapes of ordinary work: one wide network, and an ensemble.
    public static func typical() throws -> [Problem] {
        [
            Problem(try Architecture(inputs: 1, widths: [256], activation: .erf), points: 8, members: 1, steps: 8, seed: 5),
            Problem(
                try Architecture(inputs: 2, widths: [48, 48], activation: .tanh), points: 4, members: 4, sharesInputs: true, steps: 8,
                seed: 6),
            Problem(try Architecture(inputs: 16, widths: [], outputs: 4, activation: .identity), points: 16, members: 2, steps: 8, seed: 7),
        ]
    }

    /// Every quantity of every problem.
    public static func checks() throws -> [Check] {
        try (odd() + typical()).flatMap { problem in Check.Quantity.allCases.map { Check(problem, $0) } }
    }
}
