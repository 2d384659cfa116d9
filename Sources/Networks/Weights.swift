/// The parameters of one network in the flat order W_1 (row-major, (n_0, n_1)), b_1, W_2, …
public struct Weights: Sendable, Hashable {
    /// P numbers.
    public var values: [Double]

    /// Checks the count and that every value is finite.
    /// - Throws: `NetworkError.shapeMismatch` or `.notFinite`, naming layer and position.
    public init(_ values: [Double], for architecture: Architecture) throws(NetworkError) {
        guard values.count == architecture.parameterCount else {
            throw .shapeMismatch(
                what: "the list of weights", found: "(\(values.count))", expected: "(\(architecture.parameterCount))",
                remedy: "give every layer's weights and biases")
        }
        if let bad = values.firstIndex(where: { !$0.isFinite }) {
            let layer = architecture.layers.last { $0.offset <= bad }!
            let row = (bad - layer.offset) / layer.fanOut
            let name = row == layer.fanIn ? "b\(layer.index + 1)" : "W\(layer.index + 1)"
            throw .notFinite(what: name, position: "row \(row == layer.fanIn ? 0 : row), column \((bad - layer.offset) % layer.fanOut)")
        }
        self.values = values
    }

    /// Random initial weights of a seed (``WeightStream``).
    public init(seed: UInt64, sigmaW: Double, sigmaB: Double, for architecture: Architecture) {
        self.init(seed: seed, sigmaW: sigmaW, sigmaB: sigmaB, for: architecture) { $0 }
    }

    /// The same with scales rounded as a device holds them: the numbers that the device would draw, before their own rounding.
    package init(
        seed: UInt64, sigmaW: Double, sigmaB: Double, for architecture: Architecture, rounded: (Double) -> Double
    ) {
        var values: [Double] = []
        values.reserveCapacity(architecture.parameterCount)
        for layer in architecture.layers {
            let scale = architecture.parameterisation.initialScales(sigmaW: sigmaW, sigmaB: sigmaB, fanIn: layer.fanIn)
            for index in 0..<layer.fanIn * layer.fanOut {
                values.append(rounded(scale.weight) * WeightStream.normal(seed: seed, layer: layer.index, stream: .weight, index: index))
            }
            if layer.hasBias {
                for index in 0..<layer.fanOut {
                    values.append(rounded(scale.bias) * WeightStream.normal(seed: seed, layer: layer.index, stream: .bias, index: index))
                }
            }
        }
        self.values = values
    }
}
