import Arrays
import Engines
import Runs

/// Parts of runs that follow from few axes, made once: candidates only look them up.
struct ScanTable<Part: Sendable>: Sendable {
    private let axes: [(axis: Int, stride: Int)]
    private let parts: [Result<Part, ScanRefusal>]

    /// Entries at the most.
    private static var most: Int { 4096 }
    /// Bytes of several entries at the most.
    private static var mostBytes: Int { 256 << 20 }

    /// The table of a part that follows from these parameters; nil if it follows from draws, seeds or measurements too, from too many
    /// combinations, or if several of them together take much memory.
    /// - Parameter bytes: what a part will take, asked before it is made.
    init?(
        _ grid: ScanGrid, _ parameters: [ScanParameter], bytes: (inout ScanEvaluation) -> Int,
        _ make: (inout ScanEvaluation) throws -> Part
    ) throws {
        var used: Set<Int> = [], pending = parameters.map(\.slot), seen = Set(pending)
        while let slot = pending.popLast() {
            if case .sample = grid.slots[slot].source { return nil }
            if let axis = grid.slots[slot].axis { used.insert(axis) }
            for formula in grid.slots[slot].formulas {
                for reference in formula.references {
                    switch reference {
                    case .slot(let other): if seen.insert(other).inserted { pending.append(other) }
                    case .constant: break
                    case .replica, .seed, .quantity: return nil
                    }
                }
            }
        }
        var axes: [(axis: Int, stride: Int)] = [], count = 1
        for axis in used.sorted() {
            axes.append((axis, count))
            count *= grid.axes[axis].count
            guard count <= Self.most else { return nil }
        }
        func evaluation(_ entry: Int) -> ScanEvaluation {
            let combination = axes.reduce(0) { $0 + entry / $1.stride % grid.axes[$1.axis].count * grid.axes[$1.axis].stride }
            return ScanEvaluation(grid, combination: combination, replica: 0)
        }
        // All sizes before any part.
        var total = 0
        for entry in 0..<count where count > 1 {
            var evaluation = evaluation(entry)
            total = total.plus(bytes(&evaluation))
            guard total <= min(Self.mostBytes, grid.availableBytes / 8) else { return nil }
        }
        var parts: [Result<Part, ScanRefusal>] = []
        for entry in 0..<count {
            var evaluation = evaluation(entry)
            do { parts.append(.success(try make(&evaluation))) } catch let refusal as ScanRefusal { parts.append(.failure(refusal)) }
        }
        self.axes = axes
        self.parts = parts
    }

    func part(_ evaluation: borrowing ScanEvaluation) throws -> Part {
        try parts[axes.reduce(0) { $0 + evaluation.position($1.axis) * $1.stride }].get()
    }
}
