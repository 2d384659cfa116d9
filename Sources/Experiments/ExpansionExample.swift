import Arrays
import Duality
import Networks
import Scans

/// Three networks whose modes are set beside those of a field in an expanding universe, k_i = (i − 1)πH/2α.
struct ExpansionExample {
    static let figure = "figure5-expansion"
    /// The second mode of the universe starts outside of the horizon, k < aH, only for α > π/2, the third only for α > π.
    static let alphas = [1.0, 2, 4]
    let seed: UInt64

    func runs() throws -> [Run] {
        try Self.alphas.enumerated().map { index, alpha in
            Run(
                architecture: try Architecture(widths: [512], activation: .erf), source: .seed(seed &+ 6_000_000 &+ UInt64(index)),
                sigmaW: 1,
                sigmaB: 1, inputs: try PointInterval.inputs(alpha: alpha),
                training: Run.Training(
                    loss: try .power(scale: 0.05, minimum: 2), schedule: try Schedule(learningRate: InhomogeneousGrid.learningRate),
                    steps: InhomogeneousGrid.steps))
        }
    }

    func figure(known: (Run) throws -> RunResult?) throws -> Figure {
        var panels: [Panel] = []
        var columns: [(name: String, values: CSVTable.Column)] = []
        for (run, alpha) in zip(try runs(), Self.alphas) {
            guard let result = try known(run), let training = run.training else {
                throw ExperimentError.missingResults(experiment: Self.figure, count: 1)
            }
            let network = try FrozenNetwork(result, training)
            let modes = try ExpandingModes(of: ModeDynamics(network: network), halfInterval: alpha)
            let ratio = Claim.number(modes.horizonRatiosAtStart[1])
            var layers: [Layer] = []
            for mode in 1...2 {
                let universe = modes.times.indices.map { modes.universe[$0 * run.inputs.points + mode] }
                let network = modes.times.indices.map { modes.network[$0 * run.inputs.points + mode] }
                layers.append(
                    .line(Line(x: modes.times, y: universe, name: "universe, mode \(mode + 1)", style: .dashed, colour: 2 * mode - 1)))
                layers.append(
                    .line(Line(x: modes.times, y: network, name: "network, mode \(mode + 1)", style: .solid, colour: 2 * mode - 2)))
                columns.append(("alpha\(Claim.number(alpha))Universe\(mode + 1)", .numbers(universe)))
                columns.append(("alpha\(Claim.number(alpha))Network\(mode + 1)", .numbers(network)))
            }
            if panels.isEmpty { columns.insert(("time", .numbers(modes.times)), at: 0) }
            panels.append(
                Panel(
                    title: "α = \(Claim.number(alpha)): k_2/aH = \(ratio) at the start", x: Axis("t = k√η"), y: Axis("amplitude"),
                    layers: layers))
        }
        return Figure(
            id: Self.figure, title: "Modes of networks and of a field in an expanding universe",
            caption: """
                The second and third mode of networks with σ_b = 1 on intervals of α Hubble lengths to either side, with amplitude 1 at the \
                start, beside the same modes of a field in a universe with the paper's H. In the universe higher modes are heavier, by \
                k²/a²: they oscillate inside the horizon and are redshifted away. In the network they are lighter, by λ_i/λ_1, and stay. \
                The two could agree only for k far below aH and λ_i near λ_1.
                """,
            panels: panels, arrangement: .grid(columns: 3, sharesY: true), data: try CSVTable(byColumn: columns))
    }
}
