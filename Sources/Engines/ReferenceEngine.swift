import Arrays
import Compute
import Networks

/// The definition of every result, in plain Swift and Double: each kernel's twin, written to be read.
public struct ReferenceEngine: Engine {
    public init() {}

    /// `reference`.
    public var description: EngineDescription {
        EngineDescription(name: "reference", device: "host processor", driver: "Swift", precision: .float64)
    }

    /// One member at a time.
    public func plan(_ shape: EnsembleShape, _ job: Job) throws -> MemoryPlan {
        let architecture = shape.architecture, rows = shape.points.times(architecture.outputs)
        let units = architecture.layers.reduce(architecture.inputs) { $0 + $1.fanOut }
        var numbers = [[2 + (shape.rule?.states.count ?? 0), architecture.parameterCount], [3, units, shape.points]]
        if job.jacobian || job.tangentKernel != nil { numbers.append([units, rows]) }
        if job.kernelRectangles.isEmpty {
            if job.jacobian || job.tangentKernel != nil { numbers.append([2, rows, rows]) }
        } else {
            numbers.append([2, job.kernelRectangles.map { $0.count(outputs: architecture.outputs) }.max() ?? 0])
        }
        if job.jacobian || job.tangentKernel == .jacobian { numbers.append([rows, architecture.parameterCount]) }
        try HostMemory.require(doubles: numbers, for: "one network", remedy: "use fewer points, a smaller width, or --method gram")
        let bytes = HostMemory.bytes(ofDoubles: numbers)
        return MemoryPlan(membersPerBatch: 1, bytesPerBatch: bytes, fixedBytes: 0, bytesPerMember: bytes)
    }

    /// Computes member after member.
    public func run(_ ensemble: Ensemble, _ job: Job, deliver: (Block) throws -> Bool) throws {
        let training = try job.validated(for: ensemble)
        _ = try plan(ensemble.shape, job)
        for index in ensemble.members.indices {
            guard try run(member: index, of: ensemble, job, training, deliver) else { return }
        }
    }

    private func run(
        member index: Int, of ensemble: Ensemble, _ job: Job, _ training: TrainingData?, _ deliver: (Block) throws -> Bool
    ) throws -> Bool {
        var network = ReferenceNetwork(ensemble, member: index)
        let only = index..<index + 1
        if job.outputs, job.training == nil {
            guard try deliver(.outputs(members: only, steps: [0], values: network.forward().outputs)) else { return false }
        }
        if job.jacobian {
            guard try deliver(.jacobian(member: index, rows: 0..<ensemble.rows, values: network.jacobian())) else { return false }
        }
        if let method = job.tangentKernel, !job.kernelRectangles.isEmpty {
            let contraction = network.contraction(method)
            for rectangle in job.kernelRectangles {
                let values = contraction.elements(rectangle.rows(perPoint: ensemble.architecture.outputs))
                guard try deliver(.kernelRectangle(members: only, rectangle, values: values)) else { return false }
            }
        } else if let method = job.tangentKernel {
            guard try deliver(.tangentKernel(members: only, step: 0, values: network.tangentKernel(method))) else { return false }
        }
        if let plan = job.training, let data = training {
            let count = ensemble.rows
            let anchors = Array(data.anchors[index * count..<(index + 1) * count])
            let loss = ReferenceNetwork.PointLoss(shape: data.shape, scale: data.scales[index], anchors: anchors)
            let recorded = Set(plan.recordedSteps), kernels = Set(plan.kernelSteps)
            var outputs: [Double] = [], losses: [Double] = [], controls: [Double] = []
            var last = LastFinite(rows: count)
            for step in 0...plan.steps {
                if step > 0, kernels.contains(step), let method = job.tangentKernel {
                    let kernel = network.tangentKernel(method)
                    guard try deliver(.tangentKernel(members: only, step: step, values: kernel)) else { return false }
                }
                let pass = network.forward(), mean = loss.mean(pass.outputs, points: ensemble.points)
                last.observe(step, pass.outputs, mean)
                let (scalars, control) = network.beginStep(
                    step, loss: mean, data.rule, parameters: data.schedules[index].parameters(at: step))
                if recorded.contains(step) {
                    outputs += pass.outputs
                    losses.append(mean)
                    controls += control
                }
                if step < plan.steps { network.update(pass, loss, data.rule, scalars: scalars) }
            }
            guard try deliver(.outputs(members: only, steps: plan.recordedSteps, values: outputs)),
                try deliver(.losses(members: only, steps: plan.recordedSteps, values: losses)),
                try controls.isEmpty || deliver(.controls(members: only, steps: plan.recordedSteps, values: controls)),
                try deliver(.lastFinite(members: only, steps: [last.step], outputs: last.outputs, losses: [last.loss]))
            else { return false }
        }
        if job.finalWeights {
            guard try deliver(.weights(members: only, values: network.weights)) else { return false }
        }
        return true
    }
}
