import Arrays
import Compute
import Networks
import OpenCL

/// The arrays of a job, and how many members fit.
struct DeviceMemoryPlan {
    let needs: [ArrayNeed<BatchArray>]
    let panels: PanelSize
    /// Whether layers are passed one by one, in panels.
    let usesPanels: Bool
    /// How many arrays of sensitivities there are: one of each layer, or two that hidden layers take in turns and that of the outputs.
    let keepsSensitivities: Bool, keepsSensitivityRows: Bool
    /// Elements of the block in which Jacobians are computed.
    let jacobianBlock: Int
    /// Places in which the tiles of updates leave what they give to the sums of the rule, per member.
    let reducedPlaces: Int
    /// Recorded steps that are held on the device before they are read.
    let recordedSteps: Int
    /// How a training takes its steps.
    let training: TrainingPlan
    /// Members that are computed together at the most.
    private let largestBatch: Int

    /// Default size of Jacobian blocks and records: larger ones bring no more speed.
    static let blockBytes = 64 << 20

    /// Work-groups in a dimension but the first that every GPU takes: members, or rows, of a launch.
    static let mostGroups = 65_535

    init(
        _ shape: EnsembleShape, _ job: Job, layout: DeviceLayout, tuning: Tuning, updates: Tuning, trainings: Tuning, precision: Precision,
        blockBytes: Int,
        trainingMethod: TrainingMethod?, computeUnits: Int
    ) {
        let element = precision.elementBytes, architecture = shape.architecture, layers = layout.layers
        let points = shape.points, rows = points.times(architecture.outputs), parameters = architecture.parameterCount
        let rule = job.training == nil ? nil : shape.rule ?? .heavyBall
        let size = PanelSize(points: points, rows: rows, tuning: tuning, elementBytes: element)
        training = TrainingPlan(
            job.training == nil ? .layers : trainingMethod, layout, rule: rule ?? .heavyBall, points: points, tuning: trainings,
            elementBytes: element,
            computeUnits: computeUnits)
        let byLayers = job.training != nil && training.layout == nil
        panels = size
        usesPanels = byLayers || job.jacobian || job.tangentKernel != nil || (job.outputs && job.training == nil)
        keepsSensitivities = job.tangentKernel == .jacobian || !job.kernelRectangles.isEmpty
        keepsSensitivityRows = job.jacobian
        var needs: [ArrayNeed<BatchArray>] = []
        func add(_ array: BatchArray, _ name: String, _ perMember: Int, fixed: Int = 0, bytes: Int? = nil) {
            needs.append(
                ArrayNeed(
                    array: array, name: name, element: .real(bytes ?? element), perMember: perMember, fixed: fixed, isZero: array.isZero))
        }
        func addIntegers(_ array: BatchArray, _ name: String, _ perMember: Int, fixed: Int = 0) {
            needs.append(ArrayNeed(array: array, name: name, element: .int32, perMember: perMember, fixed: fixed))
        }
        add(.weights, "the weights", layout.weightStride)
        if let rule {
            if !rule.states.isEmpty {
                add(.states, "the states of weights (\(rule.states.joined(separator: ", ")))", layout.weightStride.times(rule.states.count))
            }
            add(.controls, "the numbers of steps", rule.controlNumbers)
        }
        for layer in layers.indices { add(.scales(layer), "the scales", 2) }
        if training.layout != nil { add(.inputRows, "the inputs", points.times(layout.inputStride)) }
        if usesPanels {
            add(.inputs, "the panels of inputs", size.pointLanes.times(architecture.inputs))
            for layer in layers {
                add(.values(layer.shape.index), "the panels of activations", size.pointLanes.times(layer.shape.fanOut))
                if !layer.isReadOut { add(.slopes(layer.shape.index), "the panels of slopes", size.pointLanes.times(layer.shape.fanOut)) }
            }
            let differentiates = job.jacobian || job.tangentKernel != nil
            let lanes = max(differentiates ? size.rowLanes : 0, byLayers ? size.pointLanes : 0)
            if lanes > 0 {
                for (slot, sharing) in Self.slots(layers, keepsAll: keepsSensitivities) {
                    add(.sensitivities(slot), "the panels of sensitivities", lanes.times(sharing.map(\.shape.fanOut).max()!))
                }
            }
            let sensitive = job.jacobian ? rows : byLayers ? points : 0
            if sensitive > 0 {
                for (slot, sharing) in Self.slots(layers, keepsAll: keepsSensitivityRows) {
                    add(.sensitivityRows(slot), "the rows of sensitivities", sensitive.times(sharing.map(\.stride).max()!))
                }
            }
        }
        var block = 0
        if job.jacobian { block = min(rows, max(1, blockBytes / element / parameters)).times(parameters) }
        if let method = job.tangentKernel {
            // That of a Jacobian is computed member by member.
            let parts = job.kernelRectangles
            func most(outputs: Int) -> Int {
                parts.map { $0.count(outputs: outputs) }.max() ?? points.times(points, outputs.times(outputs))
            }
            let name = parts.isEmpty ? "the tangent kernel" : "a part of the tangent kernel"
            add(.tangentKernel, name, most(outputs: architecture.outputs), bytes: precision.gramBytes)
            // Jacobians are contracted with any number of units.
            let longest = method == .jacobian ? Int.max : architecture.layers.map { max($0.fanIn, $0.fanOut) }.max()!
            let waiting = (parts.isEmpty ? [rows, points] : []).map {
                SlicedTriangle.waiting(
                    rows: $0, length: longest, vectorWidth: size.width, elementBytes: element, sumBytes: precision.gramBytes, tuning)
            }
            if let sums = waiting.max(), sums > 0 { add(.tangentParts, "the sums of the tangent kernel", sums, bytes: precision.gramBytes) }
            if method == .gram, rows > points { add(.inputGram, "the Gram matrix", most(outputs: 1), bytes: precision.gramBytes) }
            if method == .jacobian {
                let all = architecture.layers.map(\.parameterCount).max()!, widest = architecture.layers.map(\.fanOut).max()!
                block = max(block, size.rowLanes.times(min(all, max(widest, blockBytes / element / size.rowLanes))))
            }
        }
        if block > 0 { add(.jacobianBlock, "a block of the Jacobian", 0, fixed: block) }
        jacobianBlock = block
        var recorded = 0, places = 0
        if let steps = job.training, let rule {
            // Few enough steps that a training reports, and can be stopped, in good time.
            recorded = max(1, min(steps.recordedSteps.count, 256, blockBytes / element / rows.times(max(1, shape.members))))
            add(.recordedOutputs, "the recorded outputs", recorded.times(rows))
            add(.recordedLosses, "the recorded losses", recorded.times(1 + rule.recorded.count))
            addIntegers(.lastStep, "the last finite steps", 1)
            add(.lastOutputs, "the last finite outputs", rows)
            add(.lastLoss, "the last finite losses", 1)
            let scheduled = shape.hasConstantSchedules ? 1 : steps.steps.plus(1)
            add(.schedule, "the schedule", rule.parameters.count.times(scheduled))
            add(.lossScales, "the scales of losses", 1)
            add(.anchors, "the minima of losses", rows)
            if byLayers, !rule.reductions.isEmpty {
                places = layers.reduce(0) {
                    $0.plus(
                        UpdateTiling(
                            $1, points: points, panelWidth: size.width, elementBytes: element, busy: 2 * computeUnits, updates
                        ).places)
                }
                add(.reduced, "the sums of updates", places.times(rule.reductions.count))
            }
            if let own = training.layout {
                add(.allScales, "the scales once more", 2 * layers.count)
                add(.scratch, "the scratch of the training", own.scratchStride)
                addIntegers(.layerTable, "the table of layers", 0, fixed: own.table.count)
                addIntegers(.recordedSteps, "the recorded steps", 0, fixed: max(1, steps.recordedSteps.count))
            }
            if case .rows = training { addIntegers(.keptSteps, "the numbers of kept steps", 1) }
        }
        reducedPlaces = places
        recordedSteps = recorded
        self.needs = needs
        let most = tuning.sharesSums ? Self.mostGroups : .max
        if job.training == nil {
            largestBatch = most
        } else if case .members = training {
            largestBatch = min(most, tuning.fusedBatch(layout, points: points, computeUnits: computeUnits))
        } else {
            largestBatch = min(most, max(1, tuning[.trainingBatchBytes] / max(1, needs[0].bytesPerMember)))
        }
    }

    /// The slots of sensitivities, each with the layers that share it.
    private static func slots(_ layers: [DeviceLayout.Layer], keepsAll: Bool) -> [(slot: Int, sharing: [DeviceLayout.Layer])] {
        Dictionary(grouping: layers) { slot(of: $0, keepsAll: keepsAll) }.map { ($0.key, $0.value) }.sorted { $0.0 < $1.0 }
    }

    /// The slot of a layer: hidden ones take turns, for a pass from the outputs down.
    private static func slot(of layer: DeviceLayout.Layer, keepsAll: Bool) -> Int {
        keepsAll ? layer.shape.index : layer.isReadOut ? 2 : layer.shape.index % 2
    }

    func sensitivities(_ layer: DeviceLayout.Layer) -> BatchArray { .sensitivities(Self.slot(of: layer, keepsAll: keepsSensitivities)) }

    func sensitivityRows(_ layer: DeviceLayout.Layer) -> BatchArray {
        .sensitivityRows(Self.slot(of: layer, keepsAll: keepsSensitivityRows))
    }

    /// The largest batch that fits.
    /// - Throws: `EngineError.doesNotFit` if one member does not, naming the array, bytes asked and available, and what to change.
    func fit(members: Int, on device: DeviceProfile, available: Int) throws -> MemoryPlan {
        // Beside the arrays, while weights are drawn, the seed and the factor of each member.
        let drawing = 16
        do {
            return try MemoryPlan(
                fitting: needs, members: min(members, largestBatch), besides: drawing, on: device, available: available)
        } catch {
            let smaller = "use fewer points, a smaller width"
            throw EngineError.doesNotFit(
                what: error.array ?? "one network", asked: error.asked, available: error.available,
                remedy: error.array == nil
                    ? "\(smaller) or --precision float32, or a device with more memory"
                    : "this is the largest single allocation of \(device.name); \(smaller), --precision float32, or --method gram, "
                        + "or a device with more memory")
        }
    }
}
