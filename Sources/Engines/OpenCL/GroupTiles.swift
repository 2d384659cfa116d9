import OpenCL

/// How work-groups divide a product of matrices, `left` times `right`, into tiles (`group_tiles.clh`): for GPUs, which share what they read
/// in local memory.
struct GroupTiles {
    /// A tile and the work-items of a group.
    struct Shape: Sendable {
        /// Rows and columns of sums.
        let rows, columns: Int
        /// Rows and columns of a work-item's own sums, if it multiplies and adds.
        let itemRows, itemColumns: Int
        let items: Int
        /// Of its warps, those beside each other, if they multiply on tensor cores.
        let warpsBeside: Int
    }

    /// What tiles are worth it for: shorter sums are over before a group has filled its local memory, and their bound would not hold with
    /// tensor cores (`tensor_products.clh`).
    static let fewestRows = 32, fewestColumns = 16, shortestSum = 32

    // Compiled for an H200's instructions, none of them puts sums into memory: 79 to 248 registers.
    private static let shapes = [
        Shape(rows: 128, columns: 64, itemRows: 8, itemColumns: 8, items: 128, warpsBeside: 2),
        Shape(rows: 64, columns: 64, itemRows: 8, itemColumns: 4, items: 128, warpsBeside: 2),
        Shape(rows: 64, columns: 32, itemRows: 4, itemColumns: 4, items: 128, warpsBeside: 1),
        Shape(rows: 32, columns: 32, itemRows: 4, itemColumns: 4, items: 64, warpsBeside: 1),
        Shape(rows: 64, columns: 16, itemRows: 4, itemColumns: 4, items: 64, warpsBeside: 1),
        Shape(rows: 32, columns: 16, itemRows: 4, itemColumns: 4, items: 32, warpsBeside: 1),
    ]

    let shape: Shape
    /// Tiles of one member.
    let count: Int

    /// Whether such a product is divided at all, decided by a member's own sizes.
    private static func divides(rows: Int, columns: Int, length: Int, vectorWidth: Int, elementBytes: Int, _ tuning: Tuning) -> Bool {
        tuning.tileRows > 0 && vectorWidth * elementBytes == 16 && rows >= fewestRows && columns >= fewestColumns && length >= shortestSum
    }

    /// The largest tiles that keep the device busy, or else the smallest; nil where tiles are not worth it.
    /// - Parameters:
    ///   - rows: of the left matrix, units.
    ///   - columns: of the right matrix, points in panels of `vectorWidth`.
    ///   - length: terms of a sum.
    ///   - busy: tiles that are enough.
    init?(rows: Int, columns: Int, length: Int, vectorWidth: Int, elementBytes: Int, busy: Int, _ tuning: Tuning) {
        guard Self.divides(rows: rows, columns: columns, length: length, vectorWidth: vectorWidth, elementBytes: elementBytes, tuning)
        else { return nil }
        func tiles(_ shape: Shape) -> Int { (rows + shape.rows - 1) / shape.rows * ((columns + shape.columns - 1) / shape.columns) }
        let fitting = Self.fitting(tuning, sumBytes: elementBytes).filter { $0.columns < 2 * columns }
        guard let shape = fitting.first(where: { tiles($0) >= busy }) ?? fitting.last else { return nil }
        self.shape = shape
        count = tiles(shape)
    }

    /// The same for the lower triangle of a matrix of `rows` rows times its transpose.
    init?(triangle rows: Int, length: Int, vectorWidth: Int, elementBytes: Int, sumBytes: Int, busy: Int, _ tuning: Tuning) {
        guard Self.divides(rows: rows, columns: rows, length: length, vectorWidth: vectorWidth, elementBytes: elementBytes, tuning)
        else { return nil }
        func tiles(_ shape: Shape) -> Int {
            let side = (rows + shape.rows - 1) / shape.rows
            return side * (side + 1) / 2
        }
        let fitting = Self.fitting(tuning, sumBytes: sumBytes).filter { $0.rows == $0.columns }
        guard let shape = fitting.first(where: { tiles($0) >= busy }) ?? fitting.last else { return nil }
        self.shape = shape
        count = tiles(shape)
    }

    /// The shapes that the tuning and the device's local memory allow.
    private static func fitting(_ tuning: Tuning, sumBytes: Int) -> [Shape] {
        // Two halves of 64 bytes of k each, with 8 elements of padding for each operand.
        shapes.filter { $0.rows <= tuning.tileRows && 2 * 64 * ($0.rows + $0.columns + 16) <= tuning.localBytes }
            // A work-item has registers for so many sums.
            .filter { $0.rows * $0.columns * sumBytes <= 256 * $0.items }
    }

    var macros: [(String, String)] {
        [
            ("GROUPED", "1"), ("TILE_M", "\(shape.rows)"), ("TILE_N", "\(shape.columns)"), ("ITEM_M", "\(shape.itemRows)"),
            ("ITEM_N", "\(shape.itemColumns)"), ("ITEMS", "\(shape.items)"), ("WARPS_N", "\(shape.warpsBeside)"),
        ]
    }
}

extension DeviceBatch {
    /// Tiles of all members together that give every compute unit two groups, for one member.
    var busyTiles: Int { max(1, 2 * engine.context.device.computeUnits / count) }

    /// Launches a kernel of tiles.
    func launch(_ kernel: Kernel, _ tiles: GroupTiles, _ arguments: [KernelArgument]) throws {
        try kernel.launch(
            global: [tiles.count * tiles.shape.items, count], local: [tiles.shape.items, 1], arguments: arguments)
    }

    /// The kernel compiled for those tiles.
    /// - Parameter splits: whether tensor cores are to take its products, split in TF32 numbers. They do where the driver compiles that; on
    ///   devices without any they are emulated.
    func groupKernel(
        _ file: String, _ name: String, vectorWidth: Int, _ tiles: GroupTiles, splits: Bool, _ macros: [(String, String)] = []
    ) throws -> Kernel {
        func kernel(products: Int) throws -> Kernel {
            try engine.kernels.kernel(file, name, vectorWidth: vectorWidth, tiles.macros + [("PRODUCTS", "\(products)")] + macros)
        }
        guard splits, precision != .float64 else { return try kernel(products: 0) }
        guard engine.context.device.hasTensorCores else { return try kernel(products: 2) }
        do {
            return try kernel(products: 1)
        } catch OpenCLError.buildFailed {
            return try kernel(products: 0)
        }
    }
}
