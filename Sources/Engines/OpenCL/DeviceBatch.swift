import Networks
import OpenCL

/// Some members of an ensemble on a device: their arrays, and the order of launches that a job takes.
struct DeviceBatch {
    let engine: OpenCLEngine
    let layout: DeviceLayout
    let job: Job
    let training: TrainingData?
    let plan: DeviceMemoryPlan
    /// Which members of the ensemble these are.
    let members: Range<Int>
    let points: Int
    /// N · C.
    let rows: Int
    let sharesInputs: Bool

    let weights: RealBuffer
    let velocities: RealBuffer?
    /// (E, 2) of each layer: α and β.
    let scales: [RealBuffer]
    /// The same, (layers, E, 2), on the host.
    let scaleFactors: [[Double]]
    /// The points, row by row; nil where neither training nor Jacobians use them.
    let inputs: RealBuffer?
    /// h_l of each layer, the outputs last.
    let values: [RealBuffer]
    /// φ′(z_l) of each hidden layer.
    let slopes: [RealBuffer]
    /// ∂/∂z_l of each layer.
    let sensitivities: [RealBuffer]
    /// What is computed in panels; nil unless the job uses them.
    let panels: PanelArrays?

    var count: Int { members.count }
    var precision: Precision { engine.precision }

    init(
        _ engine: OpenCLEngine, _ ensemble: Ensemble, members: Range<Int>, _ job: Job, _ training: TrainingData?, _ plan: DeviceMemoryPlan
    ) throws {
        let context = engine.context, bytes = engine.precision.elementBytes
        let layout = engine.layout(ensemble.architecture)
        self.engine = engine
        self.layout = layout
        self.job = job
        self.training = training
        self.plan = plan
        self.members = members
        points = ensemble.points
        rows = ensemble.rows
        sharesInputs = ensemble.inputs.count == 1
        let sets = sharesInputs ? ensemble.inputs : Array(ensemble.inputs[members])
        weights = try RealBuffer(context, elementBytes: bytes, count: members.count * layout.weightStride)
        velocities =
            training != nil && ensemble.hasMomentum
            ? try RealBuffer(context, elementBytes: bytes, count: members.count * layout.weightStride) : nil
        scaleFactors = layout.layers.map { layer in
            ensemble.forwardScales(layer: layer.shape)[members].flatMap { [$0.weight, layer.shape.hasBias ? $0.bias : 0] }
        }
        scales = try scaleFactors.map { try RealBuffer(context, elementBytes: bytes, $0) }
        inputs =
            training != nil || plan.usesRows
            ? try RealBuffer(
                context, elementBytes: bytes,
                sets.flatMap { DeviceLayout.padRows($0.values, length: $0.dimension, stride: layout.inputStride) }) : nil
        if plan.usesRows {
            let samples = members.count * points, sensitive = job.differentiatesRows ? members.count * rows : samples
            values = try layout.layers.map { try RealBuffer(context, elementBytes: bytes, count: samples * $0.stride) }
            slopes = try layout.layers.dropLast().map { try RealBuffer(context, elementBytes: bytes, count: samples * $0.stride) }
            sensitivities = try layout.layers.map { try RealBuffer(context, elementBytes: bytes, count: sensitive * $0.stride) }
        } else {
            (values, slopes, sensitivities) = ([], [], [])
        }
        panels =
            job.usesPanels
            ? try PanelArrays(engine, layout, inputs: sets, members: members.count, points: points, rows: rows, job: job) : nil
        try makeInitialWeights(Array(ensemble.members[members]))
    }

    /// Draws the weights of members with a seed and writes those that are given.
    private func makeInitialWeights(_ sources: [Ensemble.Member]) throws {
        let seeds = sources.map { member in if case .seed(let seed) = member.source { seed } else { UInt64(0) } }
        if sources.contains(where: { if case .seed = $0.source { true } else { false } }) {
            let seedBuffer = try engine.context.makeBuffer(seeds)
            let chunk = engine.tuning.pairChunk
            let kernel = try engine.kernels.kernel("weights.cl", "initial_weights", [("CHUNK", "\(chunk)")])
            for layer in layout.layers {
                let shape = layer.shape
                let factors = sources.map {
                    layout.architecture.parameterisation.initialScales(sigmaW: $0.sigmaW, sigmaB: $0.sigmaB, fanIn: shape.fanIn)
                }
                let streams =
                    [(WeightStream.Stream.weight, shape.fanIn, 0)] + (shape.hasBias ? [(.bias, 1, shape.fanIn * layer.stride)] : [])
                for (stream, rows, start) in streams {
                    let factor = try RealBuffer(
                        engine.context, elementBytes: precision.elementBytes, factors.map { stream == .weight ? $0.weight : $0.bias })
                    let numbers = rows * shape.fanOut
                    try launch(
                        kernel, tiles: ((numbers + 1) / 2 + chunk - 1) / chunk, everyTile: true,
                        [
                            .int64(Int64(numbers)), .int64(Int64(shape.fanOut)), .int64(Int64(layer.stride)),
                            .int64(Int64(layer.offset + start)), .int64(Int64(layout.weightStride)), .uint32(UInt32(shape.index)),
                            .uint32(stream.rawValue), .buffer(seedBuffer), factor.argument, weights.argument,
                        ])
                }
            }
        }
        for (index, member) in sources.enumerated() {
            if case .weights(let given) = member.source {
                try weights.write(layout.padded(given.values), at: index * layout.weightStride)
            }
        }
    }

    /// Computes the job. False if a delivery stopped it.
    func run(_ deliver: (Block) throws -> Bool) throws -> Bool {
        if plan.usesRows { try forward() }
        if let panels { try forward(panels) }
        if job.outputs, job.training == nil {
            guard try deliver(.outputs(members: members, steps: [0], values: outputs())) else { return false }
        }
        if job.jacobian { guard try deliverJacobians(deliver) else { return false } }
        if job.tangentKernel != nil { guard try deliverTangentKernel(step: 0, deliver) else { return false } }
        if let steps = job.training, let data = training { guard try train(steps, data, deliver) else { return false } }
        if job.finalWeights {
            for index in 0..<count {
                let block = try weights.read(index * layout.weightStride..<(index + 1) * layout.weightStride)
                let member = members.lowerBound + index
                guard try deliver(.weights(members: member..<member + 1, values: layout.unpadded(block[...]))) else { return false }
            }
        }
        return true
    }

    /// The outputs f, (members, N, C), of whichever forward pass the job has.
    private func outputs() throws -> [Double] {
        if let panels { return try outputs(panels) }
        let top = layout.layers[layout.layers.count - 1]
        let all = try values[top.shape.index].read(0..<count * points * top.stride)
        return DeviceLayout.unpadRows(all, length: top.shape.fanOut, stride: top.stride)
    }

    /// The input of a layer, row by row: the points, or the activations below.
    func below(_ layer: DeviceLayout.Layer) -> RealBuffer? { layer.shape.index == 0 ? inputs : values[layer.shape.index - 1] }

    /// Elements from member to member of the input of a layer.
    func memberStrideBelow(_ layer: DeviceLayout.Layer) -> Int {
        layer.shape.index == 0 && sharesInputs ? 0 : points * layout.strideBelow(layer)
    }

    /// Launches a kernel over `tiles` of every member: with work-items enough to keep the device busy, which walk over the tiles, or
    /// with one for every tile.
    func launch(_ kernel: Kernel, tiles: Int, everyTile: Bool = false, members: Int? = nil, _ arguments: [KernelArgument]) throws {
        let members = members ?? count, tuning = engine.tuningState[kernel.name] ?? engine.tuning
        let group = min(tuning.groupSize, kernel.maximumWorkGroupSize)
        let items = (min(tiles, everyTile ? tiles : workItems(members: members, tuning)) + group - 1) / group * group
        try kernel.launch(global: [items, members], local: [group, 1], arguments: arguments)
    }

    /// Work-items for each of so many members that are enough to keep the device busy.
    func workItems(members: Int, _ tuning: Tuning) -> Int {
        max(1, (tuning.itemsPerUnit * engine.context.device.computeUnits + members - 1) / members)
    }
}
