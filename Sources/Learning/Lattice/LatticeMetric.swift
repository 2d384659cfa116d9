import Foundation

/// The metric that a wave on a lattice finds, ds² = M(−dt² + Σ dx_a²/A_a), from the network's weights, smoothed over sites.
///
/// Where A and M vary slowly, packets obey H(x, k) = √(Σ A_a k_a² + M): its rays are the geodesics of particles of mass 1. The smoothing is a
/// sum with a Gaussian, so that gradients are sums too and integrators find no kinks.
package struct LatticeMetric: Sendable {
    /// A along each axis, and then M.
    private let fields: [[Double]]
    private let shape: LatticeShape
    private let width: Double
    /// What is left of the Gaussian beyond, 1e-14, is nothing.
    private var reach: Int { Int((8 * width).rounded(.up)) }

    /// The metric of a network.
    /// - Parameter width: of the Gaussian, in sites; at least 2, where the sum over sites is an integral to 1e-30.
    package init(_ network: LatticeNetwork, width: Double) {
        fields = (0..<network.shape.dimensions).map { network.coupling(axis: $0) } + [network.massSquared]
        shape = network.shape
        self.width = width
    }

    /// Values of the fields at a point, A along each axis and then M, and their derivatives along each axis.
    package func values(at point: [Double]) -> (values: [Double], slopes: [[Double]]) {
        let dimensions = shape.dimensions, reach = reach
        // Weights of the sites around, and their derivatives, along each axis.
        let places = point.map { Int($0.rounded()) }
        let bells = zip(point, places).map { point, place in
            (-reach...reach).map { offset in
                let distance = (Double(place + offset) - point) / width
                let bell = exp(-distance * distance / 2) / (width * (2 * .pi).squareRoot())
                return (value: bell, slope: bell * distance / width)
            }
        }
        var values = [Double](repeating: 0, count: fields.count)
        var slopes = [[Double]](repeating: [Double](repeating: 0, count: dimensions), count: fields.count)
        let span = 2 * reach + 1, all = (0..<dimensions).reduce(1) { all, _ in all * span }
        for index in 0..<all {
            var rest = index, site = 0, weight = 1.0
            var slope = [Double](repeating: 1, count: dimensions)
            for axis in 0..<dimensions {
                let j = rest % span, size = shape.sizes[axis], bell = bells[axis][j]
                rest /= span
                site += ((places[axis] + j - reach) % size + size) % size * shape.stride(axis)
                for other in 0..<dimensions { slope[other] *= other == axis ? bell.slope : bell.value }
                weight *= bell.value
            }
            for (f, field) in fields.enumerated() {
                values[f] += weight * field[site]
                for axis in 0..<dimensions { slopes[f][axis] += slope[axis] * field[site] }
            }
        }
        return (values, slopes)
    }

    /// A along each axis and M at a point.
    package func coefficients(at point: [Double]) -> (coupling: [Double], massSquared: Double) {
        let values = values(at: point).values
        return (Array(values.dropLast()), values.last!)
    }
}
