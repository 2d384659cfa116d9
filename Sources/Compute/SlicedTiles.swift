/// How work-groups divide a product of matrices whose sums their work-items share (`product_slices.clh`): on GPUs, where tiles with whole
/// sums would be too few. All by a member's own sizes, so that sums do not depend on who is computed beside it.
package struct SlicedTiles {
    /// Units and vectors of a work-item's block.
    package let units: Int, panels: Int
    /// Blocks beside each other, and work-items that share a sum.
    package let across: Int, slices: Int
    /// Tiles of one member.
    package let count: Int

    package var items: Int { across * slices }

    /// Shorter sums are not worth an exchange; long ones give many work-items something to do.
    private static let shortestSum = 64, longSum = 512
    /// Columns up to which a tile of `GroupTiles` is no larger, and its tiles that are enough.
    private static let fewColumns = 32, enoughTiles = 256
    private static let termsOfASlice = 32, mostItems = 128, warp = 32

    /// Nil where whole sums are better.
    /// - Parameters: as of `GroupTiles`.
    package init?(rows: Int, columns: Int, length: Int, vectorWidth: Int, elementBytes: Int, _ tuning: Tuning) {
        guard tuning.sharesSums, vectorWidth * elementBytes <= 16, length >= Self.shortestSum else { return nil }
        let smallest = (rows + 31) / 32 * ((columns + 15) / 16)
        guard rows < 32 || columns <= Self.fewColumns || (smallest < Self.enoughTiles && length >= Self.longSum) else { return nil }
        let vectors = (columns + vectorWidth - 1) / vectorWidth
        units = rows >= 4 ? 4 : rows >= 2 ? 2 : 1
        // Sums of 20 vectors are 80 registers, and 40 KiB of a group. Few units need many groups.
        let most = tuning[.localBytes] >= 40 << 10 ? 5 : 4, tiles = rows < 32 ? vectors : (vectors + most - 1) / most
        panels = (vectors + tiles - 1) / tiles
        var shared = 1
        while 2 * shared * Self.termsOfASlice <= length, 2 * shared <= Self.mostItems { shared *= 2 }
        var beside = Self.mostItems / shared
        while beside > 1, beside / 2 * units >= rows, beside / 2 * shared >= Self.warp { beside /= 2 }
        (slices, across) = (shared, beside)
        count = (rows + units * across - 1) / (units * across) * ((vectors + panels - 1) / panels)
        guard across * shared * units * panels * 16 <= tuning[.localBytes] else { return nil }
    }

    package var macros: [(String, String)] {
        [
            ("GROUPED", "2"), ("UNITS", "\(units)"), ("PANELS", "\(panels)"), ("ACROSS", "\(across)"), ("SLICES", "\(slices)"),
        ]
    }
}
