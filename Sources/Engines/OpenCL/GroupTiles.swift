import OpenCL

/// How work-groups divide a product of matrices, `left` times `right`, into tiles (`product_groups.clh`): for GPUs, which share what they read
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

    let shape: Shape
    /// Tiles of one member.
    let count: Int

    /// The largest tiles that keep the device busy, or else the smallest; nil where tiles are not worth it, by a member's own sizes.
    /// - Parameters:
    ///   - rows: of the left matrix, units.
    ///   - columns: of the right matrix, points in panels of `vectorWidth`.
    ///   - length: terms of a sum.
    ///   - busy: tiles that are enough.
    init?(rows: Int, columns: Int, length: Int, vectorWidth: Int, elementBytes: Int, busy: Int, _ tuning: Tuning) {
        let shapes = Self.fitting(tuning, sumBytes: elementBytes).filter { $0.columns < 2 * columns }
        self.init(shapes, rows, columns, length, vectorBytes: vectorWidth * elementBytes, busy: busy) {
            (rows + $0.rows - 1) / $0.rows * ((columns + $0.columns - 1) / $0.columns)
        }
    }

    /// The same for the lower triangle of a matrix of `rows` rows times its transpose.
    init?(triangle rows: Int, length: Int, vectorWidth: Int, elementBytes: Int, sumBytes: Int, busy: Int, _ tuning: Tuning) {
        let shapes = Self.fitting(tuning, sumBytes: sumBytes).filter { $0.rows == $0.columns }
        self.init(shapes, rows, rows, length, vectorBytes: vectorWidth * elementBytes, busy: busy) {
            let side = (rows + $0.rows - 1) / $0.rows
            return side * (side + 1) / 2
        }
    }

    private init?(
        _ shapes: [Shape], _ rows: Int, _ columns: Int, _ length: Int, vectorBytes: Int, busy: Int, tiles: (Shape) -> Int
    ) {
        guard vectorBytes == 16, rows >= Self.fewestRows, columns >= Self.fewestColumns, length >= Self.shortestSum,
            let shape = shapes.first(where: { tiles($0) >= busy }) ?? shapes.last
        else { return nil }
        self.shape = shape
        count = tiles(shape)
    }

    /// The shapes that the tuning and the device's local memory allow; none where `tileRows` is 0.
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

    /// A launch of a product: by work-groups where these have tiles, or else by work-items.
    /// - Parameters:
    ///   - width: components of a vector.
    ///   - registers: macros of the kernel by work-items; `groups` of that by work-groups.
    ///   - groupsBeside: work-groups of each member beside those of the tiles.
    func launch(
        product file: String, width: Int, _ tiles: GroupTiles?, _ tiling: Tiling, _ tuning: Tuning, registers: [(String, String)] = [],
        groups: [(String, String)] = [], groupsBeside: Int = 0, _ arguments: [String: any KernelValue]
    ) throws -> Launch {
        guard let tiles else {
            let kernel = try engine.kernels.kernel(file + ".cl", file, vectorWidth: width, tiling.macros + registers)
            return try launch(kernel, tiles: tiling.tiles, arguments)
        }
        let kernel = try groupKernel(file, vectorWidth: width, tiles, splits: tuning.splitsProducts > 0, groups)
        return try launch(kernel, tiles, groupsBeside: groupsBeside, arguments)
    }

    /// A launch of tiles.
    func launch(
        _ kernel: Kernel, _ tiles: GroupTiles, groupsBeside: Int = 0, _ arguments: [String: any KernelValue]
    ) throws -> Launch {
        try Launch(
            kernel, global: [(tiles.count + groupsBeside) * tiles.shape.items, count], local: [tiles.shape.items, 1], arguments)
    }

    /// The kernel compiled for those tiles.
    /// - Parameter splits: whether tensor cores are to take its products, split in TF32 numbers. They do where the driver compiles that; on
    ///   devices without any they are emulated.
    func groupKernel(
        _ name: String, vectorWidth: Int, _ tiles: GroupTiles, splits: Bool, _ macros: [(String, String)] = []
    ) throws -> Kernel {
        func kernel(products: Int) throws -> Kernel {
            try engine.kernels.kernel(
                name + ".cl", name, vectorWidth: vectorWidth, tiles.macros + [("PRODUCTS", "\(products)")] + macros)
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
