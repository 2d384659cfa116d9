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
        let leading = Ridges.panel(
            title: "λ_1/N and kernels of one point", x: Axis("λ_1/N, Θ_0(0), Θ_0(1)", scale: .log10), y: "",
            groups: [
                .init("λ_1/N", drawn.map(\.leading)), .init("Θ_0(0)", drawn.map(\.atZero)), .init("Θ_0(1)", drawn.map(\.atOne)),
            ])
        let gaps = Panel(
            title: "when the mean leads", x: Axis("α σ_w/σ_b", scale: .log10), y: Axis("λ_2/λ_1", scale: .log10),
            layers: [
                .scatter(
                    Scatter(
                        x: biased.map(\.spread), y: biased.map(\.gap),
                        colour: .init(biased.map(\.spectrum.leadingOverlap), label: "|v_1 · 1|/√N, 1: the mean"))),
                .rule(Rule(.vertical(x: 0.5), label: "α σ_w/σ_b = 0.5")),
            ])
        let noBias = Ridges.panel(
            title: "without bias", x: Axis("λ_2/λ_1", range: 0...1), y: "",
            groups: bare.distinct(\.run.activation).map { activation in
                .init(activation.name, bare.filter { $0.run.activation == activation }.map(\.gap))
            })
        return Figure(
            id: id, title: "Eigenvalues λ_i of the tangent kernel on \(measured[0].run.inputs.points) points",
            subtitle: "\(measured.count) networks before training · \(measured.map(\.run).architectureText) · "
                + "above: the \(drawn.count) with σ_b = 1, α = 0.1",
            caption: """
                Above, networks with σ_b = 1 on an interval of α = 0.1 Hubble lengths to either side: the leading eigenvalue over N beside the \
                kernel of the same networks at one point, x = 0 and x = 1; and the eigenvalues \
                in order, medians with bands that hold half and nine tenths of the networks, as far as rounding leaves them. When \
                the mean leads: λ_2/λ_1 against α σ_w/σ_b, coloured by the overlap of the leading mode with the mean. Without bias relu has \
                two leading modes, one for each sign of x.
                """,
            panels: [leading, try spectra(drawn), gaps, noBias], arrangement: .grid(columns: 2), data: try table(measured))
    }

    /// λ_i/N by i. Rounding makes eigenvalues below its floor, of either sign; their quantiles end there.
    private func spectra(_ drawn: [Measured]) throws -> Panel {
        var index: [Double] = [], cuts: [[Double]] = []
        let floor = try Statistics.median(drawn.map(\.spectrum.noiseFloor))
        for mode in 0..<(drawn.map(\.spectrum.eigenvalues.count).min() ?? 0) {
            let values = drawn.map { max($0.spectrum.eigenvalues[mode], floor) }
            let quantiles = try Statistics.quantiles(values, [0.05, 0.25, 0.5, 0.75, 0.95])
            if quantiles[2] <= floor { break }
            index.append(Double(mode + 1))
            cuts.append(quantiles)
        }
        return Panel(
            title: "eigenvalues in order", x: Axis("i", ticks: index.map { .init($0, "\(Int($0))") }), y: Axis("λ_i/N", scale: .log10),
            layers: [
                .band(Band(x: index, lower: cuts.map { $0[0] }, upper: cuts.map { $0[4] })),
                .band(Band(x: index, lower: cuts.map { $0[1] }, upper: cuts.map { $0[3] })),
                .line(Line(x: index, y: cuts.map { $0[2] }, marksPoints: true)),
            ])
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
