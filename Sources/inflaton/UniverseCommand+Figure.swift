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
        var short: String
        let sum = fields == nil ? "" : "Σ_a V(φ_a), "
        let offset = vacuum == 0 ? "" : " \(vacuum < 0 ? "−" : "+") \(Claim.number(abs(vacuum)))"
        switch self.potential {
        case .power:
            let field = minimum == 0 ? "φ" : "(φ \(minimum < 0 ? "+" : "−") \(Claim.number(abs(minimum))))"
            short = sum + "V = \(Claim.number(scale)) \(field)^{\(degree)}\(offset)"
        case .doubleWell: short = sum + "V = \(Claim.number(scale))/4 (φ^2 − \(Claim.number(abs(minimum)))^2)^2\(offset)"
        case .expression: short = "V = \(shape)"
        }
        for one in fluid { short += ", fluid w = \(Claim.number(one.equationOfState)), ρ = \(Claim.number(one.density)) at a = 1" }
        guard !spectrum else {
            return UniverseFigure.spectrum(
                table, title: title ?? "Power spectra of inflation", subtitle: short,
                caption: "Curvature and gravitational waves at the end of inflation in V = \(shape), by wavenumber.")
        }
        let law = hubble.law(planckMass: planckMass)
        let beside = fluid.isEmpty ? "" : fluid.count == 1 ? " and a fluid" : " and \(fluid.count) fluids"
        let what = (fields.map { "\($0.values.count) scalar fields" } ?? "A scalar field") + beside
        let expansion: String
        switch law {
        case .constant(let rate): expansion = "at constant H = \(Claim.number(rate))"
        case .friedmann: expansion = "in the universe that \(fields == nil && fluid.isEmpty ? "it makes" : "they make")"
        }
        return UniverseFigure.background(
            table, clock: clock, title: title ?? "\(what) \(expansion)", subtitle: short,
            caption: "V = \(shape); \(law.description)." + (mode.isEmpty ? "" : " Modes are perturbations of \(modes.explanation)."),
            modes: mode, kind: modes)
    }
}
