import Arrays
import OpenCL

/// Tile sizes and work division of the kernels on one class of devices.
///
/// A row per device class, a portable default among them; a tuner may fill further rows. Nothing here changes what is computed,
/// only the order of sums within their error bounds.
package struct Tuning: Sendable, Hashable {
    /// Bytes of an explicit vector: the width of a register on a CPU, 16 on a GPU whose lanes are the vector.
    package var vectorBytes: Int
    /// Points of a register tile of `train` and `train_rows`.
    package var sampleTile: Int
    /// Vectors of sums in the registers of a work-item of a product (`product.clh`).
    package var panelSums: Int
    /// Vectors of columns that a work-item takes together.
    package var panelChunk: Int
    /// Panels up to which `forward` waits for weights rather than for sums, and asks for them ahead.
    package var fewPanels: Int
    /// Units by which the sums of `forward` advance, of so few panels or where it reads weights in place.
    package var forwardBlock: Int
    /// The same of more panels, which share a copied strip of weights; 0 to copy none. Only with work-groups of one work-item.
    package var stagedBlock: Int
    /// Units by which the sums of `backward` advance where a work-item takes `panelChunk` panels; of fewer, as many more.
    package var backwardBlock: Int
    /// Rows of a register tile of `tangent`, of float vectors that accumulate in their own precision.
    package var tangentRows: Int
    /// Register tiles of `tangent` whose sums advance together, at the most.
    package var tangentGroup: Int
    /// Units by which they advance.
    package var tangentBlock: Int
    /// Rows of the largest tile that a work-group takes of a product of matrices;
    /// 0 where work-items have tiles of their own. Only with vectors of 16 bytes.
    package var tileRows: Int
    /// 1 where tensor cores take such tiles in float, every factor split in two TF32 numbers.
    package var splitsProducts: Int
    /// Pairs of weights that one work-item makes.
    package var pairChunk: Int
    /// Work-items of a work-group.
    package var groupSize: Int
    /// Work-items for each compute unit that are enough to keep it busy.
    package var itemsPerUnit: Int
    /// Bytes of weights and velocities of a batch that is trained: on a CPU about a cache, so that steps do not stream from memory.
    package var trainingBatchBytes: Int

    /// Work-items that train one member together at the most, a power of two; 0 where each work-item trains one by itself.
    package var trainingGroup: Int
    /// Bytes of local memory that a group may take.
    package var localBytes: Int
    /// Bytes of weights up to which a member with one point takes many steps in one launch, by itself; 0 for never.
    package var fusedWeightBytesOnePoint: Int
    /// The same for more points.
    package var fusedWeightBytes: Int
    /// Points up to which it does.
    package var fusedPoints: Int
    /// Points up to which compute units share a larger member's matrices; 0 for never.
    package var sharedPoints: Int
    /// Of the width of the narrowest hidden layer, the part that is the most steps kept beside a matrix with one point; 0 for velocities.
    package var keptShare: Double
    /// Operations of a compute unit in one launch of many steps: about a tenth of a second.
    package var launchOperations: Double
    /// Values of parameters that one family alone has, by name, where they are not the portable ones.
    private var own: [String: Int] = [:]

    /// A parameter that one family alone has.
    package subscript(own name: String, portable portable: Int) -> Int {
        get { own[name] ?? portable }
        set { own[name] = newValue == portable ? nil : newValue }
    }

    /// On a CPU a work-group is one work-item, which holds tiles in 512-bit registers. Chosen as measured on PoCL
    /// (Benchmarks/Results/2026-11-27-kernel-diaries.md).
    package static let cpu = Tuning(
        vectorBytes: 64, sampleTile: 4, panelSums: 24, panelChunk: 32, fewPanels: 8,
        forwardBlock: 32, stagedBlock: 128, backwardBlock: 128, tangentRows: 8, tangentGroup: 64, tangentBlock: 128,
        tileRows: 0, splitsProducts: 0, pairChunk: 256, groupSize: 1, itemsPerUnit: 8, trainingBatchBytes: 4 << 20, trainingGroup: 0,
        localBytes: 0,
        fusedWeightBytesOnePoint: 8 << 20, fusedWeightBytes: 2 << 20, fusedPoints: 64, sharedPoints: 16, keptShare: 0.5,
        launchOperations: 5e9)

    /// On a GPU neighbouring work-items take neighbouring tiles, and a member is trained by a work-group. Estimated for an H200
    /// (the same page).
    package static let gpu = Tuning(
        vectorBytes: 16, sampleTile: 4, panelSums: 8, panelChunk: 2, fewPanels: 0,
        forwardBlock: .max, stagedBlock: 0, backwardBlock: .max, tangentRows: 4, tangentGroup: 1, tangentBlock: .max,
        tileRows: 128, splitsProducts: 0, pairChunk: 1, groupSize: 64, itemsPerUnit: 2048, trainingBatchBytes: .max, trainingGroup: 512,
        localBytes: 40 << 10,
        fusedWeightBytesOnePoint: 3 << 20, fusedWeightBytes: 1 << 20, fusedPoints: 16, sharedPoints: 0, keptShare: 0,
        launchOperations: 5e9)

    /// Whether the work-items of a group may divide sums among them: where groups have several.
    package var sharesSums: Bool { groupSize > 1 }

    /// Components of the vectors that rows of that length are padded to.
    package func vectorWidth(length: Int, elementBytes: Int) -> Int {
        var width = 1
        while width < length, width * elementBytes < vectorBytes { width *= 2 }
        return width
    }

    /// The largest tile, halving from `tile`, that is not more than `count` needs.
    package static func fitting(_ tile: Int, count: Int) -> Int {
        var tile = tile
        while tile > 1, tile / 2 >= count { tile /= 2 }
        return tile
    }
}
