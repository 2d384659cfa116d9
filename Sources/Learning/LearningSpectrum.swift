import Arrays
import Foundation

/// The Schrödinger operator of imaginary time that descent on a free energy has,
///
///     H_S = −D ∂_z² + b²/4D + b′/2,   z = ∫ √(D̄/D) dw,
///
/// with the Itô drift b in z, built from log Z without any fit: its levels are the rates at which an ensemble relaxes, E[ψ_n/ψ_0](t) ∝ e^{−λ_n t}, and
/// its ground state is the root of the stationary density.
package struct LearningSpectrum: Sendable {
    /// Weights of the grid.
    package let places: [Double]
    /// λ_0 = 0 and the next.
    package let levels: [Double]
    /// ψ_n/ψ_0 on the grid.
    package let modes: [[Double]]
    /// ψ_0², what each place of the grid holds.
    package let stationary: [Double]
    /// The levels of V_S on a grid in z, less the lowest: the same operator by another way.
    package let otherLevels: [Double]
    /// z, V_S(z) and D̄.
    package let coordinate: [Double]
    package let potential: [Double]
    package let diffusion: Double

    /// - Parameters:
    ///   - batch: B.
    ///   - noise: D₀.
    /// - Throws: `LearningError.divergentPartitionFunction` without weight decay: the levels would be those of the walls.
    package init(
        _ network: MicroNetwork, learningRate: Double, batch: Int, noise: Double, count: Int = 4, range: ClosedRange<Double> = -5...5,
        grid: Int = 2400
    ) throws {
        guard network.weightDecay > 0 else {
            throw LearningError.divergentPartitionFunction(
                reason: "without weight decay F grows only as log |w|, and ∫ exp(−F/D) dw depends on the walls",
                remedy: "use a positive --weight-decay such as 0.3")
        }
        let h = (range.upperBound - range.lowerBound) / Double(grid - 1)
        let w = (0..<grid).map { range.lowerBound + Double($0) * h }
        let gradients = w.map { network.gradient(at: $0) }
        let drift = gradients.map { -$0.mean }, diffusions = gradients.map { noise + learningRate * $0.variance / Double(2 * batch) }
        let equation = FokkerPlanck(drift: drift, diffusion: diffusions, width: h)
        let diagonal = (0..<grid).map { i in
            (i < grid - 1 ? equation.up[i] : 0) + (i > 0 ? equation.down[i - 1] : 0)
        }
        let beside = zip(equation.up, equation.down).map { -($0 * $1).squareRoot() }
        let eigen = try TridiagonalEigen(diagonal: diagonal, beside: beside, lowest: count)
        levels = eigen.values
        let ground = eigen.vectors[0]
        // Where nothing is, the ratio is of two roundings; no network comes there.
        modes = eigen.vectors.map { vector in zip(vector, ground).map { max(-50, min(50, $0 / max($1, 1e-9))) } }
        stationary = ground.map { $0 * $0 }
        places = w

        let mean = noise + learningRate * network.gradient(at: 1.2).variance / Double(2 * batch)
        let stretch = diffusions.map { (mean / $0).squareRoot() }
        var z = [0.0]
        for i in 1..<grid { z.append(z[i - 1] + 0.5 * h * (stretch[i] + stretch[i - 1])) }
        func slope(_ f: [Double], _ i: Int, _ step: Double) -> Double {
            let (a, b) = (max(0, i - 1), min(f.count - 1, i + 1))
            return (f[b] - f[a]) / (Double(b - a) * step)
        }
        let flow = (0..<grid).map { drift[$0] * stretch[$0] + diffusions[$0] * slope(stretch, $0, h) }
        let hz = z[grid - 1] / Double(grid - 1)
        let even = (0..<grid).map { Double($0) * hz }, evenFlow = Self.interpolated(z, flow, at: even)
        let energy = (0..<grid).map { evenFlow[$0] * evenFlow[$0] / (4 * mean) + slope(evenFlow, $0, hz) / 2 }
        let other = try TridiagonalEigen(
            diagonal: energy.map { 2 * mean / (hz * hz) + $0 }, beside: [Double](repeating: -mean / (hz * hz), count: grid - 1),
            lowest: count)
        otherLevels = other.values.map { $0 - other.values[0] }
        let origin = Self.interpolated(w, z, at: [0])[0]
        coordinate = even.map { $0 - origin }
        potential = energy
        diffusion = mean
    }

    /// A mode at a weight, linear between places.
    package func mode(_ number: Int, at w: Double) -> Double {
        let step = places[1] - places[0], at = max(0, min(Double(places.count) - 1.0001, (w - places[0]) / step)), cell = Int(at)
        return modes[number][cell] + (at - Double(cell)) * (modes[number][cell + 1] - modes[number][cell])
    }

    /// Values between ascending places, linear.
    static func interpolated(_ x: [Double], _ y: [Double], at places: [Double]) -> [Double] {
        var cell = 0
        return places.map { place in
            while cell < x.count - 2, x[cell + 1] < place { cell += 1 }
            let part = max(0, min(1, (place - x[cell]) / (x[cell + 1] - x[cell])))
            return y[cell] + part * (y[cell + 1] - y[cell])
        }
    }
}
