import Arrays
import OpenCL

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
    case jacobianBlock
    /// What the tiles of updates give to the sums of the rule.
    case reduced
    case schedule, lossScales, anchors
    case recordedOutputs, recordedLosses, lastStep, lastOutputs, lastLoss
    /// Of a kernel that takes steps by itself: its arrays, layers, recorded steps and how many steps each member keeps.
    case scratch, layerTable, recordedSteps, keptSteps
}

/// What a plan counts of an array and a batch allocates.
struct ArrayNeed: Sendable {
    enum Element: Sendable {
        /// `float` or `double`, by their bytes.
        case real(Int)
        case int32

        var bytes: Int { if case .real(let bytes) = self { bytes } else { 4 } }
    }

    let array: BatchArray
    /// For messages.
    let name: String
    let element: Element
    /// Elements of each member, and those that do not grow with them.
    let perMember: Int
    let fixed: Int

    var bytesPerMember: Int { perMember.times(element.bytes) }
    var fixedBytes: Int { fixed.times(element.bytes) }
}

/// The arrays of a batch, allocated by the list that planned them.
struct BatchArrays {
    private var reals: [BatchArray: RealBuffer] = [:]
    private var integers: [BatchArray: Buffer<Int32>] = [:]

    /// All zero.
    /// - Parameter shared: arrays that all members share, of which there is one.
    init(_ needs: [ArrayNeed], members: Int, shared: Set<BatchArray>, _ context: Context) throws {
        for need in needs {
            let count = need.fixed + need.perMember * (shared.contains(need.array) ? 1 : members)
            switch need.element {
            case .real(let bytes): reals[need.array] = try RealBuffer(context, elementBytes: bytes, count: count)
            case .int32: integers[need.array] = try context.makeBuffer([Int32](repeating: 0, count: count))
            }
        }
    }

    /// An array of numbers; nil where the job has none.
    subscript(_ array: BatchArray) -> RealBuffer? { reals[array] }

    /// An array of integers; nil where the job has none.
    func integers(_ array: BatchArray) -> Buffer<Int32>? { integers[array] }
}
