import Arrays
import Foundation
import Networks

extension SpectrumDistribution {
    func figure(_ measured: [Measured]) throws -> Figure {
        let drawn = measured.filter { $0.sample.sigmaB == Self.drawn.sigmaB && $0.sample.alpha == Self.drawn.alpha }
        let biased = measured.filter { $0.sample.sigmaB > 0 }, bare = measured.filter { $0.sample.sigmaB == 0 }
        let leading = Panel(
            title: "leading eigenvalue and one point", x: Axis("λ_1/N and Θ_0", scale: .log10), y: Axis("networks"),
            layers: [
                .histogram(Histogram(values: drawn.map(\.leading), name: "λ_1/N")),
                .histogram(Histogram(values: drawn.map(\.atZero), name: "Θ_0 at x = 0", colour: 1)),
                .histogram(Histogram(values: drawn.map(\.atOne), name: "Θ_0 at x = 1", colour: 2)),
            ])
        let others = Panel(
            title: "further eigenvalues", x: Axis("λ_i/N", scale: .log10, range: 1e-10...100), y: Axis("networks"),
            layers: (0..<5).map { mode in
                .histogram(
                    Histogram(values: drawn.map { max($0.spectrum.eigenvalues[mode], 1e-10) }, name: "i = \(mode + 1)", colour: mode))
            })
        let gaps = Panel(
            title: "when the mean leads", x: Axis("α σ_w/σ_b", scale: .log10), y: Axis("λ_2/λ_1", scale: .log10),
            layers: [
                .scatter(
                    Scatter(
                        x: biased.map(\.sample.spread), y: biased.map { max($0.gap, 1e-8) },
                        colour: .init(biased.map(\.spectrum.leadingOverlap), label: "|v_1 · 1|/√N"))),
                .rule(Rule(.vertical(x: 0.5), label: "0.5")),
            ])
        let noBias = Panel(
            title: "without bias: two fields", x: Axis("λ_2/λ_1", range: 0...1), y: Axis("networks"),
            layers: Self.activations.enumerated().map { slot, activation in
                .histogram(
                    Histogram(values: bare.filter { $0.sample.activation == activation }.map(\.gap), name: activation.name, colour: slot))
            })
        return Figure(
            id: id, title: "Spectrum of the tangent kernel on \(PointInterval.count) points",
            caption: """
                Leading and further eigenvalues: eigenvalues of the kernel over N for networks with σ_b = 1 on an interval of 0.1 Hubble lengths \
                to either side, beside the kernel of the same networks at one point; eigenvalues below 10^{-10} are drawn there. When \
                the mean leads: λ_2/λ_1 against α σ_w/σ_b, coloured by the overlap of the leading mode with the mean. Without bias relu has \
                two leading modes, one for each sign of x.
                """,
            panels: [leading, others, gaps, noBias], arrangement: .grid(columns: 2), data: try table(measured))
    }

    private func table(_ measured: [Measured]) throws -> CSVTable {
        func numbers(_ value: (Measured) -> Double) -> CSVTable.Column { .numbers(measured.map(value)) }
        var columns: [(name: String, values: CSVTable.Column)] = [
            ("activation", .words(measured.map(\.sample.activation.name))),
            ("depth", .integers(measured.map(\.sample.interval.architecture.depth))),
            ("width", .integers(measured.map { $0.sample.interval.architecture.widths[0] })),
            ("sigmaW", numbers(\.sample.interval.sigmaW)), ("sigmaB", numbers(\.sample.sigmaB)), ("alpha", numbers(\.sample.alpha)),
            ("kernelAtZero", numbers(\.atZero)), ("kernelAtOne", numbers(\.atOne)), ("kernelMean", numbers(\.mean)),
            ("diagonalMean", numbers(\.diagonalMean)), ("overlap", numbers(\.spectrum.leadingOverlap)),
            ("noiseFloor", numbers(\.spectrum.noiseFloor)),
        ]
        for mode in 0..<6 { columns.append(("rate\(mode + 1)", numbers { $0.spectrum.eigenvalues[mode] })) }
        return try CSVTable(byColumn: columns)
    }

    func judge(_ measured: [Measured]) throws -> [Claim] {
        var claims: [Claim] = []
        let drawn = measured.filter { $0.sample.sigmaB == Self.drawn.sigmaB && $0.sample.alpha == Self.drawn.alpha }
        let scope = "σ_b = 1, α = 0.1, \(drawn.count) networks"
        for (name, kernels) in [("x = 0", drawn.map(\.atZero)), ("x = 1", drawn.map(\.atOne))] {
            let distance = try Statistics.kolmogorovSmirnovDistance(drawn.map(\.leading), kernels)
            claims.append(
                .judged(
                    id, "The leading eigenvalue is distributed as the kernel of one point, taken at \(name)",
                    "Kolmogorov–Smirnov distance of λ_1/N and Θ_0 ≤ 0.1; \(scope)", distance, .atMost(0.1)))
        }
        let near = Double(drawn.count { (0.9...1.05).contains($0.leading / $0.atZero) }) / Double(drawn.count)
        claims.append(
            .judged(
                id, "The leading eigenvalue is the kernel of the point x = 0", "λ_1/(N Θ_0) within 0.9 to 1.05 for 90 %; \(scope)", near,
                text: Claim.percent(near), .atLeast(0.9)))
        let gap = try Median(drawn.map(\.gap))
        claims.append(
            .judged(
                id, "One mode dominates", "median λ_2/λ_1 ≤ 0.05; \(scope)", gap.value, standardError: gap.standardError, .atMost(0.05)))
        // Rounding of the kernel's entries: a few ulp of the trace.
        let bounded = measured.count { one in
            let slack = one.spectrum.noiseFloor + 1e-12 * one.diagonalMean
            return one.leading >= one.mean - slack && one.leading <= one.diagonalMean + slack
        }
        claims.append(
            .judged(
                id, "By construction, the leading eigenvalue lies between the means of the kernel and of its diagonal",
                "share of networks with mean(Θ) ≤ λ_1/N ≤ mean(diag Θ) = 1; all \(measured.count) networks",
                Double(bounded) / Double(measured.count), .atLeast(1)))
        return claims + (try meanModeClaims(measured)) + (try twoFieldClaims(measured))
    }

    /// The mean is the leading mode where the bias outweighs the inputs, and not elsewhere.
    private func meanModeClaims(_ measured: [Measured]) throws -> [Claim] {
        let parts = [
            ("α σ_w/σ_b ≤ 0.5", measured.filter { $0.sample.spread <= 0.5 }),
            ("α σ_w/σ_b > 0.5", measured.filter { $0.sample.sigmaB > 0 && $0.sample.spread > 0.5 }),
        ]
        return parts.filter { !$0.1.isEmpty }.map { name, part in
            let share = Double(part.count { $0.spectrum.leadingOverlap >= 0.99 }) / Double(part.count)
            return .judged(
                id, "The leading mode is the mean where \(name)", "|v_1 · 1|/√N ≥ 0.99 for 90 %; \(part.count) networks", share,
                text: Claim.percent(share), .atLeast(0.9))
        }
    }

    /// Without bias the mean is no mode: relu has one for each sign of x, erf is odd.
    private func twoFieldClaims(_ measured: [Measured]) throws -> [Claim] {
        let bare = measured.filter { $0.sample.sigmaB == 0 }
        let relu = bare.filter { $0.sample.activation == .relu }, erf = bare.filter { $0.sample.activation == .erf }
        let gap = try Median(relu.map(\.gap))
        let odd = try Statistics.median(erf.map { abs($0.mean) / $0.diagonalMean })
        return [
            .judged(
                id, "Without bias one mode dominates (relu)", "median λ_2/λ_1 ≤ 0.05; \(relu.count) networks", gap.value,
                text: "\(Claim.number(gap.value)): two fields, one for each sign of x", standardError: gap.standardError, .atMost(0.05)),
            .judged(
                id, "By symmetry, an erf network without bias has no mean field",
                "median |mean(Θ)|/mean(diag Θ) ≤ 1e-6; \(erf.count) networks", odd,
                .atMost(1e-6)),
        ]
    }
}
