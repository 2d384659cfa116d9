import Arrays
import Networks
import OpenCL

extension DeviceBatch {
    /// How a layer is divided: panels and units of a register tile, and how many panels a work-item takes together.
    private struct Tiling {
        let panels: Int
        let units: Int
        let chunk: Int
        /// Panels that a work-item takes together, those that are there.
        let together: Int
        /// Tiles of units times chunks of panels.
        let tiles: Int

        init(panels all: Int, units available: Int, _ tuning: Tuning) {
            // Two panels use the fewest loads; of one or three, such tiles would leave a part empty.
            let taken = all == 1 || all == 3 ? all : 2
            var fitting = tuning.panelSums / taken
            while fitting > available { fitting /= 2 }
            panels = taken
            units = fitting
            chunk = (tuning.panelChunk + taken - 1) / taken * taken
            together = min(all, chunk)
            tiles = (available + fitting - 1) / fitting * ((all + chunk - 1) / chunk)
        }

        var macros: [(String, String)] { [("UNITS", "\(units)"), ("PANELS", "\(panels)")] }
    }

    /// How `forward_panels` advances through a layer.
    private struct Advance {
        /// Units whose weights are copied at a time, 0 for none.
        let staged: Int
        /// Whether weights are asked for ahead.
        let fetches: Bool
        let block: Int

        init(_ tiling: Tiling, panels: Int, fanIn: Int, _ tuning: Tuning) {
            fetches = panels <= tuning.fewPanels
            let copies = tuning.stagedBlock > 0 && tiling.together > tiling.panels
            staged = copies ? (fetches ? tuning.forwardBlock : tuning.stagedBlock) : 0
            block = copies ? staged : min(tuning.forwardBlock, fanIn)
        }

        func macros(_ activation: Activation) -> [(String, String)] {
            [
                ("STAGED", "\(staged)"), ("FETCHED", fetches ? "1" : "0"), ("ACTIVATION_VALUE", activation.kernelValue),
                ("ACTIVATION_SLOPE", activation.kernelSlope),
            ]
        }
    }

    /// Values and slopes of all layers, in panels; with them, of a layer where the passes turn, the sensitivities of it, of that below
    /// and of the outputs.
    func forward(_ arrays: PanelArrays) throws {
        let tuning = engine.tuning(of: .forwardPanels), panels = PanelSize.panels(points, width: arrays.width)
        let turning = turningLayer(arrays)
        for layer in layout.layers {
            if layer.shape.index == turning?.shape.index {
                try turn(arrays, at: layer)
                continue
            }
            let index = layer.shape.index, shape = layer.shape, tiling = Tiling(panels: panels, units: shape.fanOut, tuning)
            let advance = Advance(tiling, panels: panels, fanIn: shape.fanIn, tuning)
            let tiles = GroupTiles(
                rows: shape.fanOut, columns: points, length: shape.fanIn, vectorWidth: arrays.width,
                elementBytes: precision.elementBytes, busy: busyTiles, tuning)
            try launch(
                pass: "forward_panels", through: layer, arrays, tiles, tiling, tuning,
                activation: advance.macros(layout.architecture.activation),
                [
                    .int32(Int32(panels)), .int32(Int32(shape.fanIn)), .int32(Int32(shape.fanOut)), .int32(Int32(layer.stride)),
                    .int32(Int32(tiling.chunk)), .int32(Int32(advance.block)), .int32(shape.hasBias ? 1 : 0),
                    .int32(layer.isReadOut ? 1 : 0), .int64(Int64(memberStride(arrays, below: layer))), .int64(Int64(layer.offset)),
                    .int64(Int64(layout.weightStride)), scales[index].argument, below(arrays, layer).argument, weights.argument,
                    arrays.values[index].argument, layer.isReadOut ? .null : arrays.slopes[index].argument,
                ])
        }
    }

    /// The outputs f, (members, N, C), after `forward`.
    func outputs(_ arrays: PanelArrays) throws -> [Double] {
        let size = panelSize, columns = layout.architecture.outputs, stride = size.pointLanes * columns
        let all = try arrays.values[layout.layers.count - 1].read(0..<count * stride)
        return (0..<count).flatMap { size.rows(all[$0 * stride..<($0 + 1) * stride], count: points, columns: columns) }
    }

    /// Θ of all members after `forward`, (members, rows, rows): every layer adds its share as soon as its sensitivities are known.
    func tangentKernels(_ arrays: PanelArrays, into kernel: RealBuffer) throws -> [Double] {
        let turning = turningLayer(arrays)
        for layer in layout.layers.reversed() {
            if let turning, layer.shape.index >= turning.shape.index - 1 {
                // Its sensitivities are there since `forward`.
            } else if layer.isReadOut {
                try startSensitivities(arrays)
            } else {
                try backward(arrays, to: layer)
            }
            if let inputGram = arrays.inputGram {
                try tangent(arrays, inputs: layer, sensitivities: nil, rows: points, lookUp: nil, into: inputGram)
            }
            try tangent(
                arrays, inputs: arrays.inputGram == nil ? layer : nil, sensitivities: layer, rows: rows, lookUp: arrays.inputGram,
                into: kernel)
        }
        return try kernel.read(0..<count * rows * rows)
    }

    /// One layer forward or backward: by work-groups where these have tiles, or else by work-items.
    private func launch(
        pass name: String, through layer: DeviceLayout.Layer, _ arrays: PanelArrays, _ tiles: GroupTiles?, _ tiling: Tiling,
        _ tuning: Tuning, activation: [(String, String)] = [], _ arguments: [KernelArgument]
    ) throws {
        // Groups read vectors where they are aligned.
        guard let tiles, layer.offset % arrays.width == 0 else {
            let kernel = try engine.kernels.kernel(name + ".cl", name, vectorWidth: arrays.width, tiling.macros + activation)
            return try launch(kernel, tiles: tiling.tiles, arguments)
        }
        let kernel = try groupKernel(
            name + ".cl", name, vectorWidth: arrays.width, tiles, splits: tuning.splitsProducts > 0, activation)
        try launch(kernel, tiles, arguments)
    }

    /// The last hidden layer, where `turn_panels` takes it forward and back at once: of scalar networks with so few points that panels
    /// share no copied weights, and with a matrix that stays in a cache. Decided by a member's own sizes.
    private func turningLayer(_ arrays: PanelArrays) -> DeviceLayout.Layer? {
        guard arrays.kernel != nil, rows == points, layout.layers.count > 2 else { return nil }
        let layer = layout.layers[layout.layers.count - 2], panels = PanelSize.panels(points, width: arrays.width)
        let tuning = engine.tuning(of: .forwardPanels), tiling = Tiling(panels: panels, units: layer.shape.fanOut, tuning)
        let isLight = layer.weightCount.times(precision.elementBytes) <= engine.tuning.turnBytes
        return isLight && Advance(tiling, panels: panels, fanIn: layer.shape.fanIn, tuning).staged == 0 && panels <= tuning.fewPanels
            ? layer : nil
    }

    /// That layer's values and slopes, its sensitivities, and those of the layer below.
    private func turn(_ arrays: PanelArrays, at layer: DeviceLayout.Layer) throws {
        let shape = layer.shape, index = shape.index, top = layout.layers[index + 1]
        let panels = PanelSize.panels(points, width: arrays.width), tuning = engine.tuning(of: .forwardPanels)
        let tiling = Tiling(panels: panels, units: min(shape.fanIn, shape.fanOut), tuning)
        let advance = Advance(tiling, panels: panels, fanIn: shape.fanIn, tuning)
        try startSensitivities(arrays)
        let kernel = try engine.kernels.kernel(
            "turn_panels.cl", "turn_panels", vectorWidth: arrays.width, tiling.macros + advance.macros(layout.architecture.activation))
        try launch(
            kernel, tiles: 1,
            [
                .int32(Int32(points)), .int32(Int32(shape.fanIn)), .int32(Int32(shape.fanOut)), .int32(Int32(layer.stride)),
                .int32(Int32(top.stride)), .int32(Int32(tiling.chunk)), .int32(Int32(advance.block)),
                .int32(Int32(backwardBlock(shape, width: arrays.width))), .int32(shape.hasBias ? 1 : 0),
                .int64(Int64(memberStride(arrays, below: layer))), .int64(Int64(layer.offset)), .int64(Int64(top.offset)),
                .int64(Int64(layout.weightStride)), scales[index].argument, scales[index + 1].argument, below(arrays, layer).argument,
                weights.argument, arrays.slopes[index - 1].argument, sensitivities(arrays, layer: index + 1).argument,
                arrays.values[index].argument, arrays.slopes[index].argument, sensitivities(arrays, layer: index).argument,
                sensitivities(arrays, layer: index - 1).argument,
            ])
    }

    /// Units by which the sums of a layer backward advance.
    private func backwardBlock(_ shape: Architecture.Layer, width: Int) -> Int {
        let tuning = engine.tuning(of: .backwardPanels)
        let tiling = Tiling(panels: PanelSize.panels(rows, width: width), units: shape.fanIn, tuning)
        return min(tuning.backwardBlock.times(tiling.chunk) / tiling.together, shape.fanOut)
    }

    /// The sensitivities of the outputs themselves.
    private func startSensitivities(_ arrays: PanelArrays) throws {
        let top = layout.layers[layout.layers.count - 1]
        try launch(
            engine.kernels.kernel("backward_panels.cl", "unit_panels", vectorWidth: arrays.width),
            tiles: PanelSize.panels(rows, width: arrays.width), everyTile: true,
            [.int32(Int32(rows)), .int32(Int32(layout.architecture.outputs)), sensitivities(arrays, layer: top.shape.index).argument])
    }

    /// The sensitivities of a hidden layer from those of the one above.
    private func backward(_ arrays: PanelArrays, to target: DeviceLayout.Layer) throws {
        let layer = layout.layers[target.shape.index + 1], shape = layer.shape
        let tuning = engine.tuning(of: .backwardPanels), panels = PanelSize.panels(rows, width: arrays.width)
        let tiling = Tiling(panels: panels, units: shape.fanIn, tuning)
        let tiles = GroupTiles(
            rows: shape.fanIn, columns: rows, length: shape.fanOut, vectorWidth: arrays.width, elementBytes: precision.elementBytes,
            busy: busyTiles, tuning)
        try launch(
            pass: "backward_panels", through: layer, arrays, tiles, tiling, tuning,
            [
                .int32(Int32(points)), .int32(Int32(layout.architecture.outputs)), .int32(Int32(shape.fanIn)),
                .int32(Int32(shape.fanOut)), .int32(Int32(layer.stride)), .int32(Int32(tiling.chunk)),
                .int32(Int32(backwardBlock(shape, width: arrays.width))), .int64(Int64(layer.offset)),
                .int64(Int64(layout.weightStride)), scales[shape.index].argument,
                sensitivities(arrays, layer: shape.index).argument, weights.argument, arrays.slopes[target.shape.index].argument,
                sensitivities(arrays, layer: target.shape.index).argument,
            ])
    }

    /// One launch of `tangent`: S alone without sensitivities, with S looked up without inputs.
    private func tangent(
        _ arrays: PanelArrays, inputs: DeviceLayout.Layer?, sensitivities sensitive: DeviceLayout.Layer?, rows: Int, lookUp: RealBuffer?,
        into out: RealBuffer
    ) throws {
        let panels = PanelSize.panels(rows, width: arrays.width), columns = min(2, panels)
        let narrowing = precision.gramBytes / precision.elementBytes, tuning = engine.tuning(of: .tangent)
        let height = min(arrays.width, max(1, tuning.tangentRows / narrowing))
        let side = (panels + columns - 1) / columns, tiles = side * (side + 1) / 2 * (columns * arrays.width / height)
        let inputLength = inputs?.shape.fanIn ?? 0, length = sensitive?.shape.fanOut ?? 0
        // As large as leaves every work-item one.
        let items = workItems(members: count, tuning), group = min(tuning.tangentGroup, (tiles + items - 1) / items)
        let arguments: [KernelArgument] = [
            .int32(Int32(rows)), .int32(Int32(rows / points)), .int32(Int32(inputLength)), .int32(Int32(length)),
            .int32(Int32(group)), .int32(Int32(min(tuning.tangentBlock, max(inputLength, length)))),
            .int32(sensitive.map(\.isReadOut) ?? true ? 1 : 0),
            .int32(sensitive.map { $0.shape.index == 0 } ?? true ? 1 : 0),
            .int64(Int64(inputs.map { memberStride(arrays, below: $0) } ?? 0)),
            sensitive.map { scales[$0.shape.index].argument } ?? .null, inputs.map { below(arrays, $0).argument } ?? .null,
            sensitive.map { sensitivities(arrays, layer: $0.shape.index).argument } ?? .null, lookUp?.argument ?? .null, out.argument,
        ]
        let sums = [("ACC", precision == .float32 ? "float" : "double")]
        let triangle = GroupTiles(
            triangle: rows, length: max(inputLength, length), vectorWidth: arrays.width, elementBytes: precision.elementBytes,
            sumBytes: precision.gramBytes, busy: busyTiles, tuning)
        if let triangle {
            let splits = tuning.splitsProducts > 0 && precision == .float32
            let kernel = try groupKernel("tangent.cl", "tangent", vectorWidth: arrays.width, triangle, splits: splits, sums)
            return try launch(kernel, triangle, arguments)
        }
        let kernel = try engine.kernels.kernel(
            "tangent.cl", "tangent", vectorWidth: arrays.width,
            sums + [("ROWS", "\(height)"), ("PANELS", "\(columns)"), ("GROUP", "\(tuning.tangentGroup)")])
        try launch(kernel, tiles: (tiles + group - 1) / group, arguments)
    }

    private var panelSize: PanelSize {
        PanelSize(points: points, rows: rows, tuning: engine.tuning, elementBytes: precision.elementBytes)
    }

    private func sensitivities(_ arrays: PanelArrays, layer index: Int) -> RealBuffer {
        arrays.sensitivities[index == layout.layers.count - 1 ? arrays.sensitivities.count - 1 : index % 2]
    }

    /// The input of a layer: the points, or the activations below.
    private func below(_ arrays: PanelArrays, _ layer: DeviceLayout.Layer) -> RealBuffer {
        layer.shape.index == 0 ? arrays.inputs : arrays.values[layer.shape.index - 1]
    }

    /// Elements from member to member of the input of a layer.
    private func memberStride(_ arrays: PanelArrays, below layer: DeviceLayout.Layer) -> Int {
        layer.shape.index == 0 && sharesInputs ? 0 : panelSize.pointLanes * layer.shape.fanIn
    }
}
