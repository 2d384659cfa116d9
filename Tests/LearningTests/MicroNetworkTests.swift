import Foundation
import Learning
import Testing

/// The network whose free energy is known, and what it refuses.
@Suite struct MicroNetworkTests {
    /// F′ is the derivative of F; central differences of 1e-4 are off by 1e-8 of third derivatives below 50.
    @Test(arguments: [-2.5, -1, -0.3, 0, 0.4, 1.2, 3]) func gradientIsThatOfTheFreeEnergy(w: Double) throws {
        let network = try MicroNetwork(weightDecay: 0.3), h = 1e-4
        let slope = (network.freeEnergy(at: w + h) - network.freeEnergy(at: w - h)) / (2 * h)
        #expect(abs(network.gradient(at: w).mean - slope) < 1e-6)
    }

    /// Mean and variance of ∂H/∂w by quadrature over the Gaussian state and the data, from the definition: a trapezoidal rule over ±9σ with steps
    /// of σ/10 is exact to rounding.
    @Test(arguments: [-1.3, 0.2, 2]) func momentsAreThoseOfTheDefinition(w: Double) throws {
        let network = try MicroNetwork(neurons: 5, stiffness: 1.2, inverseTemperature: 3), k = 6.0
        var first = 0.0, second = 0.0
        for a in network.data {
            let t = tanh(w * a), mean = (k * t + w * a) / (k + w * w), spread = 1 / (3 * (k + w * w)).squareRoot()
            for i in -90...90 {
                let n = 0.1 * Double(i), weight = 0.1 * exp(-n * n / 2) / (2 * Double.pi).squareRoot(), s = mean + spread * n
                let h = -k * (s - t) * (1 - t * t) * a - (a - w * s) * s
                first += weight * h / Double(network.data.count)
                second += weight * h * h / Double(network.data.count)
            }
        }
        let found = network.gradient(at: w)
        #expect(abs(found.mean - first) < 1e-12 && abs(found.variance / (second - first * first) - 1) < 1e-10)
    }

    /// The data have the mean square of the page, to the rounding of floats, and the free energy is a double well.
    @Test func landscapeIsADoubleWell() throws {
        let network = try MicroNetwork()
        #expect(abs(network.data.reduce(0) { $0 + $1 * $1 } / 512 - 1.44) < 1e-6)
        let top = network.freeEnergy(at: 0), well = (1...40).map { network.freeEnergy(at: 0.05 * Double($0)) }.min() ?? 0
        // "barrier ~.6"
        #expect((0.45...0.8).contains(top - well))
    }

    @Test func refusals() throws {
        #expect(throws: LearningError.self) { try MicroNetwork(weightDecay: -0.1) }
        #expect(throws: LearningError.self) { try MicroNetwork(inverseTemperature: 0) }
        func refusal(_ name: String, _ options: LearningOptions) -> String {
            do {
                _ = try LearningRegistry.named(name, options)
                return ""
            } catch { return "\(error)" }
        }
        #expect(refusal("fokker-planck", .init(learningRate: 4)).contains("unstable"))
        #expect(refusal("fokker-planck", .init(networks: 100)).contains("40000"))
        #expect(refusal("quantumness", .init(networks: 100)).contains("40000"))
        #expect(refusal("quantumness", .init(weightDecay: -1)).contains("does not converge"))
        #expect(refusal("fokker-planck", .init(learningRate: .nan)).contains("positive"))
    }
}
