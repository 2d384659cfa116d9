import Networks
import OpenCL

/// The arrays that a kernel which trains members by itself has of its own.
struct TrainingArrays {
    let table: Buffer<Int32>
    /// (E, layers, 2): α and β.
    let scales: RealBuffer
    /// Zeros at first.
    let scratch: RealBuffer

    init(_ batch: DeviceBatch, _ layout: FusedTrainingLayout) throws {
        let context = batch.engine.context, bytes = batch.precision.elementBytes
        table = try context.makeBuffer(layout.table)
        scales = try RealBuffer(
            context, elementBytes: bytes,
            (0..<batch.count).flatMap { member in batch.scaleFactors.flatMap { $0[2 * member...2 * member + 1] } })
        scratch = try RealBuffer(context, elementBytes: bytes, count: batch.count * layout.scratchStride)
    }
}

extension DeviceBatch {
    /// What changes the code of all such kernels.
    func trainingMacros(_ data: TrainingData) -> [(String, String)] {
        let architecture = layout.architecture
        return lossMacros(data) + [
            ("BIAS", architecture.hasBias ? "1" : "0"), ("MOMENTUM", velocities == nil ? "0" : "1"),
            ("ACTIVATION_VALUE", architecture.activation.kernelValue), ("ACTIVATION_SLOPE", architecture.activation.kernelSlope),
        ]
    }

    /// What changes the code of those whose work-items have register tiles of their own.
    func tileMacros(_ layout: FusedTrainingLayout, _ tuning: Tuning) -> [(String, String)] {
        [
            ("ONE_POINT", points == 1 ? "1" : "0"), ("JV", "\(layout.tileVectors)"),
            ("TS", "\(Tuning.fitting(tuning.sampleTile, count: points))"),
        ]
    }

    /// Steps that each member keeps, 0 for velocities; nil where none keeps any.
    func keptTicks(_ data: TrainingData, _ layout: FusedTrainingLayout) throws -> Buffer<Int32>? {
        let keeps = data.schedules[members].map { KeptTicks.needed($0, precision: precision, most: layout.keptTicks) }
        return keeps.contains { $0 > 0 } ? try engine.context.makeBuffer(keeps.map(Int32.init)) : nil
    }

    /// What changes the code of those that may keep steps.
    func keptMacros(_ kept: Buffer<Int32>?) -> [(String, String)] {
        [("KEEPS", kept == nil ? "0" : "1"), ("FOLD", "\(KeptTicks.folded)")]
    }
}
