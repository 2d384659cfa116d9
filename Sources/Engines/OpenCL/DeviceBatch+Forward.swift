import Compute
import Networks
import OpenCL

extension DeviceBatch {
    /// How `forward` advances through a layer in register tiles.
    private struct Advance {
        /// Units whose weights are copied at a time, 0 for none.
        let staged: Int
        /// Whether weights are asked for ahead.
        let fetches: Bool
        let block: Int

        init(_ tiling: Tiling, panels: Int, fanIn: Int, _ tuning: Tuning) {
            fetches = panels <= tuning[.fewPanels]
            let copies = tuning[.stagedBlock] > 0 && tiling.together > tiling.vectors
            staged = copies ? (fetches ? tuning[.forwardBlock] : tuning[.stagedBlock]) : 0
            block = copies ? staged : min(tuning[.forwardBlock], fanIn)
        }

        var macros: [(String, String)] { [("STAGED", "\(staged)"), ("FETCHED", fetches ? "1" : "0")] }
    }

    /// Values and slopes of all layers, from the points up: `Kernels/forward.cl`.
    func makeForward() throws -> [Launch] {
        let tuning = engine.tuning(of: .forward), activation = layout.architecture.activation, size = plan.panels
        let hidden = [("ACTIVATION_VALUE", activation.kernelValue), ("ACTIVATION_SLOPE", activation.kernelSlope)]
        return try layout.layers.map { layer in
            // A read-out has none, so that networks of all activations share its program.
            let macros = layer.isReadOut ? [] : hidden
            let shape = layer.shape, tiling = Tiling(vectors: size.pointPanels, units: shape.fanOut, tuning)
            let advance = Advance(tiling, panels: size.pointPanels, fanIn: shape.fanIn, tuning)
            let tiles = groupTiles(through: layer, rows: shape.fanOut, columns: points, length: shape.fanIn, tuning)
            let slices = slicedTiles(rows: shape.fanOut, columns: points, length: shape.fanIn, tuning)
            return try launcher.launch(
                product: "forward", width: size.width, slices: slices, tiles, tiling, tuning, registers: advance.macros + macros,
                groups: macros
                    + (slices != nil && layer.offset % size.width == 0 && layer.stride % size.width == 0 ? [("ALIGNED", "1")] : []),
                [
                    "panels": size.pointPanels, "fanIn": shape.fanIn, "fanOut": shape.fanOut, "outStride": layer.stride,
                    "chunk": tiling.chunk, "block": advance.block, "hasBias": shape.hasBias, "readOut": layer.isReadOut,
                    "inMemberStride": memberStrideBelow(layer), "weightOffset": layer.offset, "weightMemberStride": layout.weightStride,
                    "scales": arrays[.scales(shape.index)], "input": below(layer), "weights": arrays[.weights],
                    "value": arrays[.values(shape.index)], "slope": arrays[.slopes(shape.index)],
                ])
        }
    }

    /// Tiles of work-groups for a product with a layer's weights, which are read as vectors where they are aligned.
    func groupTiles(
        through layer: DeviceLayout.Layer, rows: Int, columns: Int, length: Int, busy: Int? = nil, _ tuning: Tuning
    ) -> GroupTiles? {
        let width = plan.panels.width
        guard layer.offset % width == 0 else { return nil }
        return GroupTiles(
            rows: rows, columns: columns, length: length, vectorWidth: width, elementBytes: precision.elementBytes,
            busy: busy ?? launcher.busyTiles, tuning)
    }

    /// Tiles whose sums the items of a group divide.
    func slicedTiles(rows: Int, columns: Int, length: Int, _ tuning: Tuning) -> SlicedTiles? {
        SlicedTiles(
            rows: rows, columns: columns, length: length, vectorWidth: plan.panels.width, elementBytes: precision.elementBytes, tuning)
    }

    /// The input of a layer: the points, or the activations below.
    func below(_ layer: DeviceLayout.Layer) -> RealBuffer? {
        arrays[layer.shape.index == 0 ? .inputs : .values(layer.shape.index - 1)]
    }

    /// Elements from member to member of the input of a layer.
    func memberStrideBelow(_ layer: DeviceLayout.Layer) -> Int {
        layer.shape.index == 0 && sharesInputs ? 0 : plan.panels.pointLanes * layer.shape.fanIn
    }

    /// The outputs f, (members, N, C), after `forward`.
    func outputs() throws -> [Double] {
        let columns = layout.architecture.outputs, stride = plan.panels.pointLanes * columns
        let all = try arrays[.values(layout.layers.count - 1)]?.read(0..<count * stride) ?? []
        return (0..<count).flatMap { plan.panels.rows(all[$0 * stride..<($0 + 1) * stride], columns: columns) }
    }
}
