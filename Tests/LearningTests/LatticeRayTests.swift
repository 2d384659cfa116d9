import Foundation
import Learning
import Testing

/// Geodesics in metrics of lattices whose motion has a closed form.
@Suite struct LatticeRayTests {
    private func line(_ count: Int = 1024, _ field: (Double) -> (coupling: Double, massSquared: Double)) throws -> LatticeNetwork {
        let fields = (0..<count).map { field(Double($0)) }
        return try LatticeNetwork(shape: LatticeShape([count]), coupling: fields.map(\.coupling), massSquared: fields.map(\.massSquared))
    }

    /// Where M is linear in s and A constant, H = E, k′ = −g/2E and s′ = Ak/E: a parabola, s = s_0 + A k_0 t/E − A g t²/4E².
    @Test func fallInAUniformField() throws {
        let (a, g, start) = (0.25, 1e-4, 600.0)
        let network = try line { (a, 0.1 + g * $0) }, metric = LatticeMetric(network, width: 6)
        let times = (0...40).map { Double($0 * 10) }
        for k in [0.0, 0.2] {
            let ray = try LatticeRay(.geodesic, in: metric, from: [start], momentum: [k], at: times)
            let energy = (a * k * k + 0.1 + g * start).squareRoot()
            for (time, position) in zip(times, ray.positions) {
                let expected = start + a * k * time / energy - a * g * time * time / (4 * energy * energy)
                // The smoothed sum of a linear field is that field to 1e-14; the integrator's tolerance is 1e-9 of 600 a step.
                #expect(abs(position[0] - expected) < 1e-4)
            }
        }
    }

    /// On a homogeneous lattice waves move with A sin k/sin ω, and particles with Ak/H.
    @Test func speeds() throws {
        let network = try LatticeNetwork(shape: LatticeShape([64, 64]), coupling: 0.2, massSquared: 0.01)
        let metric = LatticeMetric(network, width: 3), k = [0.4, 0.3]
        let energy = (0.2 * 0.25 + 0.01).squareRoot(), omega = acos(1 - 0.2 * (2 - cos(0.4) - cos(0.3)) - 0.005)
        let particle = try LatticeRay(.geodesic, in: metric, from: [30, 30], momentum: k, at: [0, 20])
        let wave = try LatticeRay(.packet, in: metric, from: [30, 30], momentum: k, at: [0, 20])
        for axis in 0...1 {
            #expect(abs(particle.positions[1][axis] - 30 - 20 * 0.2 * k[axis] / energy) < 1e-7)
            #expect(abs(wave.positions[1][axis] - 30 - 20 * 0.2 * sin(k[axis]) / sin(omega)) < 1e-7)
        }
        // sin 0.35 ≈ 0.98 · 0.35: waves on a lattice are slower.
        #expect(wave.length < particle.length && particle.deviation(of: particle) == 0)
        #expect(abs(particle.direction(last: 1) - atan2(0.3, 0.4) * 180 / .pi) < 1e-6)
    }

    /// The metric is that of the weights, smoothed: a wave of A keeps its phase and loses exp(−(wσ)²/2), and slopes are those of the values.
    @Test func smoothing() throws {
        let count = 512, w = 2 * Double.pi * 4 / Double(count), width = 6.0
        let network = try line(count) { (0.2 + 0.05 * sin(w * $0), 0.02) }, metric = LatticeMetric(network, width: width)
        // Weights of links are means of their ends, and A of both links: (2 + 2 cos w)/4 of a wave.
        let loss = exp(-w * w * width * width / 2) * (1 + cos(w)) / 2
        for point in [3.3, 100.5, 511.9] {
            let (values, slopes) = metric.values(at: [point])
            #expect(abs(values[0] - 0.2 - 0.05 * loss * sin(w * point)) < 1e-12 && abs(values[1] - 0.02) < 1e-12)
            #expect(abs(slopes[0][0] - 0.05 * w * loss * cos(w * point)) < 1e-12 && abs(slopes[1][0]) < 1e-12)
        }
    }
}
