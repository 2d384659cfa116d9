import Networks
import Testing

/// Couplings against differences of a forward pass written out here, which knows nothing of derivatives.
@Suite struct FiniteWidthCouplingsTests {
    /// A network with one output at one point, as a function of its weights.
    private struct Network {
        let architecture: Architecture
        let sigmaW = 1.3
        let sigmaB = 0.4
        let point: [Double]
        let weights: [Double]

        func output(_ weights: [Double]) -> Double {
            var h = point
            for layer in architecture.layers {
                let scale = architecture.parameterisation.forwardScales(sigmaW: sigmaW, sigmaB: sigmaB, fanIn: layer.fanIn)
                let z = (0..<layer.fanOut).map { j in
                    let sum = (0..<layer.fanIn).reduce(0) { $0 + h[$1] * weights[layer.offset + $1 * layer.fanOut + j] }
                    return scale.weight * sum + (layer.hasBias ? scale.bias * weights[layer.offset + layer.fanIn * layer.fanOut + j] : 0)
                }
                h = layer.index == architecture.depth ? z : z.map(architecture.activation.value)
            }
            return h[0]
        }

        /// d^order/ds^order f(θ + s v) at s = 0, by central differences of eighth order in s (sixth for the third derivative) at steps of h.
        func derivative(_ order: Int, along v: [Double], step h: Double) -> Double {
            func f(_ j: Int) -> Double { output(zip(weights, v).map { $0 + Double(j) * h * $1 }) }
            let c: [Double], centre: Double
            switch order {
            case 1: (c, centre) = ([4.0 / 5, -1.0 / 5, 4.0 / 105, -1.0 / 280], 0)
            case 2: (c, centre) = ([8.0 / 5, -1.0 / 5, 8.0 / 315, -1.0 / 560], -205.0 / 72)
            default: (c, centre) = ([-61.0 / 30, 169.0 / 120, -3.0 / 10, 7.0 / 240], 0)
            }
            // Even derivatives are of the even part of f, odd ones of the odd.
            let parity: Double = order == 2 ? 1 : -1
            var sum: Double = centre == 0 ? 0 : centre * f(0)
            for j in 1...4 {
                let pair: Double = f(j) + parity * f(-j)
                sum += c[j - 1] * pair
            }
            return sum / (order == 1 ? h : order == 2 ? h * h : h * h * h)
        }

        var unitVectors: [[Double]] { weights.indices.map { p in weights.indices.map { $0 == p ? 1 : 0 } } }

        /// Θ, κ, μ, τ. Second derivatives mixed of e_p and g are differences of those along e_p + g and e_p − g.
        func couplings(step: Double) -> [Double] {
            let gradient = unitVectors.map { derivative(1, along: $0, step: step) }
            let length = gradient.reduce(0) { $0 + $1 * $1 }.squareRoot()
            let g = gradient.map { $0 / length }
            let mixed = unitVectors.map { e in
                let plus = derivative(2, along: zip(e, g).map { $0 + $1 }, step: step)
                return (plus - derivative(2, along: zip(e, g).map { $0 - $1 }, step: step)) / 4
            }
            let squared = length * length
            return [
                squared, squared * derivative(2, along: g, step: step), squared * mixed.reduce(0) { $0 + $1 * $1 },
                squared * length * derivative(3, along: g, step: step),
            ]
        }
    }

    /// Halving the step makes the truncation at least 2⁶ times smaller once steps are small, so that what is left of it is below a
    /// thirtieth of the difference of two steps. Rounding: outputs below 4 of some ten operations a layer are good to 2e-15, and third
    /// differences divide by h³ = 2⁻¹⁸ with coefficients whose sizes sum to 7.5: 4e-9 along unit vectors, times |g|³ for τ.
    @Test(arguments: Activation.all.filter { $0.higherSlopes != nil }, [[], [3], [2, 3], [2, 2, 2]])
    func couplingsAreDerivatives(_ activation: Activation, widths: [Int]) throws {
        for parameterisation in Parameterisation.allCases {
            for hasBias in [true, false] {
                let architecture = try Architecture(
                    inputs: 2, widths: widths, hasBias: hasBias, activation: activation, parameterisation: parameterisation)
                let network = Network(
                    architecture: architecture, point: [0.9, -0.6],
                    weights: Weights(seed: 17, sigmaW: 1.3, sigmaB: 0.4, for: architecture).values)
                let found = try #require(
                    try FiniteWidthCouplings(
                        architecture: architecture, weights: Weights(network.weights, for: architecture), sigmaW: network.sigmaW,
                        sigmaB: network.sigmaB, inputs: Inputs(points: 1, dimension: 2, values: network.point)))
                let near = network.couplings(step: 0x1p-6), far = network.couplings(step: 0x1p-5)
                for (index, value) in [found.kernel, found.kappa, found.mu, found.tau].enumerated() {
                    let tolerance = abs(near[index] - far[index]) / 30 + 4e-9 * (1 + near[0] * near[0].squareRoot())
                    #expect(tolerance <= 1e-5 * max(1, abs(near[index])))
                    #expect(abs(value - near[index]) <= tolerance, "\(activation) \(widths) \(parameterisation) \(index)")
                }
            }
        }
    }

    /// Differences as in the tests of slopes: Richardson's extrapolation at h = 2⁻¹⁰ is good to 2.5e-11, for derivatives up to the seventh
    /// below 280 (tanh) and values below 2.
    @Test(arguments: Activation.all.filter { $0.higherSlopes != nil })
    func higherSlopesAreDerivatives(_ activation: Activation) throws {
        let higherSlopes = try #require(activation.higherSlopes)
        func difference(_ f: (Double) -> Double, _ z: Double) -> Double {
            let h = 0x1p-10
            return (4 * (f(z + h) - f(z - h)) / (2 * h) - (f(z + 2 * h) - f(z - 2 * h)) / (4 * h)) / 3
        }
        for z in [-3.1, -1.7, -0.9, -0.31, -0.02, 0.015, 0.4, 0.77, 1.3, 2.6] {
            let found = higherSlopes(z)
            #expect(abs(found.second - difference(activation.slope, z)) <= 2.5e-11, "\(z)")
            #expect(abs(found.third - difference({ higherSlopes($0).second }, z)) <= 2.5e-11, "\(z)")
        }
    }

    @Test func whatHasNoCouplings() throws {
        func couplings(_ activation: Activation, outputs: Int = 1, points: [Double] = [1], weights: Int? = nil) throws
            -> FiniteWidthCouplings?
        {
            let architecture = try Architecture(widths: [3], outputs: outputs, activation: activation)
            let given = try Architecture(widths: [weights ?? 3], outputs: outputs, activation: activation)
            return try FiniteWidthCouplings(
                architecture: architecture, weights: Weights(seed: 1, sigmaW: 1, sigmaB: 1, for: given), sigmaW: 1, sigmaB: 1,
                inputs: Inputs(points))
        }
        #expect(try couplings(.relu) == nil)
        #expect(try couplings(.erf) != nil)
        #expect(throws: NetworkError.self) { try couplings(.erf, outputs: 2) }
        #expect(throws: NetworkError.self) { try couplings(.erf, points: [1, 2]) }
        #expect(throws: NetworkError.self) { try couplings(.erf, weights: 4) }
    }
}
