import Arrays
import Duality
import Figures
import Runs

/// KS figure 6 and appendix B: the mean of the kernel in the place of its leading eigenvalue.
public struct MeanKernelPrediction: Experiment {
    /// `figure6`.
    public let id = "figure6"
    public let title = "The mean of the kernel instead of its leading eigenvalue"
    private let scan: EmbeddedScan

    /// The full grid has 720 trainings (four seeds, two at width 512); the quick one 144: one seed, no width 32.
    init(quick: Bool, seed: UInt64) throws { scan = try EmbeddedScan("figure6", quick: quick, seed: seed) }

    /// The trainings of figure 5.
    public var runs: any RunSource { scan }

    /// Error against travel, by setting, and whether the two predictions differ.
    public func report(known: (Run) throws -> RunResult?) throws -> ExperimentReport {
        let results = try scan.results(known: known, experiment: id)
        let fields = try InhomogeneousField.all(results)
        return ExperimentReport(figures: [try figure(fields, diverged: results.count - fields.count)], claims: try judge(fields))
    }

    private func figure(_ fields: [InhomogeneousField], diverged: Int) throws -> Figure {
        let panels = InhomogeneousField.settings.map { setting in
            let part = fields.filter { $0.setting == setting }
            return Panel(
                title: setting.label, x: Axis("|Δ⟨f⟩|", scale: .log10), y: Axis("|⟨f⟩_{pred}(T) − ⟨f⟩(T)|", scale: .log10),
                layers: [
                    .scatter(
                        Scatter(x: part.map(\.corrected.travel), y: part.map { abs($0.corrected.meanEndDifference) }, name: "λ_1/N")),
                    .scatter(
                        Scatter(
                            x: part.map(\.meanKernel.travel), y: part.map { abs($0.meanKernel.meanEndDifference) }, name: "⟨Θ⟩", slot: 1,
                            isHollow: true)),
                    .rule(Rule(.diagonal(x: 1, y: 0.01, slope: 1), label: "1 % of the travel")),
                ])
        }
        var columns = InhomogeneousField.columns(fields)
        columns += [
            ("travel", .numbers(fields.map(\.corrected.travel))),
            ("leadingEigenvalue", .numbers(fields.map(\.dynamics.spectrum.leadingEigenvalue))),
            ("kernelMean", .numbers(fields.map(\.dynamics.spectrum.meanElement))),
            ("leadingEigenvalueError", .numbers(fields.map { abs($0.corrected.meanEndDifference) })),
            ("kernelMeanError", .numbers(fields.map { abs($0.meanKernel.meanEndDifference) })),
        ]
        return Figure(
            id: id, title: "Mean output predicted with λ_1/N and with the mean ⟨Θ⟩ of the kernel",
            subtitle: "\(fields.count) trainings, \(fields.map(\.run).architectureText) · \(fields.map(\.run).optimiserText) · "
                + "rings around points: both predict the same",
            caption: """
                Error of the predicted mean output at the end of training against its travel, with the leading eigenvalue λ_1/N and with the \
                mean ⟨Θ⟩ of all entries of the kernel, both by the corrected dictionary. They agree where the leading mode is the mean; with \
                weak bias they do not.\(diverged > 0 ? " \(diverged) trainings that diverged are left out." : "")
                """,
            panels: panels, arrangement: .grid(columns: 3, sharesY: true), data: try CSVTable(byColumn: columns))
    }

    private func judge(_ fields: [InhomogeneousField]) throws -> [Claim] {
        var claims: [Claim] = []
        for setting in InhomogeneousField.settings {
            for degree in [2, 4] {
                let part = fields.filter { $0.setting == setting && $0.run.degree == degree }
                /// |difference to the error with λ₁/N| over that error.
                func share(_ error: (InhomogeneousField) -> Double) -> [Double] {
                    part.map { abs(error($0) - $0.corrected.meanEndDifference) / abs($0.corrected.meanEndDifference) }
                }
                claims.append(
                    .judged(
                        id,
                        "It makes no difference whether the mean of the kernel or its leading eigenvalue predicts (n = \(degree), \(setting.label))",
                        "median |difference of the predictions| / |error| ≤ 2 %; \(part.count) trainings",
                        try Estimate(median: share { $0.meanKernel.meanEndDifference }), .atMost(0.02), unit: .percent,
                        control: .init(
                            try Statistics.median(share { $0.diagonalMeanDifference }), "mean of the diagonal of the kernel instead"),
                        explanation:
                            "With weak bias the leading mode is no constant over the interval, so that λ_1/N is above the mean of the "
                            + "kernel, and the two predict differently."))
            }
        }
        let weak = fields.filter { $0.setting == InhomogeneousField.settings[2] && $0.run.degree == 2 }
        func leading(_ part: [InhomogeneousField]) throws -> Double {
            try Statistics.quantile(part.map(\.corrected.meanErrorOverTravel), 0.9)
        }
        func mean(_ part: [InhomogeneousField]) throws -> Double {
            try Statistics.quantile(part.map(\.meanKernel.meanErrorOverTravel), 0.9)
        }
        claims.append(
            .judged(
                id, "With weak bias the leading eigenvalue is the better predictor of the arithmetic mean (n = 2)",
                "90 % quantile of its error / travel below that with the mean of the kernel; \(weak.count) trainings",
                try Estimate(weak, .logarithmic) { try leading($0) / mean($0) }, .lessThan(1),
                control: .init(1, "the mean of the kernel itself"),
                detail: "\(Claim.percent(try leading(weak))) against \(Claim.percent(try mean(weak)))"))
        return claims
    }
}
