import Foundation

extension KernelEvolution {
    /// Rows of ``text`` at the most.
    private static let mostRows = 12

    /// The table that `evolve --kernels` prints: of many steps some, evenly spread. Ends with a newline.
    public var text: String {
        func number(_ value: Double?, _ format: String = "%.4g") -> String { value.map { String(format: format, $0) } ?? "–" }
        let shown = shownRows
        var rows = [["kernel at step", "λ₁", "λ₁/λ_n", "effective rank", "drift", "cos", "Λ", "Λ/λ₁"]]
        for index in shown {
            let moment = moments[index]
            let condition =
                moment.conditionNumber.map { number($0) } ?? moment.leastConditionNumber.map { "> " + number($0, "%.1g") } ?? "–"
            rows.append([
                "\(moment.step)", number(moment.largestEigenvalue), condition, number(moment.effectiveRank),
                number(moment.drift.map { 100 * $0 }, "%.3g %%"), number(moment.alignment, "%.6f"), number(moment.drivingEigenvalue),
                number(moment.spectralPosition, "%.3g"),
            ])
        }
        let rest = shown.count < moments.count ? " \(shown.count) of \(moments.count) kernels; all are in kernels.csv." : ""
        return SideBySideText.aligned(rows)
            + "Λ = gᵀΘg/gᵀg with the slopes g = ∂L/∂f is the eigenvalue that drives the loss now.\(rest)\n"
    }

    private var shownRows: [Int] {
        guard moments.count > Self.mostRows else { return Array(moments.indices) }
        return (0..<Self.mostRows).map { $0 * (moments.count - 1) / (Self.mostRows - 1) }
    }
}
