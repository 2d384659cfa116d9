import Arrays
import Foundation
import Networks
import Testing

/// Weights and inputs from `.npz` files.
@Suite struct WeightsFileTests {
    private func withArchive(_ arrays: [(String, [Int], [Double])], _ body: (NumericArchive) throws -> Void) throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "weights-\(UUID().uuidString).npz").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try NumericArchive.write(
            try arrays.map { (name: $0.0, array: try NumericArray(shape: $0.1, elements: $0.2), type: .float64) }, to: path)
        try body(NumericArchive(path: path))
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
        #expect(try refusal([W1, b1, W2]).contains("no b2"))
        #expect(try refusal([W1, W2, b2]).contains("b2 without b1"))
        #expect(try refusal([W1, b1, ("W3", [2, 1], [1, 2])]).contains("W3, expected W1 to W1 without a gap"))
        #expect(try refusal([W2, b2]).contains("expected arrays W1, b1, W2"))
        #expect(try refusal([("x", [1], [1])]).contains("has shape x, expected arrays W1"))
        #expect(try refusal([W1, ("W2", [3, 1], [1, 2, 3])]).contains("W2 has shape [3, 1], expected (2, n2)"))
        #expect(try refusal([("W1", [2], [1, 2])]).contains("W1 has shape [2], expected (d, n1)"))
        #expect(try refusal([W1, ("b1", [3], [1, 2, 3])]).contains("b1 has shape [3], expected (2)"))
        #expect(try refusal([W1, b1, W2, b2, ("b3", [1], [1])]).contains("b3"))
        #expect(try refusal([("W1", [1, 2], [1, .nan])]).contains("W1 holds a value that is not finite at row 0, column 1"))
        #expect(try refusal([("W1", [1, 0], [])]).contains("number of outputs is 0"))
    }

    @Test func inputsComeFromOneOrTwoAxes() throws {
        #expect(try Inputs(NumericArray([1, 2, 3])) == Inputs([1, 2, 3]))
        #expect(try Inputs(NumericArray(shape: [2, 2], elements: [1, 2, 3, 4])) == Inputs(points: 2, dimension: 2, values: [1, 2, 3, 4]))
        for shape in [[0, 2], [1, 2, 1], []] {
            let array = try NumericArray(shape: shape, elements: [Double](repeating: 1, count: shape.reduce(1, *)))
            let error = #expect(throws: NetworkError.self) { try Inputs(array) }
            #expect(error?.description.contains("\(shape)") ?? false)
        }
    }
}
