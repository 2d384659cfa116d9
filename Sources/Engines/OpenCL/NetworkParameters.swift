import Compute

/// What the kernels of networks are tuned by, beside what all families share.
extension TuningParameter {
    /// Points of a register tile of `train` and `train_rows`.
    static let sampleTile = TuningParameter("sampleTile", 4, 1...16)
    /// With several points, vectors of outputs of a register tile of these, and the points for which four rows are summed.
    static let pointTile = TuningParameter("pointTile", cpu: 4, narrowCPU: 2, gpu: 4, 1...4, isPowerOfTwo: true)
    /// Panels up to which `forward` waits for weights rather than for sums, and asks for them ahead.
    static let fewPanels = TuningParameter("fewPanels", cpu: 8, gpu: 0, 0...1 << 16)
    /// Units by which the sums of `forward` advance, of so few panels or where it reads weights in place.
    static let forwardBlock = TuningParameter("forwardBlock", cpu: 32, gpu: .max, 1 ... .max)
    /// The same of more panels, which share a copied strip of weights; 0 to copy none. Only with work-groups of one work-item.
    static let stagedBlock = TuningParameter("stagedBlock", cpu: 128, gpu: 0, 0...4096)
    /// Units by which the sums of `backward` advance where a work-item takes `panelChunk` panels; of fewer, as many more.
    static let backwardBlock = TuningParameter("backwardBlock", cpu: 128, gpu: .max, 1 ... .max)
    /// Rows of a register tile of `tangent`, of float vectors that accumulate in their own precision. They divide a vector.
    static let tangentRows = TuningParameter("tangentRows", cpu: 8, narrowCPU: 4, gpu: 4, 1...16, isPowerOfTwo: true)
    /// Register tiles of `tangent` whose sums advance together, at the most.
    static let tangentGroup = TuningParameter("tangentGroup", cpu: 64, gpu: 1, 1...256)
    /// Units by which they advance.
    static let tangentBlock = TuningParameter("tangentBlock", cpu: 128, gpu: .max, 1 ... .max)

    // What follows decides on memory and on the choice among kernels, and is searched for no kernel.

    /// Pairs of weights that one work-item makes.
    static let pairChunk = TuningParameter("pairChunk", cpu: 256, gpu: 1)
    /// Bytes of weights and states of a batch that is trained: on a CPU about a cache, so that steps do not stream from memory.
    static let trainingBatchBytes = TuningParameter("trainingBatchBytes", cpu: 4 << 20, gpu: .max)
    /// Work-items that train one member together at the most, a power of two; 0 where each work-item trains one by itself.
    static let trainingGroup = TuningParameter("trainingGroup", cpu: 0, gpu: 512, 0...1024)
    /// Registers of 4 bytes that each has for what it keeps of the member through many steps; 0 where none keeps any.
    static let residentRegisters = TuningParameter("residentRegisters", cpu: 0, gpu: 255, 0...255)
    /// Columns of the block of every hidden matrix that it keeps, 4 or 8; 0 for those that suit the width.
    static let residentColumns = TuningParameter("residentColumns", 0, 0...8)
    /// Bytes of weights up to which a work-item trains a member with one point by itself.
    static let fusedWeightBytesOnePoint = TuningParameter("fusedWeightBytesOnePoint", 8 << 20)
    /// The same for more points.
    static let fusedWeightBytes = TuningParameter("fusedWeightBytes", 2 << 20)
    /// Points up to which it does.
    static let fusedPoints = TuningParameter("fusedPoints", 64)
    /// Points up to which compute units share a larger member's matrices; 0 for never.
    static let sharedPoints = TuningParameter("sharedPoints", cpu: 16, gpu: 0)
    /// The most steps kept beside a matrix with one point, in thousandths of the width of the narrowest hidden layer; 0 for states.
    static let keptThousandths = TuningParameter("keptThousandths", cpu: 500, gpu: 0)
}
