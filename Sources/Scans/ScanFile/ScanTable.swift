/// Parts of runs that follow from few axes, made once: candidates only look them up.
struct ScanTable<Part: Sendable>: Sendable {
    private let axes: [(axis: Int, stride: Int)]
    private let parts: [Result<Part, ScanRefusal>]

    /// Entries at the most.
    private static var most: Int { 4096 }

    /// The table of a part that follows from these parameters; nil if it follows from draws, seeds or measurements too, or from too
    /// many combinations.
    init?(_ grid: ScanGrid, _ parameters: [ScanParameter], _ make: (inout ScanEvaluation) throws -> Part) throws {
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
        self.axes = axes
        parts = try (0..<count).map { entry in
            let combination = axes.reduce(0) { $0 + entry / $1.stride % grid.axes[$1.axis].count * grid.axes[$1.axis].stride }
            var evaluation = ScanEvaluation(grid, combination: combination, replica: 0)
            do { return .success(try make(&evaluation)) } catch let refusal as ScanRefusal { return .failure(refusal) }
        }
    }

    func part(_ evaluation: borrowing ScanEvaluation) throws -> Part {
        try parts[axes.reduce(0) { $0 + evaluation.position($1.axis) * $1.stride }].get()
    }
}
