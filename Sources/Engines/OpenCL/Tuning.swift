import OpenCL

/// Tile sizes and work division of the kernels on one class of devices.
///
/// A row per device class, a portable default among them; a tuner may fill further rows. Nothing here changes what is computed,
/// only the order of sums within their error bounds.
struct Tuning: Sendable, Hashable {
    /// Bytes of an explicit vector: the width of a register on a CPU, 16 on a GPU whose lanes are the vector.
    var vectorBytes: Int
    /// Points (or rows) of a register tile of `forward` and `backward`.
    var sampleTile: Int
    /// Vectors of outputs of a register tile of `forward`.
    var columnVectors: Int
    /// Units of a register tile of `backward`.
    var unitTile: Int
    /// Rows and columns of a register tile of `gram`.
    var gramTile: Int
    /// Pairs of weights that one work-item makes.
    var pairChunk: Int
    /// Work-items of a work-group.
    var groupSize: Int
    /// Work-items for each compute unit that are enough to keep it busy.
    var itemsPerUnit: Int
    /// Bytes of weights and velocities of a batch that is trained: on a CPU about a cache, so that steps do not stream from memory.
    var trainingBatchBytes: Int

    /// On a CPU (PoCL) a work-group is one work-item, which holds tiles in 512-bit registers.
    static let cpu = Tuning(
        vectorBytes: 64, sampleTile: 4, columnVectors: 4, unitTile: 4, gramTile: 4, pairChunk: 256, groupSize: 1, itemsPerUnit: 8,
        trainingBatchBytes: 4 << 20)

    /// On a GPU neighbouring work-items take neighbouring tiles.
    static let gpu = Tuning(
        vectorBytes: 16, sampleTile: 4, columnVectors: 1, unitTile: 1, gramTile: 4, pairChunk: 1, groupSize: 64, itemsPerUnit: 2048,
        trainingBatchBytes: .max)

    /// The row for that device.
    static func portable(for device: Device) -> Tuning { device.kind == .cpu ? cpu : gpu }

    /// Components of the vectors that rows of that length are padded to.
    func vectorWidth(length: Int, elementBytes: Int) -> Int {
        var width = 1
        while width < length, width * elementBytes < vectorBytes { width *= 2 }
        return width
    }

    /// The largest tile, halving from `tile`, that is not more than `count` needs.
    static func fitting(_ tile: Int, count: Int) -> Int {
        var tile = tile
        while tile > 1, tile / 2 >= count { tile /= 2 }
        return tile
    }
}
