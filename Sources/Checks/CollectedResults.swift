import Engines

/// Everything that an engine delivered for a job, put together by member.
public struct CollectedResults: Sendable, Equatable {
    /// f of each member at the recorded steps, (steps, N, C).
    public var outputs: [[Double]]
    /// L of each member at the recorded steps.
    public var losses: [[Double]]
    /// df/dθ of each member at step 0, (N·C, P).
    public var jacobians: [[Double]]
    /// Θ of each member by step, (N·C, N·C).
    public var tangentKernels: [[Int: [Double]]]
    /// θ of each member after the last step.
    public var weights: [[Double]]
    /// How many blocks the Jacobians came in.
    public var jacobianBlocks = 0

    /// Runs a job and keeps all that it delivers.
    /// - Throws: what `Engine.run` throws.
    public init(_ engine: any Engine, _ ensemble: Ensemble, _ job: Job) throws {
        let empty = [[Double]](repeating: [], count: ensemble.members.count)
        outputs = empty
        losses = empty
        jacobians = empty
        weights = empty
        tangentKernels = [[Int: [Double]]](repeating: [:], count: ensemble.members.count)
        var collected = self
        try engine.run(ensemble, job) { block in
            collected.add(block)
            return true
        }
        self = collected
    }

    private mutating func add(_ block: Block) {
        switch block {
        case .outputs(let members, let steps, let values): Self.distribute(values, steps.count, members, into: &outputs)
        case .losses(let members, let steps, let values): Self.distribute(values, steps.count, members, into: &losses)
        case .tangentKernel(let members, let step, let values):
            let length = values.count / members.count
            for (place, member) in members.enumerated() {
                tangentKernels[member][step] = Array(values[place * length..<(place + 1) * length])
            }
        case .jacobian(let member, _, let values):
            jacobians[member] += values
            jacobianBlocks += 1
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
