import Arrays
import Figures

extension ClaimsTable {
    /// The claims as a table with the columns figure, claim, criterion, measured, standardError, control, verdict, controlModel, reason.
    ///
    /// `measured` is the number where there is one and the text elsewhere; `control` is the number that the same measurement gives for
    /// `controlModel`; `reason` says why nothing is decided. Missing values are empty cells.
    /// - Throws: nothing in practice; the columns are fixed.
    public static func csv(_ claims: [Claim]) throws -> CSVTable {
        try CSVTable(
            columns: ["figure", "claim", "criterion", "measured", "standardError", "control", "verdict", "controlModel", "reason"],
            rows: claims.map { claim in
                func text(_ text: String?) -> CSVTable.Cell { text.map { $0.isEmpty ? .empty : .text($0) } ?? .empty }
                func number(_ value: Double?) -> CSVTable.Cell { value.map { .number($0) } ?? .empty }
                return [
                    .text(claim.figure), .text(claim.claim), .text(claim.criterion),
                    claim.measured == nil ? .text(claim.measuredText) : number(claim.measured), number(claim.standardError),
                    number(claim.control?.value), .text(claim.verdict.rawValue), text(claim.control?.model), text(claim.reason),
                ]
            })
    }
}
