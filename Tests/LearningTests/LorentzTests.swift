import Foundation
import Learning
import Testing

/// Parts of the experiment on Lorentz symmetry against what is known of them.
@Suite struct LorentzTests {
    /// A function of the interval leaves what varies within a bin of one unit, f′²/12; one of time alone leaves nearly all of itself.
    @Test func boostResidualOfKnownFields() throws {
        let count = 1201, middle = 600, mass = 0.04
        var invariant = BoostResidual(speed: 0.5, middle: middle, intervals: 60...400)
        var other = invariant
        for step in 1...BoostResidual.lastStep(60...400) {
            let field = (0..<count).map { site -> Double in
                let square = pow(Double(step), 2) - pow(Double(site - middle) / 0.5, 2)
                return square > 0 ? sin(mass * square.squareRoot()) : 0
            }
            invariant.add(step: step, field)
            other.add(step: step, [Double](repeating: sin(mass * Double(step)), count: count))
        }
        // The variance of sin is 1/2, that of its slope times a uniform number within a bin m²/24.
        #expect(invariant.value < 1.5 * mass * mass / 12)
        #expect(other.value > 0.5)
    }

    /// The step of training is the slope of the mean over k of |wᵀw − 1|², by differences.
    @Test func trainingDescendsTheImbalance() {
        var network = BalancedNetwork(seed: 3)
        let before = network, rate = 1e-6
        network.train(steps: 1, learningRate: rate)
        func loss(_ network: BalancedNetwork) -> Double {
            // By sums over k of the matrix itself.
            (0..<16).reduce(0) { sum, n in
                let k = 2 * Double.pi * Double(n) / 16
                var real = [0.0, 0, 0, 0], imaginary = real
                for (m, weights) in network.weights.enumerated() {
                    for place in 0..<4 {
                        real[place] += weights[place] * cos(k * Double(m - 1))
                        imaginary[place] -= weights[place] * sin(k * Double(m - 1))
                    }
                }
                var total = 0.0
                for i in 0..<2 {
                    for j in 0..<2 {
                        var (x, y) = (i == j ? -1.0 : 0, 0.0)
                        for l in 0..<2 {
                            let (a, b) = (2 * l + i, 2 * l + j)
                            x += real[a] * real[b] + imaginary[a] * imaginary[b]
                            y += real[a] * imaginary[b] - imaginary[a] * real[b]
                        }
                        total += x * x + y * y
                    }
                }
                return sum + total / 16
            }
        }
        #expect(abs(network.imbalance - (loss(network) / 4).squareRoot()) < 1e-12)
        for n in 0..<3 {
            for place in 0..<4 {
                var (up, down) = (before, before)
                up.weights[n][place] += 1e-5
                down.weights[n][place] -= 1e-5
                let slope = (loss(up) - loss(down)) / 2e-5
                // Differences of fourth-degree polynomials are off by (1e-5)².
                #expect(abs((before.weights[n][place] - network.weights[n][place]) / rate - slope) < 1e-6 * max(1, abs(slope)))
            }
        }
    }

    @Test func trainedNetworksAreReversible() {
        var network = BalancedNetwork(seed: 1)
        let before = network.largestRate
        network.train(steps: 4000, learningRate: 0.02)
        #expect(network.imbalance < 0.01 && network.largestRate < 0.05 && before > 0.1)
    }

    /// Bands ω = v q ± √(m² + c²q²) are fitted exactly, with their tilt; a cone of other shape is not.
    @Test func dispersionOfParticles() {
        let (m, c, v) = (0.1, 0.5, 0.2)
        // 2π-periodic, and exactly quadratic near the gap.
        func near(_ k: Double) -> Double { (k - 0.7).remainder(dividingBy: 2 * .pi) }
        let fit = DispersionFit { k in ((m * m + c * c * near(k) * near(k)).squareRoot(), v * near(k)) }
        #expect(fit.residual < 2e-3 && fit.isRelativistic && abs(fit.speedSquared - c * c) < 1e-3 && abs(fit.tilt - v / c) < 1e-3)
        let sharp = DispersionFit { k in (m + c * pow(abs(near(k)), 0.5), 0) }
        #expect(!sharp.isRelativistic && sharp.residual > 0.01)
        #expect(DispersionFit { _ in (0.3, 0) }.isFlat)
    }

    /// A 2 × 2 matrix of the Gaussian orthogonal ensemble is indefinite with probability 1/√2.
    @Test func gaussianFormsOfTwoDimensions() throws {
        let scan = try SignatureScan(.gaussian, dimensions: 2, trials: 4000, seed: 5)
        let expected = 0.5.squareRoot(), error = (expected * (1 - expected) / 4000).squareRoot()
        #expect(abs(Double(scan.lorentzian) / 4000 - expected) < 5 * error && scan.total == 4000)
    }
}
