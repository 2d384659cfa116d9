/// A piece of an engine's result, delivered as soon as it is there. Numbers are in row-major order; `members` says whose they are.
public enum Block: Sendable {
    /// f at those steps: (steps, members, N, C).
    case outputs(members: Range<Int>, steps: [Int], values: [Double])
    /// L at those steps: (steps, members).
    case losses(members: Range<Int>, steps: [Int], values: [Double])
    /// What the update rule records of its control (`UpdateRule.recorded`) at those steps: (steps, members, recorded). Not of rules that record
    /// nothing.
    case controls(members: Range<Int>, steps: [Int], values: [Double])
    /// How long each member stayed finite, once for each of its batches at the end of a training. `steps` (members) holds the last step
    /// before the first one at which L or any output was not finite: K for a training that never diverged, −1 for one that was not
    /// finite from the start. `outputs` (members, N, C) and `losses` (members) are f and L at that step, NaN at step −1.
    case lastFinite(members: Range<Int>, steps: [Int], outputs: [Double], losses: [Double])
    /// Θ at one step: (members, N·C, N·C), row n·C + c.
    case tangentKernel(members: Range<Int>, step: Int, values: [Double])
    /// A part of Θ at step 0: (members, rows·C, columns·C).
    case kernelRectangle(members: Range<Int>, KernelRectangle, values: [Double])
    /// Rows of df/dθ at step 0: (rows, P).
    case jacobian(member: Int, rows: Range<Int>, values: [Double])
    /// θ after the last step: (members, P).
    case weights(members: Range<Int>, values: [Double])
    /// So many steps of a training have been taken: about every tenth of a second, so that it can be watched and stopped.
    case progress(members: Range<Int>, steps: Int)
}
