import Networks
import OpenCL

extension DeviceBatch {
    /// All compute units on every step of a member: `Kernels/train_rows.cl`.
    func trainByRows(
        _ steps: Job.Training, _ data: TrainingData, _ rows: RowTrainingLayout, _ record: inout TrainingRecord,
        _ deliver: (Block) throws -> Bool
    ) throws -> Bool {
        let launches = try RowLaunches(self, data, rows)
        let recorded = Set(steps.recordedSteps), kernelSteps = Set(steps.kernelSteps)
        let patience = engine.tuning.fusedSteps(layout, points: points, members: count, computeUnits: 1)
        try launches.begin(record)
        // The first tick whose step the matrices lack.
        var start = 0
        for tick in 0...steps.steps {
            let asks = tick > 0 && kernelSteps.contains(tick), closes = tick == steps.steps
            let tick = Tick(
                number: tick, start: start, anew: asks || closes || tick - start + 1 == rows.interval, writes: asks || closes,
                settles: asks || closes && job.finalWeights, closes: closes, records: recorded.contains(tick))
            try launches.take(tick, record)
            if tick.anew { start = tick.number + 1 }
            if tick.records { guard try record.hold([tick.number], deliver) else { return false } }
            if asks {
                if plan.usesRows { try forward() }
                guard try deliverTangentKernel(step: tick.number, deliver) else { return false }
            }
            // So that the work can be stopped, and does not pile up.
            if tick.number % patience == 0 { try engine.context.finish() }
        }
        return true
    }
}

/// One passage through the layers: tick 0 computes the first outputs, tick k those after k steps.
private struct Tick {
    let number: Int
    /// The first tick that the matrices lack.
    let start: Int
    /// Whether the matrices are written.
    let anew: Bool
    /// Whether the read-out is brought back among the weights.
    let writes: Bool
    /// Whether kept steps are brought into the weights, because they will be read.
    let settles: Bool
    /// Whether it is the last.
    let closes: Bool
    let records: Bool
}

/// The kernels of `train_rows.cl` with their arrays.
private struct RowLaunches {
    let batch: DeviceBatch
    let rows: RowTrainingLayout
    let share: Kernel
    let finish: Kernel
    let arrays: TrainingArrays
    /// Steps that each member keeps, and the kernel that shares their part; nil where none does.
    let kept: Buffer<Int32>?
    let ticks: Kernel?

    init(_ batch: DeviceBatch, _ data: TrainingData, _ rows: RowTrainingLayout) throws {
        self.batch = batch
        self.rows = rows
        arrays = try TrainingArrays(batch, rows.arrays)
        kept = try batch.keptTicks(data, rows.arrays)
        let macros =
            batch.trainingMacros(data) + batch.tileMacros(rows.arrays, batch.engine.tuning)
            + [("MOVING", batch.velocities == nil || rows.interval == 1 ? "0" : "1")] + batch.keptMacros(kept)
        share = try batch.engine.kernels.kernel("train_rows.cl", "train_rows", vectorWidth: rows.arrays.vectorWidth, macros)
        finish = try batch.engine.kernels.kernel("train_rows.cl", "train_finish", vectorWidth: rows.arrays.vectorWidth, macros)
        ticks =
            kept == nil
            ? nil : try batch.engine.kernels.kernel("train_rows.cl", "train_ticks", vectorWidth: rows.arrays.vectorWidth, macros)
    }

    /// What there is before the first tick.
    func begin(_ record: TrainingRecord) throws { try finish(batch.layout.architecture.depth - 1, nil, record) }

    /// All launches of one tick.
    func take(_ tick: Tick, _ record: TrainingRecord) throws {
        let top = batch.layout.architecture.depth - 1
        for layer in stride(from: top, to: 1, by: -1) {
            try shareTicks(layer, tick, up: false)
            try share(layer, tick, down: true, up: false)
        }
        try shareTicks(1, tick, up: false)
        for layer in 1...top {
            try share(layer, tick, down: layer == 1, up: true)
            try shareTicks(layer, tick, up: true)
            try finish(layer, tick, record)
        }
    }

    private func share(_ layer: Int, _ tick: Tick, down: Bool, up: Bool) throws {
        let layout = batch.layout
        try share.launch(
            global: [rows.items, batch.count], local: [1, 1],
            arguments: [
                .int32(Int32(batch.points)), .int32(Int32(layout.architecture.depth)), .int32(Int32(layout.architecture.inputs)),
                .int32(Int32(layout.inputStride)), .int32(Int32(layout.architecture.outputs)), .int32(Int32(rows.slots)),
                .int32(Int32(layer)), .int32(down ? 1 : 0), .int32(up ? 1 : 0), .int32(Int32(tick.number)), .int32(Int32(tick.start)),
                .int32(tick.anew ? 1 : 0), .int64(Int64(batch.memberStrideBelow(layout.layers[0]))),
                .int64(Int64(layout.weightStride)), .int64(Int64(rows.arrays.scratchStride)), .buffer(arrays.table),
                arrays.scales.argument, batch.inputs?.argument ?? .null, batch.weights.argument, batch.velocities?.argument ?? .null,
                arrays.scratch.argument, .int32(tick.settles ? 1 : 0), kept.map { .buffer($0) } ?? .null,
            ])
    }

    /// The part of the steps that members keep.
    private func shareTicks(_ layer: Int, _ tick: Tick, up: Bool) throws {
        guard let ticks, let kept else { return }
        let layout = batch.layout
        try ticks.launch(
            global: [rows.items, batch.count], local: [1, 1],
            arguments: [
                .int32(Int32(batch.points)), .int32(Int32(layout.architecture.depth)), .int32(Int32(layout.architecture.outputs)),
                .int32(Int32(rows.slots)), .int32(Int32(layer)), .int32(up ? 1 : 0), .int32(Int32(tick.number)),
                .int64(Int64(layout.weightStride)), .int64(Int64(rows.arrays.scratchStride)), .buffer(arrays.table),
                arrays.scales.argument, batch.weights.argument, batch.velocities?.argument ?? .null, arrays.scratch.argument,
                .buffer(kept),
            ])
    }

    private func finish(_ layer: Int, _ tick: Tick?, _ record: TrainingRecord) throws {
        let layout = batch.layout, slot = record.held.count
        try finish.launch(
            global: [batch.count], local: [1],
            arguments: [
                .int32(Int32(batch.points)), .int32(Int32(layout.architecture.depth)), .int32(Int32(layout.architecture.outputs)),
                .int32(Int32(layout.layers.last!.stride)), .int32(Int32(rows.slots)), .int32(Int32(rows.items)), .int32(Int32(layer)),
                .int32(Int32(tick?.number ?? -1)), .int32(Int32(tick?.start ?? 0)), .int32(tick?.anew ?? true ? 1 : 0),
                .int32(tick?.closes ?? false ? 0 : 1), .int32(tick?.writes ?? false ? 1 : 0), .int32(tick?.records ?? false ? 1 : 0),
                .int64(Int64(slot * batch.count * batch.rows)), .int64(Int64(slot * batch.count)),
                .int64(Int64((tick?.number ?? 0) * record.scheduleStride)), .int64(Int64(layout.weightStride)),
                .int64(Int64(rows.arrays.scratchStride)), .buffer(arrays.table), arrays.scales.argument, record.schedule.argument,
                record.lossScales.argument, record.anchors.argument, batch.weights.argument, batch.velocities?.argument ?? .null,
                arrays.scratch.argument, record.outputs.argument, record.losses.argument, .buffer(record.lastStep),
                record.lastOutputs.argument, record.lastLoss.argument, kept.map { .buffer($0) } ?? .null,
            ])
    }
}
