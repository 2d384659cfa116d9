import Arrays
import Duality
import Figures
import Foundation
import Networks
import Runs

/// KS figure 5: the mean field of inhomogeneous networks, and the motion of their modes.
public struct MeanFieldPrediction: Experiment {
    /// `figure5`.
    public let id = "figure5"
    public let title = "Mean field and modes of inhomogeneous networks"
    private let scan: EmbeddedScan

    /// The full grid has 720 trainings (four seeds, two at width 512); the quick one 144: one seed, no width 32.
    init(quick: Bool, seed: UInt64) throws { scan = try EmbeddedScan("figure5", quick: quick, seed: seed) }

    public var figures: [String] { [id, ExpansionExample.id] }

    /// The grid, and the networks that are set beside an expanding universe.
    public var runs: any RunSource { scan }

    /// Error of the mean against travel, errors of the modes, and the modes of a universe.
    public func report(known: (Run) throws -> RunResult?) throws -> ExperimentReport {
        let results = try scan.results(of: scan.candidates(ofScan: 0), known: known, experiment: id)
        let fields = try InhomogeneousField.all(results)
        let expansion = try ExpansionExample.figure(
            scan.results(of: scan.candidates(ofScan: 1), known: known, experiment: ExpansionExample.id))
        return ExperimentReport(
            figures: [try figure(fields, diverged: results.count - fields.count), expansion], claims: try judge(fields))
    }

    private func figure(_ fields: [InhomogeneousField], diverged: Int) throws -> Figure {
        let strong = fields.filter { $0.setting.sigmaB == 1 }
        let meanPanel = Panel(
            title: "error of the mean field", x: Axis("|Δ⟨f⟩|", scale: .log10), y: Axis("|⟨f⟩_{pred}(T) − ⟨f⟩(T)|", scale: .log10),
            layers: [
                .scatter(
                    Scatter(
                        x: strong.map(\.corrected.travel), y: strong.map { abs($0.corrected.meanEndDifference) },
                        colour: .init(strong.map { log10($0.kernelDrift) }, label: "log_{10} |ΔΘ|/|Θ|, drift of the kernel"))),
                .rule(Rule(.diagonal(x: 1, y: 0.005, slope: 1), label: "0.5 % of the travel")),
            ])
        func modes(_ mode: Int) -> Panel {
            Ridges.panel(
                title: "error of mode \(mode)", x: Axis("|δ_{\(mode), pred}(T) − δ_{\(mode)}(T)|", scale: .log10), y: "",
                groups: [
                    .init("eq. 24", strong.map { $0.homogeneous.modeEndErrors[mode - 1] }),
                    .init("source", strong.map { $0.sourced.modeEndErrors[mode - 1] }),
                ])
        }
        var own = Ridges.panel(
            title: "motion of mode 2", x: Axis("|Δc_2|/|c_2(0)|", scale: .log10), y: "",
            groups: strong.distinct(\.run.activation).map { activation in
                .init(activation.name, strong.filter { $0.run.activation == activation }.map { $0.motions.trained[1].overInitial })
            })
        own.layers.append(.rule(Rule(.vertical(x: 0.05), label: "5 %: frozen on the left")))
        return Figure(
            id: id, title: "Mean field and modes of networks trained on an interval",
            subtitle:
                "\(strong.count) trainings with σ_b = 1, \(strong.map(\.run).architectureText) · \(strong.map(\.run).optimiserText) · "
                + "\(strong.map(\.run.inputs.points).max() ?? 0) points, α = \([Run].listed(strong.map(\.setting.alpha)))",
            caption: """
                Trainings with σ_b = 1\(diverged > 0 ? "; \(diverged) of all that diverged are left out" : ""). Error of the mean field: distance between predicted and trained mean output at the end, against the \
                distance travelled (corrected dictionary, kernel λ_1/N); colour is the change of the kernel during the training. Motion of \
                mode 2: how far its amplitude c_2 moved, in units of its amplitude at the start. Errors of modes 2 and 3: distance \
                between predicted and trained deviation δ from the mean field at the end, by equation 24 of the paper as printed and with \
                the source term that it lacks, by the recursion of the training with the kernel frozen (source). Distributions are drawn as high as their fullest bin.
                """,
            panels: [meanPanel, own, modes(2), modes(3)], arrangement: .grid(columns: 2), data: try table(fields))
    }

    private func table(_ fields: [InhomogeneousField]) throws -> CSVTable {
        func numbers(_ value: (InhomogeneousField) -> Double) -> CSVTable.Column { .numbers(fields.map(value)) }
        var columns = InhomogeneousField.columns(fields)
        columns += [
            ("travel", numbers(\.corrected.travel)), ("kernelDrift", numbers(\.kernelDrift)),
            ("correctedMeanError", numbers { abs($0.corrected.meanEndDifference) }),
            ("paperMeanError", numbers { abs($0.paper.meanEndDifference) }), ("nullMeanError", numbers(\.nullMeanError)),
            ("wholeKernelMeanError", numbers(\.wholeKernelMeanErrors.corrected)),
            ("wholeKernelNullMeanError", numbers(\.wholeKernelMeanErrors.null)),
            ("gainOfSource", numbers(\.gainOfSource)),
            ("meanErrorWithoutBackReaction", numbers(\.backReaction.without)), ("meanErrorWithBackReaction", numbers(\.backReaction.with)),
        ]
        for mode in 1..<5 {
            columns += [
                ("mode\(mode + 1)Motion", numbers { $0.motions.trained[mode].change }),
                ("mode\(mode + 1)Initial", numbers { $0.motions.trained[mode].initial }),
                ("mode\(mode + 1)HomogeneousMotion", numbers { $0.motions.homogeneous[mode].change }),
                ("mode\(mode + 1)SourcedMotion", numbers { $0.motions.sourced[mode].change }),
                ("mode\(mode + 1)UnfrozenMotion", numbers { $0.unfrozen[mode].change }),
                ("mode\(mode + 1)HomogeneousError", numbers { $0.homogeneous.modeEndErrors[mode] }),
                ("mode\(mode + 1)SourcedError", numbers { $0.sourced.modeEndErrors[mode] }),
            ]
        }
        return try CSVTable(byColumn: columns)
    }
}
