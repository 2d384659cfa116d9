import Arrays
import Duality
import Figures
import Foundation
import Networks
import Runs

extension SpectrumDistribution {
    func figure(_ measured: [Measured]) throws -> Figure {
        let drawn = measured.filter { $0.run.sigmaB == Self.drawn.sigmaB && $0.run.halfInterval == Self.drawn.alpha }
        let biased = measured.filter { $0.run.sigmaB > 0 }, bare = measured.filter { $0.run.sigmaB == 0 }
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
                        x: biased.map(\.spread), y: biased.map { max($0.gap, 1e-8) },
                        colour: .init(biased.map(\.spectrum.leadingOverlap), label: "|v_1 · 1|/√N"))),
                .rule(Rule(.vertical(x: 0.5), label: "0.5")),
            ])
        let noBias = Panel(
            title: "without bias", x: Axis("λ_2/λ_1", range: 0...1), y: Axis("networks"),
            layers: bare.distinct(\.run.activation).enumerated().map { slot, activation in
                .histogram(
                    Histogram(values: bare.filter { $0.run.activation == activation }.map(\.gap), name: activation.name, colour: slot))
            })
        return Figure(
            id: id, title: "Spectrum of the tangent kernel on \(measured[0].run.inputs.points) points",
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
        var columns = measured.map(\.run).columns
        columns += [
            ("sigmaB", numbers(\.run.sigmaB)), ("alpha", numbers(\.run.halfInterval)),
            ("kernelAtZero", numbers(\.atZero)), ("kernelAtOne", numbers(\.atOne)), ("kernelMean", numbers(\.mean)),
            ("diagonalMean", numbers(\.diagonalMean)), ("overlap", numbers(\.spectrum.leadingOverlap)),
            ("noiseFloor", numbers(\.spectrum.noiseFloor)),
        ]
        for mode in 0..<6 { columns.append(("rate\(mode + 1)", numbers { $0.spectrum.eigenvalues[mode] })) }
        return try CSVTable(byColumn: columns)
    }
}
