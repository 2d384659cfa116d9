import Foundation

/// A packet on a lattice, learned or given, beside what the metric of the lattice's own weights says.
struct GeodesicRun: Sendable {
    let setting: String
    /// σ of the recordings that the weights were learned from; nil for the teacher's own weights.
    let noise: Double?
    /// The root mean square over sites and weights of what the student is off the teacher.
    let weightError: Double
    /// Centre of the packet; the geodesic; the ray of a packet on the lattice; the straight line of a flat metric.
    let packet, geodesic, ray, flat: LatticeRay

    /// Steps between two looks at the packet.
    static let interval = 10

    /// Follows packets on lattices of one setting.
    static func runs(
        _ setting: GeodesicSetting, _ students: [(network: LatticeNetwork, noise: Double?)], _ lattice: any LatticeEngine
    ) throws -> [GeodesicRun] {
        let metrics = students.map { LatticeMetric($0.network, width: setting.smoothing) }
        let waves = try zip(students, metrics).map { student, metric in
            let here = metric.coefficients(at: setting.position)
            return try LatticeWave(
                packet: student.network, position: setting.position, momentum: setting.momentum, width: setting.width,
                coupling: here.coupling, massSquared: here.massSquared)
        }
        let centres = try lattice.centres(of: waves, steps: setting.steps, every: interval)
        let times = (0...setting.steps / interval).map { Double($0 * interval) }
        return try students.indices.map { place in
            let metric = metrics[place]
            func path(_ kind: LatticeRay.Kind) throws -> LatticeRay {
                try LatticeRay(kind, in: metric, from: setting.position, momentum: setting.momentum, at: times)
            }
            return GeodesicRun(
                setting: setting.name, noise: students[place].noise, weightError: students[place].network.distance(to: setting.teacher),
                packet: LatticeRay(times: times, positions: centres[place]), geodesic: try path(.geodesic), ray: try path(.packet),
                flat: LatticeRay(flat: metric, from: setting.position, momentum: setting.momentum, at: times))
        }
    }

    /// The largest distance of packet and geodesic, over the length of the geodesic.
    var deviation: Double { packet.deviation(of: geodesic) / geodesic.length }
    /// The same of packet and lattice ray.
    var latticeDeviation: Double { packet.deviation(of: ray) / geodesic.length }
    /// The same of packet and straight line.
    var flatDeviation: Double { packet.deviation(of: flat) / geodesic.length }
}

extension LatticeNetwork {
    /// The root mean square over sites of the distance of all weights.
    package func distance(to other: LatticeNetwork) -> Double {
        let sum = zip(weights, other.weights).reduce(0) { sum, pair in
            sum + zip(pair.0, pair.1).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        }
        return (sum / Double(shape.sites)).squareRoot()
    }
}
