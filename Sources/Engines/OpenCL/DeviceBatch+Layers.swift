import Networks
import OpenCL

extension DeviceBatch {
    private func macros(_ layer: DeviceLayout.Layer) -> [(String, String)] { [("BIAS", layer.shape.hasBias ? "1" : "0")] }

    /// Values and slopes of all layers.
    func forward() throws {
        let tuning = engine.tuning(of: .forward), activation = layout.architecture.activation
        for layer in layout.layers {
            let tile = Tuning.fitting(tuning.sampleTile, count: points)
            let vectors = Tuning.fitting(tuning.columnVectors, count: layer.stride / layer.vectorWidth)
            let kernel = try engine.kernels.kernel(
                "forward.cl", "forward", vectorWidth: layer.vectorWidth,
                macros(layer) + [
                    ("TS", "\(tile)"), ("JV", "\(vectors)"), ("READOUT", layer.isReadOut ? "1" : "0"),
                    ("ACTIVATION_VALUE", layer.isReadOut ? "z" : activation.kernelValue),
                    ("ACTIVATION_SLOPE", layer.isReadOut ? "z" : activation.kernelSlope),
                ])
            let columns = vectors * layer.vectorWidth
            try launch(
                kernel, tiles: (points + tile - 1) / tile * ((layer.stride + columns - 1) / columns),
                [
                    .int32(Int32(points)), .int32(Int32(layer.shape.fanIn)), .int32(Int32(layer.shape.fanOut)),
                    .int32(Int32(layout.strideBelow(layer))), .int32(Int32(layer.stride)), .int64(Int64(memberStrideBelow(layer))),
                    .int64(Int64(layer.offset)), .int64(Int64(layout.weightStride)), scales[layer.shape.index].argument,
                    below(layer)?.argument ?? .null, weights.argument, values[layer.shape.index].argument,
                    layer.isReadOut ? .null : slopes[layer.shape.index].argument,
                ])
        }
    }

    /// Sensitivities of all layers below the outputs, whose own are there already.
    func backward(rowsPerPoint: Int) throws {
        let tuning = engine.tuning(of: .backward), rows = points * rowsPerPoint
        for layer in layout.layers.dropFirst().reversed() {
            let tile = Tuning.fitting(tuning.sampleTile, count: rows)
            let units = Tuning.fitting(tuning.unitTile, count: layer.shape.fanIn)
            let kernel = try engine.kernels.kernel(
                "backward.cl", "backward", vectorWidth: layer.vectorWidth, [("TS", "\(tile)"), ("IB", "\(units)")])
            let index = layer.shape.index
            try launch(
                kernel, tiles: (rows + tile - 1) / tile * ((layer.shape.fanIn + units - 1) / units),
                [
                    .int32(Int32(rows)), .int32(Int32(rowsPerPoint)), .int32(Int32(layer.shape.fanIn)),
                    .int32(Int32(layout.strideBelow(layer))), .int32(Int32(layer.stride)), .int64(Int64(layer.offset)),
                    .int64(Int64(layout.weightStride)), scales[index].argument, sensitivities[index].argument, weights.argument,
                    slopes[index - 1].argument, sensitivities[index - 1].argument,
                ])
        }
    }

    /// Sensitivities of every output of every point, after `forward`.
    func differentiate() throws {
        let top = layout.layers.last!
        let kernel = try engine.kernels.kernel("backward.cl", "unit_sensitivities")
        try launch(
            kernel, tiles: rows, everyTile: true,
            [
                .int32(Int32(rows)), .int32(Int32(layout.architecture.outputs)), .int32(Int32(top.stride)), sensitivities.last!.argument,
            ])
        try backward(rowsPerPoint: layout.architecture.outputs)
    }

    /// One step of heavy ball on all layers, after `backward`.
    func update(schedule: RealBuffer, scheduleOffset: Int) throws {
        let tuning = engine.tuning(of: .update)
        for layer in layout.layers {
            let units = Tuning.fitting(tuning.sampleTile, count: layer.shape.fanIn)
            let vectors = Tuning.fitting(tuning.columnVectors, count: layer.stride / layer.vectorWidth)
            let kernel = try engine.kernels.kernel(
                "update.cl", "update", vectorWidth: layer.vectorWidth,
                macros(layer) + [("UB", "\(units)"), ("JV", "\(vectors)"), ("MOMENTUM", velocities == nil ? "0" : "1")])
            let columns = vectors * layer.vectorWidth
            let unitTiles = (layer.shape.fanIn + units - 1) / units + (layer.shape.hasBias ? 1 : 0)
            try launch(
                kernel, tiles: unitTiles * ((layer.stride + columns - 1) / columns),
                [
                    .int32(Int32(points)), .int32(Int32(layer.shape.fanIn)), .int32(Int32(layout.strideBelow(layer))),
                    .int32(Int32(layer.stride)), .int64(Int64(memberStrideBelow(layer))), .int64(Int64(layer.offset)),
                    .int64(Int64(layout.weightStride)), .int64(Int64(scheduleOffset)), scales[layer.shape.index].argument,
                    schedule.argument, below(layer)?.argument ?? .null, sensitivities[layer.shape.index].argument, weights.argument,
                    velocities?.argument ?? .null,
                ])
        }
    }
}
