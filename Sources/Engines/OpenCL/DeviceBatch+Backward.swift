import Arrays
import Compute
import Networks
import OpenCL

extension DeviceBatch {
    /// The sensitivities of the outputs themselves, with which a pass from the outputs of every point down begins.
    func makeUnitSensitivities() throws -> Launch {
        let top = layout.layers[layout.layers.count - 1]
        return try launcher.launch(
            engine.kernels.kernel("backward.cl", "unit_sensitivities", vectorWidth: plan.panels.width), tiles: plan.panels.rowPanels,
            everyTile: true,
            [
                "rows": rows, "outputs": layout.architecture.outputs, "rowStride": job.jacobian ? top.stride : 0,
                "above": arrays[plan.sensitivities(top)], "aboveRows": arrays[plan.sensitivityRows(top)],
            ])
    }

    /// The sensitivities below a layer from its own, of `rowsPerPoint` rows of every point: `Kernels/backward.cl`.
    /// - Parameter byRows: whether they are stored row by row as well.
    func makeBackward(through layer: DeviceLayout.Layer, rowsPerPoint: Int, byRows: Bool) throws -> Launch {
        let tuning = engine.tuning(of: .backward), shape = layer.shape, target = layout.layers[shape.index - 1], width = plan.panels.width
        let rows = points * rowsPerPoint, panels = (rows + width - 1) / width
        let tiling = Tiling(vectors: panels, units: shape.fanIn, tuning)
        // The fewer panels a work-item takes, the longer the block.
        let block = min(tuning[.backwardBlock].times(tiling.chunk) / tiling.together, shape.fanOut)
        let tiles = groupTiles(through: layer, rows: shape.fanIn, columns: rows, length: shape.fanOut, tuning)
        return try launcher.launch(
            product: "backward", width: width,
            slices: slicedTiles(rows: shape.fanIn, columns: rows, length: shape.fanOut, tuning), tiles, tiling, tuning,
            [
                "points": points, "rowsPerPoint": rowsPerPoint, "fanIn": shape.fanIn, "fanOut": shape.fanOut, "outStride": layer.stride,
                "chunk": tiling.chunk, "block": block, "rowStride": byRows ? target.stride : 0, "weightOffset": layer.offset,
                "weightMemberStride": layout.weightStride, "scales": arrays[.scales(shape.index)],
                "above": arrays[plan.sensitivities(layer)], "weights": arrays[.weights], "slope": arrays[.slopes(target.shape.index)],
                "below": arrays[plan.sensitivities(target)], "belowRows": arrays[plan.sensitivityRows(target)],
            ])
    }
}
