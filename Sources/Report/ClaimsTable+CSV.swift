import Arrays
import Experiments

extension ClaimsTable {
    /// The claims as a table with the columns figure, claim, criterion, measured, standardError, control, verdict.
    ///
    /// `measured` is the number where there is one and the text elsewhere; missing values are empty cells.
    /// - Throws: nothing in practice; the columns are fixed.
    public static func csv(_ claims: [Claim]) throws -> CSVTable {
        try CSVTable(
            columns: ["figure", "claim", "criterion", "measured", "standardError", "control", "verdict"],
            rows: claims.map { claim in
                let control: CSVTable.Cell =
                    switch claim.control {
                    case nil: .empty
                    case .value(let value): .number(value)
                    case .words(let words): .text(words)
                    }
                return [
                    .text(claim.figure), .text(claim.claim), .text(claim.criterion),
                    claim.measured.map { .number($0) } ?? .text(claim.measuredText), claim.standardError.map { .number($0) } ?? .empty,
                    control, .text(claim.verdict.rawValue),
                ]
            })
    }
}
