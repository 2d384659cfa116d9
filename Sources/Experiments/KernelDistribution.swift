import Arrays
import Engines
import Figures
import Networks
import Runs

/// KS figure 1: how the tangent kernel of one point, Θ₀, is distributed over hyperparameters.
public struct KernelDistribution: Experiment {
    /// `figure1`.
    public let id = "figure1"
    /// One line.
    public let title = "The tangent kernel at one point, by hyperparameter"
    let quick: Bool
    let seed: UInt64

    /// Where the networks are evaluated.
    struct Setting: Hashable, Sendable {
        let x: Double
        let sigmaB: Double
        var label: String { "x = \(Claim.number(x)), σ_b = \(Claim.number(sigmaB))" }
    }

    /// One network of the grid.
    struct Sample: Sendable {
        let setting: Setting
        let activation: Activation
        let depth: Int
        let width: Int
        let sigmaW: Double
        let run: Run
    }

    static let settings = [(1, 0), (1, 0.1), (1, 1), (0.1, 0.1), (0, 1)].map { Setting(x: $0.0, sigmaB: $0.1) }
    /// The setting that is drawn.
    static let drawn = settings[1]
    /// The settings of a quick run.
    static let quickSettings = [settings[1], settings[4]]
    static let activations: [Activation] = [.relu, .erf]
    static let depths = [1, 2, 3]
    static let widths = [32, 128, 512]
    static let sigmaWs = [0.5, 1, 1.5, 2]

    /// The full grid has 1,440 networks in each of five settings; the quick one a fifth of the seeds in two settings.
    init(quick: Bool, seed: UInt64) {
        self.quick = quick
        self.seed = seed
    }

    var seedCount: Int { quick ? 4 : 20 }

    func samples() throws -> [Sample] {
        var samples: [Sample] = []
        var number: UInt64 = 0
        for setting in Self.settings {
            for activation in Self.activations {
                for depth in Self.depths {
                    for width in Self.widths {
                        let architecture = try Architecture(widths: Array(repeating: width, count: depth), activation: activation)
                        for sigmaW in Self.sigmaWs {
                            for replica in 0..<20 {
                                // Every network of the full grid has its own seed, so a subset is part of the whole.
                                number += 1
                                guard replica < seedCount, !quick || Self.quickSettings.contains(setting) else {
                                    continue
                                }
                                let run = Run(
                                    architecture: architecture, source: .seed(seed &+ number), sigmaW: sigmaW, sigmaB: setting.sigmaB,
                                    inputs: try Inputs([setting.x]))
                                samples.append(
                                    Sample(setting: setting, activation: activation, depth: depth, width: width, sigmaW: sigmaW, run: run))
                            }
                        }
                    }
                }
            }
        }
        return samples
    }

    /// One run a network; nothing is trained.
    public func runs(known: (Run) throws -> RunResult?) throws -> [Run] { try samples().map(\.run) }

    /// Histograms by hyperparameter, and the shares of variance.
    public func report(known: (Run) throws -> RunResult?) throws -> ExperimentReport {
        let samples = try samples()
        let kernels = try samples.map { try known($0.run)?.initialKernel.first }
        guard !kernels.contains(nil) else { throw ExperimentError.missingResults(experiment: id, count: kernels.count { $0 == nil }) }
        let measured = zip(samples, kernels).map { (sample: $0, kernel: $1!) }
        var claims: [Claim] = []
        for setting in Self.settings {
            let part = measured.filter { $0.sample.setting == setting }
            if !part.isEmpty { claims += try judge(part, in: setting) }
        }
        return ExperimentReport(figures: [try figure(measured)], claims: claims)
    }

    private func figure(_ measured: [(sample: Sample, kernel: Double)]) throws -> Figure {
        let part = measured.filter { $0.sample.setting == Self.drawn }
        func panel<Level: Hashable>(_ title: String, _ levels: [Level], _ name: (Level) -> String, _ level: (Sample) -> Level) -> Panel {
            Panel(
                title: title, x: Axis("Θ_0", scale: .log10), y: Axis("networks"),
                layers: levels.enumerated().map { slot, value in
                    .histogram(
                        Histogram(
                            values: part.filter { level($0.sample) == value }.map(\.kernel), bins: 40, name: name(value), colour: slot))
                })
        }
        return Figure(
            id: id, title: "Tangent kernel of \(part.count) networks at \(Self.drawn.label)",
            caption: """
                Distribution of Θ_0 at initialisation for fully connected networks with one input and one output, split by one \
                hyperparameter a panel: at each of its values, over all values of the others. Another choice of x and σ_b would be \
                another figure; the claims judge each.
                """,
            panels: [
                panel("initial weights", Self.sigmaWs, { "σ_w = \(Claim.number($0))" }, \.sigmaW),
                panel("activation", Self.activations, \.name, \.activation),
                panel("hidden layers", Self.depths, { "\($0)" }, \.depth),
                panel("width", Self.widths, { "\($0)" }, \.width),
            ],
            arrangement: .grid(columns: 2, sharesX: true),
            data: try CSVTable(byColumn: [
                ("x", .numbers(measured.map(\.sample.setting.x))), ("sigmaB", .numbers(measured.map(\.sample.setting.sigmaB))),
                ("activation", .words(measured.map(\.sample.activation.name))), ("depth", .integers(measured.map(\.sample.depth))),
                ("width", .integers(measured.map(\.sample.width))), ("sigmaW", .numbers(measured.map(\.sample.sigmaW))),
                ("tangentKernel", .numbers(measured.map(\.kernel))),
            ]))
    }
}
