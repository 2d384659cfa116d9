import Compute
import Networks
import OpenCL

extension DeviceBatch {
    /// Sensitivities of every output of every point in all layers, from what `forward` left.
    func differentiate() throws {
        try makeUnitSensitivities()()
        for layer in layout.layers.dropFirst().reversed() {
            try makeBackward(through: layer, rowsPerPoint: layout.architecture.outputs, byRows: job.jacobian)()
        }
    }

    /// Work-items for each unit of a block: on a GPU neighbours take neighbouring vectors of a row.
    private func group(_ layer: DeviceLayout.Layer, _ kernel: Kernel) -> Int {
        var group = 1
        while 2 * group <= min(engine.tuning.groupSize, kernel.maximumWorkGroupSize), group * layer.vectorWidth < layer.shape.fanOut {
            group *= 2
        }
        return group
    }

    /// The Jacobians of all members, after `forward`, in blocks of rows: `Kernels/jacobian.cl`.
    func deliverJacobians(_ deliver: (Block) throws -> Bool) throws -> Bool {
        try differentiate()
        let parameters = layout.architecture.parameterCount, block = arrays[.jacobianBlock]
        let isFlat = engine.tuning.sharesSums
        var perBlock = max(1, min(rows, plan.jacobianBlock / parameters, DeviceMemoryPlan.mostGroups))
        // Blocks of like size, so that the last one too fills the device.
        if isFlat { perBlock = (rows + (rows + perBlock - 1) / perBlock - 1) / ((rows + perBlock - 1) / perBlock) }
        let kernels = try layout.layers.map { layer in
            let kernel = try engine.kernels.kernel(
                "jacobian.cl", "jacobian", vectorWidth: layer.vectorWidth,
                [(isFlat ? "FLAT" : "STREAMED", "1"), ("LANES", "\(plan.panels.width)")])
            if isFlat { try kernel.bind(["units": layer.shape.rows]) }
            try kernel.bind([
                "rowsPerPoint": layout.architecture.outputs, "firstUnit": 0, "fanIn": layer.shape.fanIn, "columns": layer.shape.fanOut,
                "outStride": layer.stride, "columnOffset": layer.shape.offset, "stride": parameters,
                "scales": arrays[.scales(layer.shape.index)], "input": below(layer),
                "sensitivities": arrays[plan.sensitivityRows(layer)], "out": block,
            ])
            return kernel
        }
        for member in 0..<count {
            for first in stride(from: 0, to: rows, by: perBlock) {
                let taken = first..<min(first + perBlock, rows)
                for (layer, kernel) in zip(layout.layers, kernels) {
                    let group = isFlat ? min(256, kernel.maximumWorkGroupSize) : group(layer, kernel)
                    let groups = isFlat ? (layer.shape.parameterCount + 4 * group - 1) / (4 * group) : layer.shape.rows
                    try kernel.launch(
                        global: [groups * group, taken.count], local: [group, 1],
                        arguments: [
                            "firstRow": first, "inOffset": member * memberStrideBelow(layer),
                            "sensitivityOffset": member * rows * layer.stride, "scaleOffset": 2 * member,
                        ])
                }
                let values = try block?.read(0..<taken.count * parameters) ?? []
                guard try deliver(.jacobian(member: members.lowerBound + member, rows: taken, values: values)) else { return false }
            }
        }
        return true
    }

    /// Θ = J J^T of all members, after `forward`: as many units of a layer at a time as the block holds, in panels, contracted by `tangent`.
    func contractJacobians() throws {
        try differentiate()
        let size = plan.panels, block = arrays[.jacobianBlock], last = layout.layers.count - 1
        for member in 0..<count {
            for layer in layout.layers {
                let columns = layer.shape.fanOut, units = max(1, plan.jacobianBlock / size.rowLanes / columns)
                let kernel = try engine.kernels.kernel(
                    "jacobian.cl", "jacobian_panels", vectorWidth: size.width, [("LANES", "\(size.width)")])
                let group = group(layer, kernel)
                for first in stride(from: 0, to: layer.shape.rows, by: units) {
                    let taken = min(units, layer.shape.rows - first),
                        isLast = layer.shape.index == last && first + taken == layer.shape.rows
                    try kernel.launch(
                        global: [taken * group, size.rowPanels], local: [group, 1],
                        arguments: [
                            "points": points, "rowsPerPoint": layout.architecture.outputs, "firstUnit": first,
                            "fanIn": layer.shape.fanIn, "columns": columns, "inOffset": member * memberStrideBelow(layer),
                            "sensitivityOffset": member * size.rowLanes * columns, "scaleOffset": 2 * member, "stride": taken * columns,
                            "scales": arrays[.scales(layer.shape.index)], "input": below(layer),
                            "sensitivities": arrays[plan.sensitivities(layer)], "out": block,
                        ])
                    let launches = try makeTangent(
                        nil, inputs: PanelMatrix(buffer: block, length: taken * columns, memberStride: 0), sensitivities: nil, rows: rows,
                        lookUp: nil, into: arrays[.tangentKernel], isFirst: layer.shape.index == 0 && first == 0, isLast: isLast,
                        members: 1)
                    for launch in launches { try launch(["outOffset": member * rows * rows]) }
                }
            }
        }
    }
}
