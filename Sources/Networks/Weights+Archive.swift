import Arrays

extension Weights {
    /// Reads `W1` (d, n1), `b1` (n1), `W2`, … of an `.npz` file: the architecture follows from the shapes.
    ///
    /// No `b` arrays at all means a network without biases; any means all layers have one. Shapes are compared before any element is
    /// read, so that memory is taken only for a network.
    /// - Parameters:
    ///   - archive: the file.
    ///   - activation: φ, which the file does not tell.
    ///   - parameterisation: what the numbers are multiplied with, which it does not tell either.
    /// - Throws: `NetworkError` for missing layers or shapes that do not follow each other; the archive's own errors.
    public static func read(
        _ archive: NumericArchive, activation: Activation, parameterisation: Parameterisation
    ) throws -> (architecture: Architecture, weights: Weights) {
        let layers = try LayerArrays(archive)
        let architecture: Architecture
        do {
            architecture = try Architecture(
                inputs: layers.sizes[0], widths: Array(layers.sizes[1..<layers.depth]), outputs: layers.sizes[layers.depth],
                hasBias: layers.hasBias, activation: activation, parameterisation: parameterisation)
        } catch .outOfRange(let what, let value, let limit, let remedy) {
            // Sizes are data here, where elsewhere they are options.
            throw FileError.malformed(path: archive.path, reason: "\(what) is \(value), but must be \(limit); \(remedy)")
        }
        try archive.require(doubles: architecture.parameterCount, for: "a network of \(architecture.parameterCount) parameters")
        var values = [Double](repeating: 0, count: architecture.parameterCount)
        for layer in architecture.layers {
            try archive.read("W\(layer.index + 1)", into: &values, at: layer.offset)
            if layer.hasBias {
                try archive.read("b\(layer.index + 1)", into: &values, at: layer.offset + layer.fanIn * layer.fanOut)
            }
        }
        return (architecture, try Weights(values, for: architecture))
    }
}

/// The shapes of the weights and biases in a file, which must follow each other.
private struct LayerArrays {
    let depth: Int
    let hasBias: Bool
    /// d, n1, …, C.
    let sizes: [Int]

    init(_ archive: NumericArchive) throws {
        var depth = 0
        while archive.contains("W\(depth + 1)") { depth += 1 }
        guard depth > 0 else { throw Self.noWeights(archive) }
        let hasBias = archive.contains("b1")
        if let stray = archive.names.first(where: { Self.isLayerArray($0, after: depth) }) {
            throw NetworkError.wrongArrays(
                path: archive.path, found: Excerpt.of(stray), expected: "W\(depth + 1) after W\(depth)",
                remedy: "add W\(depth + 1), or name the layers 1, 2, 3, … without a gap")
        }
        for index in 1...depth where archive.contains("b\(index)") != hasBias {
            throw NetworkError.wrongArrays(
                path: archive.path, found: Excerpt.list(archive.names),
                expected: hasBias ? "biases in all layers, so b\(index) too" : "biases in all layers or in none, so b1 with b\(index)",
                remedy: hasBias ? "add zeros, or drop the other biases" : "add zeros, or drop b\(index)")
        }
        let matrices = try (1...depth).map { try archive.shape("W\($0)") }
        let biases = try hasBias ? (1...depth).map { try archive.shape("b\($0)") } : []
        for (index, shape) in matrices.enumerated() where shape.count != 2 {
            throw NetworkError.shapeMismatch(
                what: "W\(index + 1)", found: shape.shapeText, expected: index == 0 ? "(d, n1)" : "(n\(index), n\(index + 1))",
                remedy: "weights are matrices (inputs, outputs)")
        }
        for (index, shape) in biases.enumerated() where shape.count > 2 || shape.count == 2 && !shape.contains(1) {
            throw NetworkError.shapeMismatch(
                what: "b\(index + 1)", found: shape.shapeText, expected: "(n\(index + 1),)", remedy: "biases are lists")
        }
        let counts = biases.map { $0.reduce(1, *) }
        try Self.check(matrices, counts)
        self.depth = depth
        self.hasBias = hasBias
        sizes = [matrices[0][0]] + matrices.map { $0[1] }
    }

    /// Layers follow each other, and biases are as many as outputs.
    private static func check(_ matrices: [[Int]], _ biases: [Int]) throws(NetworkError) {
        let misfits = misfits(matrices, biases)
        guard let first = misfits.first else { return }
        guard !self.misfits(matrices.map { $0.reversed() }, biases).isEmpty else {
            let names = matrices.count == 1 ? "W1 is" : "W1 to W\(matrices.count) are"
            throw .shapeMismatch(
                what: first.name, found: first.found, expected: first.expected,
                remedy: "\(names) (outputs, inputs), as PyTorch keeps them: transpose them, W1=….T")
        }
        throw .shapeMismatch(
            what: first.name, found: first.found, expected: first.expected,
            remedy: first.name.hasPrefix("b")
                ? "give one bias for each output of its W" : "weights are (inputs, outputs); transpose those of PyTorch, W1=….T")
    }

    private static func misfits(
        _ matrices: [[Int]], _ biases: [Int]
    ) -> [(name: String, found: String, expected: String)] {
        var misfits: [(name: String, found: String, expected: String)] = []
        for index in matrices.indices {
            let shape = matrices[index]
            if index > 0, matrices[index - 1][1] != shape[0] {
                misfits.append(("W\(index + 1)", shape.shapeText, "(\(matrices[index - 1][1]), n\(index + 1))"))
            }
            if !biases.isEmpty, biases[index] != shape[1] {
                misfits.append(("b\(index + 1)", "(\(biases[index]),)", "(\(shape[1]),), the outputs of W\(index + 1)"))
            }
        }
        return misfits
    }

    /// The error for a file without W1, with the remedy for the names that it has instead.
    private static func noWeights(_ archive: NumericArchive) -> NetworkError {
        let names = archive.names
        let remedy =
            if names.contains(where: { $0 == "weight" || $0.hasSuffix(".weight") }) {
                "PyTorch's names: save the layers numbered from 1 and transposed, "
                    + "np.savez(file, W1=layer1.weight.detach().numpy().T, b1=layer1.bias.detach().numpy(), W2=…)"
            } else if names.contains("arr_0") {
                "np.savez was given arrays without names: use np.savez(file, W1=…, b1=…, W2=…)"
            } else if names.contains(where: { $0.hasPrefix("W") && Int($0.dropFirst()) != nil }) {
                "name the layers 1, 2, 3, …"
            } else {
                "save the weights with np.savez(file, W1=…, b1=…, W2=…)"
            }
        return .wrongArrays(path: archive.path, found: Excerpt.list(names), expected: "arrays W1, b1, W2, …", remedy: remedy)
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
                what: "the array of inputs", found: array.shape.shapeText, expected: "(N, d) with N ≥ 1",
                remedy: array.shape.contains(0) ? "give at least one point" : "reshape it to two dimensions, a row for each point")
        }
        try self.init(points: array.shape[0], dimension: array.shape.count == 2 ? array.shape[1] : 1, values: array.elements)
    }
}
