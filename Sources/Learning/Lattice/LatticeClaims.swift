import Arrays
import Figures

/// A mean over networks that had seeds of their own, with its standard error.
struct SeedMean: Sendable {
    let mean: Double
    /// nil for one network.
    let standardError: Double?

    init(_ values: [Double]) throws {
        mean = try Statistics.mean(values)
        standardError = values.count > 1 ? try Statistics.standardDeviation(values) / Double(values.count).squareRoot() : nil
    }

    /// A share of yes and no, with the standard error of Agresti and Coull, two more of either.
    init(share count: Int, of total: Int) {
        mean = Double(count) / Double(total)
        let number = Double(total) + 4, likely = (Double(count) + 2) / number
        standardError = (likely * (1 - likely) / number).squareRoot()
    }
}

extension Claim {
    /// A claim of the theory about a number.
    static func judged(
        _ figure: String, _ claim: String, _ criterion: String, _ measured: Double?, standardError: Double? = nil, _ bound: Bound,
        control: Control? = nil, basis: Basis = .measurement, detail: String = ""
    ) -> Claim {
        Claim(
            figure: figure, claim: claim, criterion: criterion, measured: measured, standardError: standardError, bound: bound,
            control: control, basis: basis, detail: detail, failureWord: ofTheory)
    }

    /// A claim of the theory about a mean over networks.
    static func judged(
        _ figure: String, _ claim: String, _ criterion: String, _ measured: SeedMean, _ bound: Bound, control: Control? = nil,
        basis: Basis = .measurement, detail: String = ""
    ) -> Claim {
        judged(
            figure, claim, criterion, measured.mean, standardError: measured.standardError, bound, control: control, basis: basis,
            detail: detail)
    }

    /// A claim of the theory that speaks of nothing that could be measured.
    static func undefined(_ figure: String, _ claim: String, _ criterion: String, detail: String) -> Claim {
        judged(figure, claim, criterion, nil, .atMost(0), basis: .untestable, detail: detail)
    }
}
