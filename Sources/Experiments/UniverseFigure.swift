import Arrays
import Cosmology
import Figures

/// Figures of the tables of `inflaton universe`.
public enum UniverseFigure {
    /// Fields, Hubble rate, ε and modes over time or e-folds.
    /// - Parameters:
    ///   - table: with the columns of `UniverseSolution` or of `FieldSample`.
    ///   - clock: what the horizontal axis counts.
    ///   - title: of the figure.
    ///   - subtitle: what is below it, such as the potential. Default: none.
    ///   - caption: its sentences.
    ///   - modes: those of the table, which say r and k of each; default: they are numbered.
    ///   - kind: what they are perturbations of.
    public static func background(
        _ table: CSVTable, clock: Clock, title: String, subtitle: String = "", caption: String, modes: [PerturbationMode] = [],
        kind: PerturbationKind = .testField
    ) -> Figure {
        let x = table.numbers(clock == .time ? "t" : "eFolds") ?? []
        let axis = Axis(clock == .time ? "t" : "e-folds N")
        func lines(_ prefix: String, _ name: (String) -> String) -> [Layer] {
            table.columns.filter { $0.hasPrefix(prefix) }.enumerated().map { slot, column in
                .line(Line(x: x, y: table.numbers(column) ?? [], name: name(String(column.dropFirst(prefix.count))), colour: slot))
            }
        }
        let fields = lines("phi") { $0.isEmpty ? "" : "φ_{\($0)}" }
        let hubble = table.numbers("hubble") ?? [], epsilon = table.numbers("epsilon") ?? []
        let greatest = epsilon.max() ?? 0
        var panels = [
            Panel(x: axis, y: Axis(fields.count == 1 ? "field φ" : "fields φ_a"), layers: fields),
            Panel(
                x: axis, y: Axis("H", scale: spansDecades(hubble) ? .log10 : .linear),
                layers: [.line(Line(x: x, y: hubble, style: .solid, colour: 2))]),
        ]
        // At constant H it is zero.
        if greatest > 0 {
            panels.append(
                Panel(
                    x: axis, y: Axis("ε = −H′/H^2", scale: spansDecades(epsilon) && greatest < 2 ? .log10 : .linear),
                    layers: [.line(Line(x: x, y: epsilon, style: .solid, colour: 3))]
                        + (greatest > 0.5 ? [.rule(Rule(.horizontal(y: 1), label: "end of inflation"))] : [])))
        }
        let drawn = lines("mode") { name(ofMode: $0, modes) }
        if !drawn.isEmpty {
            let label = kind == .testField ? "perturbations, test field" : "perturbations, gauge-invariant"
            panels.append(Panel(x: axis, y: Axis(label), layers: drawn))
        }
        return Figure(
            id: "universe", title: title, subtitle: subtitle, caption: caption, panels: panels,
            arrangement: .stacked(heights: [1.6] + panels.dropFirst().map { _ in 1 }))
    }

    /// The power spectra of curvature and gravitational waves, from the columns k, curvaturePower and tensorPower.
    public static func spectrum(_ table: CSVTable, title: String, subtitle: String = "", caption: String) -> Figure {
        let k = table.numbers("k") ?? []
        func panel(_ column: String, _ label: String, _ colour: Int) -> Panel {
            Panel(
                x: Axis("wavenumber k", scale: .log10), y: Axis(label, scale: .log10),
                layers: [.line(Line(x: k, y: table.numbers(column) ?? [], style: .solid, colour: colour))])
        }
        return Figure(
            id: "universe", title: title, subtitle: subtitle, caption: caption,
            panels: [panel("curvaturePower", "P_R", 0), panel("tensorPower", "P_h", 1)], arrangement: .stacked())
    }

    /// `r = 1, k = 10`, with several fields behind `from φ_1 in φ_2: `, of a column `mode1` or `mode1_1_2`.
    private static func name(ofMode column: String, _ modes: [PerturbationMode]) -> String {
        let parts = column.split(separator: "_")
        guard let first = parts.first.flatMap({ Int($0) }), modes.indices.contains(first - 1) else {  // bounded: the number of a column
            return "mode " + column.replacing("_", with: " ")
        }
        let mode = modes[first - 1], numbers = "r = \(Claim.number(mode.massRatio)), k = \(Claim.number(mode.wavenumber))"
        return parts.count == 3 ? "from φ_{\(parts[1])} in φ_{\(parts[2])}: \(numbers)" : numbers
    }

    private static func spansDecades(_ values: [Double]) -> Bool {
        guard let least = values.min(), let greatest = values.max() else { return false }
        return least > 0 && greatest > 20 * least
    }
}
