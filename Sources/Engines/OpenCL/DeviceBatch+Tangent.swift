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
    ///   - part: the rows and columns that are computed, nil for all.
    func makeTangent(
        _ layer: DeviceLayout.Layer?, inputs: PanelMatrix?, sensitivities: PanelMatrix?, rows: Int, lookUp: RealBuffer?,
        into out: RealBuffer?, isFirst: Bool = true, isLast: Bool = true, members: Int? = nil,
        part: KernelRectangle? = nil
    ) throws -> [Launch] {
        let width = plan.panels.width, panels = (rows + width - 1) / width, columns = min(2, panels), members = members ?? count
        let narrowing = precision.gramBytes / precision.elementBytes, tuning = engine.tuning(of: .tangent)
        let height = min(width, max(1, tuning[.tangentRows] / narrowing))
        let side = (panels + columns - 1) / columns
        let squares = part.map { $0.squares(of: columns * width) } ?? side * (side + 1) / 2
        let tiles = squares * (columns * width / height)
        let inputLength = inputs?.length ?? 0, length = sensitivities?.length ?? 0
        // As large as leaves every work-item one.
        let items = launcher.workItems(members: members, tuning), group = min(tuning[.tangentGroup], (tiles + items - 1) / items)
        var results: [String: any KernelValue] = [
            "rows": rows, "rowsPerPoint": rows / points, "inputLength": inputLength, "length": length, "isFirst": isFirst, "isLast": isLast,
            "outOffset": 0, "scales": layer.flatMap { arrays[.scales($0.shape.index)] }, "G": lookUp, "out": out,
        ]
        if let part {
            results.merge(
                [
                    "firstRow": part.rows.lowerBound, "endRow": part.rows.upperBound, "firstColumn": part.columns.lowerBound,
                    "endColumn": part.columns.upperBound,
                ]
            ) { $1 }
        }
        let operands: [String: any KernelValue] = [
            "inputMemberStride": inputs?.memberStride ?? 0, "input": inputs?.buffer, "delta": sensitivities?.buffer,
        ]
        let sums = [("ACC", precision == .float32 ? "float" : "double")] + (part == nil ? [] : [("RECTANGLE", "1")])
        if part == nil,
            let triangle = SlicedTriangle(
                rows: rows, length: max(inputLength, length), vectorWidth: width, elementBytes: precision.elementBytes,
                sumBytes: precision.gramBytes, tuning)
        {
            return try makeTangent(triangle, width: width, sums, members: members, results, operands)
        }
        let arguments = results.merging(operands) { $1 }
            .merging(["group": group, "block": min(tuning[.tangentBlock], max(inputLength, length))]) { $1 }
        let triangle = GroupTiles(
            squaresOf: { part?.squares(of: $0) ?? GroupTiles.squares(ofTriangle: rows, $0) }, rows: rows, length: max(inputLength, length),
            vectorWidth: width, elementBytes: precision.elementBytes,
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

    /// The parts of Θ of all members that the job names, from what `forward` left. False if the delivery stopped the work.
    func deliverKernelRectangles(_ deliver: (Block) throws -> Bool) throws -> Bool {
        let outputs = layout.architecture.outputs
        for launch in try makeDifferentiation(byRows: false) { try launch() }
        for part in job.kernelRectangles {
            if job.tangentKernel == .gram {
                for launch in try makeGrams(of: part) { try launch() }
            } else {
                try makeContraction(part: part.rows(perPoint: outputs)).contract()
            }
            let values = try arrays[.tangentKernel]?.read(0..<count * part.count(outputs: outputs)) ?? []
            guard try deliver(.kernelRectangle(members: members, part, values: values)) else { return false }
        }
        return true
    }

    /// Every layer's share of a part of Θ, from the sensitivities of all.
    private func makeGrams(of part: KernelRectangle) throws -> [Launch] {
        try layout.layers.reversed().flatMap { layer in
            let inputs = PanelMatrix(buffer: below(layer), length: layer.shape.fanIn, memberStride: memberStrideBelow(layer))
            let sensitive = PanelMatrix(buffer: arrays[plan.sensitivities(layer)], length: layer.shape.fanOut, memberStride: 0)
            let gram = arrays[.inputGram]
            let lookUp =
                try gram.map { try makeTangent(nil, inputs: inputs, sensitivities: nil, rows: points, lookUp: nil, into: $0, part: part) }
            return try (lookUp ?? [])
                + makeTangent(
                    layer, inputs: gram == nil ? inputs : nil, sensitivities: sensitive, rows: rows, lookUp: gram,
                    into: arrays[.tangentKernel], isFirst: layer.isReadOut, part: part.rows(perPoint: layout.architecture.outputs))
        }
    }
}

extension KernelRectangle {
    /// Squares of so many rows and columns that hold elements of it, where squares begin at multiples of their size.
    func squares(of size: Int) -> Int {
        func across(_ range: Range<Int>) -> Int { (range.upperBound + size - 1) / size - range.lowerBound / size }
        return across(rows) * across(columns)
    }
}
