import Compute
import Networks
import OpenCL

extension DeviceBatch {
    /// Full-batch training, with outputs and losses recorded on the device and read when the record is full. False if a delivery stopped it.
    func train(
        _ steps: Job.Training, _ data: TrainingData, _ passes: LayerPasses, _ deliver: (Block) throws -> Bool
    ) throws -> Bool {
        var record = try TrainingRecord(self, data)
        let goesOn =
            switch plan.training {
            case .members(let fused): try trainMembers(steps, data, fused, passes, &record, deliver)
            case .rows(let rows): try trainRows(steps, data, rows, passes, &record, deliver)
            case .layers: try trainLayers(steps, data, passes, &record, deliver)
            }
        return try goesOn && record.flush(deliver) && record.deliverLastFinite(deliver)
    }

    /// What changes the code of kernels with that loss and that rule.
    func trainingMacros(_ data: TrainingData) -> [(String, String)] {
        [("LOSS_VALUE", data.shape.kernelValue), ("LOSS_SLOPE", data.shape.kernelSlope)] + data.rule.kernelMacros
    }

    /// A launch for each layer and each part of a step; all points and all members at once.
    private func trainLayers(
        _ steps: Job.Training, _ data: TrainingData, _ passes: LayerPasses, _ record: inout TrainingRecord,
        _ deliver: (Block) throws -> Bool
    ) throws -> Bool {
        let loss = try makeLoss(data, record)
        var places = 0
        // Down the layers: the sensitivities below a layer are those at its weights before they move.
        let down = try layout.layers.reversed().flatMap { layer in
            let update = try makeUpdate(layer, data.rule, reducedOffset: places)
            places += update.places
            return layer.shape.index > 0
                ? [try makeBackward(through: layer, rowsPerPoint: 1, byRows: true), update.launch] : [update.launch]
        }
        let recorded = Set(steps.recordedSteps), kernelSteps = Set(steps.kernelSteps)
        var checkpoint = Checkpoint(engine.context)
        for step in 0...steps.steps {
            if step > 0 { try passes.forward() }
            if step > 0, kernelSteps.contains(step) {
                guard try passes.deliverTangentKernel(step: step, deliver) else { return false }
            }
            let records = recorded.contains(step)
            try loss(record.place(step, isRecorded: records).merging(["step": step]) { $1 })
            if records { guard try record.hold([step], deliver) else { return false } }
            if step < steps.steps { for launch in down { try launch() } }
            if try checkpoint.pass() { guard try record.report(step, deliver) else { return false } }
        }
        return true
    }

    /// The loss, its slope and the numbers of the next step: `Kernels/loss.cl`.
    private func makeLoss(_ data: TrainingData, _ record: TrainingRecord) throws -> Launch {
        // A warp for each member, where work-items of a group share sums.
        let items = engine.tuning.sharesSums ? 32 : 1
        let kernel = try engine.kernels.kernel(
            "loss.cl", "loss", trainingMacros(data) + [("LANES", "\(plan.panels.width)"), ("ITEMS", "\(items)")])
        let top = layout.layers[layout.layers.count - 1]
        let arguments = record.arguments.merging(
            [
                "members": count, "points": points, "outputs": layout.architecture.outputs, "rowStride": top.stride,
                "places": plan.reducedPlaces, "values": arrays[.values(top.shape.index)], "residual": arrays[plan.sensitivities(top)],
                "residualRows": arrays[plan.sensitivityRows(top)], "reduced": arrays[.reduced],
            ]) { $1 }
        return items > 1
            ? try Launch(kernel, global: [count * items], local: [items], arguments)
            : try launcher.launch(kernel, tiles: count, everyTile: true, members: 1, arguments)
    }
}
