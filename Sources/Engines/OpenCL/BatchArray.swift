/// An array of a batch on its device.
enum BatchArray: Hashable, Sendable {
    case weights
    /// Of each member the states of all its weights, one after the other.
    case states
    /// What the rule keeps of a member, and the numbers of its step (`rule.clh`).
    case controls
    /// (E, 2) of a layer: α and β.
    case scales(Int)
    /// The same, (E, layers, 2).
    case allScales
    /// The points row by row, as kernels read them that train members by themselves.
    case inputRows
    /// The points in panels.
    case inputs
    /// h_l of a layer in panels, the outputs last.
    case values(Int)
    /// φ′(z_l) of a hidden layer in panels.
    case slopes(Int)
    /// ∂/∂z_l in panels, and row by row; of a layer or of one in two that take turns.
    case sensitivities(Int), sensitivityRows(Int)
    /// Θ, (E, rows, rows), and the Gram matrices of the inputs of a layer, (E, points, points), of several outputs.
    case tangentKernel, inputGram
    /// Sums of parts of a tangent kernel's units.
    case tangentParts
    case jacobianBlock
    /// What the tiles of updates give to the sums of the rule.
    case reduced
    case schedule, lossScales, anchors
    case recordedOutputs, recordedLosses, lastStep, lastOutputs, lastLoss
    /// Of a kernel that takes steps by itself: its arrays, layers, recorded steps and how many steps each member keeps.
    case scratch, layerTable, recordedSteps, keptSteps
}

extension BatchArray {
    /// Whether kernels rely on zeros that nobody writes: in the padding of rows, and in states and a scratch before the first step. The
    /// others are written whole, by the host or by the first kernel that has them.
    var isZero: Bool {
        switch self {
        case .scales, .allScales, .inputRows, .inputs, .values, .slopes, .tangentKernel, .inputGram, .jacobianBlock, .schedule, .lossScales,
            .anchors, .controls, .recordedOutputs, .recordedLosses, .lastOutputs, .lastLoss:
            false
        default: true
        }
    }
}
