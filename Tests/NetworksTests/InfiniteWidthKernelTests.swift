import Arrays
import Foundation
import Networks
import Testing

/// Two points at angle θ about the origin, without biases.
private func reluAtAngle(_ angle: Double, depth: Int) throws -> InfiniteWidthKernel {
    let length = 2.0.squareRoot()
    return try InfiniteWidthKernel(
        depth: depth, activation: .relu, hasBias: false, sigmaW: length, sigmaB: 0,
        inputs: Inputs(points: 2, dimension: 2, values: [length, 0, length * cos(angle), length * sin(angle)]))
}

@Suite struct InfiniteWidthKernelTests {
    /// The kernel of a linear network: K_l = σ_w^2l K_0 + σ_b² Σ_{k<l} σ_w^2k, and Θ_l = Σ_{k≤l} σ_w^2(l−k) K_k. 30 roundings of 2^-53.
    @Test(arguments: 0...4, [0, 0.7])
    func linearNetworks(_ depth: Int, _ sigmaB: Double) throws {
        let sigmaW = 1.3
        let x = [0.3, -1.2, 2.0, 0.5, 0.1, -0.4]
        let kernel = try InfiniteWidthKernel(
            depth: depth, activation: .identity, sigmaW: sigmaW, sigmaB: sigmaB, inputs: Inputs(points: 3, dimension: 2, values: x))
        for n in 0..<3 {
            for m in 0..<3 {
                let first = sigmaW * sigmaW * (x[2 * n] * x[2 * m] + x[2 * n + 1] * x[2 * m + 1]) / 2 + sigmaB * sigmaB
                let covariances = (0...depth).map { l in
                    pow(sigmaW, Double(2 * l)) * first + (0..<l).reduce(0) { $0 + sigmaB * sigmaB * pow(sigmaW, Double(2 * $1)) }
                }
                let tangent = (0...depth).reduce(0) { $0 + pow(sigmaW, Double(2 * (depth - $1))) * covariances[$1] }
                #expect(abs(kernel.nngp[n * 3 + m] - covariances[depth]) <= 30 * 0x1p-53 * 20)
                #expect(abs(kernel.tangentKernel[n * 3 + m] - tangent) <= 30 * 0x1p-53 * 60)
            }
        }
    }

    /// Collinear points of relu without biases stay so: with σ_w² = 2, K_l = K_0 and Θ_l = (l + 1) K_0 between parallel points, where
    /// an arccosine of the correlation is wrong by 1e-8. Opposite points have K_1 = Θ_1 = 0, and are orthogonal from then on.
    @Test func collinearPoints() throws {
        let x = [0.034, 1.36, 1.225, -0.51, -0.07, 0]
        for depth in 1...5 {
            let kernel = try InfiniteWidthKernel(
                depth: depth, activation: .relu, hasBias: false, sigmaW: 2.0.squareRoot(), sigmaB: 0, inputs: Inputs(x))
            for n in x.indices {
                for m in x.indices {
                    let product = 2 * x[n] * x[m]
                    let nngp = kernel.nngp[n * 6 + m], tangent = kernel.tangentKernel[n * 6 + m]
                    if product >= 0 {
                        #expect(abs(nngp - product) <= 1e-14 * product)
                        #expect(abs(tangent - Double(depth + 1) * product) <= 1e-14 * Double(depth + 1) * product)
                    } else if depth == 1 {
                        #expect(abs(nngp) <= 1e-14 * abs(product) && abs(tangent) <= 1e-14 * abs(product))
                    } else if depth == 2 {
                        // 2 √(K K) sin(π/2)/2π, and nothing propagated.
                        #expect(abs(nngp - abs(product) / .pi) <= 1e-14 * abs(product))
                        #expect(abs(tangent - abs(product) / .pi) <= 1e-14 * abs(product))
                    }
                }
            }
        }
    }

    /// Nearly parallel points: cos θ′ = cos θ + (sin θ − θ cos θ)/π, so that θ′ = θ (1 − θ/3π) + O(θ³), and with σ_w² = 2 and
    /// unit-variance points Θ_1 = K_1 + (1 − θ/π) K_0, Θ_2 = K_2 + (1 − θ′/π) Θ_1. K_l = cos θ_l, so Θ_1 = 2 − θ/π + O(θ²) and
    /// Θ_2 = 1 + (1 − θ′/π) Θ_1 + O(θ²). An arccosine would be wrong by ε/θ, 2e-8 of θ² here, far above the rounding allowed.
    @Test(arguments: [1e-7, 1e-8, 1e-10])
    func nearlyParallelPoints(_ angle: Double) throws {
        let first = try reluAtAngle(angle, depth: 1).tangentKernel[1] / 2
        let second = try reluAtAngle(angle, depth: 2).tangentKernel[1] / 2
        // The point's own rounding tilts it by 2^-53, and terms of θ² are below 1e-14 times 5.
        let tolerance = 20 * 0x1p-53 + 5 * angle * angle
        #expect(abs(first - (2 - angle / .pi)) <= tolerance)
        #expect(abs(second - (1 + (1 - angle / .pi) * (2 - angle / .pi))) <= tolerance)
    }

    /// Entries are wrong by a few roundings a layer, or by the quadrature's tolerance, and eigenvalues by at most the sum of a row.
    @Test(arguments: Activation.all, [0, 0.4])
    func symmetricAndPositiveSemidefinite(_ activation: Activation, _ sigmaB: Double) throws {
        // A line through 0, with a point twice and one again from very near.
        let x = (0..<12).map { Double($0 - 5) / 4 } + [0.5, 0.5 + 1e-9]
        let order = x.count, depth = 3
        let kernel = try InfiniteWidthKernel(
            depth: depth, activation: activation, sigmaW: 1.4, sigmaB: sigmaB, inputs: Inputs(x))
        for matrix in [kernel.nngp, kernel.tangentKernel] {
            let spectrum = try SymmetricEigen.eigenvalues(of: matrix, order: order)
            #expect(spectrum.symmetryResidual == 0)
            let entry = activation == .tanh ? GaussianQuadrature.tolerance : 16 * Double(depth + 1) * 0x1p-53
            #expect(spectrum.values[order - 1] >= -spectrum.noiseFloor - Double(order * depth) * entry * (matrix.max() ?? 0))
            #expect(spectrum.values[0] > 0)
        }
        // The point at 0 has no variance without biases.
        let origin = 5 * order + 5
        #expect(sigmaB > 0 || abs(kernel.nngp[origin] - kernel.nngp[5 * order + 6]) == 0)
        // Equal points have equal rows, to the last bit.
        let half = 7, twice = 12
        for m in 0..<order where m != half && m != twice {
            #expect(kernel.tangentKernel[half * order + m] == kernel.tangentKernel[twice * order + m])
        }
    }

    /// Linear network of one hidden layer of width n: Θ_1 = n K_0 + 1 + σ_w² (x·x′ + 1); K is that of the other parameterisation.
    @Test func standardParameterisation() throws {
        let x = [0.5, -2.0, 1.0, 0.25], width = 37
        let inputs = try Inputs(points: 2, dimension: 2, values: x)
        func kernel(_ parameterisation: Parameterisation, bias: Bool) throws -> InfiniteWidthKernel {
            try InfiniteWidthKernel(
                architecture: Architecture(
                    inputs: 2, widths: [width], hasBias: bias, activation: .identity, parameterisation: parameterisation),
                sigmaW: 1.5, sigmaB: 0.5, inputs: inputs)
        }
        for bias in [true, false] {
            let standard = try kernel(.standard, bias: bias)
            #expect(standard.nngp == (try kernel(.ntk, bias: bias).nngp))
            let product = x[0] * x[2] + x[1] * x[3], one = bias ? 1.0 : 0
            let first = 1.5 * 1.5 * product / 2 + 0.25 * one
            let expected = Double(width) * first + one + 1.5 * 1.5 * (product + one)
            #expect(abs(standard.tangentKernel[1] - expected) <= 10 * 0x1p-53 * abs(expected))
        }
        #expect(throws: NetworkError.self) {
            try InfiniteWidthKernel(depth: 1, activation: .erf, parameterisation: .standard, sigmaW: 1, sigmaB: 1, inputs: inputs)
        }
    }

    /// One copy per output, and nothing between outputs.
    @Test func outputsAreIndependent() throws {
        let kernel = try InfiniteWidthKernel(depth: 1, activation: .erf, sigmaW: 1, sigmaB: 0.1, inputs: Inputs([0.2, -1, 3]))
        let blocks = kernel.tangentKernel(outputs: 2)
        for row in 0..<6 {
            for column in 0..<6 {
                let expected = row % 2 == column % 2 ? kernel.tangentKernel[row / 2 * 3 + column / 2] : 0
                #expect(blocks[row * 6 + column] == expected)
            }
        }
    }

    @Test func badInputIsRefused() throws {
        let inputs = try Inputs([0.2, -1])
        for (depth, sigmaW, sigmaB) in [(-1, 1.0, 0.1), (1, -1, 0.1), (1, .nan, 0.1), (1, 1, .infinity), (20_000, 1, 0)] {
            #expect(throws: NetworkError.self) {
                try InfiniteWidthKernel(depth: depth, activation: .relu, sigmaW: sigmaW, sigmaB: sigmaB, inputs: inputs)
            }
        }
        #expect(throws: NetworkError.self) {
            try InfiniteWidthKernel(depth: 2, activation: .relu, sigmaW: 1e100, sigmaB: 0, inputs: inputs)
        }
        #expect(throws: NetworkError.self) {
            try InfiniteWidthKernel(
                architecture: Architecture(inputs: 3, widths: [1], activation: .erf), sigmaW: 1, sigmaB: 0, inputs: inputs)
        }
    }
}
