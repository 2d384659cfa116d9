import Arrays
import Networks

extension KernelTiles {
    /// The outputs f of a set of points, (N, C).
    /// - Parameters:
    ///   - second: whether of the second set.
    ///   - proceed: asked from time to time; throws to stop the work.
    /// - Throws: what the engine and `proceed` throw.
    public func outputs(ofSecond second: Bool = false, proceed: () throws -> Void = {}) throws -> NumericArray {
        let inputs = second ? columns ?? rows : rows
        var values: [Double] = []
        for group in groups(of: inputs.points, at: plan.pointsAtATime) {
            let ensemble = try Ensemble(architecture: whole.architecture, members: [whole.member], inputs: [try inputs.points(group)])
            values += try CollectedResults(engine, ensemble, Job()) { _ in try proceed() }.outputs[0]
        }
        return try NumericArray(shape: [inputs.points, whole.architecture.outputs], elements: values)
    }

    /// Computes the kernel.
    /// - Parameters:
    ///   - proceed: asked at each tile; throws to stop the work.
    ///   - deliver: takes a tile. Together they hold every element once.
    /// - Throws: what the engine, `proceed` and `deliver` throw.
    public func evaluate(proceed: () throws -> Void = {}, deliver: (Tile) throws -> Void) throws {
        if request.diagonal {
            for group in groups(of: rows.points, at: plan.pointsAtATime) { try evaluateDiagonal(group, proceed, deliver) }
        } else if let columns {
            let isOne = rows.points + columns.points <= plan.pointsAtATime, half = max(1, plan.pointsAtATime / 2)
            for group in groups(of: rows.points, at: isOne ? rows.points : half) {
                for other in groups(of: columns.points, at: isOne ? columns.points : half) {
                    let points = try Inputs.joined(rows.points(group), columns.points(other))
                    try evaluate(points, group, other, isSymmetric: false, proceed, deliver)
                }
            }
        } else {
            let isOne = rows.points <= plan.pointsAtATime, half = max(1, plan.pointsAtATime / 2)
            let all = groups(of: rows.points, at: isOne ? rows.points : half)
            for (place, group) in all.enumerated() {
                for other in all[..<place] {
                    let points = try Inputs.joined(rows.points(group), rows.points(other))
                    try evaluate(points, group, other, isSymmetric: true, proceed, deliver)
                }
                try evaluate(rows.points(group), group, group, isSymmetric: true, proceed, deliver)
            }
        }
    }

    /// The tiles between two groups of points, or of one with itself.
    /// - Parameters:
    ///   - points: those of the rows and after them those of the columns, or those of both.
    ///   - isSymmetric: whether the tiles' mirror images are wanted as well.
    private func evaluate(
        _ points: Inputs, _ rows: Range<Int>, _ columns: Range<Int>, isSymmetric: Bool, _ proceed: () throws -> Void,
        _ deliver: (Tile) throws -> Void
    ) throws {
        let isOne = isSymmetric && rows == columns, before = isOne ? 0 : rows.count
        let height = Self.height(columns: columns.count, networks[0].architecture, networksAtATime)
        let parts = groups(of: rows.count, at: height).map {
            KernelRectangle(rows: $0, columns: isOne ? 0..<$0.upperBound : before..<before + columns.count)
        }
        var waiting: [KernelRectangle: (sum: [Double], members: Int)] = [:]
        for first in stride(from: 0, to: networks.count, by: networksAtATime) {
            let members = networks[first..<min(first + networksAtATime, networks.count)]
            let ensemble = try Ensemble(architecture: networks[0].architecture, members: members.map(\.member), inputs: [points])
            let job = Job(outputs: false, tangentKernel: request.method, kernelRectangles: parts)
            try engine.run(ensemble, job) { block in
                try proceed()
                guard case .kernelRectangle(let members, let part, var values) = block else { return true }
                Self.addMembers(members.count, in: &values)
                let done = members.count + (waiting[part]?.members ?? 0)
                if let former = waiting.removeValue(forKey: part) {
                    for at in values.indices { values[at] += former.sum[at] }
                }
                guard done == networks.count else {
                    waiting[part] = (values, done)
                    return true
                }
                func placed(_ range: Range<Int>, _ start: Int) -> Range<Int> { range.lowerBound + start..<range.upperBound + start }
                try send(
                    values, placed(part.rows, rows.lowerBound), placed(part.columns, columns.lowerBound - before), isSymmetric, deliver)
                return true
            }
        }
    }

    /// Delivers a rectangle as a tile, and its mirror image as another.
    private func send(
        _ values: [Double], _ rows: Range<Int>, _ columns: Range<Int>, _ isSymmetric: Bool, _ deliver: (Tile) throws -> Void
    ) throws {
        let outputs = networks[0].architecture.outputs, order = columns.count * outputs
        var values = values
        let isOnDiagonal = isSymmetric && rows.overlaps(columns), start = (rows.lowerBound - columns.lowerBound) * outputs
        if isOnDiagonal {
            // Symmetric to the last bit, whatever the order of sums.
            for r in 0..<rows.count * outputs {
                for s in 0..<r { values[s * order + start + r] = values[r * order + start + s] }
            }
        }
        try deliver(Tile(rows: rows, columns: columns, values: Self.blocks(values, rows.count, columns.count, outputs)))
        let mirrored = isOnDiagonal ? columns.lowerBound..<rows.lowerBound : columns
        guard isSymmetric, !mirrored.isEmpty else { return }
        let height = rows.count * outputs
        let turned = [Double](unsafeUninitializedCapacity: height * mirrored.count * outputs) { storage, count in
            count = height * mirrored.count * outputs
            // In squares that a cache holds.
            for s0 in stride(from: 0, to: mirrored.count * outputs, by: 32) {
                for r in 0..<height {
                    for s in s0..<min(s0 + 32, mirrored.count * outputs) { storage[s * height + r] = values[r * order + s] }
                }
            }
        }
        try deliver(Tile(rows: mirrored, columns: rows, values: Self.blocks(turned, mirrored.count, rows.count, outputs)))
    }

    private func evaluateDiagonal(_ group: Range<Int>, _ proceed: () throws -> Void, _ deliver: (Tile) throws -> Void) throws {
        let ensemble = try Ensemble(architecture: whole.architecture, members: [whole.member], inputs: [try rows.points(group)])
        let outputs = whole.architecture.outputs
        let parts = groups(of: group.count, at: Self.diagonalPoints).map { KernelRectangle(rows: $0, columns: $0) }
        try engine.run(ensemble, Job(outputs: false, tangentKernel: request.method, kernelRectangles: parts)) { block in
            try proceed()
            guard case .kernelRectangle(_, let part, let values) = block else { return true }
            let order = part.columns.count * outputs
            var kept: [Double] = []
            for n in 0..<part.rows.count {
                func element(_ i: Int, _ j: Int) -> Double {
                    // Symmetric to the last bit.
                    values[(n * outputs + max(i, j)) * order + n * outputs + min(i, j)]
                }
                if request.trace {
                    kept.append((0..<outputs).reduce(0) { $0 + element($1, $1) })
                } else {
                    for i in 0..<outputs { for j in 0..<outputs { kept.append(element(i, j)) } }
                }
            }
            let place = group.lowerBound + part.rows.lowerBound
            try deliver(Tile(rows: place..<place + part.rows.count, columns: nil, values: kept))
            return true
        }
    }

    /// (members, …) as the sum over members, in their order.
    private static func addMembers(_ members: Int, in values: inout [Double]) {
        guard members > 1 else { return }
        let length = values.count / members
        for member in 1..<members { for at in 0..<length { values[at] += values[member * length + at] } }
        values.removeLast(values.count - length)
    }

    /// (rows·C, columns·C) as (rows, columns, C, C).
    private static func blocks(_ values: [Double], _ rows: Int, _ columns: Int, _ outputs: Int) -> [Double] {
        guard outputs > 1 else { return values }
        return [Double](unsafeUninitializedCapacity: values.count) { storage, count in
            count = values.count
            var place = 0
            for n in 0..<rows {
                for m in 0..<columns {
                    for i in 0..<outputs {
                        let start = (n * outputs + i) * columns * outputs + m * outputs
                        for j in 0..<outputs {
                            storage[place] = values[start + j]
                            place += 1
                        }
                    }
                }
            }
        }
    }

    private func groups(of count: Int, at size: Int) -> [Range<Int>] {
        stride(from: 0, to: count, by: size).map { $0..<min($0 + size, count) }
    }
}
