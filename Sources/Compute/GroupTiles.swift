import OpenCL

/// How work-groups divide a product of matrices, `left` times `right`, into tiles (`product_groups.clh`): for GPUs, which share what they read
/// in local memory.
package struct GroupTiles {
    /// A tile and the work-items of a group.
    package struct Shape: Sendable {
        /// Rows and columns of sums.
        package let rows, columns: Int
        /// Rows and columns of a work-item's own sums, if it multiplies and adds.
        package let itemRows, itemColumns: Int
        package let items: Int
        /// Of its warps, those beside each other, if they multiply on tensor cores.
        package let warpsBeside: Int
    }

    /// What tiles are worth it for: shorter sums are over before a group has filled its local memory, and their bound would not hold with
    /// tensor cores (`product_tensors.clh`).
    private static let fewestRows = 32, fewestColumns = 16, shortestSum = 32

    private static let shapes = [
        Shape(rows: 128, columns: 64, itemRows: 8, itemColumns: 8, items: 128, warpsBeside: 2),
        Shape(rows: 64, columns: 64, itemRows: 8, itemColumns: 4, items: 128, warpsBeside: 2),
        Shape(rows: 64, columns: 32, itemRows: 4, itemColumns: 4, items: 128, warpsBeside: 1),
        Shape(rows: 32, columns: 32, itemRows: 4, itemColumns: 4, items: 64, warpsBeside: 1),
        Shape(rows: 64, columns: 16, itemRows: 4, itemColumns: 4, items: 64, warpsBeside: 1),
        Shape(rows: 32, columns: 16, itemRows: 4, itemColumns: 4, items: 32, warpsBeside: 1),
    ]

    package let shape: Shape
    /// Tiles of one member.
    package let count: Int

    /// The largest tiles that keep the device busy, or else the smallest; nil where tiles are not worth it, by a member's own sizes.
    /// - Parameters:
    ///   - rows: of the left matrix, units.
    ///   - columns: of the right matrix, points in panels of `vectorWidth`.
    ///   - length: terms of a sum.
    ///   - busy: tiles that are enough.
    package init?(rows: Int, columns: Int, length: Int, vectorWidth: Int, elementBytes: Int, busy: Int, _ tuning: Tuning) {
        let shapes = Self.fitting(tuning, sumBytes: elementBytes).filter { $0.columns < 2 * columns }
        self.init(shapes, rows, columns, length, vectorBytes: vectorWidth * elementBytes, busy: busy) {
            (rows + $0.rows - 1) / $0.rows * ((columns + $0.columns - 1) / $0.columns)
        }
    }

    /// The same for squares of a matrix of `rows` rows times its transpose.
    /// - Parameter squaresOf: how many squares of a size there are.
    package init?(
        squaresOf squares: (_ size: Int) -> Int, rows: Int, length: Int, vectorWidth: Int, elementBytes: Int, sumBytes: Int, busy: Int,
        _ tuning: Tuning
    ) {
        let shapes = Self.fitting(tuning, sumBytes: sumBytes).filter { $0.rows == $0.columns }
        self.init(shapes, rows, rows, length, vectorBytes: vectorWidth * elementBytes, busy: busy) { squares($0.rows) }
    }

    /// Squares of `size` rows in the lower triangle of a matrix of `rows` rows.
    package static func squares(ofTriangle rows: Int, _ size: Int) -> Int {
        let side = (rows + size - 1) / size
        return side * (side + 1) / 2
    }

    private init?(
        _ shapes: [Shape], _ rows: Int, _ columns: Int, _ length: Int, vectorBytes: Int, busy: Int, tiles: (Shape) -> Int
    ) {
        guard vectorBytes == 16, rows >= Self.fewestRows, columns >= Self.fewestColumns, length >= Self.shortestSum,
            let shape = shapes.first(where: { 10 * tiles($0) >= 9 * busy }) ?? shapes.last
        else { return nil }
        self.shape = shape
        count = tiles(shape)
    }

    /// The shapes that the tuning and the device's local memory allow; none where `tileRows` is 0.
    private static func fitting(_ tuning: Tuning, sumBytes: Int) -> [Shape] {
        // Two halves of 64 bytes of k each, with 8 elements of padding for each operand.
        shapes.filter { $0.rows <= tuning[.tileRows] && 2 * 64 * ($0.rows + $0.columns + 16) <= tuning[.localBytes] }
            // A work-item has registers for so many sums.
            .filter { $0.rows * $0.columns * sumBytes <= 256 * $0.items }
    }

    package var macros: [(String, String)] {
        [
            ("GROUPED", "1"), ("TILE_M", "\(shape.rows)"), ("TILE_N", "\(shape.columns)"), ("ITEM_M", "\(shape.itemRows)"),
            ("ITEM_N", "\(shape.itemColumns)"), ("ITEMS", "\(shape.items)"), ("WARPS_N", "\(shape.warpsBeside)"),
        ]
    }
}
