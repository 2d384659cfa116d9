import Arrays
import Cosmology
import Experiments
import Figures
import Report

extension UniverseCommand {
    /// The picture of a background's or a spectrum's table, in that potential.
    func figure(of table: CSVTable, _ potential: String) -> Figure {
        // Formulas are no markup.
        let shape = potential.replacing("\\", with: "").replacing("_", with: "\\_").replacing("^", with: "\\^")
        let short: String, offset = vacuum == 0 ? "" : " + \(Claim.number(vacuum))"
        switch self.potential {
        case .power:
            let field = minimum == 0 ? "φ" : "(φ \(minimum < 0 ? "+" : "−") \(Claim.number(abs(minimum))))"
            short = "V = \(Claim.number(scale)) \(field)^{\(degree)}\(offset)"
        case .doubleWell: short = "V = \(Claim.number(scale))/4 (φ^2 − \(Claim.number(abs(minimum)))^2)^2\(offset)"
        case .expression: short = "V = \(shape)"
        }
        guard !spectrum else {
            return UniverseFigure.spectrum(
                table, title: title ?? "Power spectra of inflation", subtitle: short,
                caption: "Curvature and gravitational waves at the end of inflation in V = \(shape), by wavenumber.")
        }
        let law = hubble.law(planckMass: planckMass)
        let what = fields.map { "\($0.values.count) scalar fields" } ?? "A scalar field"
        let expansion: String
        switch law {
        case .constant(let rate): expansion = "at constant H = \(Claim.number(rate))"
        case .friedmann: expansion = "in the universe that \(fields == nil ? "it makes" : "they make")"
        }
        return UniverseFigure.background(
            table, clock: clock, title: title ?? "\(what) \(expansion)", subtitle: short,
            caption: "V = \(shape); \(law.description)." + (mode.isEmpty ? "" : " Modes are perturbations of \(modes.explanation)."))
    }
}
