import Compute
import Foundation
import Networks
import OpenCL
import Synchronization

/// Launches the kernels on one OpenCL device, for as many members at a time as fit its memory.
public final class OpenCLEngine: Engine {
    /// The device's context, whose counters benchmarks read.
    public let context: Context
    let precision: Precision
    /// The portable row of the device, by which arrays are laid out and batches planned.
    let tuning: Tuning
    /// The parameters of its kernels.
    public let tuningState: TuningState
    let kernels: KernelSet
    /// Whether initial weights come from the host: where the device has no 64-bit arithmetic.
    let drawsOnHost: Bool
    private let memoryLimit: Int
    private let blockBytes: Int
    private let trainingMethod: TrainingMethod?
    private let allocating = Mutex(())

    /// An engine on that device.
    /// - Parameters:
    ///   - context: where buffers and programs live.
    ///   - precision: Default: float32 on a GPU or accelerator, float64 on a CPU.
    ///   - memoryLimit: device memory to use at most, in bytes; smaller values split ensembles into more batches. Default: all of
    ///     the device's.
    ///   - blockBytes: memory of a block of Jacobian rows and of the recorded outputs that wait on the device, which grow beyond it only
    ///     where a single row or step needs more. Default: 64 MiB.
    ///   - trainingMethod: how steps of a training are taken; where the network has no layers for that, as by default. Default: nil, the
    ///     fastest.
    ///   - choice: the kernels. Default: those that suit the device.
    ///   - tuning: the parameters of the kernels. Default: those that `inflaton tune` stored beside the context's programs, if any, unless
    ///     the variable INFLATON_TUNING is `portable`.
    ///   - environment: the variables to read. Default: those of the process.
    /// - Throws: `EngineError.unsupported` if the device lacks 64-bit arithmetic that the precision needs; `TuningError` for a given table
    ///   that the device cannot have.
    public init(
        context: Context, precision: Precision? = nil, memoryLimit: Int? = nil, blockBytes: Int? = nil,
        trainingMethod: TrainingMethod? = nil, choice: KernelChoice = KernelChoice(), tuning: TuningTable? = nil,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws {
        let device = context.device
        let chosen = precision ?? (device.kind == .cpu && device.supportsDouble ? .float64 : .float32)
        guard chosen == .float32 || device.supportsDouble else {
            throw EngineError.unsupported(precision: chosen, device: device.name, remedy: "use --precision float32")
        }
        self.context = context
        self.precision = chosen
        self.memoryLimit = min(memoryLimit ?? .max, device.globalMemoryBytes)
        self.blockBytes = blockBytes ?? DeviceMemoryPlan.blockBytes
        self.trainingMethod = trainingMethod
        drawsOnHost = choice.drawsOnHost || !device.supportsDouble
        self.tuning = Tuning(choice, for: device)
        tuningState =
            try tuning.map { try TuningState($0, device: device, precision: chosen) }
            ?? TuningState(TunableKernel.networks, context: context, precision: chosen, environment: environment)
        kernels = KernelSet(context: context, precision: chosen)
    }

    /// An engine like this one, in the same context and precision and with the same tuned parameters, that takes the steps of trainings in
    /// that way, or the fastest, and launches those kernels.
    /// - Throws: errors of the device.
    public func with(trainingMethod: TrainingMethod? = nil, choice: KernelChoice = KernelChoice()) throws -> OpenCLEngine {
        try OpenCLEngine(
            context: context, precision: precision, trainingMethod: trainingMethod, choice: choice, tuning: tuningState.table)
    }

    /// `opencl`, with the device, its driver, and the digest of tuned parameters, with which sums have another order.
    public var description: EngineDescription {
        let device = context.device
        return EngineDescription(
            name: "opencl", device: device.name,
            driver: "\(device.platform) \(device.driverVersion) (\(device.kind.rawValue))"
                + (tuningState.digest.map { ", tuned \($0)" } ?? ""),
            precision: precision)
    }

    /// The batch that fits the memory that is free now.
    public func plan(_ shape: EnsembleShape, _ job: Job) throws -> MemoryPlan {
        try fit(memoryPlan(shape, job, trainingMethod), members: shape.members)
    }

    /// Computes batch after batch.
    public func run(_ ensemble: Ensemble, _ job: Job, deliver: (Block) throws -> Bool) throws {
        try run(ensemble, job, batchTime: nil, deliver: deliver)
    }

    /// As `run(_:_:deliver:)`, for measurements.
    /// - Parameter batchTime: is told of each batch how long it took on the host's clock, from the moment when its points and initial
    ///   weights lie on the device until its last block was delivered and the device was idle. Nil: nothing is timed or waited for.
    /// - Throws: as `run(_:_:deliver:)`.
    public func run(_ ensemble: Ensemble, _ job: Job, batchTime: ((Duration) -> Void)?, deliver: (Block) throws -> Bool) throws {
        let training = try job.validated(for: ensemble)
        var needs = memoryPlan(ensemble.shape, job, trainingMethod), first = 0
        while first < ensemble.members.count {
            // What is free is planned with and taken in one piece; nothing is locked while somebody else's code runs.
            let batch = try allocating.withLock { _ in
                let plan = try fit(needs, members: ensemble.members.count)
                let members = first..<min(first + plan.membersPerBatch, ensemble.members.count)
                return try DeviceBatch(self, ensemble, members: members, job, training, needs)
            }
            if batchTime != nil { try context.finish() }
            let start = ContinuousClock.now
            var delivers = false
            do {
                guard
                    try batch.run({ block in
                        delivers = true
                        return try deliver(block)
                    })
                else { return }
            } catch let error as OpenCLError where error.refusesGroup && needs.training.layout?.resident != nil && !delivers {
                // Some drivers learn only at its launch that a group takes more registers or local memory than there are.
                needs = memoryPlan(ensemble.shape, job, .layers)
                continue
            }
            if let batchTime {
                try context.finish()
                batchTime(ContinuousClock.now - start)
            }
            first = batch.members.upperBound
        }
    }

    private func fit(_ needs: DeviceMemoryPlan, members: Int) throws -> MemoryPlan {
        try needs.fit(members: members, on: DeviceProfile(context.device), available: memoryLimit - context.allocatedBytes)
    }

    private func memoryPlan(_ shape: EnsembleShape, _ job: Job, _ trainingMethod: TrainingMethod?) -> DeviceMemoryPlan {
        DeviceMemoryPlan(
            shape, job, layout: layout(shape.architecture), tuning: tuning, updates: tuning(of: .update), trainings: tuning(of: .train),
            precision: precision, blockBytes: blockBytes, trainingMethod: trainingMethod, computeUnits: context.device.computeUnits)
    }

    /// The row of parameters of a kernel.
    func tuning(of kernel: TunableKernel) -> Tuning { tuningState[kernel.name] ?? tuning }

    func layout(_ architecture: Architecture) -> DeviceLayout {
        DeviceLayout(architecture, tuning: tuning, elementBytes: precision.elementBytes)
    }
}
