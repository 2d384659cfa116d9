import Networks

/// How many sums, products and values of a function a step of a simulation takes; one value of an activation, of its slope, or of a
/// potential's slope is one.
enum SimulationCost {
    /// A step of training by heavy ball on N points: forward, back, the gradient and the update of every weight.
    ///
    /// The products of matrices are 6N Σ n_l n_{l−1} less the lowest layer's way back.
    static func training(_ architecture: Architecture, points: Int) -> Int {
        var count = 3 * points * architecture.outputs + 4 * architecture.parameterCount
        for layer in architecture.layers {
            let product = 2 * points * layer.fanIn * layer.fanOut, values = points * layer.fanOut
            let isLast = layer.index == architecture.layers.count - 1
            // z = α hW + βb, and its activation and slope.
            count += product + (layer.hasBias ? 2 : 1) * values + (isLast ? 0 : 2 * values)
            count += 2 * points * layer.rows * layer.fanOut
            if layer.index > 0 { count += product + 2 * points * layer.fanIn }
        }
        return count
    }

    /// A step of the recursion with a frozen kernel: Θ times what each point's slope adds to its coefficient.
    static func recursion(points: Int) -> Int { 2 * points * points + 7 * points }

    /// A step of ``LatticeField``: slope, kick and drift of each site, and with gradient its two neighbours.
    static func lattice(sites: Int, hasGradient: Bool) -> Int { (hasGradient ? 11 : 6) * sites + 12 }

    /// The least N of which something is true, to a million; nil if there is none.
    static func firstPoints(where isTrue: (Int) -> Bool) -> Int? { (3..<1_000_000).first(where: isTrue) }
}
