import Arrays
import Expressions
import Runs

/// Reads the values of one key.
final class ScanReading {
    let document: ScanDocument
    let entry: ScanDocument.Entry
    let key: ScanKey
    /// The key without `let`.
    let name: String
    let folder: String
    /// Refuses points that no run could be made of, from their shape.
    let checkPoints: (_ shape: [Int]) throws -> Void
    /// What was read from files.
    var files: [(path: String, digest: Digest)] = []

    init(
        document: ScanDocument, entry: ScanDocument.Entry, key: ScanKey, name: String, folder: String,
        checkPoints: @escaping (_ shape: [Int]) throws -> Void
    ) {
        self.document = document
        self.entry = entry
        self.key = key
        self.name = name
        self.folder = folder
        self.checkPoints = checkPoints
    }

    /// What a key says.
    enum Values {
        case one(ScanValue)
        case axis(ScanColumn, count: Int)
        /// Drawn once for every sample.
        case joint(ScanDraw.Distribution, seed: UInt64?)
    }

    func error(_ node: ScanNode, _ problem: String) -> ScanFileError { document.place(node, of: entry).error(entry.key, problem) }

    /// A value, or an axis of them.
    func values(_ node: ScanNode) throws -> Values {
        switch (key.kind, node) {
        case (.list, .sequence(let list)):
            try check(list, node)
            guard list.contains(where: { $0.elements != nil }) else { return .one(try value(node)) }
            return .axis(.list(try list.map { try value($0) }), count: list.count)
        case (_, .sequence(let list)):
            try check(list, node)
            return .axis(.list(try list.map { try value($0) }), count: list.count)
        case (.number, .mapping), (.integer, .mapping): return try range(node)
        default: return .one(try value(node))
        }
    }

    private func check(_ list: ScanNode.Sequence, _ node: ScanNode) throws {
        if list.isEmpty { throw error(node, "\(name) is an empty list, but must have at least one value; give one, or remove the line") }
    }

    func value(_ node: ScanNode) throws -> ScanValue {
        switch (key.kind, node) {
        case (.inputs, _): return .inputs(try inputs(node))
        case (.targets, _): return .targets(try targets(node))
        case (.weights, _): return .weights(try weights(node))
        case (.number, .scalar), (.integer, .scalar): return try number(node)
        case (.number, .sequence(let list)) where name == "minimum", (.list, .sequence(let list)):
            try check(list, node)
            return .numbers(
                try list.map { element in
                    guard element.string != nil, case .number(let value) = try number(element) else {
                        throw error(
                            element,
                            "\(name) has the element \(Self.kind(element)), which is no number; a list within \(name) holds numbers only")
                    }
                    return value
                })
        case (.flag, .scalar(let scalar)):
            switch scalar.string.lowercased() {
            case "true", "yes", "on": return .number(1)
            case "false", "no", "off": return .number(0)
            default: throw error(node, "\(name) is \(Self.kind(node)), but must be true or false")
            }
        case (.word(let words), .scalar(let scalar)):
            guard words.contains(scalar.string), let number = ScanSchema.words[scalar.string] else {
                throw error(
                    node,
                    "\(name) is \(Self.kind(node)), but must be one of \(words.joined(separator: ", "))\(ScanReader.hint(scalar.string, words) ?? "")"
                )
            }
            return .number(number)
        default: throw error(node, "\(name) is \(Self.kind(node)), but must be \(key.kind.name); for example \(key.example)")
        }
    }

    static func kind(_ node: ScanNode) -> String {
        switch node {
        case .mapping: "a map"
        case .sequence: "a list"
        case .scalar(let text): "'\(Excerpt.of(text.string))'"
        }
    }

    /// A number, or the expression that it is computed by.
    private func number(_ node: ScanNode) throws -> ScanValue {
        let formula = try formula(node, name)
        guard formula.expression.variables.isEmpty else { return .expression(formula) }
        let value = constant(formula)
        if let limit = key.kind.limit, case .impossible(_, let problem)? = limit.problem(name, value, isInteger: key.kind.isInteger) {
            throw error(node, problem)
        }
        return .number(value)
    }

    /// An expression in which words and flags stand where they may.
    /// - Parameters:
    ///   - part: how messages name it.
    ///   - isFilter: whether it may be true or false as a whole; otherwise it is a number.
    func formula(_ node: ScanNode, _ part: String, isFilter: Bool = false) throws -> ScanFormula {
        guard let text = node.string else {
            throw error(node, "\(part) has \(Self.kind(node)) where a number must stand; give a number")
        }
        guard text.utf8.count <= ScanLimits.expression else {
            throw error(
                node,
                "\(part): the expression '\(Excerpt.of(text, longest: 40))' has \(text.utf8.count) characters, but must have at most "
                    + "\(ScanLimits.expression); give parts of it names with let")
        }
        do {
            let expression = try Expressions.Expression(text), kinds = expression.variables.map(ScanSchema.kind(ofName:))
            if isFilter { try expression.requireTruth { kinds[$0] } } else { try expression.requireNumber { kinds[$0] } }
            return ScanFormula(expression)
        } catch let problem {
            throw error(node, "\(part): \(problem)")
        }
    }

    private func constant(_ formula: ScanFormula) -> Double { formula.expression.valueByIndex { _ in .nan } }

    /// A number that does not depend on the candidate.
    func constant(_ node: ScanNode, _ part: String) throws -> Double {
        let formula = try formula(node, part)
        let value = constant(formula)
        guard formula.expression.variables.isEmpty, value.isFinite else {
            throw error(node, "\(part) is \(Self.kind(node)), but must be a finite number that names nothing; compute it beforehand")
        }
        return value
    }

    /// A whole number that does not depend on the candidate.
    func count(_ node: ScanNode, _ part: String, least: Int = 1) throws -> Int {
        let value = try constant(node, part)
        guard value == value.rounded(), value >= Double(least), value <= Double(Int32.max) else {
            throw error(node, "\(part) is \(value.scanText), but must be a whole number from \(least) to 2147483647; give such a number")
        }
        return Int(value)
    }

    func unsigned(_ node: ScanNode, _ part: String) throws -> UInt64 {
        guard let text = node.string, let value = UInt64(text), "\(value)" == text else {
            throw error(
                node, "\(part) is \(Self.kind(node)), but must be a whole number from 0 to 18446744073709551615; give such a number")
        }
        return value
    }

    func word(_ node: ScanNode) throws -> String {
        guard let text = node.string else {
            throw error(node, "\(name) is \(Self.kind(node)), but must be \(key.kind.name); quote it")
        }
        return text
    }

    /// The members of a map, which must be known.
    func members(_ node: ScanNode, _ part: String, known: [String]) throws -> [String: ScanNode] {
        guard case .mapping(let mapping) = node else {
            throw error(
                node, "\(part) is \(Self.kind(node)), but must be a map of \(known.joined(separator: ", ")); for example \(key.example)")
        }
        var members: [String: ScanNode] = [:]
        for pair in mapping.pairs {
            let name = pair.key.string
            guard known.contains(name) else {
                throw error(
                    .scalar(pair.key),
                    "unknown key '\(Excerpt.of(name))' in \(part)\(ScanReader.hint(name, known) ?? "; known are \(known.joined(separator: ", "))")"
                )
            }
            members[name] = pair.value
        }
        return members
    }
}
