import Networks
import OpenCL

/// What a training of a batch reads and records on the device, whichever kernels take its steps.
struct TrainingRecord {
    /// η and γ of every member, (K, E, 2), or (1, E, 2) where they are constant.
    let schedule: RealBuffer
    /// Elements from step to step of it.
    let scheduleStride: Int
    let lossScales: RealBuffer
    let anchors: RealBuffer
    /// The outputs and losses of the recorded steps that have not been delivered, `held` in number.
    let outputs: RealBuffer
    let losses: RealBuffer
    let lastStep: Buffer<Int32>
    let lastOutputs: RealBuffer
    let lastLoss: RealBuffer
    /// The recorded steps that wait on the device.
    private(set) var held: [Int] = []
    private let capacity: Int
    private let members: Range<Int>
    private let rows: Int

    init(_ batch: DeviceBatch, _ data: TrainingData) throws {
        let context = batch.engine.context, bytes = batch.precision.elementBytes, count = batch.count
        members = batch.members
        rows = batch.rows
        capacity = batch.plan.recordedSteps
        schedule = try RealBuffer(
            context, elementBytes: bytes,
            (0..<data.scheduleSteps).flatMap { step in
                data.schedules[batch.members].flatMap { [$0.learningRate(at: step), $0.momentum(at: step)] }
            })
        scheduleStride = data.scheduleSteps == 1 ? 0 : 2 * count
        lossScales = try RealBuffer(context, elementBytes: bytes, Array(data.scales[members]))
        anchors = try RealBuffer(context, elementBytes: bytes, Array(data.anchors[members.lowerBound * rows..<members.upperBound * rows]))
        outputs = try RealBuffer(context, elementBytes: bytes, count: capacity * count * rows)
        losses = try RealBuffer(context, elementBytes: bytes, count: capacity * count)
        lastStep = try context.makeBuffer([Int32](repeating: -1, count: count))
        lastOutputs = try RealBuffer(context, elementBytes: bytes, [Double](repeating: .nan, count: count * rows))
        lastLoss = try RealBuffer(context, elementBytes: bytes, [Double](repeating: .nan, count: count))
    }

    /// How many more steps the record takes.
    var free: Int { capacity - held.count }

    /// Notes steps that the device has been told to record, and delivers the record when it is full. False if the delivery stopped the work.
    mutating func hold(_ steps: some Sequence<Int>, _ deliver: (Block) throws -> Bool) throws -> Bool {
        held += steps
        return try free > 0 || flush(deliver)
    }

    /// Delivers what is held. False if the delivery stopped the work.
    mutating func flush(_ deliver: (Block) throws -> Bool) throws -> Bool {
        guard !held.isEmpty else { return true }
        let steps = held, values = try outputs.read(0..<steps.count * members.count * rows)
        let means = try losses.read(0..<steps.count * members.count)
        held = []
        return try deliver(.outputs(members: members, steps: steps, values: values))
            && deliver(.losses(members: members, steps: steps, values: means))
    }

    /// Delivers how far every member came. False if the delivery stopped the work.
    func deliverLastFinite(_ deliver: (Block) throws -> Bool) throws -> Bool {
        try deliver(
            .lastFinite(
                members: members, steps: lastStep.read().map(Int.init), outputs: lastOutputs.read(0..<members.count * rows),
                losses: lastLoss.read(0..<members.count)))
    }
}
