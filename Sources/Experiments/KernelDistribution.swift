import Arrays
import Engines
import Figures
import Networks
import Runs

/// KS figure 1: how the tangent kernel of one point, Θ₀, is distributed over hyperparameters.
public struct KernelDistribution: Experiment {
    /// `figure1`.
    public let id = "figure1"
    public let title = "The tangent kernel at one point, by hyperparameter"
    private let scan: EmbeddedScan

    /// Where the networks are evaluated.
    struct Setting: Hashable, Sendable {
        let x: Double
        let sigmaB: Double
        var label: String { "x = \(Claim.number(x)), σ_b = \(Claim.number(sigmaB))" }
    }

    /// A network of the grid with its Θ₀.
    struct Measured: Sendable {
        let run: Run
        let kernel: Double
        var setting: Setting { Setting(x: run.inputs.values[0], sigmaB: run.sigmaB) }
    }

    /// The setting that is drawn.
    private static let drawn = Setting(x: 1, sigmaB: 0.1)

    /// The full grid has 1,440 networks in each of five settings; the quick one a fifth of the seeds in two settings.
    init(quick: Bool, seed: UInt64) throws { scan = try EmbeddedScan("figure1", quick: quick, seed: seed) }

    /// One run a network; nothing is trained.
    public var runs: any RunSource { scan }

    /// Histograms by hyperparameter, and the shares of variance.
    public func report(known: (Run) throws -> RunResult?) throws -> ExperimentReport {
        let measured = try scan.results(known: known, experiment: id).map { Measured(run: $0.run, kernel: $0.initialKernel[0]) }
        let claims = try measured.distinct(\.setting).flatMap { setting in
            try judge(measured.filter { $0.setting == setting }, in: setting)
        }
        return ExperimentReport(figures: [try figure(measured)], claims: claims)
    }

    private func figure(_ measured: [Measured]) throws -> Figure {
        let part = measured.filter { $0.setting == Self.drawn }
        func panel<Level: Hashable>(_ title: String, _ name: (Level) -> String, _ level: (Run) -> Level) -> Panel {
            Ridges.panel(
                title: title, x: Axis("Θ_0", scale: .log10), y: "",
                groups: part.distinct { level($0.run) }.map { value in
                    .init(name(value), part.filter { level($0.run) == value }.map(\.kernel))
                })
        }
        return Figure(
            id: id, title: "Size of the tangent kernel Θ_0 at one point, by hyperparameter",
            subtitle: [
                "\(part.count) networks before training", "\(Self.drawn.label)", part.map(\.run).architectureText,
            ].joined(separator: " · "),
            caption: """
                Distribution of Θ_0 at initialisation for fully connected networks with one input and one output, split by one \
                hyperparameter a panel: at each of its values, over all values of the others. Heights are shares of a value's \
                networks. Another choice of x and σ_b would be \
                another figure; the claims judge each.
                """,
            panels: [
                panel("initial weights σ_w", { "\(Claim.number($0))" }, \.sigmaW),
                panel("activation", \.name, \.activation),
                panel("hidden layers", { "\($0)" }, \.depth),
                panel("width", { "\($0)" }, \.width),
            ],
            arrangement: .grid(columns: 2, sharesX: true),
            data: try CSVTable(
                byColumn: [("x", .numbers(measured.map(\.setting.x))), ("sigmaB", .numbers(measured.map(\.setting.sigmaB)))]
                    + measured.map(\.run).columns + [("tangentKernel", .numbers(measured.map(\.kernel)))]))
    }
}
