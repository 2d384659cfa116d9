import Cosmology
import Foundation

/// The path of a particle in the metric of a lattice, or of a packet of waves on the lattice itself.
package struct LatticeRay: Sendable {
    /// What moves.
    package enum Kind: Sendable {
        /// A particle of mass 1 on a geodesic: H = √(Σ A k² + M).
        case geodesic
        /// A packet, whose waves know that sites are apart: cos H = 1 − Σ A(1 − cos k) − M/2.
        case packet
    }

    /// Times, in steps of the network.
    package let times: [Double]
    /// Where it is at these times, in sites along each axis.
    package let positions: [[Double]]

    /// A path.
    /// - Throws: `IntegrationError`.
    package init(
        _ kind: Kind, in metric: LatticeMetric, from position: [Double], momentum: [Double], at times: [Double]
    ) throws {
        let dimensions = position.count
        // Positions are told to a thousandth of a millionth of a site, which no packet resolves.
        let integrator = DormandPrince853(relativeTolerance: 1e-9, absoluteTolerance: 1e-9)
        let states = try integrator.solve(from: 0, initial: position + momentum, at: times) { _, state, rate in
            let point = Array(state[..<dimensions]), k = Array(state[dimensions...])
            let (values, slopes) = metric.values(at: point)
            let mass = values[dimensions]
            // How H changes with A of each axis, M, and k.
            let byCoupling: [Double], byMass: Double, byMomentum: [Double]
            switch kind {
            case .geodesic:
                let energy = (zip(values, k).reduce(mass) { $0 + $1.0 * $1.1 * $1.1 }).squareRoot()
                byCoupling = k.map { $0 * $0 / (2 * energy) }
                byMass = 1 / (2 * energy)
                byMomentum = zip(values, k).map { $0 * $1 / energy }
            case .packet:
                let cosine = zip(values, k).reduce(1 - mass / 2) { $0 - $1.0 * (1 - cos($1.1)) }
                let sine = (1 - cosine * cosine).squareRoot()
                byCoupling = k.map { (1 - cos($0)) / sine }
                byMass = 1 / (2 * sine)
                byMomentum = zip(values, k).map { $0 * sin($1) / sine }
            }
            for axis in 0..<dimensions {
                rate[axis] = byMomentum[axis]
                rate[dimensions + axis] =
                    -(0..<dimensions).reduce(slopes[dimensions][axis] * byMass) { $0 + slopes[$1][axis] * byCoupling[$1] }
            }
        }
        self.times = times
        positions = states.map { Array($0[..<dimensions]) }
    }

    /// A path that is given.
    package init(times: [Double], positions: [[Double]]) {
        self.times = times
        self.positions = positions
    }

    /// The straight line that a particle takes in the metric of the point where it begins: what a flat space would have it do.
    package init(flat metric: LatticeMetric, from position: [Double], momentum: [Double], at times: [Double]) {
        let (coupling, mass) = metric.coefficients(at: position)
        let energy = (zip(coupling, momentum).reduce(mass) { $0 + $1.0 * $1.1 * $1.1 }).squareRoot()
        let velocity = zip(coupling, momentum).map { $0 * $1 / energy }
        self.init(times: times, positions: times.map { time in zip(position, velocity).map { $0 + $1 * time } })
    }

    /// Its length, in sites.
    package var length: Double { zip(positions, positions.dropFirst()).reduce(0) { $0 + Self.distance($1.0, $1.1) } }

    /// The largest distance of another path at the same times.
    package func deviation(of other: LatticeRay) -> Double { zip(positions, other.positions).map { Self.distance($0, $1) }.max() ?? 0 }

    /// The angle to the first axis in which it leaves, by its last `count` intervals, in degrees.
    package func direction(last count: Int) -> Double {
        let end = positions[positions.count - 1], start = positions[positions.count - 1 - count]
        return atan2(end[1] - start[1], end[0] - start[0]) * 180 / .pi
    }

    private static func distance(_ a: [Double], _ b: [Double]) -> Double {
        zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
    }
}
