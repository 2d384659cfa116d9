import Compute
import Networks
import OpenCL

extension DeviceBatch {
    /// Many steps in one launch, each member by itself: `Kernels/train.cl` or `train_resident.cl`. False if a delivery stopped it.
    func trainMembers(
        _ steps: Job.Training, _ data: TrainingData, _ fused: FusedTrainingLayout, _ passes: LayerPasses,
        _ record: inout TrainingRecord, _ deliver: (Block) throws -> Bool
    ) throws -> Bool {
        let recorded = steps.recordedSteps
        let kernel = try makeTraining(data, fused, record, recorded), size = fused.resident?.group ?? 1
        // About a tenth of a second.
        let longest = engine.tuning.fusedSteps(layout, points: points, members: count, computeUnits: engine.context.device.computeUnits)
        var kernelSteps = steps.kernelSteps[...].drop { $0 == 0 }
        var step = 0, next = 0, closes = false
        while !closes {
            // The first recorded step that the record has no room for must wait for the next launch.
            let waiting = next + record.free < recorded.count ? recorded[next + record.free] : nil
            let end = min(steps.steps, step + longest, waiting ?? .max, kernelSteps.first ?? .max)
            closes = end == steps.steps && waiting == nil
            let changing: [String: any KernelValue] = [
                "opening": step == 0 && next == 0, "closing": closes, "first": step, "steps": end - step, "recordNext": next,
                "recordBase": next - record.held.count,
            ]
            try kernel.launch(global: [count * size], local: [size], arguments: changing)
            let observed = recorded[next...].prefix { $0 < end || closes }
            next += observed.count
            step = end
            guard try record.hold(observed, deliver) else { return false }
            if kernelSteps.first == step {
                kernelSteps.removeFirst()
                try passes.forward()
                guard try passes.deliverTangentKernel(step: step, deliver) else { return false }
            }
            // So that work does not pile up.
            try engine.context.finish()
            guard try record.report(step, deliver) else { return false }
        }
        return true
    }

    private func makeTraining(
        _ data: TrainingData, _ fused: FusedTrainingLayout, _ record: TrainingRecord, _ recorded: [Int]
    ) throws -> Kernel {
        let macros = soloMacros(data)
        var arguments = try soloArguments(data, fused).merging(record.arguments) { $1 }
        let kernel: Kernel
        if let resident = fused.resident {
            kernel = try engine.kernels.kernel("train_resident.cl", "train_resident", macros + resident.macros)
        } else {
            kernel = try engine.kernels.kernel(
                "train.cl", "train", vectorWidth: fused.vectorWidth, macros + tileMacros(fused, engine.tuning(of: .train)))
        }
        let steps = arrays.integers(.recordedSteps)
        try steps?.write(recorded.isEmpty ? [-1] : recorded.map(Int32.init))
        arguments["recordedSteps"] = steps
        arguments["recordCount"] = recorded.count
        arguments["scheduleStride"] = record.scheduleStride
        try kernel.bind(arguments)
        return kernel
    }

    /// What changes the code of all kernels that train members by themselves.
    func soloMacros(_ data: TrainingData) -> [(String, String)] {
        let architecture = layout.architecture
        return trainingMacros(data) + [
            ("BIAS", architecture.hasBias ? "1" : "0"), ("ACTIVATION_VALUE", architecture.activation.kernelValue),
            ("ACTIVATION_SLOPE", architecture.activation.kernelSlope),
        ]
    }

    /// What changes the code of those whose work-items have register tiles of their own.
    func tileMacros(_ layout: FusedTrainingLayout, _ tuning: Tuning) -> [(String, String)] {
        let samples = Tuning.fitting(tuning[.sampleTile], count: points)
        return [
            ("ONE_POINT", points == 1 ? "1" : "0"), ("JV", "\(layout.tileVectors)"), ("TS", "\(samples)"),
            ("PT", "\(points == 1 ? 1 : min(samples, tuning[.pointTile]))"),
        ]
    }

    /// The arguments that those kernels share. Writes the table of layers.
    func soloArguments(_ data: TrainingData, _ fused: FusedTrainingLayout) throws -> [String: any KernelValue] {
        let table = arrays.integers(.layerTable)
        try table?.write(fused.table)
        return [
            "givenPoints": points, "depth": layout.architecture.depth, "inputs": layout.architecture.inputs,
            "inStride": layout.inputStride, "outputs": layout.architecture.outputs,
            "outStride": layout.layers[layout.layers.count - 1].stride,
            "inMemberStride": sharesInputs ? 0 : points * layout.inputStride, "weightMemberStride": layout.weightStride,
            "scratchMemberStride": fused.scratchStride, "layers": table, "scales": arrays[.allScales],
            "input": arrays[.inputRows], "weights": arrays[.weights], "states": arrays[.states], "memory": arrays[.scratch],
        ]
    }
}
