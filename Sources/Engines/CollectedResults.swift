import Networks

/// Everything that an engine delivered for a job, put together by member.
public struct CollectedResults: Sendable, Equatable {
    /// f of each member at the recorded steps, (steps, N, C).
    public var outputs: [[Double]]
    /// L of each member at the recorded steps.
    public var losses: [[Double]]
    /// What the update rule records of each member, (steps, recorded); empty where it records nothing.
    public var controls: [[Double]]
    /// The last step of each member before its outputs or loss ceased to be finite, with f, (N, C), and L at that step; nil without training.
    public var lastFinite: [LastFinite?]
    /// df/dθ of each member at step 0, (N·C, P).
    public var jacobians: [[Double]]
    /// Θ of each member by step, (N·C, N·C).
    public var tangentKernels: [[Int: [Double]]]
    /// θ of each member after the last step.
    public var weights: [[Double]]
    /// How many blocks the Jacobians came in.
    public var jacobianBlocks = 0

    /// What ``Block/lastFinite(members:steps:outputs:losses:)`` says of one member.
    public struct LastFinite: Sendable, Equatable {
        /// −1 to K.
        public var step: Int
        /// f at that step.
        public var outputs: [Double]
        /// L at that step.
        public var loss: Double

        public init(step: Int, outputs: [Double], loss: Double) {
            self.step = step
            self.outputs = outputs
            self.loss = loss
        }
    }

    /// Runs a job and keeps all that it delivers.
    /// - Parameter proceed: told of every block before it is kept; throws to stop the work.
    /// - Throws: what `Engine.run` and `proceed` throw.
    public init(_ engine: any Engine, _ ensemble: Ensemble, _ job: Job, proceed: (Block) throws -> Void = { _ in }) throws {
        let members = ensemble.members.count
        let empty = [[Double]](repeating: [], count: members)
        outputs = empty
        losses = empty
        controls = empty
        jacobians = empty
        weights = empty
        lastFinite = [LastFinite?](repeating: nil, count: members)
        tangentKernels = [[Int: [Double]]](repeating: [:], count: members)
        var collected = self
        try engine.run(ensemble, job) { block in
            try proceed(block)
            if case .jacobian(let member, _, _) = block, collected.jacobians[member].isEmpty {
                // Jacobians come in many blocks, and are the largest of all results.
                collected.jacobians[member].reserveCapacity(ensemble.rows * ensemble.architecture.parameterCount)
            }
            collected.add(block)
            return true
        }
        self = collected
    }

    /// The tangent kernels of a member one after the other, by step; what is held of them here is given up.
    public mutating func takeTangentKernels(of member: Int) -> [Double] {
        let kernels = tangentKernels[member]
        tangentKernels[member] = [:]
        return kernels.count == 1 ? kernels.first?.value ?? [] : kernels.sorted { $0.key < $1.key }.flatMap(\.value)
    }

    private mutating func add(_ block: Block) {
        switch block {
        case .outputs(let members, let steps, let values): Self.distribute(values, steps.count, members, into: &outputs)
        case .losses(let members, let steps, let values): Self.distribute(values, steps.count, members, into: &losses)
        case .controls(let members, let steps, let values): Self.distribute(values, steps.count, members, into: &controls)
        case .lastFinite(let members, let steps, let outputs, let losses):
            let length = outputs.count / members.count
            for (place, member) in members.enumerated() {
                lastFinite[member] = LastFinite(
                    step: steps[place], outputs: Array(outputs[place * length..<(place + 1) * length]), loss: losses[place])
            }
        case .tangentKernel(let members, let step, let values):
            let length = values.count / members.count
            for (place, member) in members.enumerated() {
                tangentKernels[member][step] = Array(values[place * length..<(place + 1) * length])
            }
        case .jacobian(let member, _, let values):
            jacobians[member] += values
            jacobianBlocks += 1
        case .progress, .kernelRectangle: break
        case .weights(let members, let values): Self.distribute(values, 1, members, into: &weights)
        }
    }

    /// Blocks are (steps, members, …), the parts of a member are put one after the other.
    private static func distribute(_ values: [Double], _ steps: Int, _ members: Range<Int>, into parts: inout [[Double]]) {
        let length = values.count / max(1, steps * members.count)
        for step in 0..<steps {
            for (place, member) in members.enumerated() {
                let start = (step * members.count + place) * length
                parts[member] += values[start..<start + length]
            }
        }
    }
}
