import Arrays
import Compute

/// How work-groups divide the lower triangle of a tangent kernel of few rows into squares whose sums their work-items share, and long sums
/// into parts (`tangent_slices.cl`): on GPUs, all by a member's own sizes.
struct SlicedTriangle {
    /// Rows and columns of a square.
    let tile: Int
    /// Work-items that share a sum.
    let slices: Int
    /// Squares of one member.
    let squares: Int
    /// Parts of a sum, each by a work-group of its own.
    let parts: Int

    var items: Int { tile / Self.block * slices }
    /// Sums of all squares and parts that wait for the others, of both products.
    var waiting: Int { parts == 1 ? 0 : parts.times(squares, 2 * tile * tile) }

    /// Rows of a work-item's block of a square.
    private static let block = 4
    private static let mostRows = 256, shortestSum = 64, longSum = 512, enoughGroups = 132, mostItems = 128, termsOfASlice = 16

    /// Nil where whole sums are better.
    /// - Parameters:
    ///   - length: terms of the longer of the two sums of a layer.
    ///   - sumBytes: of a sum.
    init?(rows: Int, length: Int, vectorWidth: Int, elementBytes: Int, sumBytes: Int, _ tuning: Tuning) {
        guard tuning.sharesSums, vectorWidth * elementBytes <= 16, rows <= Self.mostRows, length >= Self.shortestSum else { return nil }
        var side = 4
        while side < 16, side < rows { side *= 2 }
        var shared = 1
        while 2 * shared * Self.termsOfASlice <= length, 2 * shared * side / Self.block <= Self.mostItems,
            2 * shared * side * side * sumBytes <= 32 << 10
        { shared *= 2 }
        guard shared * side * side * sumBytes <= tuning[.localBytes] else { return nil }
        tile = side
        slices = shared
        let across = (rows + side - 1) / side
        squares = across * (across + 1) / 2
        parts = max(1, min(length / Self.longSum, (Self.enoughGroups + squares - 1) / squares))
    }

    var macros: [(String, String)] { [("TILE", "\(tile)"), ("SLICES", "\(slices)")] }
}

extension SlicedTriangle {
    /// Sums that wait at the most, for sums of up to so many terms.
    static func waiting(
        rows: Int, length: Int, vectorWidth: Int, elementBytes: Int, sumBytes: Int, _ tuning: Tuning
    ) -> Int {
        SlicedTriangle(
            rows: rows, length: length, vectorWidth: vectorWidth, elementBytes: elementBytes, sumBytes: sumBytes, tuning)?.waiting ?? 0
    }
}
