import Arrays
import Foundation
import Networks
import TestSupport
import Testing

/// Weights and inputs from `.npz` files.
@Suite struct WeightsFileTests {
    private func withArchive(_ arrays: [(String, [Int], [Double])], _ body: (NumericArchive) throws -> Void) throws {
        try TemporaryFolder.with { folder in
            let path = folder.file("weights.npz")
            try NumericArchive.write(
                try arrays.map { (name: $0.0, array: try NumericArray(shape: $0.1, elements: $0.2), type: .float64) }, to: path)
            try body(NumericArchive(path: path))
        }
    }

    private func refusal(_ arrays: [(String, [Int], [Double])]) throws -> String {
        var message = ""
        try withArchive(arrays) { archive in
            let error = #expect(throws: NetworkError.self) { try Weights.read(archive, activation: .tanh, parameterisation: .ntk) }
            message = error?.description ?? ""
        }
        return message
    }

    @Test func shapesMakeTheArchitecture() throws {
        let arrays: [(String, [Int], [Double])] = [
            ("W1", [2, 3], [1, 2, 3, 4, 5, 6]), ("b1", [3], [7, 8, 9]), ("W2", [3, 1], [10, 11, 12]), ("b2", [1], [13]), ("x", [1], [0]),
        ]
        try withArchive(arrays) { archive in
            let (architecture, weights) = try Weights.read(archive, activation: .gelu, parameterisation: .standard)
            #expect(architecture == (try Architecture(inputs: 2, widths: [3], activation: .gelu, parameterisation: .standard)))
            #expect(weights.values == (1...13).map(Double.init))
        }
        try withArchive([("W1", [2, 2], [1, 2, 3, 4])]) { archive in
            let (architecture, weights) = try Weights.read(archive, activation: .relu, parameterisation: .ntk)
            #expect(architecture.depth == 0 && !architecture.hasBias && architecture.outputs == 2)
            #expect(weights.values == [1, 2, 3, 4])
        }
    }

    @Test func whatDoesNotBelongTogetherIsRefused() throws {
        let W1 = ("W1", [1, 2], [1.0, 2]), b1 = ("b1", [2], [1.0, 2]), W2 = ("W2", [2, 1], [1.0, 2]), b2 = ("b2", [1], [1.0])
        #expect(try refusal([W1, b1, W2]).contains("holds W1, b1, W2, but expected are biases in all layers, so b2 too"))
        #expect(try refusal([W1, W2, b2]).contains("so b1 with b2"))
        #expect(
            try refusal([W1, b1, ("W3", [2, 1], [1, 2])]).contains(
                "holds W3, but expected are W2 after W1; add W2, or name the layers 1, 2, 3, … without a gap"))
        #expect(try refusal([W2, b2]).contains("holds W2, b2, but expected are arrays W1, b1, W2, …; name the layers 1, 2, 3"))
        #expect(try refusal([("x", [1], [1])]).contains("holds x, but expected are arrays W1"))
        #expect(try refusal([W1, ("W2", [3, 1], [1, 2, 3])]).contains("W2 has shape (3, 1), expected (2, n2)"))
        #expect(try refusal([("W1", [2], [1, 2])]).contains("W1 has shape (2,), expected (d, n1)"))
        #expect(try refusal([W1, ("b1", [3], [1, 2, 3])]).contains("b1 has shape (3,), expected (2,)"))
        #expect(try refusal([W1, b1, W2, b2, ("b3", [1], [1])]).contains("b3"))
        #expect(try refusal([("W1", [1, 2], [1, .nan])]).contains("W1 holds a value that is not finite at row 0, column 1"))
        // Sizes are data in a file.
        try withArchive([("W1", [1, 0], [])]) { archive in
            let error = #expect(throws: FileError.self) { try Weights.read(archive, activation: .tanh, parameterisation: .ntk) }
            #expect(error?.description.contains("number of outputs is 0") == true)
        }
    }

    /// PyTorch keeps weights as (outputs, inputs) under names such as 0.weight.
    @Test func whatComesFromPyTorchIsNamed() throws {
        let W1 = ("W1", [3, 2], [1.0, 2, 3, 4, 5, 6]), b1 = ("b1", [3], [1.0, 2, 3]), W2 = ("W2", [1, 3], [1.0, 2, 3]),
            b2 = ("b2", [1], [1.0])
        #expect(try refusal([W1, b1, W2, b2]).contains("W1 to W2 are (outputs, inputs), as PyTorch keeps them: transpose them, W1=….T"))
        #expect(try refusal([W1, W2]).contains("W1 to W2 are (outputs, inputs)"))
        #expect(try refusal([W1, b1]).contains("W1 is (outputs, inputs)"))
        #expect(
            try refusal([("0.weight", [3, 2], W1.2), ("0.bias", [3], b1.2)]).contains("holds 0.weight, 0.bias, but expected are arrays W1"))
        #expect(try refusal([("fc.weight", [3, 2], W1.2)]).contains("PyTorch's names: save the layers numbered from 1 and transposed"))
        #expect(try refusal([("arr_0", [3, 2], W1.2)]).contains("without names"))
        // As many outputs as inputs: the shapes follow each other both ways, and the points do not fit.
        let architecture = try Architecture(inputs: 3, widths: [2], outputs: 3, activation: .erf)
        let error = #expect(throws: NetworkError.self) { try architecture.check(Inputs(points: 1, dimension: 2, values: [1, 2])) }
        #expect(error?.description.contains("looks like (outputs, inputs)") == true)
    }

    @Test func inputsComeFromOneOrTwoAxes() throws {
        #expect(try Inputs(NumericArray([1, 2, 3])) == Inputs([1, 2, 3]))
        #expect(try Inputs(NumericArray(shape: [2, 2], elements: [1, 2, 3, 4])) == Inputs(points: 2, dimension: 2, values: [1, 2, 3, 4]))
        for shape in [[0, 2], [1, 2, 1], []] {
            let array = try NumericArray(shape: shape, elements: [Double](repeating: 1, count: shape.reduce(1, *)))
            let error = #expect(throws: NetworkError.self) { try Inputs(array) }
            #expect(error?.description.contains(shape.shapeText) ?? false)
        }
    }
}
