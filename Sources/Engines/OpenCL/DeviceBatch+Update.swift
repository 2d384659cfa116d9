import Compute
import Networks
import OpenCL

/// How an update of a layer is divided into tiles, by the sizes of a member alone where a rule sums over them.
struct UpdateTiling {
    let tiling: Tiling
    let tiles: GroupTiles?
    /// Work-groups for the bias beside those of the tiles.
    let biasGroups: Int

    /// - Parameters:
    ///   - busy: tiles that are enough.
    ///   - panelWidth: of the layer's inputs, as whose vectors work-groups read both operands.
    init(_ layer: DeviceLayout.Layer, points: Int, panelWidth: Int, elementBytes: Int, busy: Int, _ tuning: Tuning) {
        let vectors = layer.stride / layer.vectorWidth, units = layer.shape.fanIn
        tiling =
            tuning.sharesSums ? Tiling(rowwise: vectors, units: units, tuning) : Tiling(vectors: vectors, units: units, tuning)
        tiles =
            layer.offset % panelWidth == 0 && layer.vectorWidth == panelWidth
            ? GroupTiles(
                rows: layer.shape.fanIn, columns: layer.stride, length: points, vectorWidth: layer.vectorWidth,
                elementBytes: elementBytes, busy: busy, tuning) : nil
        biasGroups = tiles.map { layer.shape.hasBias ? min(16, (vectors + $0.shape.items - 1) / $0.shape.items) : 0 } ?? 0
    }

    /// Places for what tiles and bias give to the sums of the rule.
    var places: Int { tiles.map { $0.count + biasGroups } ?? tiling.tiles + 1 }
}

extension DeviceBatch {
    /// The step of a layer from its inputs and sensitivities: `Kernels/update.cl`.
    /// - Parameter reducedOffset: where the places of the layer begin.
    func makeUpdate(_ layer: DeviceLayout.Layer, _ rule: UpdateRule, reducedOffset: Int) throws -> (launch: Launch, places: Int) {
        let tuning = engine.tuning(of: .update), shape = layer.shape, reductions = rule.reductions.count
        // Where tiles leave sums, their shape may not depend on who is trained beside a member.
        let busy = reductions == 0 ? launcher.busyTiles : 2 * engine.context.device.computeUnits
        let tiling = UpdateTiling(
            layer, points: points, panelWidth: plan.panels.width, elementBytes: precision.elementBytes, busy: busy, tuning)
        // A layer behind one of few outputs may begin within a vector.
        let isAligned = tuning.sharesSums && layer.offset % layer.vectorWidth == 0
        let macros = rule.kernelMacros + [("LANES", "\(plan.panels.width)")] + (isAligned ? [("ALIGNED", "1")] : [])
        let launch = try launcher.launch(
            product: "update", width: layer.vectorWidth, tiling.tiles, tiling.tiling, tuning, registers: macros, groups: macros,
            groupsBeside: tiling.biasGroups,
            [
                "points": points, "fanIn": shape.fanIn, "outStride": layer.stride, "chunk": tiling.tiling.chunk, "hasBias": shape.hasBias,
                "tiles": tiling.tiles?.count ?? tiling.tiling.tiles, "inMemberStride": memberStrideBelow(layer),
                "weightOffset": layer.offset, "weightMemberStride": layout.weightStride, "reducedOffset": reducedOffset * reductions,
                "reducedStride": plan.reducedPlaces * reductions, "scales": arrays[.scales(shape.index)], "controls": arrays[.controls],
                "input": below(layer), "delta": arrays[plan.sensitivityRows(layer)], "weights": arrays[.weights],
                "states": arrays[.states], "reduced": arrays[.reduced],
            ])
        return (launch, tiling.places)
    }
}
