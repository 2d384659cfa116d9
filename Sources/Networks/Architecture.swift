/// A fully connected network: everything that fixes the shapes of its arrays and the code that evaluates it.
public struct Architecture: Sendable, Hashable, Codable {
    /// d, the number of inputs.
    public let inputs: Int
    /// The width of each hidden layer; their number is the depth. Empty means a linear model.
    public let widths: [Int]
    /// C, the number of outputs.
    public let outputs: Int
    /// Whether layers have biases.
    public let hasBias: Bool
    /// φ, applied after every hidden layer and not after the read-out.
    public let activation: Activation
    /// Where σ_w and σ_b enter. Default: ``Parameterisation/ntk``.
    public let parameterisation: Parameterisation

    /// Checks the sizes.
    /// - Throws: `NetworkError.outOfRange` for a size below 1 or a parameter count that overflows.
    public init(
        inputs: Int = 1, widths: [Int], outputs: Int = 1, hasBias: Bool = true, activation: Activation,
        parameterisation: Parameterisation = .ntk
    ) throws(NetworkError) {
        for (name, value) in [("the number of inputs", inputs), ("the number of outputs", outputs)] + widths.map({ ("a width", $0) }) {
            guard value >= 1 else {
                throw .outOfRange(what: name, value: "\(value)", limit: "at least 1", remedy: "give a positive size")
            }
        }
        var count = 0
        for (fanIn, fanOut) in zip([inputs] + widths, widths + [outputs]) {
            let (rows, overflow1) = fanIn.addingReportingOverflow(hasBias ? 1 : 0)
            let (product, overflow2) = rows.multipliedReportingOverflow(by: fanOut)
            let (sum, overflow3) = count.addingReportingOverflow(product)
            guard !overflow1, !overflow2, !overflow3, sum < 1 << 48 else {
                throw .outOfRange(
                    what: "the number of parameters", value: "above 2^48", limit: "below 2^48", remedy: "use a smaller width")
            }
            count = sum
        }
        self.inputs = inputs
        self.widths = widths
        self.outputs = outputs
        self.hasBias = hasBias
        self.activation = activation
        self.parameterisation = parameterisation
        self.parameterCount = count
    }

    /// P, the number of parameters.
    public let parameterCount: Int

    /// The number of hidden layers.
    public var depth: Int { widths.count }

    /// The layers in order, the read-out last.
    public var layers: [Layer] {
        var offset = 0
        return zip([inputs] + widths, widths + [outputs]).enumerated().map { index, fan in
            let layer = Layer(index: index, fanIn: fan.0, fanOut: fan.1, hasBias: hasBias, offset: offset)
            offset += layer.parameterCount
            return layer
        }
    }

    /// Refuses points of another dimension than the network's inputs.
    /// - Throws: `NetworkError.shapeMismatch`.
    public func check(_ inputs: Inputs) throws(NetworkError) { try check(points: inputs.points, dimension: inputs.dimension) }

    /// The same of points that are not read yet: N and d.
    public func check(points: Int, dimension: Int) throws(NetworkError) {
        guard dimension != inputs else { return }
        // Weights (outputs, inputs) follow each other too where as many numbers leave a network as enter it.
        let looksTransposed = (widths.first ?? outputs) == dimension
        throw .shapeMismatch(
            what: "the array of inputs", found: "(\(points), \(dimension))", expected: "(\(points), \(inputs))",
            remedy: "the columns of the inputs must be as many as the rows of W1"
                + (looksTransposed ? ", which looks like (outputs, inputs): transpose PyTorch's, W1=….T" : ""))
    }

    /// One affine map z = α h W + β b.
    public struct Layer: Sendable, Hashable {
        /// 0 for the first layer.
        public let index: Int
        /// The number of inputs, n_{l−1}.
        public let fanIn: Int
        /// The number of outputs, n_l.
        public let fanOut: Int
        /// Whether a bias row follows the weight rows.
        public let hasBias: Bool
        /// Where its parameters begin in the flat order W_1 (row-major), b_1, W_2, …
        public let offset: Int
        /// Rows of its parameter matrix: `fanIn`, and one more for the bias.
        public var rows: Int { fanIn + (hasBias ? 1 : 0) }
        /// (n_{l−1} + bias) n_l.
        public var parameterCount: Int { rows * fanOut }
    }

    private enum CodingKeys: String, CodingKey { case inputs, widths, outputs, hasBias, activation, parameterisation }

    /// Decodes and checks like the memberwise initialiser.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(
            inputs: values.decode(Int.self, forKey: .inputs), widths: values.decode([Int].self, forKey: .widths),
            outputs: values.decode(Int.self, forKey: .outputs), hasBias: values.decode(Bool.self, forKey: .hasBias),
            activation: values.decode(Activation.self, forKey: .activation),
            parameterisation: values.decode(Parameterisation.self, forKey: .parameterisation))
    }
}
