import OpenCL

/// Makes the launches of a batch: its members times the tiles of one, divided by the tuning parameters of the kernel.
package struct Launcher: Sendable {
    /// The kernels that it launches.
    package let kernels: KernelSet
    /// The portable row of the device.
    package let tuning: Tuning
    /// The rows that kernels have of their own.
    package let state: TuningState
    /// Members of the batch, at least one.
    package let members: Int

    /// A launcher.
    package init(_ kernels: KernelSet, _ tuning: Tuning, _ state: TuningState, members: Int) {
        self.kernels = kernels
        self.tuning = tuning
        self.state = state
        self.members = members
    }

    private var computeUnits: Int { kernels.context.device.computeUnits }

    /// The row of parameters of a kernel.
    package func tuning(of kernel: String) -> Tuning { state[kernel] ?? tuning }

    /// A launch over `tiles` of every member: with work-items enough to keep the device busy, which walk over the tiles, or with one for
    /// every tile.
    package func launch(
        _ kernel: Kernel, tiles: Int, everyTile: Bool = false, members: Int? = nil, _ arguments: [String: any KernelValue]
    ) throws -> Launch {
        let members = members ?? self.members, tuning = tuning(of: kernel.name)
        let group = min(tuning[.groupSize], kernel.maximumWorkGroupSize)
        let items = (min(tiles, everyTile ? tiles : workItems(members: members, tuning)) + group - 1) / group * group
        return try Launch(kernel, global: [items, members], local: [group, 1], arguments)
    }

    /// Work-items for each of so many members that are enough to keep the device busy.
    package func workItems(members: Int, _ tuning: Tuning) -> Int {
        max(1, (tuning[.itemsPerUnit] * computeUnits + members - 1) / members)
    }

    /// Tiles of all members together that give every compute unit two groups, for one member.
    package var busyTiles: Int { max(1, 2 * computeUnits / members) }

    /// A launch of a product: by work-groups where these have slices or tiles, or else by work-items.
    /// - Parameters:
    ///   - width: components of a vector.
    ///   - registers: macros of the kernel by work-items; `groups` of that by work-groups.
    ///   - groupsBeside: work-groups of each member beside those of the tiles.
    package func launch(
        product file: String, width: Int, slices: SlicedTiles? = nil, _ tiles: GroupTiles?, _ tiling: Tiling, _ tuning: Tuning,
        registers: [(String, String)] = [], groups: [(String, String)] = [], groupsBeside: Int = 0, _ arguments: [String: any KernelValue]
    ) throws -> Launch {
        if let slices {
            let kernel = try kernels.kernel(file + ".cl", file, vectorWidth: width, slices.macros + groups)
            return try Launch(kernel, global: [slices.count * slices.items, members], local: [slices.items, 1], arguments)
        }
        guard let tiles else {
            let kernel = try kernels.kernel(file + ".cl", file, vectorWidth: width, tiling.macros + registers)
            return try launch(kernel, tiles: tiling.tiles, arguments)
        }
        let kernel = try groupKernel(file, vectorWidth: width, tiles, splits: tuning[.splitsProducts] > 0, groups)
        return try launch(kernel, tiles, groupsBeside: groupsBeside, arguments)
    }

    /// A launch of tiles.
    package func launch(
        _ kernel: Kernel, _ tiles: GroupTiles, groupsBeside: Int = 0, _ arguments: [String: any KernelValue]
    ) throws -> Launch {
        try Launch(
            kernel, global: [(tiles.count + groupsBeside) * tiles.shape.items, members], local: [tiles.shape.items, 1], arguments)
    }

    /// The kernel compiled for those tiles.
    /// - Parameter splits: whether tensor cores are to take its products, split in TF32 numbers. They do where the driver compiles that; on
    ///   devices without any they are emulated.
    package func groupKernel(
        _ name: String, vectorWidth: Int, _ tiles: GroupTiles, splits: Bool, _ macros: [(String, String)] = []
    ) throws -> Kernel {
        func kernel(products: Int) throws -> Kernel {
            try kernels.kernel(
                name + ".cl", name, vectorWidth: vectorWidth, tiles.macros + [("PRODUCTS", "\(products)")] + macros)
        }
        guard splits, kernels.precision != .float64 else { return try kernel(products: 0) }
        guard kernels.context.device.hasTensorCores else { return try kernel(products: 2) }
        do {
            return try kernel(products: 1)
        } catch OpenCLError.buildFailed {
            return try kernel(products: 0)
        }
    }
}
