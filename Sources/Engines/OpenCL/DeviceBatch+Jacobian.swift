import Compute
import Networks
import OpenCL

extension DeviceBatch {
    /// Sensitivities of every output of every point in all layers, from what `forward` left.
    /// - Parameter byRows: whether they are stored row by row as well.
    func makeDifferentiation(byRows: Bool) throws -> [Launch] {
        try [makeUnitSensitivities()]
            + layout.layers.dropFirst().reversed().map {
                try makeBackward(through: $0, rowsPerPoint: layout.architecture.outputs, byRows: byRows)
            }
    }

    /// The Jacobians of all members, after `forward`, in blocks of rows: `Kernels/jacobian.cl`.
    func deliverJacobians(_ deliver: (Block) throws -> Bool) throws -> Bool {
        for launch in try makeDifferentiation(byRows: true) { try launch() }
        let parameters = layout.architecture.parameterCount, block = arrays[.jacobianBlock]
        // Elements of a work-item, where those of a group write lines together.
        let flat = engine.tuning.sharesSums ? 8 : 0
        var perBlock = max(1, min(rows, plan.jacobianBlock / parameters, DeviceMemoryPlan.mostGroups))
        // Blocks of like size, so that the last one too fills the device.
        if flat > 0 { perBlock = (rows + (rows + perBlock - 1) / perBlock - 1) / ((rows + perBlock - 1) / perBlock) }
        let kernels = try layout.layers.map { layer in
            let kernel = try engine.kernels.kernel(
                "jacobian.cl", "jacobian", vectorWidth: layer.vectorWidth,
                [flat > 0 ? ("FLAT", "\(flat)") : ("STREAMED", "1"), ("LANES", "\(plan.panels.width)")])
            if flat > 0 { try kernel.bind(["units": layer.shape.rows]) }
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
                    let group = flat > 0 ? min(256, kernel.maximumWorkGroupSize) : 1
                    let groups = flat > 0 ? (layer.shape.parameterCount + flat * group - 1) / (flat * group) : layer.shape.rows
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

    /// Θ = J J^T, after `forward`.
    /// - Parameter part: its rows and columns that are computed, nil for all.
    func makeContraction(part: KernelRectangle? = nil) throws -> JacobianContraction {
        let size = plan.panels, block = arrays[.jacobianBlock], last = layout.layers.count - 1
        let pieces = try layout.layers.flatMap { layer in
            let columns = layer.shape.fanOut, units = max(1, plan.jacobianBlock / size.rowLanes / columns)
            return try stride(from: 0, to: layer.shape.rows, by: units).map { first in
                let taken = min(units, layer.shape.rows - first)
                let kernel = try engine.kernels.kernel(
                    "jacobian.cl", "jacobian_panels", vectorWidth: size.width, [("LANES", "\(size.width)")])
                let group = group(layer, kernel)
                let jacobian = try Launch(
                    kernel, global: [taken * group, size.rowPanels], local: [group, 1],
                    [
                        "points": points, "rowsPerPoint": layout.architecture.outputs, "firstUnit": first, "fanIn": layer.shape.fanIn,
                        "columns": columns, "stride": taken * columns, "scales": arrays[.scales(layer.shape.index)],
                        "input": below(layer), "sensitivities": arrays[plan.sensitivities(layer)], "out": block,
                    ])
                let tangent = try makeTangent(
                    nil, inputs: PanelMatrix(buffer: block, length: taken * columns, memberStride: 0), sensitivities: nil, rows: rows,
                    lookUp: nil, into: arrays[.tangentKernel], isFirst: layer.shape.index == 0 && first == 0,
                    isLast: layer.shape.index == last && first + taken == layer.shape.rows, members: 1,
                    part: part)
                return JacobianContraction.Piece(
                    jacobian: jacobian, tangent: tangent, inStride: memberStrideBelow(layer), sensitivityStride: size.rowLanes * columns)
            }
        }
        return JacobianContraction(
            members: count, kernelSize: part?.count(outputs: 1) ?? rows * rows,
            differentiation: part == nil ? try makeDifferentiation(byRows: job.jacobian) : [], pieces: pieces)
    }

    /// Work-items for each unit of a block: on a GPU neighbours take neighbouring vectors of a row.
    private func group(_ layer: DeviceLayout.Layer, _ kernel: Kernel) -> Int {
        var group = 1
        while 2 * group <= min(engine.tuning[.groupSize], kernel.maximumWorkGroupSize), group * layer.vectorWidth < layer.shape.fanOut {
            group *= 2
        }
        return group
    }
}

/// The launches of Θ = J J^T, member by member: as many units of a layer at a time as the block holds, in panels, contracted by `tangent`.
struct JacobianContraction {
    /// Some units of a layer.
    struct Piece {
        let jacobian: Launch
        let tangent: [Launch]
        /// From member to member, elements of the layer's inputs and of its sensitivities.
        let inStride: Int, sensitivityStride: Int
    }

    let members: Int
    /// Elements of a member's Θ.
    let kernelSize: Int
    let differentiation: [Launch]
    let pieces: [Piece]

    func callAsFunction() throws {
        for launch in differentiation { try launch() }
        try contract()
    }

    /// The same after `differentiation`.
    func contract() throws {
        for member in 0..<members {
            for piece in pieces {
                try piece.jacobian([
                    "inOffset": member * piece.inStride, "sensitivityOffset": member * piece.sensitivityStride, "scaleOffset": 2 * member,
                ])
                for launch in piece.tangent { try launch(["outOffset": member * kernelSize]) }
            }
        }
    }
}
