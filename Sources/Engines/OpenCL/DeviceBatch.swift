import Compute
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
    let arrays: DeviceArrays<BatchArray>
    let launcher: Launcher

    var count: Int { members.count }
    var precision: Precision { engine.precision }

    init(
        _ engine: OpenCLEngine, _ ensemble: Ensemble, members: Range<Int>, _ job: Job, _ training: TrainingData?, _ plan: DeviceMemoryPlan
    ) throws {
        self.engine = engine
        layout = engine.layout(ensemble.architecture)
        self.job = job
        self.training = training
        self.plan = plan
        self.members = members
        points = ensemble.points
        rows = ensemble.rows
        sharesInputs = ensemble.inputs.count == 1
        arrays = try DeviceArrays(
            plan.needs, members: members.count, shared: sharesInputs ? [.inputs, .inputRows] : [], engine.context)
        launcher = Launcher(engine.kernels, engine.tuning, engine.tuningState, members: members.count)
        // (layers, E, 2): α and β.
        let scaleFactors = layout.layers.map { layer in
            ensemble.forwardScales(layer: layer.shape)[members].flatMap { [$0.weight, layer.shape.hasBias ? $0.bias : 0] }
        }
        let sets = sharesInputs ? ensemble.inputs : Array(ensemble.inputs[members])
        for (layer, factors) in scaleFactors.enumerated() { try arrays[.scales(layer)]?.write(factors) }
        try arrays[.allScales]?.write((0..<count).flatMap { member in scaleFactors.flatMap { $0[2 * member...2 * member + 1] } })
        try arrays[.inputRows]?.write(
            sets.flatMap { DeviceLayout.padRows($0.values, length: $0.dimension, stride: layout.inputStride) })
        try arrays[.inputs]?.write(sets.flatMap { plan.panels.panels($0.values, columns: $0.dimension) })
        try makeInitialWeights(Array(ensemble.members[members]))
    }

    private func makeInitialWeights(_ sources: [Ensemble.Member]) throws {
        guard let weights = arrays[.weights] else { return }
        if !engine.drawsOnHost { try drawWeights(sources, into: weights) }
        for (index, member) in sources.enumerated() {
            let values: [Double]
            switch member.source {
            case .weights(let given): values = given.values
            case .seed(let seed) where engine.drawsOnHost:
                // The same numbers, but for the last place of the host's logarithm and cosine.
                values =
                    Weights(seed: seed, sigmaW: member.sigmaW, sigmaB: member.sigmaB, for: layout.architecture) {
                        precision == .float64 ? $0 : Double(Float($0))
                    }.values
            case .seed: continue
            }
            try weights.write(layout.padded(values), at: index * layout.weightStride)
        }
    }

    /// Draws the weights of all members, if any has a seed: `Kernels/weights.cl`.
    private func drawWeights(_ sources: [Ensemble.Member], into weights: RealBuffer) throws {
        let given = sources.map { member in if case .seed(let seed) = member.source { seed } else { UInt64?.none } }
        guard given.contains(where: { $0 != nil }) else { return }
        let chunk = engine.tuning[.pairChunk]
        let kernel = try engine.kernels.kernel("weights.cl", "initial_weights", [("CHUNK", "\(chunk)")])
        try kernel.bind([
            "seeds": engine.context.makeBuffer(given.map { $0 ?? 0 }), "out": weights, "memberStride": layout.weightStride,
        ])
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
                let numbers = rows * shape.fanOut, tiles = ((numbers + 1) / 2 + chunk - 1) / chunk
                try launcher.launch(
                    kernel, tiles: tiles, everyTile: true,
                    [
                        "count": numbers, "columns": shape.fanOut, "stride": layer.stride, "offset": layer.offset + start,
                        "layer": shape.index, "stream": Int(stream.rawValue), "scales": factor,
                    ])()
            }
        }
    }

    /// Computes the job. False if a delivery stopped it.
    func run(_ deliver: (Block) throws -> Bool) throws -> Bool {
        let passes = try LayerPasses(self)
        try passes.forward()
        if job.outputs, job.training == nil {
            guard try deliver(.outputs(members: members, steps: [0], values: outputs())) else { return false }
        }
        if job.jacobian { guard try deliverJacobians(deliver) else { return false } }
        if !job.kernelRectangles.isEmpty {
            guard try deliverKernelRectangles(deliver) else { return false }
        } else if job.tangentKernel != nil {
            guard try passes.deliverTangentKernel(step: 0, deliver) else { return false }
        }
        if let steps = job.training, let data = training {
            guard try train(steps, data, passes, deliver) else { return false }
        }
        if job.finalWeights, let weights = arrays[.weights] {
            for index in 0..<count {
                let block = try weights.read(index * layout.weightStride..<(index + 1) * layout.weightStride)
                let member = members.lowerBound + index
                guard try deliver(.weights(members: member..<member + 1, values: layout.unpadded(block[...]))) else { return false }
            }
        }
        return true
    }
}
