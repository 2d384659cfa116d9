import Networks
import OpenCL

extension DeviceBatch {
    /// Adds A A^T of a block of one member's Jacobian.
    private func gram(_ matrix: RealBuffer, stride: Int, vectorWidth: Int, into out: RealBuffer) throws {
        let tile = Tuning.fitting(engine.tuning(of: .gram).gramTile, count: rows)
        let kernel = try engine.kernels.kernel(
            "gram.cl", "gram", vectorWidth: vectorWidth,
            [("TILE", "\(tile)"), ("ACC", precision == .float32 ? "float" : "double")])
        let side = (rows + tile - 1) / tile
        try launch(
            kernel, tiles: side * (side + 1) / 2, members: 1,
            [.int32(Int32(rows)), .int32(Int32(stride)), .int32(Int32(stride)), matrix.argument, out.argument])
    }

    /// Θ of all members at the present weights: after `forward` of the arrays that the method uses, or, as `gram`, of none at later steps
    /// of a training.
    func deliverTangentKernel(step: Int, _ deliver: (Block) throws -> Bool) throws -> Bool {
        let context = engine.context
        switch job.tangentKernel {
        case nil: return true
        case .gram:
            guard let panels, let kernel = panels.kernel else { return true }
            if step > 0 { try forward(panels) }
            return try deliver(.tangentKernel(members: members, step: step, values: tangentKernels(panels, into: kernel)))
        case .jacobian:
            try differentiate()
            let block = try RealBuffer(context, elementBytes: precision.elementBytes, count: plan.jacobianBlock)
            let kernel = try RealBuffer(context, elementBytes: precision.gramBytes, count: rows * rows)
            var kernels: [Double] = []
            for index in 0..<count {
                try kernel.fillWithZero()
                for layer in layout.layers { try contract(layer, member: index, block: block, into: kernel) }
                kernels += try kernel.read(0..<rows * rows)
            }
            return try deliver(.tangentKernel(members: members, step: step, values: kernels))
        }
    }

    /// Adds J J^T of one layer of one member, as many input units at a time as the block holds.
    private func contract(_ layer: DeviceLayout.Layer, member: Int, block: RealBuffer, into kernel: RealBuffer) throws {
        let width = engine.tuning.vectorBytes / precision.elementBytes, columns = layer.shape.fanOut
        let units = max(1, (plan.jacobianBlock / rows - (width - 1)) / columns)
        var first = 0
        while first < layer.shape.rows {
            let taken = min(units, layer.shape.rows - first)
            let stride = (taken * columns + width - 1) / width * width
            // The block's padding must be zero, and its last use may have left numbers there.
            if stride != taken * columns { try block.fillWithZero() }
            try jacobianBlock(
                layer, member: member, rows: 0..<rows, units: first..<first + taken, column: 0, stride: stride, into: block)
            try gram(block, stride: stride, vectorWidth: width, into: kernel)
            first += taken
        }
    }

    /// The derivatives by the weights of some input units of a layer, for some rows of one member.
    /// - Parameter streamed: whether nothing on the device reads them.
    private func jacobianBlock(
        _ layer: DeviceLayout.Layer, member: Int, rows block: Range<Int>, units: Range<Int>, column: Int, stride: Int,
        into out: RealBuffer, streamed: Bool = false
    ) throws {
        let kernel = try engine.kernels.kernel(
            "jacobian.cl", "jacobian", vectorWidth: layer.vectorWidth, [("STREAMED", streamed ? "1" : "0")])
        try launch(
            kernel, tiles: units.count, everyTile: true, members: block.count,
            [
                .int32(Int32(units.count)), .int32(Int32(block.lowerBound)), .int32(Int32(layout.architecture.outputs)),
                .int32(Int32(units.lowerBound)), .int32(Int32(layer.shape.fanIn)), .int32(Int32(layer.shape.fanOut)),
                .int32(Int32(layout.strideBelow(layer))), .int32(Int32(layer.stride)), .int64(Int64(member * memberStrideBelow(layer))),
                .int64(Int64(member * rows * layer.stride)), .int64(Int64(2 * member)), .int64(Int64(column)), .int64(Int64(stride)),
                scales[layer.shape.index].argument, below(layer)?.argument ?? .null, sensitivities[layer.shape.index].argument,
                out.argument,
            ])
    }

    /// The Jacobians of all members, after `forward`, in blocks of rows.
    func deliverJacobians(_ deliver: (Block) throws -> Bool) throws -> Bool {
        try differentiate()
        let parameters = layout.architecture.parameterCount
        let perBlock = max(1, min(rows, plan.jacobianBlock / parameters))
        let block = try RealBuffer(engine.context, elementBytes: precision.elementBytes, count: perBlock * parameters)
        for index in 0..<count {
            for first in stride(from: 0, to: rows, by: perBlock) {
                let taken = first..<min(first + perBlock, rows)
                for layer in layout.layers {
                    try jacobianBlock(
                        layer, member: index, rows: taken, units: 0..<layer.shape.rows, column: layer.shape.offset, stride: parameters,
                        into: block, streamed: true)
                }
                let values = try block.read(0..<taken.count * parameters)
                guard try deliver(.jacobian(member: members.lowerBound + index, rows: taken, values: values)) else { return false }
            }
        }
        return true
    }
}
