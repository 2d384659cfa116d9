import Compute
import Networks
import OpenCL

extension DeviceBatch {
    /// What `tangent` contracts: panels of so many units, and where members' begin.
    struct PanelMatrix {
        let buffer: RealBuffer?
        let length: Int
        let memberStride: Int
    }

    /// Launches of `Kernels/tangent.cl` or `tangent_slices.cl`: S alone without sensitivities, with S looked up without inputs.
    /// - Parameters:
    ///   - layer: whose scales multiply; nil where only S is wanted.
    ///   - isFirst: whether the result is written and not added to; `isLast`: whether it is mirrored.
    func makeTangent(
        _ layer: DeviceLayout.Layer?, inputs: PanelMatrix?, sensitivities: PanelMatrix?, rows: Int, lookUp: RealBuffer?,
        into out: RealBuffer?, isFirst: Bool = true, isLast: Bool = true, members: Int? = nil
    ) throws -> [Launch] {
        let width = plan.panels.width, panels = (rows + width - 1) / width, columns = min(2, panels), members = members ?? count
        let narrowing = precision.gramBytes / precision.elementBytes, tuning = engine.tuning(of: .tangent)
        let height = min(width, max(1, tuning[.tangentRows] / narrowing))
        let side = (panels + columns - 1) / columns, tiles = side * (side + 1) / 2 * (columns * width / height)
        let inputLength = inputs?.length ?? 0, length = sensitivities?.length ?? 0
        // As large as leaves every work-item one.
        let items = launcher.workItems(members: members, tuning), group = min(tuning[.tangentGroup], (tiles + items - 1) / items)
        let results: [String: any KernelValue] = [
            "rows": rows, "rowsPerPoint": rows / points, "inputLength": inputLength, "length": length, "isFirst": isFirst, "isLast": isLast,
            "outOffset": 0, "scales": layer.flatMap { arrays[.scales($0.shape.index)] }, "G": lookUp, "out": out,
        ]
        let operands: [String: any KernelValue] = [
            "inputMemberStride": inputs?.memberStride ?? 0, "input": inputs?.buffer, "delta": sensitivities?.buffer,
        ]
        let sums = [("ACC", precision == .float32 ? "float" : "double")]
        if let triangle = SlicedTriangle(
            rows: rows, length: max(inputLength, length), vectorWidth: width, elementBytes: precision.elementBytes,
            sumBytes: precision.gramBytes, tuning)
        {
            return try makeTangent(triangle, width: width, sums, members: members, results, operands)
        }
        let arguments = results.merging(operands) { $1 }
            .merging(["group": group, "block": min(tuning[.tangentBlock], max(inputLength, length))]) { $1 }
        let triangle = GroupTiles(
            triangle: rows, length: max(inputLength, length), vectorWidth: width, elementBytes: precision.elementBytes,
            sumBytes: precision.gramBytes, busy: max(1, 2 * engine.context.device.computeUnits / members), tuning)
        if let triangle {
            let splits = tuning[.splitsProducts] > 0 && precision == .float32
            let kernel = try launcher.groupKernel("tangent", vectorWidth: width, triangle, splits: splits, sums)
            return [
                try Launch(
                    kernel, global: [triangle.count * triangle.shape.items, members], local: [triangle.shape.items, 1], arguments)
            ]
        }
        let kernel = try engine.kernels.kernel(
            "tangent.cl", "tangent", vectorWidth: width,
            sums + [("ROWS", "\(height)"), ("PANELS", "\(columns)"), ("GROUP", "\(tuning[.tangentGroup])")])
        return [try launcher.launch(kernel, tiles: (tiles + group - 1) / group, members: members, arguments)]
    }

    /// The same in slices, and where sums have parts a launch that adds them.
    private func makeTangent(
        _ triangle: SlicedTriangle, width: Int, _ macros: [(String, String)], members: Int, _ results: [String: any KernelValue],
        _ operands: [String: any KernelValue]
    ) throws -> [Launch] {
        func kernel(_ name: String) throws -> Kernel {
            try engine.kernels.kernel("tangent_slices.cl", name, vectorWidth: width, macros + triangle.macros)
        }
        let results = results.merging(["parts": triangle.parts, "partial": arrays[.tangentParts]]) { $1 }
        let sums = try Launch(
            kernel("tangent_slices"), global: [triangle.squares * triangle.parts * triangle.items, members], local: [triangle.items, 1],
            results.merging(operands) { $1 })
        guard triangle.parts > 1 else { return [sums] }
        return [
            sums,
            try launcher.launch(
                kernel("tangent_finish"), tiles: triangle.squares * triangle.tile * triangle.tile, everyTile: true, members: members,
                results),
        ]
    }

    /// Θ of all members from what `forward` left: every layer adds its share as soon as its sensitivities are known.
    func makeTangentKernel() throws -> [Launch] {
        var launches = [try makeUnitSensitivities()]
        for layer in layout.layers.reversed() {
            let index = layer.shape.index
            if !layer.isReadOut {
                launches.append(
                    try makeBackward(through: layout.layers[index + 1], rowsPerPoint: layout.architecture.outputs, byRows: false))
            }
            let inputs = PanelMatrix(buffer: below(layer), length: layer.shape.fanIn, memberStride: memberStrideBelow(layer))
            let sensitive = PanelMatrix(buffer: arrays[plan.sensitivities(layer)], length: layer.shape.fanOut, memberStride: 0)
            if let gram = arrays[.inputGram] {
                launches += try makeTangent(nil, inputs: inputs, sensitivities: nil, rows: points, lookUp: nil, into: gram)
            }
            launches += try makeTangent(
                layer, inputs: arrays[.inputGram] == nil ? inputs : nil, sensitivities: sensitive, rows: rows,
                lookUp: arrays[.inputGram], into: arrays[.tangentKernel], isFirst: layer.isReadOut, isLast: index == 0)
        }
        return launches
    }
}
