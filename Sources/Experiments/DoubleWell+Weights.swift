import Networks

extension Weights {
    /// A centred network: two equal halves, block by block, whose output weights are opposite but for a small common part.
    ///
    /// The halves cancel, so that f(0) is `amplitude` times a draw of the random field that the network would have started from,
    /// σ_w Σ c_j h_j/√(width/2) + σ_b b. The double well needs it: its maximum is at f = 0, and no anchor can move it there.
    /// - Parameters:
    ///   - width: that of each hidden layer of the whole network; even.
    ///   - other: the seed of c and b.
    static func centred(
        seed: UInt64, other: UInt64, width: Int, depth: Int, activation: Activation, amplitude: Double
    ) throws -> (architecture: Architecture, weights: Weights) {
        let whole = try Architecture(widths: Array(repeating: width, count: depth), activation: activation)
        let half = try Architecture(widths: Array(repeating: width / 2, count: depth), activation: activation)
        let values = Weights(seed: seed, sigmaW: 1, sigmaB: 1, for: half).values
        let common = Weights(seed: other, sigmaW: 1, sigmaB: 1, for: half).values
        var all: [Double] = []
        all.reserveCapacity(whole.parameterCount)
        for layer in half.layers {
            let size = layer.fanOut
            func row(_ number: Int, of values: [Double]) -> [Double] {
                Array(values[layer.offset + number * size..<layer.offset + (number + 1) * size])
            }
            if layer.index == depth {
                // The whole network divides by √width where a half would divide by √(width/2).
                let small = (0..<layer.fanIn).map { amplitude / 2.0.squareRoot() * common[layer.offset + $0] }
                let large = (0..<layer.fanIn).map { values[layer.offset + $0] }
                all += zip(large, small).map { $0 + $1 }
                all += zip(large, small).map { -$0 + $1 }
                all += row(layer.fanIn, of: common).map { amplitude * $0 }
            } else if layer.index == 0 {
                for number in 0..<layer.rows { all += row(number, of: values) + row(number, of: values) }
            } else {
                let nothing = [Double](repeating: 0, count: size)
                let rows = (0..<layer.fanIn).map { row($0, of: values).map { 2.0.squareRoot() * $0 } }
                for row in rows { all += row + nothing }
                for row in rows { all += nothing + row }
                all += row(layer.fanIn, of: values) + row(layer.fanIn, of: values)
            }
        }
        return (whole, try Weights(all, for: whole))
    }
}
