import Compute
import Networks
import OpenCL

/// What a training of a batch records on the device, whichever kernels take its steps.
struct TrainingRecord {
    private let batch: DeviceBatch
    /// The recorded steps that wait on the device.
    private(set) var held: [Int] = []

    /// Writes the schedule, the losses and what there is before step 0.
    init(_ batch: DeviceBatch, _ data: TrainingData) throws {
        self.batch = batch
        let members = batch.members, rows = batch.rows, arrays = batch.arrays
        try arrays[.schedule]?.write(
            (0..<data.scheduleRows).flatMap { step in data.schedules[members].flatMap { $0.parameters(at: step) } })
        try arrays[.lossScales]?.write(Array(data.scales[members]))
        try arrays[.anchors]?.write(Array(data.anchors[members.lowerBound * rows..<members.upperBound * rows]))
        try arrays[.controls]?.write(members.flatMap { _ in data.rule.initialControl })
        try arrays.integers(.lastStep)?.write([Int32](repeating: -1, count: batch.count))
        try arrays[.lastOutputs]?.write([Double](repeating: .nan, count: batch.count * rows))
        try arrays[.lastLoss]?.write([Double](repeating: .nan, count: batch.count))
        scheduleStride = data.scheduleRows == 1 ? 0 : data.rule.parameters.count * batch.count
        recorded = data.rule.recorded.count
    }

    /// Numbers that are recorded of a step beside its loss.
    private let recorded: Int
    /// Elements from step to step of the schedule, (K + 1, E, parameters), or (1, E, parameters) where it is constant.
    let scheduleStride: Int

    /// The arrays as kernels call them.
    var arguments: [String: any KernelValue] {
        let arrays = batch.arrays
        return [
            "schedule": arrays[.schedule], "lossScales": arrays[.lossScales], "anchors": arrays[.anchors],
            "record": arrays[.recordedOutputs], "lossRecord": arrays[.recordedLosses], "lastStep": arrays.integers(.lastStep),
            "lastOutputs": arrays[.lastOutputs], "lastLoss": arrays[.lastLoss], "controls": arrays[.controls],
        ]
    }

    /// Where the outputs and the loss of a step are recorded, if it is, and where its schedule lies.
    func place(_ step: Int, isRecorded: Bool) -> [String: any KernelValue] {
        [
            "recording": isRecorded, "recordOffset": held.count * batch.count * batch.rows,
            "lossOffset": held.count * batch.count * (1 + recorded),
            "scheduleOffset": step * scheduleStride,
        ]
    }

    /// How many more steps the record takes.
    var free: Int { batch.plan.recordedSteps - held.count }

    /// Notes steps that the device has been told to record, and delivers the record when it is full. False if the delivery stopped the work.
    mutating func hold(_ steps: some Sequence<Int>, _ deliver: (Block) throws -> Bool) throws -> Bool {
        held += steps
        return try free > 0 || flush(deliver)
    }

    /// Delivers what is held. False if the delivery stopped the work.
    mutating func flush(_ deliver: (Block) throws -> Bool) throws -> Bool {
        guard !held.isEmpty else { return true }
        let steps = held, members = batch.members
        let values = try batch.arrays[.recordedOutputs]?.read(0..<steps.count * members.count * batch.rows) ?? []
        // The loss and what is recorded beside it, (steps, members, 1 + recorded).
        let numbers = try batch.arrays[.recordedLosses]?.read(0..<steps.count * members.count * (1 + recorded)) ?? []
        held = []
        let starts = stride(from: 0, to: numbers.count, by: 1 + recorded)
        return try deliver(.outputs(members: members, steps: steps, values: values))
            && deliver(.losses(members: members, steps: steps, values: starts.map { numbers[$0] }))
            && (recorded == 0
                || deliver(.controls(members: members, steps: steps, values: starts.flatMap { numbers[$0 + 1...$0 + recorded] })))
    }

    /// Tells how many steps have been taken. False if the delivery stopped the work.
    func report(_ steps: Int, _ deliver: (Block) throws -> Bool) throws -> Bool {
        try deliver(.progress(members: batch.members, steps: steps))
    }

    /// Delivers how far every member came. False if the delivery stopped the work.
    func deliverLastFinite(_ deliver: (Block) throws -> Bool) throws -> Bool {
        try deliver(
            .lastFinite(
                members: batch.members, steps: batch.arrays.integers(.lastStep)?.read().map(Int.init) ?? [],
                outputs: batch.arrays[.lastOutputs]?.read(0..<batch.count * batch.rows) ?? [],
                losses: batch.arrays[.lastLoss]?.read(0..<batch.count) ?? []))
    }
}
