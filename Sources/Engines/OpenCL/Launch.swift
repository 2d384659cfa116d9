import OpenCL

/// A kernel with its arguments and the work-items that it takes: made once for a batch, launched as often as this needs.
struct Launch {
    let kernel: Kernel
    let global: [Int]
    let local: [Int]

    /// - Throws: errors of the device.
    init(_ kernel: Kernel, global: [Int], local: [Int], _ arguments: [String: any KernelValue]) throws {
        self.kernel = kernel
        self.global = global
        self.local = local
        try kernel.bind(arguments)
    }

    /// Enqueues it.
    /// - Parameter changing: arguments that were not given at first, or that change from launch to launch.
    /// - Throws: errors of the device.
    func callAsFunction(_ changing: [String: any KernelValue] = [:]) throws {
        try kernel.launch(global: global, local: local, arguments: changing)
    }
}

extension DeviceBatch {
    /// A launch over `tiles` of every member: with work-items enough to keep the device busy, which walk over the tiles, or with one for
    /// every tile.
    func launch(
        _ kernel: Kernel, tiles: Int, everyTile: Bool = false, members: Int? = nil, _ arguments: [String: any KernelValue]
    ) throws -> Launch {
        let members = members ?? count, tuning = engine.tuningState[kernel.name] ?? engine.tuning
        let group = min(tuning.groupSize, kernel.maximumWorkGroupSize)
        let items = (min(tiles, everyTile ? tiles : workItems(members: members, tuning)) + group - 1) / group * group
        return try Launch(kernel, global: [items, members], local: [group, 1], arguments)
    }

    /// Work-items for each of so many members that are enough to keep the device busy.
    func workItems(members: Int, _ tuning: Tuning) -> Int {
        max(1, (tuning.itemsPerUnit * engine.context.device.computeUnits + members - 1) / members)
    }
}
