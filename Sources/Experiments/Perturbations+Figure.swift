import Arrays
import Cosmology
import Duality
import Figures
import Foundation

extension Perturbations {
    func figure(_ inflation: Inflation, _ spectra: [Spectrum], _ eras: [Era], _ resonances: [EraResonance]) throws -> Figure {
        Figure(
            id: id, title: "Perturbations of the cosmology's side",
            caption: """
                Above left: a mode of k = 1 through inflation in m²φ²/2 from φ = 16 M. With the metric (flat slices, Mukhanov–Sasaki) it \
                follows the difference of neighbouring backgrounds at equal e-folds; a test field, which is what the modes of a network are \
                dual to, decays as the field does. Above right: the spectra of curvature (upper) and gravitational waves, from the vacuum \
                to the end of inflation, around the wavenumber that leaves the horizon 55 e-folds before it, over A_s. Below left: \
                massless test fields that enter the horizon in an era of radiation and of matter, over kτ, with the exact solutions. Below right: \
                modes of a field that oscillates in φ^4, aδ in conformal time in an era of radiation: those with 1/3 < r < 1 grow as Floquet's \
                theorem says in a static universe (dotted), and the other is bounded.
                """,
            panels: [
                modes(inflation), spectrum(spectra), era(eras), resonance(resonances),
            ], arrangement: .grid(columns: 2), data: try table(spectra))
    }

    private func modes(_ inflation: Inflation) -> Panel {
        Panel(
            title: "through inflation, k = 1", x: Axis("e-folds N"), y: Axis("mode / that at the start", scale: .log10),
            layers: [
                .line(Line(x: inflation.eFolds, y: inflation.gaugeInvariant, name: "with the metric", style: .solid)),
                .line(Line(x: inflation.eFolds, y: inflation.neighbours, name: "neighbouring backgrounds", style: .dotted, colour: 1)),
                .line(Line(x: inflation.eFolds, y: inflation.testField, name: "test field", style: .dashed, colour: 2)),
            ])
    }

    private func spectrum(_ spectra: [Spectrum]) -> Panel {
        let layers = spectra.enumerated().flatMap { slot, spectrum -> [Layer] in
            let x = spectrum.points.map { $0.wavenumber / spectrum.pivot.wavenumber }
            let unit = spectrum.pivot.scalarAmplitude
            return [
                .line(
                    Line(
                        x: x, y: spectrum.points.map { $0.curvature / unit },
                        name: "\(spectrum.model.name): n_s \(String(format: "%.3f", spectrum.pivot.scalarIndex)), "
                            + "r \(String(format: "%.4f", spectrum.pivot.tensorToScalar))", style: .solid, colour: slot)),
                .line(Line(x: x, y: spectrum.points.map { $0.tensor / unit }, style: .dashed, colour: slot)),
            ]
        }
        return Panel(
            title: "what inflation leaves", x: Axis("k/k_*", scale: .log10),
            y: Axis("P_R (solid), P_h (dashed) / A_s", scale: .log10, range: 1e-3...10), layers: layers)
    }

    private func era(_ eras: [Era]) -> Panel {
        let layers = eras.enumerated().flatMap { slot, era -> [Layer] in
            let sparse = stride(from: 0, to: era.phases.count, by: 20).map { $0 }
            return [
                .line(
                    Line(x: era.phases, y: era.mode, name: era.equationOfState == 0 ? "matter" : "radiation", style: .solid, colour: slot)),
                .scatter(Scatter(x: sparse.map { era.phases[$0] }, y: sparse.map { era.exact[$0] }, slot: slot)),
            ]
        }
        return Panel(
            title: "test fields that enter the horizon", x: Axis("kτ", scale: .log10), y: Axis("mode / that at the start"), layers: layers)
    }

    private func resonance(_ resonances: [EraResonance]) -> Panel {
        let layers = resonances.enumerated().flatMap { slot, mode -> [Layer] in
            var layers: [Layer] = [
                .line(
                    Line(
                        x: mode.periods, y: mode.radiation, name: "r = \(String(format: "%.3f", mode.massRatio))", style: .solid,
                        colour: slot))
            ]
            if mode.floquet > 0 {
                // Through the highest point of the second period, as only the rate is predicted.
                let second = mode.periods.indices.filter { 1..<2 ~= mode.periods[$0] }
                let top = second.max { mode.radiation[$0] < mode.radiation[$1] } ?? 0
                let ends = [mode.periods[top], mode.periods.last ?? 6], rate = mode.floquet * Floquet.period
                layers.append(
                    .line(Line(x: ends, y: ends.map { mode.radiation[top] * exp(rate * ($0 - ends[0])) }, style: .dotted, colour: slot)))
            }
            return layers
        }
        return Panel(
            title: "resonance in an era of radiation", x: Axis("periods of aφ in conformal time"),
            y: Axis("|aδ|", scale: .log10, range: 0.03...1e5), layers: layers)
    }

    private func table(_ spectra: [Spectrum]) throws -> CSVTable {
        func numbers(_ value: (Spectrum, InflationSpectrum.Point) -> Double) -> CSVTable.Column {
            .numbers(spectra.flatMap { spectrum in spectrum.points.map { value(spectrum, $0) } })
        }
        return try CSVTable(byColumn: [
            ("potential", .words(spectra.flatMap { spectrum in spectrum.points.map { _ in spectrum.model.name } })),
            ("k", numbers { $1.wavenumber }), ("kOverPivot", numbers { $1.wavenumber / $0.pivot.wavenumber }),
            ("curvaturePower", numbers { $1.curvature }), ("tensorPower", numbers { $1.tensor }),
        ])
    }
}
