import Arrays
import Networks

/// Which columns of a store's table say what was asked for, and which what came out; those without any value are left out.
public struct ScanColumns: Sendable, Hashable {
    /// What was asked for.
    public let parameters: [String]
    /// What came out; numbers.
    public let measured: [String]

    /// Sorts the columns of a table of runs.
    public init(_ table: CSVTable) {
        let present = Set(table.columns.indices.filter { index in table.rows.contains { $0[index] != .empty } }.map { table.columns[$0] })
        // Derived parameters, such as 3H, follow from those that vary, and would stand beside them on every axis.
        let primary = Set<String>([
            "width", "depth", "inputDimension", "points", "outputs", "sigmaW", "sigmaB", "seed", "learningRate", "momentum", "scale",
            "minimum", "degree", "steps",
        ]).union(Quantity.processParameters.map(\.name)).union(UpdateRule.ownParameters.map(\.name)).subtracting(["hubble"])
        let quantities = Quantity.all.filter { present.contains($0.name) }
        parameters =
            RunWords.names.filter { present.contains($0) && !["widths", "predictionFailures"].contains($0) }
            + quantities.filter { primary.contains($0.name) }.map(\.name)
        // What is the same for all, such as the spectrum of a single point, says nothing; what a single run measured is all there is.
        let varying = Set(
            table.columns.indices.filter { index in
                table.rows.count == 1 || table.rows.contains { $0[index] != table.rows[0][index] }
            }.map { table.columns[$0] })
        // What came of the training first: a report draws the first of them.
        let results = quantities.filter { $0.stage > .parameters && varying.contains($0.name) }
        measured = (results.filter { $0.stage == .final }.reversed() + results.filter { $0.stage == .initial }).map(\.name)
    }
}
