import Networks

extension Weights {
    /// A network with one hidden layer that is even under x → −x: two halves with opposite input weights and otherwise equal ones.
    ///
    /// Its tangent kernel on the points ±x has the exact eigenvectors (1, 1) and (1, −1), so that the second mode has no mean and
    /// nothing but the resonance can move it.
    /// - Parameter width: that of the whole network; even.
    static func mirrored(seed: UInt64, width: Int, activation: Activation) throws -> (architecture: Architecture, weights: Weights) {
        let whole = try Architecture(widths: [width], activation: activation)
        let half = try Architecture(widths: [width / 2], activation: activation)
        let layers = half.layers
        let values = Weights(seed: seed, sigmaW: 1, sigmaB: 1, for: half).values
        func part(_ layer: Int, row: Int) -> [Double] {
            let start = layers[layer].offset + row * layers[layer].fanOut
            return Array(values[start..<start + layers[layer].fanOut])
        }
        let input = part(0, row: 0), bias = part(0, row: 1)
        let output = Array(values[layers[1].offset..<layers[1].offset + layers[1].fanIn])
        let all = input + input.map { -$0 } + bias + bias + output + output + part(1, row: layers[1].fanIn)
        return (whole, try Weights(all, for: whole))
    }
}
