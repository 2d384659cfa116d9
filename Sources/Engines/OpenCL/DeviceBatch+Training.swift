import Networks
import OpenCL

extension DeviceBatch {
    /// Full-batch heavy ball, with outputs and losses recorded on the device and read when the record is full.
    func train(_ steps: Job.Training, _ data: TrainingData, _ deliver: (Block) throws -> Bool) throws -> Bool {
        let context = engine.context, bytes = precision.elementBytes
        let schedule = try RealBuffer(
            context, elementBytes: bytes,
            (0..<data.scheduleSteps).flatMap { step in
                data.schedules[members].flatMap { [$0.learningRate(at: step), $0.momentum(at: step)] }
            })
        let lossScales = try RealBuffer(context, elementBytes: bytes, Array(data.scales[members]))
        let anchors = try RealBuffer(
            context, elementBytes: bytes, Array(data.anchors[members.lowerBound * rows..<members.upperBound * rows]))
        let record = try RealBuffer(context, elementBytes: bytes, count: plan.recordedSteps * count * rows)
        let lossRecord = try RealBuffer(context, elementBytes: bytes, count: plan.recordedSteps * count)
        let lastStep = try context.makeBuffer([Int32](repeating: -1, count: count))
        let lastOutputs = try RealBuffer(context, elementBytes: bytes, [Double](repeating: .nan, count: count * rows))
        let lastLoss = try RealBuffer(context, elementBytes: bytes, [Double](repeating: .nan, count: count))
        let loss = try engine.kernels.kernel(
            "loss.cl", "loss", [("LOSS_VALUE", data.shape.kernelValue), ("LOSS_SLOPE", data.shape.kernelSlope)])
        let recorded = Set(steps.recordedSteps), kernelSteps = Set(steps.kernelSteps)
        var held: [Int] = []

        func flush() throws -> Bool {
            guard !held.isEmpty else { return true }
            let outputs = try record.read(0..<held.count * count * rows), losses = try lossRecord.read(0..<held.count * count)
            let steps = held
            held = []
            return try deliver(.outputs(members: members, steps: steps, values: outputs))
                && deliver(.losses(members: members, steps: steps, values: losses))
        }

        for step in 0...steps.steps {
            if step > 0 { try forward() }
            if step > 0, kernelSteps.contains(step) {
                guard try deliverTangentKernel(step: step, deliver) else { return false }
            }
            let records = recorded.contains(step)
            try loss.launch(
                global: [count],
                arguments: [
                    .int32(Int32(points)), .int32(Int32(layout.architecture.outputs)), .int32(Int32(layout.layers.last!.stride)),
                    .int32(records ? 1 : 0), .int32(Int32(step)), .int64(Int64(held.count * count * rows)),
                    .int64(Int64(held.count * count)), lossScales.argument, anchors.argument, values.last!.argument,
                    sensitivities.last!.argument, record.argument, lossRecord.argument, .buffer(lastStep), lastOutputs.argument,
                    lastLoss.argument,
                ])
            if records {
                held.append(step)
                if held.count == plan.recordedSteps { guard try flush() else { return false } }
            }
            guard step < steps.steps else { break }
            try backward(rowsPerPoint: 1)
            try update(schedule: schedule, scheduleOffset: data.scheduleSteps == 1 ? 0 : step * count * 2)
        }
        guard try flush() else { return false }
        return try deliver(
            .lastFinite(
                members: members, steps: lastStep.read().map(Int.init), outputs: lastOutputs.read(0..<count * rows),
                losses: lastLoss.read(0..<count)))
    }
}
