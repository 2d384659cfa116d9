import Arrays
import Duality
import Engines
import Figures
import Networks
import Runs

/// Three trainings whose modes are set beside those of a field in an expanding universe, k_i = (i − 1)πH/2α, and beside KS eq. 24. The
/// second mode of the universe starts outside of the horizon, k < aH, only for α > π/2, the third only for α > π.
enum ExpansionExample {
    static let id = "figure5-expansion"

    static func figure(_ results: [RunResult]) throws -> Figure {
        var panels: [Panel] = []
        var columns: [(name: String, values: CSVTable.Column)] = []
        for result in results {
            guard let training = result.run.training else {
                throw ExperimentError.nothingToJudge(experiment: id, reason: "a run has no training")
            }
            let alpha = result.run.halfInterval
            let dynamics = try ModeDynamics(network: FrozenNetwork(result, training))
            let modes = try ExpandingModes(of: dynamics, halfInterval: alpha)
            let trained = try dynamics.modes(of: result.outputs)
            let ratio = Claim.number(modes.horizonRatiosAtStart[1])
            var layers: [Layer] = []
            for mode in 1...2 {
                func amplitudes(_ values: [Double]) -> [Double] {
                    modes.times.indices.map { values[$0 * result.run.inputs.points + mode] }
                }
                let own = trained.perturbation(mode)
                let sides = [
                    ("Trained", "trained network", LineStyle.solid, own.map { $0 / own[0] }),
                    ("Network", "eq. 24", .dotted, amplitudes(modes.network)),
                    ("Universe", "universe", .dashed, amplitudes(modes.universe)),
                ]
                for (column, name, style, values) in sides {
                    layers.append(
                        .line(
                            Line(
                                x: modes.times, y: values, name: "\(name), mode \(mode + 1)", style: style, colour: mode - 1)))
                    columns.append(("alpha\(Claim.number(alpha))\(column)\(mode + 1)", .numbers(values)))
                }
            }
            if panels.isEmpty { columns.insert(("time", .numbers(modes.times)), at: 0) }
            panels.append(
                Panel(
                    title: "α = \(Claim.number(alpha)), k_2/aH = \(ratio)", x: Axis("t = k√η"),
                    y: Axis("δ_i(t) / δ_i(0)"),
                    layers: layers))
        }
        return Figure(
            id: id, title: "Modes of networks beside those of a field in an expanding universe",
            subtitle:
                "\(results.map(\.run).architectureText) · \(results.map(\.run).optimiserText) · σ_b = 1 · intervals of α Hubble lengths "
                + "to either side · k_2/aH at the start",
            caption: """
                The second and third mode on intervals of α Hubble lengths to either side, in units of what they are at the start (colour: the mode; dash: whose it is): of trained \
                networks (erf, width 512, σ_b = 1), by eq. 24 of the paper, and of a field in a universe with the paper's H. In the universe \
                higher modes are heavier, by k²/a²: they oscillate inside the horizon and are redshifted away. By eq. 24 they are lighter, \
                by λ_i/λ_1, and decay the more slowly; the two could agree only for k far below aH and λ_i near λ_1. Trained networks follow \
                neither where a mode has a mean, as the third has: the source term that eq. 24 lacks drives it in proportion to the \
                mean of the outputs, through 0 or beyond where it started.
                """,
            panels: panels, arrangement: .grid(columns: 3, sharesY: true), data: try CSVTable(byColumn: columns))
    }
}
