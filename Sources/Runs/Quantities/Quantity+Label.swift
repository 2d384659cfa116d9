import Duality

extension Quantity {
    /// What stands on an axis that measures it, with the markup of figures: its symbol, with words where that does not say enough.
    public var label: String { Self.labels[name] ?? predictionLabel ?? Self.literal(name) }

    private static let labels: [String: String] = [
        "depth": "hidden layers", "parameterCount": "parameters P", "inputDimension": "coordinates d", "points": "points N",
        "outputs": "outputs C", "sigmaW": "σ_w", "sigmaB": "σ_b", "learningRate": "η", "momentum": "γ", "scale": "scale s of the loss",
        "minimum": "f_{min}", "degree": "power n of the loss", "steps": "steps K", "timeStep": "√η", "hubble": "H", "friction": "3H",
        "vacuumEnergy": "V_0", "corrected.hubble": "H (corrected)", "corrected.friction": "3H (corrected)",
        "corrected.vacuumEnergy": "V_0 (corrected)", "output": "⟨f(0)⟩", "loss": "L(0)", "kernel": "Θ_0", "kernelMean": "⟨Θ⟩",
        "leadingEigenvalue": "λ_1/N", "gapRatio": "λ_2/λ_1", "uniformity": "|v_1 · 1|/√N", "entropy": "entropy S of the eigenvalues",
        "effectiveRank": "effective rank e^S", "drivingEigenvalue": "Λ/N", "spectralPosition": "spectral position Λ/λ_1",
        "finalDrivingEigenvalue": "Λ(T)/N", "potential": "Θ_0 l(f_0)", "vacuumRatio": "Θ_0 l(f_0)/V_0",
        "corrected.vacuumRatio": "Θ_0 l(f_0)/V_0 (corrected)", "largestLearningRate": "η_{max}",
        "corrected.largestLearningRate": "η_{max} (corrected)", "stability": "η L_1 l″/(2(1 + γ))", "finalOutput": "⟨f(T)⟩",
        "finalLoss": "L(T)", "travel": "travel |f(T) − f(0)|", "greatestTravel": "greatest travel", "kernelDrift": "drift |ΔΘ|/|Θ|",
        "divergedAt": "step of the divergence", "lastStep": "last step", "finalHubble": "H(T)", "eFolds": "e-folds N",
        "lastLoss": "last finite L",
    ]

    /// "error / travel (corrected)" for `corrected.errorOverTravel`.
    private var predictionLabel: String? {
        let parts = name.split(separator: ".", maxSplits: 1)
        guard parts.count == 2, Prediction(rawValue: String(parts[0])) != nil else { return nil }
        switch parts[1] {
        case "endError": return "error |p(T) − f(T)| (\(parts[0]))"
        case "greatestError": return "greatest error (\(parts[0]))"
        case "errorOverTravel": return "error / travel (\(parts[0]))"
        case "greatestErrorOverTravel": return "greatest error / travel (\(parts[0]))"
        default: return nil
        }
    }

    /// The text without markup.
    private static func literal(_ text: String) -> String { String(text.flatMap { "\\_^{}".contains($0) ? ["\\", $0] : [$0] }) }
}
