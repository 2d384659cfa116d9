import Networks

/// How a kernel that trains members by itself (`Kernels/train.cl`, `Kernels/train_rows.cl`) takes an architecture: its vectors and tiles,
/// and where its arrays lie in a member's scratch.
struct FusedTrainingLayout: Sendable {
    /// Components of a vector: those of the narrowest hidden layer, of which all rows are multiples.
    let vectorWidth: Int
    /// Vectors of a register tile.
    let tileVectors: Int
    /// fanIn, fanOut, stride, offset in the weights and offset in the scratch of each layer.
    let table: [Int32]
    /// Elements of one member's scratch.
    let scratchStride: Int

    /// The layout of `train.cl`. Nil for a model without hidden layers, or one too large for the kernel's 32-bit offsets.
    init?(_ layout: DeviceLayout, points: Int, tuning: Tuning, elementBytes: Int) {
        self.init(layout, points: points, perLayer: 4, extra: 0, tuning: tuning, elementBytes: elementBytes)
    }

    /// - Parameters:
    ///   - perLayer: arrays (points, stride) of each hidden layer.
    ///   - extra: elements behind the read-out, its velocities, the outputs and the residuals.
    init?(_ layout: DeviceLayout, points: Int, perLayer: Int, extra: Int, tuning: Tuning, elementBytes: Int) {
        let hidden = layout.layers.dropLast()
        guard let top = hidden.last, let width = hidden.map(\.vectorWidth).min() else { return nil }
        let rows = points.times(layout.architecture.outputs)
        var sizes = hidden.map { perLayer.times(points, $0.stride) }
        sizes.append((2.times(layout.architecture.outputs, top.stride)).plus(2.times(rows)).plus(extra))
        let line = max(1, tuning.vectorBytes / elementBytes), total = sizes.reduce(0) { $0.plus($1) }.plus(line)
        guard total <= Int(Int32.max), layout.weightStride <= Int(Int32.max), points <= Int(Int32.max) else { return nil }
        vectorWidth = width
        // With one point the tile's vectors are all that a row's loop has to do, with several each comes with some of the points.
        tileVectors = (points == 1 ? [8, 4, 2, 1] : [4, 2, 1]).first { tile in hidden.allSatisfy { $0.stride / width % tile == 0 } } ?? 1
        var offset = 0
        table = zip(layout.layers, sizes).flatMap { layer, size in
            defer { offset += size }
            return [layer.shape.fanIn, layer.shape.fanOut, layer.stride, layer.offset, offset].map(Int32.init)
        }
        scratchStride = (offset + line - 1) / line * line
    }
}
