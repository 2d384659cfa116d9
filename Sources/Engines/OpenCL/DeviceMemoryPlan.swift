import Arrays
import Networks
import OpenCL

/// The buffers of a job, and how many members fit.
struct DeviceMemoryPlan {
    /// One buffer: bytes that grow with the members, and bytes that do not.
    struct Need {
        let name: String
        let bytesPerMember: Int
        var fixedBytes = 0
    }

    let needs: [Need]
    /// Elements of the block in which Jacobians are computed.
    let jacobianBlock: Int
    /// Recorded steps that are held on the device before they are read.
    let recordedSteps: Int
    /// How the steps of a training are taken.
    let training: TrainingPlan
    /// Whether values and sensitivities are needed row by row: by updates of weights layer by layer, and by Jacobians.
    let usesRows: Bool
    /// Members that are trained together at the most.
    private let trainingBatch: Int

    /// Default size of Jacobian blocks and records: larger ones bring no more speed.
    static let blockBytes = 64 << 20

    init(
        _ shape: EnsembleShape, _ job: Job, layout: DeviceLayout, tuning: Tuning, precision: Precision, blockBytes: Int,
        trainingMethod: TrainingMethod?, computeUnits: Int
    ) {
        let element = precision.elementBytes
        let points = shape.points, rows = points.times(shape.architecture.outputs), parameters = shape.architecture.parameterCount
        training =
            job.training == nil
            ? .layers
            : TrainingPlan(
                trainingMethod, layout, points: points, tuning: tuning, elementBytes: element, computeUnits: computeUnits)
        let ownLayout = training.layout
        usesRows = job.differentiatesRows || (job.training != nil && ownLayout == nil)
        var needs = [Need(name: "the weights", bytesPerMember: element.times(layout.weightStride))]
        if job.training != nil, shape.hasMomentum {
            needs.append(Need(name: "the velocities", bytesPerMember: element.times(layout.weightStride)))
        }
        // α, β of every layer; the seed and the factor of its weights.
        needs.append(Need(name: "the scales", bytesPerMember: element * (2 * layout.layers.count + 1) + 8))
        if job.training != nil || usesRows {
            needs.append(Need(name: "the inputs", bytesPerMember: element.times(points, layout.inputStride)))
        }
        if usesRows {
            let outputStrides = layout.layers.reduce(0) { $0 + $1.stride }, readOut = layout.layers.last!.stride
            needs.append(Need(name: "the activations", bytesPerMember: element.times(points, outputStrides)))
            needs.append(Need(name: "the slopes", bytesPerMember: element.times(points, outputStrides - readOut)))
            let sensitive = job.differentiatesRows ? rows : points
            needs.append(Need(name: "the sensitivities", bytesPerMember: element.times(sensitive, outputStrides)))
        }
        if job.usesPanels {
            let size = PanelSize(points: points, rows: rows, tuning: tuning, elementBytes: element)
            let units = layout.layers.reduce(0) { $0 + $1.shape.fanOut }, outputs = shape.architecture.outputs
            needs.append(Need(name: "the panels of inputs", bytesPerMember: element.times(size.pointLanes, shape.architecture.inputs)))
            needs.append(Need(name: "the panels of activations", bytesPerMember: element.times(size.pointLanes, units)))
            needs.append(Need(name: "the panels of slopes", bytesPerMember: element.times(size.pointLanes, units - outputs)))
            if job.tangentKernel == .gram {
                let sensitive = size.sensitiveUnits(layout).reduce(0, +)
                needs.append(Need(name: "the panels of sensitivities", bytesPerMember: element.times(size.rowLanes, sensitive)))
            }
        }
        var block = 0
        if job.jacobian { block = min(rows, max(1, blockBytes / element / parameters)).times(parameters) }
        if let method = job.tangentKernel {
            needs.append(Need(name: "the tangent kernel", bytesPerMember: precision.gramBytes.times(rows, rows)))
            switch method {
            case .gram:
                guard rows > points else { break }
                needs.append(Need(name: "the Gram matrix", bytesPerMember: precision.gramBytes.times(points, points)))
            case .jacobian:
                let padding = tuning.vectorBytes / element
                let widest = shape.architecture.layers.map(\.fanOut).max()! + padding
                let all = shape.architecture.layers.map(\.parameterCount).max()! + padding
                block = max(block, rows.times(min(all, max(widest, blockBytes / element / rows))))
            }
        }
        if block > 0 { needs.append(Need(name: "a block of the Jacobian", bytesPerMember: 0, fixedBytes: element.times(block))) }
        var recorded = 0
        if let training = job.training {
            // Few enough steps that a training reports, and can be stopped, in good time.
            recorded = max(1, min(training.recordedSteps.count, 256, blockBytes / element / rows.times(max(1, shape.members))))
            needs.append(Need(name: "the recorded outputs", bytesPerMember: element.times(recorded, rows)))
            needs.append(Need(name: "the recorded losses", bytesPerMember: element * recorded))
            needs.append(Need(name: "the last finite outputs", bytesPerMember: element.times(rows + 1) + 4))
            needs.append(
                Need(
                    name: "schedule and loss data",
                    bytesPerMember: element.times(2 * (shape.hasConstantSchedules ? 1 : max(1, training.steps)) + rows + 1)))
        }
        if let ownLayout, let training = job.training {
            // α and β once more, as one array, and how many steps are kept.
            needs.append(
                Need(
                    name: "the scratch of the training",
                    bytesPerMember: element.times(ownLayout.scratchStride + 2 * layout.layers.count).plus(4)))
            needs.append(
                Need(
                    name: "the table of layers and recorded steps", bytesPerMember: 0,
                    fixedBytes: 4 * (ownLayout.table.count + max(1, training.recordedSteps.count))))
        }
        self.needs = needs
        if job.training == nil {
            trainingBatch = .max
        } else if case .members = training {
            trainingBatch = tuning.fusedBatch(layout, points: points, computeUnits: computeUnits)
        } else {
            trainingBatch = max(1, tuning.trainingBatchBytes / max(1, needs[0].bytesPerMember))
        }
        jacobianBlock = block
        recordedSteps = recorded
    }

    /// The largest batch that fits.
    /// - Throws: `EngineError.doesNotFit` if one member does not, naming the array, bytes asked and available, and what to change.
    func fit(members: Int, on device: DeviceProfile, available: Int) throws -> MemoryPlan {
        let available = max(0, available)
        var batch = members
        for need in needs {
            guard need.bytesPerMember.plus(need.fixedBytes) <= device.largestAllocationBytes else {
                throw EngineError.doesNotFit(
                    what: need.name, asked: need.bytesPerMember.plus(need.fixedBytes), available: device.largestAllocationBytes,
                    remedy: "this is the largest single allocation of \(device.name); use fewer points, a smaller width, "
                        + "--precision float32, or --method gram, or a device with more memory")
            }
            if need.bytesPerMember > 0 { batch = min(batch, (device.largestAllocationBytes - need.fixedBytes) / need.bytesPerMember) }
        }
        let perMember = needs.reduce(0) { $0 + $1.bytesPerMember }, fixed = needs.reduce(0) { $0 + $1.fixedBytes }
        guard perMember + fixed <= available else {
            throw EngineError.doesNotFit(
                what: "one network", asked: perMember + fixed, available: available,
                remedy: "use fewer points, a smaller width or --precision float32, or a device with more memory")
        }
        batch = min(batch, (available - fixed) / max(1, perMember))
        batch = min(batch, trainingBatch)
        return MemoryPlan(
            membersPerBatch: batch, bytesPerBatch: fixed + batch * perMember, fixedBytes: fixed, bytesPerMember: perMember)
    }
}
