import Arrays

extension Weights {
    /// Reads `W1` (d, n1), `b1` (n1), `W2`, … of an `.npz` file: the architecture follows from the shapes.
    ///
    /// No `b` arrays at all means a network without biases; any means all layers have one.
    /// - Parameters:
    ///   - archive: the file.
    ///   - activation: φ, which the file does not tell.
    ///   - parameterisation: what the numbers are multiplied with, which it does not tell either.
    /// - Throws: `NetworkError` for missing layers or shapes that do not follow each other; the archive's own errors.
    public static func read(
        _ archive: NumericArchive, activation: Activation, parameterisation: Parameterisation
    ) throws -> (architecture: Architecture, weights: Weights) {
        var sizes: [Int] = [], values: [Double] = []
        var depth = 0
        while archive.contains("W\(depth + 1)") { depth += 1 }
        guard depth > 0 else {
            throw NetworkError.shapeMismatch(
                what: archive.path, found: archive.names.joined(separator: ", "), expected: "arrays W1, b1, W2, …",
                remedy: "save the weights with np.savez(file, W1=…, b1=…, W2=…)")
        }
        let hasBias = archive.contains("b1")
        if let stray = archive.names.first(where: { isLayerArray($0, after: depth) }) {
            throw NetworkError.shapeMismatch(
                what: archive.path, found: stray, expected: "W1 to W\(depth) without a gap", remedy: "name the layers 1, 2, 3, …")
        }
        for index in 1...depth {
            let matrix = try archive.array("W\(index)")
            guard matrix.shape.count == 2, sizes.isEmpty || sizes.last == matrix.shape[0] else {
                throw NetworkError.shapeMismatch(
                    what: "W\(index)", found: "\(matrix.shape)", expected: sizes.isEmpty ? "(d, n1)" : "(\(sizes.last!), n\(index))",
                    remedy: "weights are (inputs, outputs); transpose those of PyTorch")
            }
            if sizes.isEmpty { sizes.append(matrix.shape[0]) }
            sizes.append(matrix.shape[1])
            values += matrix.elements
            guard archive.contains("b\(index)") == hasBias else {
                throw NetworkError.shapeMismatch(
                    what: archive.path, found: hasBias ? "no b\(index)" : "b\(index) without b1",
                    expected: "biases in all layers or in none", remedy: "add zeros, or drop the others")
            }
            if hasBias {
                let bias = try archive.array("b\(index)")
                guard bias.elements.count == matrix.shape[1], bias.shape.count <= 2 else {
                    throw NetworkError.shapeMismatch(
                        what: "b\(index)", found: "\(bias.shape)", expected: "(\(matrix.shape[1]))",
                        remedy: "give one bias per output of W\(index)")
                }
                values += bias.elements
            }
        }
        let architecture = try Architecture(
            inputs: sizes[0], widths: Array(sizes[1..<depth]), outputs: sizes[depth], hasBias: hasBias, activation: activation,
            parameterisation: parameterisation)
        return (architecture, try Weights(values, for: architecture))
    }

    private static func isLayerArray(_ name: String, after depth: Int) -> Bool {
        guard let kind = name.first, kind == "W" || kind == "b", let number = Int(name.dropFirst()) else { return false }
        return number > depth || number < 1
    }
}

extension Inputs {
    /// Points from an (N, d) or, for d = 1, (N) array.
    /// - Throws: `NetworkError` for other shapes and for coordinates that are not finite.
    public init(_ array: NumericArray) throws(NetworkError) {
        guard array.shape.count == 1 || array.shape.count == 2, array.shape[0] >= 1 else {
            throw .shapeMismatch(
                what: "the array of inputs", found: "\(array.shape)", expected: "(N, d) with N ≥ 1", remedy: "reshape it to two dimensions")
        }
        try self.init(points: array.shape[0], dimension: array.shape.count == 2 ? array.shape[1] : 1, values: array.elements)
    }
}
