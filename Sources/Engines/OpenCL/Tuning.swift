import Arrays
import OpenCL

/// Tile sizes and work division of the kernels on one class of devices.
///
/// A row per device class, a portable default among them; a tuner may fill further rows. Nothing here changes what is computed,
/// only the order of sums within their error bounds.
struct Tuning: Sendable, Hashable {
    /// Bytes of an explicit vector: the width of a register on a CPU, 16 on a GPU whose lanes are the vector.
    var vectorBytes: Int
    /// Points of a register tile of `train` and `train_rows`.
    var sampleTile: Int
    /// Vectors of sums in the registers of a work-item of a product (`product.clh`).
    var panelSums: Int
    /// Vectors of columns that a work-item takes together.
    var panelChunk: Int
    /// Panels up to which `forward` waits for weights rather than for sums, and asks for them ahead.
    var fewPanels: Int
    /// Units by which the sums of `forward` advance, of so few panels or where it reads weights in place.
    var forwardBlock: Int
    /// The same of more panels, which share a copied strip of weights; 0 to copy none. Only with work-groups of one work-item.
    var stagedBlock: Int
    /// Units by which the sums of `backward` advance where a work-item takes `panelChunk` panels; of fewer, as many more.
    var backwardBlock: Int
    /// Rows of a register tile of `tangent`, of float vectors that accumulate in their own precision.
    var tangentRows: Int
    /// Register tiles of `tangent` whose sums advance together, at the most.
    var tangentGroup: Int
    /// Units by which they advance.
    var tangentBlock: Int
    /// Rows of the largest tile that a work-group takes of a product of matrices;
    /// 0 where work-items have tiles of their own. Only with vectors of 16 bytes.
    var tileRows: Int
    /// 1 where tensor cores take such tiles in float, every factor split in two TF32 numbers.
    var splitsProducts: Int
    /// Pairs of weights that one work-item makes.
    var pairChunk: Int
    /// Work-items of a work-group.
    var groupSize: Int
    /// Work-items for each compute unit that are enough to keep it busy.
    var itemsPerUnit: Int
    /// Bytes of weights and velocities of a batch that is trained: on a CPU about a cache, so that steps do not stream from memory.
    var trainingBatchBytes: Int

    /// Work-items that train one member together at the most, a power of two; 0 where each work-item trains one by itself.
    var trainingGroup: Int
    /// Bytes of local memory that a group may take.
    var localBytes: Int
    /// Bytes of weights up to which a member with one point takes many steps in one launch, by itself; 0 for never.
    var fusedWeightBytesOnePoint: Int
    /// The same for more points.
    var fusedWeightBytes: Int
    /// Points up to which it does.
    var fusedPoints: Int
    /// Points up to which compute units share a larger member's matrices; 0 for never.
    var sharedPoints: Int
    /// Of the width of the narrowest hidden layer, the part that is the most steps kept beside a matrix with one point; 0 for velocities.
    var keptShare: Double
    /// Operations of a compute unit in one launch of many steps: about a tenth of a second.
    var launchOperations: Double

    /// On a CPU a work-group is one work-item, which holds tiles in 512-bit registers. Chosen as measured on PoCL
    /// (Benchmarks/Results/2026-11-27-kernel-diaries.md).
    static let cpu = Tuning(
        vectorBytes: 64, sampleTile: 4, panelSums: 24, panelChunk: 32, fewPanels: 8,
        forwardBlock: 32, stagedBlock: 128, backwardBlock: 128, tangentRows: 8, tangentGroup: 64, tangentBlock: 128,
        tileRows: 0, splitsProducts: 0, pairChunk: 256, groupSize: 1, itemsPerUnit: 8, trainingBatchBytes: 4 << 20, trainingGroup: 0,
        localBytes: 0,
        fusedWeightBytesOnePoint: 8 << 20, fusedWeightBytes: 2 << 20, fusedPoints: 64, sharedPoints: 16, keptShare: 0.5,
        launchOperations: 5e9)

    /// On a GPU neighbouring work-items take neighbouring tiles, and a member is trained by a work-group. Estimated for an H200
    /// (the same page).
    static let gpu = Tuning(
        vectorBytes: 16, sampleTile: 4, panelSums: 8, panelChunk: 2, fewPanels: 0,
        forwardBlock: .max, stagedBlock: 0, backwardBlock: .max, tangentRows: 4, tangentGroup: 1, tangentBlock: .max,
        tileRows: 128, splitsProducts: 0, pairChunk: 1, groupSize: 64, itemsPerUnit: 2048, trainingBatchBytes: .max, trainingGroup: 512,
        localBytes: 40 << 10,
        fusedWeightBytesOnePoint: 3 << 20, fusedWeightBytes: 1 << 20, fusedPoints: 16, sharedPoints: 0, keptShare: 0,
        launchOperations: 5e9)

    /// Whether members of that layout take many steps of a training in one launch. Decided by a member's own sizes, so that its results
    /// do not depend on who is trained beside it.
    func fusesTraining(_ layout: DeviceLayout, points: Int, elementBytes: Int) -> Bool {
        points <= fusedPoints
            && layout.weightStride.times(elementBytes) <= (points == 1 ? fusedWeightBytesOnePoint : fusedWeightBytes)
    }

    /// Whether compute units share the matrices of larger members with so many points.
    func sharesRows(points: Int) -> Bool { points <= sharedPoints }

    /// Steps of one launch, at least one.
    func fusedSteps(_ layout: DeviceLayout, points: Int, members: Int, computeUnits: Int) -> Int {
        let rounds = Double((members + computeUnits - 1) / max(1, computeUnits))
        return max(1, Int(launchOperations / (Self.fusedOperations(layout, points: points) * rounds)))
    }

    /// Members of one launch: so many that it still takes some dozens of steps, for which a member's weights come into the cache once.
    func fusedBatch(_ layout: DeviceLayout, points: Int, computeUnits: Int) -> Int {
        computeUnits * max(1, Int(launchOperations / (64 * Self.fusedOperations(layout, points: points))))
    }

    /// What a step of one member takes: 6 N + 4 for every weight, and what activations and short loops cost in the time of as many.
    private static func fusedOperations(_ layout: DeviceLayout, points: Int) -> Double {
        Double(6 * points + 4) * Double(layout.weightStride) + Double(20_000 * layout.layers.count * points)
    }

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
