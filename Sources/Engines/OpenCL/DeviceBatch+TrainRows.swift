import Compute
import Networks
import OpenCL

extension DeviceBatch {
    /// All compute units on every step of a member: `Kernels/train_rows.cl`. False if a delivery stopped it.
    func trainRows(
        _ steps: Job.Training, _ data: TrainingData, _ rows: RowTrainingLayout, _ passes: LayerPasses, _ record: inout TrainingRecord,
        _ deliver: (Block) throws -> Bool
    ) throws -> Bool {
        let launches = try RowLaunches(self, data, rows, record)
        let recorded = Set(steps.recordedSteps), kernelSteps = Set(steps.kernelSteps)
        var checkpoint = Checkpoint(engine.context)
        try launches.begin(record)
        for number in 0...steps.steps {
            let asks = number > 0 && kernelSteps.contains(number), closes = number == steps.steps
            let tick = Tick(
                number: number, writes: asks || closes, settles: asks || closes && job.finalWeights, closes: closes,
                records: recorded.contains(number))
            try launches.take(tick, record)
            if tick.records { guard try record.hold([number], deliver) else { return false } }
            if asks {
                try passes.forward()
                guard try passes.deliverTangentKernel(step: number, deliver) else { return false }
            }
            if try checkpoint.pass() { guard try record.report(number, deliver) else { return false } }
        }
        return true
    }
}

/// One passage through the layers: tick 0 computes the first outputs, tick k those after k steps.
private struct Tick {
    let number: Int
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
    let share: Launch
    /// The part of the steps that members keep; nil where none does.
    let ticks: Launch?
    let finish: Launch

    init(_ batch: DeviceBatch, _ data: TrainingData, _ rows: RowTrainingLayout, _ record: TrainingRecord) throws {
        self.batch = batch
        let macros =
            batch.soloMacros(data) + batch.tileMacros(rows.arrays, batch.engine.tuning) + [("FOLD", "\(KeptTicks.folded)")]
        let kept = batch.arrays.integers(.keptSteps)
        let keptSteps = data.schedules[batch.members].map {
            KeptTicks.needed($0, precision: batch.precision, most: rows.arrays.keptTicks)
        }
        try kept?.write(keptSteps.map(Int32.init))
        let given = try batch.soloArguments(data, rows.arrays).merging(record.arguments) { $1 }
            .merging(["items": rows.items, "keeps": kept]) { $1 }
        func launch(_ name: String, global: [Int]) throws -> Launch {
            let kernel = try batch.engine.kernels.kernel("train_rows.cl", name, vectorWidth: rows.arrays.vectorWidth, macros)
            let names = Set(kernel.parameterNames)
            return try Launch(kernel, global: global, local: global.map { _ in 1 }, given.filter { names.contains($0.key) })
        }
        share = try launch("train_rows", global: [rows.items, batch.count])
        ticks = keptSteps.contains { $0 > 0 } ? try launch("train_ticks", global: [rows.items, batch.count]) : nil
        finish = try launch("train_finish", global: [batch.count])
    }

    /// What there is before the first tick.
    func begin(_ record: TrainingRecord) throws {
        try finish(
            record.place(0, isRecorded: false).merging([
                "l": batch.layout.architecture.depth - 1, "tick": -1, "closes": false, "writes": false, "settles": false,
            ]) { $1 })
    }

    /// All launches of one tick.
    func take(_ tick: Tick, _ record: TrainingRecord) throws {
        let top = batch.layout.architecture.depth - 1
        for layer in stride(from: top, to: 1, by: -1) {
            try ticks?(["l": layer, "up": false, "tick": tick.number])
            try share(["l": layer, "down": true, "up": false, "tick": tick.number, "settles": tick.settles])
        }
        try ticks?(["l": 1, "up": false, "tick": tick.number])
        for layer in 1...top {
            try share(["l": layer, "down": layer == 1, "up": true, "tick": tick.number, "settles": tick.settles])
            try ticks?(["l": layer, "up": true, "tick": tick.number])
            try finish(
                record.place(tick.number, isRecorded: tick.records).merging([
                    "l": layer, "tick": tick.number, "closes": tick.closes, "writes": tick.writes, "settles": tick.settles,
                ]) { $1 })
        }
    }
}
