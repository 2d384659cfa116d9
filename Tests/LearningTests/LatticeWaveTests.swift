import Foundation
import Learning
import Testing

/// Waves on lattices against closed forms of lattices that are the same everywhere.
@Suite struct LatticeWaveTests {
    /// Each wave number of a homogeneous line goes its own way: with x_0 = 0 and x_1 = 1, x_t = (λ₊^t − λ₋^t)/(λ₊ − λ₋), where
    /// λ² − (2 − κ − Γ)λ + 1 − Γ = 0 and κ = 2A(1 − cos k) + M; for a real response |λ|^(t−1) sin ωt / sin ω.
    @Test(arguments: [0, 1e-3, 3e-2]) func responsesAreThoseOfModes(imbalance: Double) throws {
        let (a, m, count, steps) = (0.25, 0.0016, 128, 300), shape = try LatticeShape([count])
        let network = try LatticeNetwork(shape: shape, coupling: a, massSquared: m, imbalance: imbalance)
        let wave = try LatticeWave(kick: network, width: 2.5)
        var last: [Double] = []
        try ReferenceLattice().fields(of: [wave], steps: steps) { _, step, field in if step == steps { last = field } }
        // The source by its own sum, and the response by sums over wave numbers.
        let middle = count / 2, bell = (0..<count).map { exp(-pow(Double($0 - middle), 2) / 12.5) }, sum = bell.reduce(0, +)
        let modes = (0..<count).map { n -> (k: Double, gain: Double) in
            let k = 2 * .pi * Double(n) / Double(count), half = (2 - 2 * a * (1 - cos(k)) - m - imbalance) / 2
            let size = (1 - imbalance).squareRoot(), omega = acos(half / size)
            let source = (0..<count).reduce(0) { $0 + bell[$1] / sum * cos(k * Double($1 - middle)) }
            return (k, source * pow(size, Double(steps - 1)) * sin(omega * Double(steps)) / sin(omega))
        }
        for site in stride(from: 0, to: count, by: 7) {
            let expected = modes.reduce(0) { $0 + $1.gain * cos($1.k * Double(site - middle)) } / Double(count)
            // Leapfrog steps round 300 times at 1e-16 of numbers of 0.2, and second sums of that grow by another 300.
            #expect(abs(last[site] - expected) < 1e-11)
        }
    }

    /// A step is what its definition says, in every number of dimensions: W by loops of its own.
    @Test(arguments: [[5], [4, 6], [5, 4, 6]]) func stepsInAnyDimension(sizes: [Int]) throws {
        let shape = try LatticeShape(sizes), strides = [1, sizes[0], sizes[0] * (sizes.count > 1 ? sizes[1] : 1)]
        func number(_ i: Int) -> Double { sin(Double(i * i + 3 * i)) }
        let network = LatticeNetwork(
            shape: shape, weights: (0..<shape.weightCount).map { w in (0..<shape.sites).map { number($0 + 1000 * w) } }, memory: 0.6)
        let before = (0..<shape.sites).map { number($0 + 7777) }, now = (0..<shape.sites).map { number($0 + 8888) }
        var next: [Double] = []
        try ReferenceLattice().fields(of: [LatticeWave(network, before: [before], now: [now])], steps: 2) { next = $1 == 2 ? $2 : [] }
        for site in 0..<shape.sites {
            var expected = network.weights[0][site] * now[site] - 0.6 * before[site]
            for axis in sizes.indices {
                let here = site / strides[axis] % sizes[axis]
                let lower = site + ((here + sizes[axis] - 1) % sizes[axis] - here) * strides[axis]
                let upper = site + ((here + 1) % sizes[axis] - here) * strides[axis]
                expected += network.weights[1 + 2 * axis][site] * now[lower] + network.weights[2 + 2 * axis][site] * now[upper]
            }
            #expect(abs(next[site] - expected) < 1e-14)
        }
    }

    /// On a homogeneous lattice the centre of |x|² moves with the mean of the group velocity A sin k / sin ω over the packet's |x_k|².
    @Test func packetsMoveWithGroupVelocity() throws {
        let (a, m, k, width) = (0.25, 0.01, 0.3, 20.0), shape = try LatticeShape([512])
        let network = try LatticeNetwork(shape: shape, coupling: a, massSquared: m)
        let wave = try LatticeWave(
            packet: network, position: [150], momentum: [k], width: width, coupling: [a], massSquared: m)
        let centres = try ReferenceLattice().centres(of: [wave], steps: 300, every: 100)[0].map { $0[0] }
        // |x_k|² of exp(−s²/4σ²) is a Gaussian of standard deviation 1/2σ.
        let spread = 1 / (2 * width)
        var velocity = 0.0, total = 0.0
        for n in -400...400 {
            let offset = Double(n) * spread / 50, weight = exp(-offset * offset / (2 * spread * spread)), q = k + offset
            velocity += weight * a * sin(q) / sin(acos(1 - a * (1 - cos(q)) - m / 2))
            total += weight
        }
        for (sample, centre) in centres.enumerated() {
            // The packet is cut off where it is e^-90, and turns by frequencies that acos knows to 1e-15/ω.
            #expect(abs(centre - 150 - velocity / total * Double(100 * sample)) < 1e-6)
        }
    }

    @Test func fourierSumsAreTheirDefinition() {
        let sizes = [6, 7], values = (0..<42).map { Complex(sin(Double($0 * $0)), cos(Double(3 * $0))) }
        let transform = DiscreteFourier(sizes), found = transform.forward(values)
        for k in 0..<42 {
            var sum = Complex(0, 0)
            for s in 0..<42 {
                let angle = -2 * Double.pi * (Double(k % 6 * (s % 6)) / 6 + Double(k / 6 * (s / 6)) / 7)
                sum = sum + values[s] * Complex(cos(angle), sin(angle))
            }
            #expect(abs(sum.real - found[k].real) < 1e-12 && abs(sum.imaginary - found[k].imaginary) < 1e-12)
        }
        for (back, value) in zip(transform.backward(found), values) {
            #expect(abs(back.real - value.real) < 1e-14 && abs(back.imaginary - value.imaginary) < 1e-14)
        }
    }

    /// Coefficients are read back from the weights that they were made into, where they do not change from site to site.
    @Test func coefficientsAreInTheWeights() throws {
        let shape = try LatticeShape([8, 8]), network = try LatticeNetwork(shape: shape, coupling: 0.2, massSquared: 0.03, imbalance: 0.01)
        #expect(network.coupling(axis: 1).allSatisfy { abs($0 - 0.2) < 1e-15 } && network.memory == 0.99)
        #expect(network.massSquared.allSatisfy { abs($0 - 0.03) < 1e-14 })
    }

    /// What cannot be is refused with the number, the limit and what to do.
    @Test(arguments: [
        (1.5, 0.01, "coupling"), (-0.1, 0.01, "coupling"), (.nan, 0.01, "coupling"), (0.25, -0.01, "mass"), (0.25, 4, "mass"),
        (0.25, .nan, "mass"),
    ]) func unstableLatticesAreRefused(coupling: Double, massSquared: Double, word: String) throws {
        let shape = try LatticeShape([64])
        let error = #expect(throws: LearningError.self) { try LatticeNetwork(shape: shape, coupling: coupling, massSquared: massSquared) }
        #expect(error?.description.contains(word) == true)
        for name in ["lorentz", "geodesic", "einstein"] {
            #expect(throws: LearningError.self) {
                try LearningRegistry.named(name, LearningOptions(coupling: coupling, massSquared: massSquared))
            }
        }
    }

    @Test(arguments: ["lorentz", "geodesic"]) func widePacketsAreRefused(name: String) {
        for width in [0, -1, 5000, .nan] as [Double] {
            let error = #expect(throws: LearningError.self) { try LearningRegistry.named(name, LearningOptions(width: width)) }
            #expect(error?.description.contains("width") == true)
        }
    }
}
