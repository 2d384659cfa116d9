import Arrays
import Compute
import Networks

/// How work-groups keep small members in their registers while they train them (`Kernels/train_resident.cl`): the block of a work-item, and
/// what lies in local memory.
struct ResidentTraining: Sendable {
    /// What a work-item holds of every hidden matrix.
    struct Block: Sendable {
        let rows, columns: Int
        /// Whether it holds their states as well.
        let holdsStates: Bool
    }

    /// What lies in local memory beside the values of hidden units.
    struct LocalMemory: Sendable {
        /// Slopes, and the first layer, biases and read-out.
        let slopes, thin: Bool
        /// Points whose partial sums there is room for.
        let round: Int
    }

    let block: Block
    let local: LocalMemory
    /// Work-items, in whole warps.
    let group: Int
    /// Of them, those that share the sum of an output.
    let lanes: Int
    /// Elements of a member's scratch, for what does not lie in local memory.
    let scratch: Int
    private let points: Int
    private let architecture: Architecture

    /// Registers of 4 bytes that the kernel takes beside its blocks, and that a multiprocessor has.
    private static let otherRegisters = 56, allRegisters = 65_536
    /// Narrower layers than a block leave a group idle; beyond the others no network is this small, and offsets fit 32 bits.
    private static let narrowest = 8, widest = 256, deepest = 9, most = 1 << 12
    private static let warp = 32
    /// Rows whose gradients the kernel has in registers at a time, and numbers of a vector of local memory.
    private static let strip = 4, vector = 4

    /// Nil where hidden layers differ in width, or a member is too large.
    init?(_ layout: DeviceLayout, rule: UpdateRule, points: Int, tuning: Tuning, elementBytes: Int) {
        let architecture = layout.architecture, matrices = architecture.depth - 1, states = rule.states.count
        guard tuning[.residentRegisters] > 0, let width = architecture.widths.first, architecture.widths.allSatisfy({ $0 == width }),
            (Self.narrowest...Self.widest).contains(width), architecture.depth <= Self.deepest,
            [points, architecture.inputs, architecture.outputs].allSatisfy({ $0 <= Self.most })
        else { return nil }
        let rows = points * architecture.outputs, bias = architecture.hasBias ? 1 : 0
        let thin = (1 + states) * ((architecture.inputs + bias * (1 + matrices)) * width + architecture.outputs * (width + bias))
        for block in Self.blocks(width: width, columns: tuning[.residentColumns]) {
            let bands = (width + block.rows - 1) / block.rows, stripes = (width + block.columns - 1) / block.columns
            let group = (bands * stripes + Self.warp - 1) / Self.warp * Self.warp
            let held = matrices * block.rows * block.columns * (1 + (block.holdsStates ? states : 0)) + Self.strip * block.columns
            let registers = held * elementBytes / 4 + Self.otherRegisters
            guard registers <= tuning[.residentRegisters], group <= tuning[.trainingGroup], group * registers <= Self.allRegisters else {
                continue
            }
            let pitch = (max(bands * block.rows, stripes * block.columns) + 7) / 8 * 8 + 4, values = architecture.depth * points * pitch
            let places = [(true, true), (false, true), (true, false), (false, false)].flatMap { slopes, thin in
                [4, 2, 1].filter { $0 == 1 || $0 <= points }.map { LocalMemory(slopes: slopes, thin: thin, round: $0) }
            }
            let fitting = places.first { place in
                let partial = max(max(bands, stripes) * pitch * place.round, 3 * group)
                let elements =
                    values + partial + points * architecture.inputs + 2 * rows + rule.controlNumbers + (place.slopes ? values : 0)
                    + (place.thin ? thin : 0)
                // Every array may begin behind a gap.
                return elements * elementBytes + 256 <= tuning[.localBytes]
            }
            guard let local = fitting else { continue }
            (self.block, self.local, self.group) = (block, local, group)
            var lanes = Self.warp
            while lanes > 1, lanes * rows > group { lanes /= 2 }
            self.lanes = lanes
            let outside = (local.slopes ? 0 : values) + (local.thin ? 0 : thin)
            scratch = max(1, (outside + Self.vector - 1) / Self.vector) * Self.vector
            self.points = points
            self.architecture = architecture
            return
        }
        return nil
    }

    /// The blocks to try. Large ones need less of local memory's bandwidth, small ones give more work-items.
    /// - Parameter columns: 4 or 8 for blocks of that many, else both, first those that suit the width.
    private static func blocks(width: Int, columns: Int) -> [Block] {
        let both = [4, 8].contains(columns) ? [columns] : width > 64 ? [8, 4] : [4, 8]
        return [true, false].flatMap { holdsStates in
            both.map { Block(rows: 8, columns: $0, holdsStates: holdsStates) }
        }
    }

    var macros: [(String, String)] {
        [
            ("POINTS", points), ("WIDTH", architecture.widths[0]), ("DEPTH", architecture.depth), ("INPUTS", architecture.inputs),
            ("OUTPUTS", architecture.outputs), ("BLOCK_ROWS", block.rows), ("BLOCK_COLUMNS", block.columns), ("ROUND", local.round),
            ("LOCAL_SLOPES", local.slopes ? 1 : 0), ("LOCAL_THIN", local.thin ? 1 : 0), ("RESIDENT_STATES", block.holdsStates ? 1 : 0),
            ("GROUP", group), ("LANES", lanes),
        ].map { ($0.0, "\($0.1)") }
    }
}
