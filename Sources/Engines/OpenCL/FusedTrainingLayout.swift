import Arrays
import Compute
import Networks

/// How a kernel that trains members by itself (`Kernels/train.cl`, `train_resident.cl`, `train_group.cl`, `train_rows.cl`) takes an
/// architecture: its vectors and tiles, and where its arrays lie in a member's scratch.
struct FusedTrainingLayout: Sendable {
    /// How a member is divided among the work-items of a group.
    struct Group: Sendable {
        /// Work-items, a power of two.
        let size: Int
        /// Of them, those that share a row of weights in the backward pass.
        let lanes: Int
        /// Partial sums of a lane.
        let pitch: Int
        /// Bytes of local memory for partial sums.
        let sumBytes: Int
    }

    /// Components of a vector: at most those of the narrowest hidden layer, of which all rows are multiples.
    let vectorWidth: Int
    /// Vectors of a register tile of a work-item that trains by itself.
    let tileVectors: Int
    /// Nil unless a group keeps a member in its registers.
    let resident: ResidentTraining?
    /// Nil where a work-item trains a member by itself, all share it, or a group keeps it in its registers.
    let group: Group?
    /// Steps that may be kept beside a hidden matrix; 0 where every step is added to it.
    let keptTicks: Int
    /// fanIn, fanOut, stride, offset in the weights and offset in the scratch of each layer.
    let table: [Int32]
    /// Elements of one member's scratch.
    let scratchStride: Int

    /// The layout of `train.cl` or, where groups train, of `train_resident.cl` for members that fit it and of `train_group.cl` for others. Nil
    /// for a model without hidden layers, or one too large for the kernel's 32-bit offsets.
    init?(_ layout: DeviceLayout, rule: UpdateRule, points: Int, tuning: Tuning, elementBytes: Int, resides: Bool = true) {
        self.init(
            layout, rule: rule, points: points, perLayer: 4, usesGroups: tuning[.trainingGroup] > 0,
            resident: resides
                ? ResidentTraining(layout, rule: rule, points: points, tuning: tuning, elementBytes: elementBytes) : nil,
            tuning: tuning, elementBytes: elementBytes)
    }

    /// - Parameters:
    ///   - perLayer: arrays (points, stride) of each hidden layer.
    ///   - extra: elements behind the read-out, its states, the outputs and the residuals.
    ///   - keptTicks: columns beside each hidden matrix, and rows below it.
    ///   - usesGroups: whether a work-group trains a member, and has the points in the scratch too.
    init?(
        _ layout: DeviceLayout, rule: UpdateRule, points: Int, perLayer: Int, extra: Int = 0, keptTicks: Int = 0, usesGroups: Bool = false,
        resident: ResidentTraining? = nil, tuning: Tuning, elementBytes: Int
    ) {
        let hidden = layout.layers.dropLast(), architecture = layout.architecture
        guard let top = hidden.last, let narrowest = hidden.map(\.vectorWidth).min() else { return nil }
        let rows = points.times(architecture.outputs)
        var width = narrowest
        // A work-item of a group holds a vector of every point twice, 128 bytes each.
        while usesGroups, width > 1, width.times(points, elementBytes) > 128 { width /= 2 }
        var sizes = hidden.map { layer in
            let kept = layer.shape.index == 0 ? 0 : keptTicks.times(layout.strideBelow(layer).plus(layer.stride))
            return perLayer.times(points, layer.stride).plus(kept)
        }
        let readOut = (1 + rule.states.count).times(architecture.outputs, top.stride)
        let inputs = usesGroups ? points.times((architecture.inputs.plus(width - 1)) / width, width) : 0
        sizes.append(readOut.plus(inputs).plus(2.times(rows)).plus(extra))
        let line = max(1, tuning[.vectorBytes] / elementBytes), total = sizes.reduce(0) { $0.plus($1) }.plus(line)
        guard total <= Int(Int32.max), layout.weightStride <= Int(Int32.max), points <= Int(Int32.max) else { return nil }
        self.resident = resident
        vectorWidth = resident == nil ? width : 1
        self.keptTicks = keptTicks
        // With one point the tile's vectors are all that a row's loop has to do, with several each comes with some of the points.
        tileVectors =
            (points == 1 ? [8, 4, 2, 1] : [4, 2, 1]).first { tile in
                hidden.allSatisfy { $0.stride / width % tile == 0 } && (keptTicks == 0 || KeptTicks.multiple % (tile * width) == 0)
            } ?? 1
        var offset = 0
        table = zip(layout.layers, sizes).flatMap { layer, size in
            defer { offset += size }
            return [layer.shape.fanIn, layer.shape.fanOut, layer.stride, layer.offset, offset].map(Int32.init)
        }
        scratchStride = resident?.scratch ?? (offset + line - 1) / line * line
        group =
            usesGroups && resident == nil
            ? Group(
                weights: layout.layers.map(\.weightCount).max()!, points: points, vectorWidth: width,
                reductions: rule.reductions.count, tuning: tuning, elementBytes: elementBytes) : nil
    }
}

extension FusedTrainingLayout.Group {
    /// Half as many work-items, with the sums and lanes of as many as before; nil where there is nothing to halve.
    var halved: Self? {
        size < 2 * lanes ? nil : Self(size: size / 2, lanes: lanes, pitch: pitch, sumBytes: sumBytes)
    }

    /// - Parameter weights: elements of the largest layer: a work-item should have some dozen of them, or waiting for the others takes all
    ///   its time.
    fileprivate init(weights: Int, points: Int, vectorWidth: Int, reductions: Int, tuning: Tuning, elementBytes: Int) {
        var size = 32
        while 24 * size < weights { size *= 2 }
        size = min(size, tuning[.trainingGroup])
        self.size = size
        // Eight vectors of 16 bytes are a line of a GPU's cache.
        lanes = min(8, size)
        // Sums of every work-item's vectors up to 16 KiB, beyond which they are made in rounds. Four more put the lanes of neighbouring rows
        // into different banks. Every work-item leaves its part of the loss, of what is not finite and of the rule's reductions.
        let sums = min(size * vectorWidth * points, (16 << 10) / elementBytes)
        pitch = max(sums / lanes, points * vectorWidth, size * (reductions + 2) / lanes) + 4
        sumBytes = (lanes * pitch + vectorWidth - 1) / vectorWidth * vectorWidth * elementBytes
    }
}
