import Compute
import Networks
import OpenCL

extension DeviceBatch {
    /// Many steps in one launch, each member by itself: `Kernels/train.cl`, or `Kernels/train_group.cl`. False if a delivery stopped it.
    func trainMembers(
        _ steps: Job.Training, _ data: TrainingData, _ fused: FusedTrainingLayout, _ passes: LayerPasses,
        _ record: inout TrainingRecord, _ deliver: (Block) throws -> Bool
    ) throws -> Bool {
        let recorded = steps.recordedSteps
        let (kernel, group) = try makeTraining(data, fused, record, recorded)
        // About a tenth of a second.
        let longest = engine.tuning.fusedSteps(layout, points: points, members: count, computeUnits: engine.context.device.computeUnits)
        var kernelSteps = steps.kernelSteps[...].drop { $0 == 0 }
        var step = 0, next = 0, closes = false
        while !closes {
            // The first recorded step that the record has no room for must wait for the next launch.
            let waiting = next + record.free < recorded.count ? recorded[next + record.free] : nil
            let end = min(steps.steps, step + longest, waiting ?? .max, kernelSteps.first ?? .max)
            closes = end == steps.steps && waiting == nil
            var changing: [String: any KernelValue] = [
                "opening": step == 0 && next == 0, "closing": closes, "first": step, "steps": end - step, "recordNext": next,
                "recordBase": next - record.held.count,
            ]
            // All steps in the weights, for those who read them.
            if fused.group == nil { changing["settles"] = closes && job.finalWeights || kernelSteps.first == end }
            try kernel.launch(global: [count * group], local: [group], arguments: changing)
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
    ) throws -> (kernel: Kernel, group: Int) {
        let macros = soloMacros(data)
        var arguments = try soloArguments(data, fused).merging(record.arguments) { $1 }
        let kernel: Kernel
        var size = 1
        if var group = fused.group {
            func built() throws -> Kernel {
                try engine.kernels.kernel(
                    "train_group.cl", "train_group", vectorWidth: fused.vectorWidth,
                    macros + [
                        ("POINTS", "\(points)"), ("GROUP", "\(group.size)"), ("LANES", "\(group.lanes)"), ("PITCH", "\(group.pitch)"),
                        ("LOCAL_STATE", group.keepsStateLocal ? "1" : "0"),
                    ])
            }
            var candidate = try built()
            // A group that takes more registers than there are would not be launched.
            while candidate.maximumWorkGroupSize < group.size, let half = group.halved {
                group = half
                candidate = try built()
            }
            kernel = candidate
            size = group.size
            // The local memory of a group, at least a vector of each.
            let state = group.keepsStateLocal ? fused.scratchStride * precision.elementBytes : engine.tuning[.vectorBytes]
            arguments["sums"] = KernelArgument.local(bytes: group.sumBytes)
            arguments["state"] = KernelArgument.local(bytes: state)
            arguments["keeps"] = nil
        } else {
            kernel = try engine.kernels.kernel(
                "train.cl", "train", vectorWidth: fused.vectorWidth,
                macros + tileMacros(fused, engine.tuning(of: .train)) + keptMacros(data, fused))
        }
        let steps = arrays.integers(.recordedSteps)
        try steps?.write(recorded.isEmpty ? [-1] : recorded.map(Int32.init))
        arguments["recordedSteps"] = steps
        arguments["recordCount"] = recorded.count
        arguments["outStride"] = layout.layers[layout.layers.count - 1].stride
        arguments["scheduleStride"] = record.scheduleStride
        try kernel.bind(arguments)
        return (kernel, size)
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
        [
            ("ONE_POINT", points == 1 ? "1" : "0"), ("JV", "\(layout.tileVectors)"),
            ("TS", "\(Tuning.fitting(tuning[.sampleTile], count: points))"),
        ]
    }

    /// Steps that each member keeps, 0 for none.
    private func keptSteps(_ data: TrainingData, _ layout: FusedTrainingLayout) -> [Int] {
        data.schedules[members].map { KeptTicks.needed($0, precision: precision, most: layout.keptTicks) }
    }

    /// Whether any member keeps steps.
    func keeps(_ data: TrainingData, _ layout: FusedTrainingLayout) -> Bool { keptSteps(data, layout).contains { $0 > 0 } }

    /// What changes the code of those that may keep steps.
    func keptMacros(_ data: TrainingData, _ layout: FusedTrainingLayout) -> [(String, String)] {
        [("KEEPS", keeps(data, layout) ? "1" : "0"), ("FOLD", "\(KeptTicks.folded)")]
    }

    /// The arguments that those kernels share. Writes the table of layers and how many steps members keep.
    func soloArguments(_ data: TrainingData, _ fused: FusedTrainingLayout) throws -> [String: any KernelValue] {
        let table = arrays.integers(.layerTable), kept = arrays.integers(.keptSteps)
        try table?.write(fused.table)
        try kept?.write(keptSteps(data, fused).map(Int32.init))
        return [
            "givenPoints": points, "depth": layout.architecture.depth, "inputs": layout.architecture.inputs,
            "inStride": layout.inputStride, "outputs": layout.architecture.outputs,
            "inMemberStride": sharesInputs ? 0 : points * layout.inputStride, "weightMemberStride": layout.weightStride,
            "scratchMemberStride": fused.scratchStride, "layers": table, "keeps": kept, "scales": arrays[.allScales],
            "input": arrays[.inputRows], "weights": arrays[.weights], "states": arrays[.states], "memory": arrays[.scratch],
        ]
    }
}
