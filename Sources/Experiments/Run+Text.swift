import Figures
import Networks
import Runs

/// What subtitles of figures say of the runs that were drawn.
extension [Run] {
    /// Activations and widths: "erf, relu · width 32, 128, 512".
    var architectureText: String {
        let activations = distinct(\.activation.name).joined(separator: ", ")
        return "\(activations) · width \(Self.listed(map { Double($0.width) }))"
    }

    /// Learning rate and momentum; empty for runs without training.
    var optimiserText: String {
        let schedules = compactMap { $0.training?.schedule }
        guard !schedules.isEmpty else { return "" }
        let momenta = schedules.compactMap { $0.value("momentum") }
        return "η = \(Self.listed(schedules.map { $0.learningRates[0] }))" + (momenta.isEmpty ? "" : ", γ = \(Self.listed(momenta))")
    }

    /// All values where they are at most four, else the ends.
    static func listed(_ values: [Double]) -> String {
        let levels = Set(values).sorted()
        guard levels.count > 4 else { return levels.map(number).joined(separator: ", ") }
        return "\(number(levels[0])) to \(number(levels[levels.count - 1]))"
    }

    /// The paper's learning rate as the fraction that it is.
    private static func number(_ value: Double) -> String { value == 1.0 / 9 ? "1/9" : Claim.number(value) }
}
