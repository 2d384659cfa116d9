import Arrays
import Compute
import Networks

/// How work-groups keep small members in their registers while they train them (`Kernels/train_resident.cl`): the block of a work-item, and
/// what lies in local memory.
struct ResidentTraining: Sendable {
    /// Rows and columns of every hidden matrix that a work-item holds.
    let blockRows, blockColumns: Int
    /// Whether it holds their states as well.
    let holdsStates: Bool
    /// Work-items, in whole warps.
    let group: Int
    /// Of them, those that share the sum of an output.
    let lanes: Int
    /// Points whose partial sums there is room for.
    let round: Int
    /// Whether slopes, and the first layer, biases and read-out, lie in local memory.
    let localSlopes, localThin: Bool
    /// Elements of a member's scratch, for what does not.
    let scratch: Int
    private let points: Int
    private let architecture: Architecture

    /// Registers of 4 bytes of a work-item, of which a kernel takes about so many beside its blocks, and of a multiprocessor.
    private static let registers = 255, otherRegisters = 56, allRegisters = 65_536

    /// Nil where hidden layers differ in width, or a member is too large.
    init?(_ layout: DeviceLayout, rule: UpdateRule, points: Int, tuning: Tuning, elementBytes: Int) {
        let architecture = layout.architecture, matrices = architecture.depth - 1
        guard tuning[.trainingGroup] > 0, let width = architecture.widths.first, architecture.widths.allSatisfy({ $0 == width }),
            width <= 256, matrices <= 8, points.times(width) <= 1 << 16, architecture.inputs <= 1 << 12, architecture.outputs <= 1 << 12
        else { return nil }
        let states = rule.states.count, rows = points * architecture.outputs
        let bias = architecture.hasBias ? 1 : 0
        let thin =
            (1 + states) * ((architecture.inputs + bias + bias * matrices) * width + architecture.outputs * (width + bias))
        let blocks = width > 64 ? [(8, 8), (8, 4)] : [(8, 4), (8, 8)]
        let shapes = [true, false].flatMap { holds in blocks.map { (rows: $0.0, columns: $0.1, holds: holds) } }
        for shape in shapes {
            func count(_ size: Int) -> Int { (width + size - 1) / size }
            let bands = count(shape.rows), stripes = count(shape.columns)
            let group = (bands * stripes + 31) / 32 * 32
            let held = matrices * shape.rows * shape.columns * (1 + (shape.holds ? states : 0)) + 4 * shape.columns
            let registers = held * elementBytes / 4 + Self.otherRegisters
            guard registers <= Self.registers, group <= tuning[.trainingGroup], group * registers <= Self.allRegisters else { continue }
            let pitch = (max(bands * shape.rows, stripes * shape.columns) + 7) / 8 * 8 + 4
            let values = architecture.depth * points * pitch
            for (localSlopes, localThin) in [(true, true), (false, true), (true, false), (false, false)] {
                for round in [4, 2, 1] where round == 1 || round <= points {
                    let room = max(max(bands, stripes) * pitch * round, 3 * group)
                    let elements =
                        values + room + points * architecture.inputs + 2 * rows + rule.controlNumbers + (localSlopes ? values : 0)
                        + (localThin ? thin : 0)
                    guard elements * elementBytes + 256 <= tuning[.localBytes] else { continue }
                    (blockRows, blockColumns, holdsStates) = (shape.rows, shape.columns, shape.holds)
                    (self.group, self.round, self.localSlopes, self.localThin) = (group, round, localSlopes, localThin)
                    var lanes = 32
                    while lanes > 1, lanes * rows > group { lanes /= 2 }
                    self.lanes = lanes
                    // Vectors of four elements are aligned to as many.
                    scratch = max(4, ((localSlopes ? 0 : values) + (localThin ? 0 : thin) + 3) / 4 * 4)
                    self.points = points
                    self.architecture = architecture
                    return
                }
            }
        }
        return nil
    }

    var macros: [(String, String)] {
        [
            ("POINTS", points), ("WIDTH", architecture.widths[0]), ("DEPTH", architecture.depth), ("INPUTS", architecture.inputs),
            ("OUTPUTS", architecture.outputs), ("BLOCK_ROWS", blockRows), ("BLOCK_COLUMNS", blockColumns), ("ROUND", round),
            ("LOCAL_SLOPES", localSlopes ? 1 : 0), ("LOCAL_THIN", localThin ? 1 : 0), ("RESIDENT_STATES", holdsStates ? 1 : 0),
            ("GROUP", group), ("LANES", lanes),
        ].map { ($0.0, "\($0.1)") }
    }
}
