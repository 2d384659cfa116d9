import Arrays
import Compute
import Networks

/// How a kernel that trains members by itself (`Kernels/train.cl`, `train_resident.cl`, `train_rows.cl`) takes an architecture: its vectors
/// and tiles, and where its arrays lie in a member's scratch.
struct FusedTrainingLayout: Sendable {
    /// Components of a vector: those of the narrowest hidden layer, of which all rows are multiples.
    let vectorWidth: Int
    /// Vectors of a register tile of a work-item that trains by itself.
    let tileVectors: Int
    /// Nil unless a group keeps a member in its registers.
    let resident: ResidentTraining?
    /// Steps that may be kept beside a hidden matrix; 0 where every step is added to it.
    let keptTicks: Int
    /// fanIn, fanOut, stride, offset in the weights and offset in the scratch of each layer.
    let table: [Int32]
    /// Elements of one member's scratch.
    let scratchStride: Int

    /// The layout of `train.cl` or, where groups train, of `train_resident.cl`. Nil for a model without hidden layers, one too large for the
    /// kernel's 32-bit offsets, or one that does not fit a group's registers.
    init?(_ layout: DeviceLayout, rule: UpdateRule, points: Int, tuning: Tuning, elementBytes: Int) {
        let resident = ResidentTraining(layout, rule: rule, points: points, tuning: tuning, elementBytes: elementBytes)
        guard tuning[.trainingGroup] == 0 || resident != nil else { return nil }
        self.init(layout, rule: rule, points: points, perLayer: 4, resident: resident, tuning: tuning, elementBytes: elementBytes)
    }

    /// - Parameters:
    ///   - perLayer: arrays (points, stride) of each hidden layer.
    ///   - extra: elements behind the read-out, its states, the outputs and the residuals.
    ///   - keptTicks: columns beside each hidden matrix, and rows below it.
    init?(
        _ layout: DeviceLayout, rule: UpdateRule, points: Int, perLayer: Int, extra: Int = 0, keptTicks: Int = 0,
        resident: ResidentTraining? = nil, tuning: Tuning, elementBytes: Int
    ) {
        let hidden = layout.layers.dropLast(), architecture = layout.architecture
        guard let top = hidden.last, let width = hidden.map(\.vectorWidth).min() else { return nil }
        let rows = points.times(architecture.outputs)
        var sizes = hidden.map { layer in
            let kept = layer.shape.index == 0 ? 0 : keptTicks.times(layout.strideBelow(layer).plus(layer.stride))
            return perLayer.times(points, layer.stride).plus(kept)
        }
        let readOut = (1 + rule.states.count).times(architecture.outputs, top.stride)
        sizes.append(readOut.plus(2.times(rows)).plus(extra))
        let line = max(1, tuning[.vectorBytes] / elementBytes), total = sizes.reduce(0) { $0.plus($1) }.plus(line)
        guard total <= Int(Int32.max), layout.weightStride <= Int(Int32.max), points <= Int(Int32.max) else { return nil }
        self.resident = resident
        vectorWidth = resident == nil ? width : 1
        self.keptTicks = keptTicks
        // With one point the tile's vectors are all that a row's loop has to do, with several each comes with some of the points.
        tileVectors =
            [8, 4, 2, 1].drop { points > 1 && $0 > tuning[.pointTile] }.first { tile in
                hidden.allSatisfy { $0.stride / width % tile == 0 } && (keptTicks == 0 || KeptTicks.multiple % (tile * width) == 0)
            } ?? 1
        var offset = 0
        table = zip(layout.layers, sizes).flatMap { layer, size in
            defer { offset += size }
            return [layer.shape.fanIn, layer.shape.fanOut, layer.stride, layer.offset, offset].map(Int32.init)
        }
        scratchStride = resident?.scratch ?? (offset + line - 1) / line * line
    }
}
