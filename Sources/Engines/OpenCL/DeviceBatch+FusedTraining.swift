import Networks
import OpenCL

extension DeviceBatch {
    /// Many steps a launch, a work-item for each member, `Kernels/train.cl`, or a work-group, `Kernels/train_group.cl`.
    ///
    /// A launch ends where it has taken its time (`Tuning.launchOperations`), where the record is full, and where a tangent kernel is
    /// due. The state of the training stays on the device, so results do not depend on where launches end.
    func trainFused(
        _ steps: Job.Training, _ data: TrainingData, _ fused: FusedTrainingLayout, _ record: inout TrainingRecord,
        _ deliver: (Block) throws -> Bool
    ) throws -> Bool {
        let launch = try FusedLaunch(self, steps, data, fused)
        let longest = engine.tuning.fusedSteps(layout, points: points, members: count, computeUnits: engine.context.device.computeUnits)
        let recorded = steps.recordedSteps
        var kernelSteps = steps.kernelSteps[...].drop { $0 == 0 }
        var step = 0, next = 0, closes = false
        while !closes {
            // The first recorded step that the record has no room for must wait for the next launch.
            let waiting = next + record.free < recorded.count ? recorded[next + record.free] : nil
            let end = min(steps.steps, step + longest, waiting ?? .max, kernelSteps.first ?? .max)
            closes = end == steps.steps && waiting == nil
            try launch.take(
                end - step, from: step, closes: closes, settles: closes && job.finalWeights || kernelSteps.first == end, record,
                firstRecorded: next)
            let observed = recorded[next...].prefix { $0 < end || closes }
            next += observed.count
            step = end
            guard try record.hold(observed, deliver) else { return false }
            if kernelSteps.first == step {
                kernelSteps.removeFirst()
                if plan.usesRows { try forward() }
                guard try deliverTangentKernel(step: step, deliver) else { return false }
            }
            // So that the work can be stopped between launches, and does not pile up.
            try engine.context.finish()
        }
        return true
    }
}

/// The kernel of a fused training with the arrays that are its own.
private struct FusedLaunch {
    let batch: DeviceBatch
    let kernel: Kernel
    let group: FusedTrainingLayout.Group?
    let scratchStride: Int
    let recordedCount: Int
    let recordedSteps: Buffer<Int32>
    let arrays: TrainingArrays
    /// Steps that each member keeps; nil where none does.
    let kept: Buffer<Int32>?

    init(_ batch: DeviceBatch, _ steps: Job.Training, _ data: TrainingData, _ fused: FusedTrainingLayout) throws {
        self.batch = batch
        arrays = try TrainingArrays(batch, fused)
        group = fused.group
        kept = try batch.keptTicks(data, fused)
        if let group = fused.group {
            kernel = try batch.engine.kernels.kernel(
                "train_group.cl", "train_group", vectorWidth: fused.vectorWidth,
                batch.trainingMacros(data) + [
                    ("POINTS", "\(batch.points)"), ("GROUP", "\(group.size)"), ("LANES", "\(group.lanes)"),
                    ("PITCH", "\(group.pitch)"), ("LOCAL_STATE", group.keepsStateLocal ? "1" : "0"),
                ])
        } else {
            kernel = try batch.engine.kernels.kernel(
                "train.cl", "train", vectorWidth: fused.vectorWidth,
                batch.trainingMacros(data) + batch.tileMacros(fused, batch.engine.tuning(of: .train))
                    + batch.keptMacros(kept))
        }
        scratchStride = fused.scratchStride
        recordedCount = steps.recordedSteps.count
        recordedSteps = try batch.engine.context.makeBuffer(steps.recordedSteps.isEmpty ? [-1] : steps.recordedSteps.map(Int32.init))
    }

    /// Takes `count` steps from `step` on; `closes` observes the outputs after the last of them, `settles` leaves all steps in the
    /// weights, which is for those who read them.
    func take(_ count: Int, from step: Int, closes: Bool, settles: Bool, _ record: TrainingRecord, firstRecorded: Int) throws {
        let layout = batch.layout
        try kernel.launch(
            global: [batch.count * (group?.size ?? 1)], local: [group?.size ?? 1],
            arguments: [
                .int32(Int32(batch.points)), .int32(Int32(layout.architecture.depth)), .int32(Int32(layout.architecture.inputs)),
                .int32(Int32(layout.inputStride)), .int32(Int32(layout.architecture.outputs)), .int32(Int32(layout.layers.last!.stride)),
                .int32(step == 0 && firstRecorded == 0 ? 1 : 0), .int32(closes ? 1 : 0), .int32(Int32(step)), .int32(Int32(count)),
                .int32(Int32(firstRecorded)), .int32(Int32(firstRecorded - record.held.count)), .int32(Int32(recordedCount)),
                .int64(Int64(batch.memberStrideBelow(layout.layers[0]))), .int64(Int64(layout.weightStride)),
                .int64(Int64(scratchStride)), .int64(Int64(record.scheduleStride)), .buffer(arrays.table), .buffer(recordedSteps),
                arrays.scales.argument,
                record.schedule.argument, record.lossScales.argument, record.anchors.argument, batch.inputs?.argument ?? .null,
                batch.weights.argument, batch.velocities?.argument ?? .null, arrays.scratch.argument, record.outputs.argument,
                record.losses.argument, .buffer(record.lastStep), record.lastOutputs.argument, record.lastLoss.argument,
            ] + (group == nil ? [.int32(settles ? 1 : 0), kept.map { .buffer($0) } ?? .null] : localArguments))
    }

    /// The local memory of a group, at least a vector of each.
    private var localArguments: [KernelArgument] {
        guard let group else { return [] }
        let scratchBytes = group.keepsStateLocal ? scratchStride * batch.precision.elementBytes : batch.engine.tuning.vectorBytes
        return [.local(bytes: group.sumBytes), .local(bytes: scratchBytes)]
    }
}
