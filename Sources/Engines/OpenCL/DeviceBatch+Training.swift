import Networks
import OpenCL

extension DeviceBatch {
    /// Full-batch heavy ball, with outputs and losses recorded on the device and read when the record is full.
    func train(_ steps: Job.Training, _ data: TrainingData, _ deliver: (Block) throws -> Bool) throws -> Bool {
        var record = try TrainingRecord(self, data)
        let goesOn =
            switch plan.training {
            case .members(let fused): try trainFused(steps, data, fused, &record, deliver)
            case .rows(let rows): try trainByRows(steps, data, rows, &record, deliver)
            case .layers: try trainLayerByLayer(steps, data, &record, deliver)
            }
        return try goesOn && record.flush(deliver) && record.deliverLastFinite(deliver)
    }

    /// What changes the code of kernels with that loss.
    func lossMacros(_ data: TrainingData) -> [(String, String)] {
        [("LOSS_VALUE", data.shape.kernelValue), ("LOSS_SLOPE", data.shape.kernelSlope)]
    }

    /// A launch for each layer and each part of a step; all points and all members at once.
    private func trainLayerByLayer(
        _ steps: Job.Training, _ data: TrainingData, _ record: inout TrainingRecord, _ deliver: (Block) throws -> Bool
    ) throws -> Bool {
        let loss = try engine.kernels.kernel("loss.cl", "loss", lossMacros(data))
        let recorded = Set(steps.recordedSteps), kernelSteps = Set(steps.kernelSteps)
        for step in 0...steps.steps {
            if step > 0 { try forward() }
            if step > 0, kernelSteps.contains(step) {
                guard try deliverTangentKernel(step: step, deliver) else { return false }
            }
            let records = recorded.contains(step)
            try launch(
                loss, tiles: count, everyTile: true, members: 1,
                [
                    .int32(Int32(count)), .int32(Int32(points)), .int32(Int32(layout.architecture.outputs)),
                    .int32(Int32(layout.layers.last!.stride)),
                    .int32(records ? 1 : 0), .int32(Int32(step)), .int64(Int64(record.held.count * count * rows)),
                    .int64(Int64(record.held.count * count)), record.lossScales.argument, record.anchors.argument,
                    values.last!.argument, sensitivities.last!.argument, record.outputs.argument, record.losses.argument,
                    .buffer(record.lastStep), record.lastOutputs.argument, record.lastLoss.argument,
                ])
            if records { guard try record.hold([step], deliver) else { return false } }
            guard step < steps.steps else { break }
            try backward(rowsPerPoint: 1)
            try update(schedule: record.schedule, scheduleOffset: step * record.scheduleStride)
        }
        return true
    }
}
