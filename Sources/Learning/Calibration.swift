import Arrays
import Foundation

/// Densities of which χ is known, on the landscape of a network.
package enum Calibration: CaseIterable, Sendable {
    case fokkerPlanck
    case liouville
    case schrodinger

    package var title: String {
        switch self {
        case .fokkerPlanck: "the Fokker–Planck equation"
        case .liouville: "Liouville's equation"
        case .schrodinger: "Schrödinger's equation, ħ = 2D"
        }
    }

    package var exact: Int {
        switch self {
        case .fokkerPlanck: -1
        case .liouville: 0
        case .schrodinger: 1
        }
    }

    /// χ of densities from the six starts, as an infinite ensemble has them.
    package func measured(_ network: MicroNetwork, diffusion: Double) throws -> Quantumness {
        let bins = EnsembleProblem.Bins(-3.2...3.2, count: 320), step = 0.04
        // Liouville's densities form caustics later.
        let records = self == .liouville ? 30 : 41
        let times = (0..<records).map { Double($0) * step }
        let densities = try EnsembleTraining.standardStarts.parallelMap { start in
            let shares = shares(network, (start.mean, start.deviation), bins, times, diffusion)
            return try Quantumness.Density(
                counts: shares.map { $0.map { 1e6 * max(0, $0) } }, edges: bins.edges, times: times)
        }
        return try Quantumness(densities, diffusion: diffusion, times: times)
    }

    private func shares(
        _ network: MicroNetwork, _ start: (mean: Double, deviation: Double), _ bins: EnsembleProblem.Bins, _ times: [Double],
        _ diffusion: Double
    ) -> [[Double]] {
        let step = times[1] - times[0]
        switch self {
        case .fokkerPlanck:
            let equation = FokkerPlanck(
                drift: bins.centres.map { -network.gradient(at: $0).mean }, diffusion: bins.centres.map { _ in diffusion },
                width: bins.width)
            var p = FokkerPlanck.normal(mean: start.mean, deviation: start.deviation, edges: bins.edges)
            return times.indices.map { k in
                if k > 0 { p = equation.advanced(p, by: step, steps: 20, damps: k == 1) }
                return p
            }
        case .schrodinger:
            var wave = WaveEquation(
                range: -6...6, count: 1201, hbar: 2 * diffusion, mean: start.mean, deviation: start.deviation,
                potential: { network.freeEnergy(at: max(-4, min(4, $0))) })
            return times.indices.map { k in
                if k > 0 { wave.advance(by: step, steps: 40) }
                return wave.shares(edges: bins.edges)
            }
        case .liouville:
            // Places that hold equal parts do not cross before a caustic.
            let count = 4001
            let table = (0...1600).map { network.gradient(at: -4 + 0.005 * Double($0)).mean }
            func force(_ q: Double) -> Double {
                let at = max(0, min(1599.999, (q + 4) / 0.005)), cell = Int(at)
                return -(table[cell] + (at - Double(cell)) * (table[cell + 1] - table[cell]))
            }
            let start0 = (0..<count).map { start.mean + start.deviation * 6 * (2 * Double($0) / Double(count - 1) - 1) }
            let below = start0.map { 0.5 * erfc(-($0 - start.mean) / (start.deviation * 2.0.squareRoot())) }
            var places = start0, velocities = start0.map { _ in 0.0 }
            return times.indices.map { k in
                if k > 0 {
                    let dt = step / 20
                    for i in places.indices {
                        for _ in 0..<20 {
                            velocities[i] += 0.5 * dt * force(places[i])
                            places[i] += dt * velocities[i]
                            velocities[i] += 0.5 * dt * force(places[i])
                        }
                    }
                }
                var cell = 0
                let cumulated = bins.edges.map { edge -> Double in
                    while cell < count, places[cell] < edge { cell += 1 }
                    guard cell > 0 else { return 0 }
                    guard cell < count else { return 1 }
                    let part = (edge - places[cell - 1]) / (places[cell] - places[cell - 1])
                    return below[cell - 1] + part * (below[cell] - below[cell - 1])
                }
                return (0..<bins.count).map { cumulated[$0 + 1] - cumulated[$0] }
            }
        }
    }
}
