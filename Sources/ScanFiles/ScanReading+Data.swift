import Arrays
import Expressions
import Foundation
import Networks
import Runs

extension ScanReading {
    /// `{points}`, `{interval}`, `{circle}` or `{file}`.
    func inputs(_ node: ScanNode) throws -> ScanInputs {
        let members = try members(node, name, known: ScanSchema.members(of: "inputs"))
        guard members.count == 1, let (form, value) = members.first else {
            throw error(
                node,
                "\(name) must have exactly one of points, interval, circle, file, but has \(members.count); for several sets give a list of maps"
            )
        }
        do {
            switch form {
            case "points": return .fixed(try Inputs(array(value, "\(name).points").matrix))
            case "file": return .fixed(try Inputs(file(value, accepting: checkPoints).matrix))
            case "circle":
                let parts = try self.members(value, "\(name).circle", known: ["count", "radius"])
                guard let count = try parts["count"].map({ try count($0, "\(name).circle.count") }) else {
                    throw error(value, "\(name).circle lacks count; write {circle: {count: 24}}")
                }
                let radius = try parts["radius"].map { try constant($0, "\(name).circle.radius") } ?? 1
                guard radius > 0 else {
                    throw error(value, "\(name).circle.radius is \(radius.scanText), but must be positive; change its sign")
                }
                return .circle(count: count, radius: radius)
            default: return try interval(value)
            }
        } catch let problem as NetworkError {
            throw error(value, "\(name): \(problem)")
        }
    }

    private func interval(_ node: ScanNode) throws -> ScanInputs {
        let parts = try members(node, "\(name).interval", known: ["count", "from", "to"])
        guard let number = parts["count"], let start = parts["from"], let end = parts["to"] else {
            throw error(node, "\(name).interval lacks count, from or to; write {interval: {count: 20, from: -1, to: 1}}")
        }
        let count = try count(number, "\(name).interval.count", least: 2), from = try formula(start, "\(name).interval.from")
        let to = try formula(end, "\(name).interval.to")
        if from.expression.variables.isEmpty { _ = try constant(start, "\(name).interval.from") }
        if to.expression.variables.isEmpty { _ = try constant(end, "\(name).interval.to") }
        return .interval(count: count, from: from, to: to)
    }

    /// `{values}` or `{file}`.
    func targets(_ node: ScanNode) throws -> ScanTargets {
        let members = try members(node, name, known: ScanSchema.members(of: "targets"))
        guard members.count == 1, let (form, value) = members.first else {
            throw error(
                node, "\(name) must have exactly one of values, file, but has \(members.count); for several sets give a list of maps")
        }
        let array = try form == "file" ? file(value) : array(value, "\(name).values")
        if let bad = array.elements.firstIndex(where: { !$0.isFinite }) {
            throw error(value, "\(name) holds a value that is not finite at element \(bad); remove or replace it")
        }
        return ScanTargets(shape: array.shape, values: array.elements)
    }

    /// `{file}`, an archive of layers.
    func weights(_ node: ScanNode) throws -> ScanWeights {
        let members = try members(node, name, known: ScanSchema.members(of: "weights"))
        guard let value = members["file"] else { throw error(node, "\(name) lacks file; write weights: {file: w.npz}") }
        guard let path = value.string, !path.isEmpty else { throw error(value, "\(name).file must be a path; write {file: w.npz}") }
        do {
            // What the file does not tell may differ from candidate to candidate.
            let (architecture, weights) = try Weights.read(
                NumericArchive(path: PathParts.resolve(path, in: folder)), activation: .erf, parameterisation: .ntk)
            files.append((path, Digest(of: weights.values)))
            return ScanWeights(path: path, architecture: architecture, weights: weights)
        } catch let failure {
            throw error(value, "\(name): \(failure)")
        }
    }

    /// Numbers, or lists of as many numbers each.
    private func array(_ node: ScanNode, _ part: String) throws -> NumericArray {
        guard case .sequence(let rows) = node, !rows.isEmpty else {
            throw error(node, "\(part) must be a list of numbers or of lists; write [1, 2]")
        }
        var values: [Double] = [], columns: Int?
        for row in rows {
            let numbers = row.elements ?? [row]
            let length = row.elements == nil ? 0 : numbers.count
            guard !numbers.isEmpty else { throw error(row, "\(part) has an empty row; give it numbers, or remove it") }
            guard columns ?? length == length else {
                throw error(
                    row, "\(part) has rows of \(columns ?? 0) and of \(length) numbers, but all must be equal; complete the shorter")
            }
            columns = length
            values += try numbers.map { try constant($0, part) }
        }
        return try NumericArray(shape: columns == 0 ? [rows.count] : [rows.count, columns ?? 1], elements: values)
    }

    /// - Parameter check: refuses a shape before the numbers are read, which may be many.
    private func file(_ node: ScanNode, accepting check: (_ shape: [Int]) throws -> Void = { _ in }) throws -> NumericArray {
        guard let path = node.string, !path.isEmpty else { throw error(node, "\(name).file must be a path; write {file: x.npy}") }
        let resolved = PathParts.resolve(path, in: folder)
        do {
            let array = try NumericArray(contentsOfNPY: resolved) { shape in
                guard shape.count == 1 || shape.count == 2 else {
                    throw error(node, "\(name): \(path) has \(shape.count) dimensions, but must have 1 or 2; reshape it to (N, columns)")
                }
                try check(shape)
            }
            files.append((path, Digest(of: array.elements)))
            return array
        } catch let known as ScanFileError {
            throw known
        } catch let failure {
            throw error(node, "\(name): \(failure)")
        }
    }
}

extension NumericArray {
    /// (N, d), where (N) is (N, 1).
    fileprivate var matrix: (points: Int, dimension: Int, values: [Double]) { (rows, columns, elements) }
}

extension Inputs {
    fileprivate init(_ matrix: (points: Int, dimension: Int, values: [Double])) throws(NetworkError) {
        try self.init(points: matrix.points, dimension: matrix.dimension, values: matrix.values)
    }
}
