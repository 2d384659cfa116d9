import Yams

/// Reads the values of one key.
final class ScanReading {
    let document: ScanDocument
    let entry: ScanDocument.Entry
    let key: ScanKey
    /// The key without `let`.
    let name: String
    let folder: String
    /// What was read from files.
    var files: [(path: String, digest: Digest)] = []

    init(document: ScanDocument, entry: ScanDocument.Entry, key: ScanKey, name: String, folder: String) {
        self.document = document
        self.entry = entry
        self.key = key
        self.name = name
        self.folder = folder
    }

    /// What a key says.
    enum Values {
        case one(ScanValue)
        case axis(ScanColumn, count: Int)
        /// Drawn once for every sample.
        case joint(ScanDraw.Distribution, seed: UInt64?)
    }

    func error(_ node: Node, _ problem: String) -> ScanFileError { document.place(node, of: entry).error(entry.key, problem) }

    /// A value, or an axis of them.
    func values(_ node: Node) throws -> Values {
        switch (key.kind, node) {
        case (.list, .sequence(let list)):
            try check(list, node)
            guard list.contains(where: { $0.sequence != nil }) else { return .one(try value(node)) }
            return .axis(.list(try list.map { try value($0) }), count: list.count)
        case (_, .sequence(let list)):
            try check(list, node)
            return .axis(.list(try list.map { try value($0) }), count: list.count)
        case (.number, .mapping), (.integer, .mapping): return try range(node)
        default: return .one(try value(node))
        }
    }

    private func check(_ list: Node.Sequence, _ node: Node) throws {
        if list.isEmpty { throw error(node, "\(name) is an empty list, but must have at least one value; give one, or remove the line") }
    }

    /// One value.
    func value(_ node: Node) throws -> ScanValue {
        switch (key.kind, node) {
        case (.inputs, _): return .inputs(try inputs(node))
        case (.targets, _): return .targets(try targets(node))
        case (.number, .scalar), (.integer, .scalar): return try number(node)
        case (.number, .sequence(let list)) where name == "minimum", (.list, .sequence(let list)):
            try check(list, node)
            return .numbers(
                try list.map { element in
                    guard element.scalar != nil, case .number(let value) = try number(element) else {
                        throw error(element, "\(name) has an element that is no number; a list within \(name) holds numbers only")
                    }
                    return value
                })
        case (.flag, .scalar(let scalar)):
            switch scalar.string.lowercased() {
            case "true", "yes", "on": return .number(1)
            case "false", "no", "off": return .number(0)
            default: throw error(node, "\(name) is '\(scalar.string)', but must be true or false")
            }
        case (.word(let words), .scalar(let scalar)):
            guard words.contains(scalar.string), let number = ScanSchema.words[scalar.string] else {
                throw error(
                    node,
                    "\(name) is '\(scalar.string)', but must be one of \(words.joined(separator: ", "))\(ScanReader.hint(scalar.string, words) ?? "")"
                )
            }
            return .number(number)
        default: throw error(node, "\(name) is \(Self.kind(node)), but must be \(key.kind.name); for example \(key.example)")
        }
    }

    static func kind(_ node: Node) -> String {
        switch node {
        case .mapping: "a map"
        case .sequence: "a list"
        default: "'\(node.string ?? "")'"
        }
    }

    /// A number, or the expression that it is computed by.
    private func number(_ node: Node) throws -> ScanValue {
        let formula = try formula(node)
        guard formula.expression.variables.isEmpty else { return .expression(formula) }
        let value = constant(formula)
        if let limit = key.kind.limit, case .impossible(_, let problem)? = limit.problem(name, value, isInteger: key.kind.isInteger) {
            throw error(node, problem)
        }
        return .number(value)
    }

    func formula(_ node: Node) throws -> ScanFormula {
        guard let text = node.scalar?.string else {
            throw error(node, "\(name) has \(Self.kind(node)) where a number must stand; give a number")
        }
        do {
            return ScanFormula(try Expression(text))
        } catch let problem {
            throw error(node, "\(name): \(problem)")
        }
    }

    private func constant(_ formula: ScanFormula) -> Double { formula.expression.valueByIndex { _ in .nan } }

    /// A number that does not depend on the candidate.
    func constant(_ node: Node, _ part: String) throws -> Double {
        let formula = try formula(node)
        let value = constant(formula)
        guard formula.expression.variables.isEmpty, value.isFinite else {
            throw error(node, "\(part) is '\(formula.expression)', but must be a finite number that names nothing; compute it beforehand")
        }
        return value
    }

    /// A whole number that does not depend on the candidate.
    func count(_ node: Node, _ part: String, least: Int = 1) throws -> Int {
        let value = try constant(node, part)
        guard value == value.rounded(), value >= Double(least), value <= Double(Int32.max) else {
            throw error(node, "\(part) is \(value.scanText), but must be a whole number from \(least) to 2147483647; give such a number")
        }
        return Int(value)
    }

    func unsigned(_ node: Node, _ part: String) throws -> UInt64 {
        guard let text = node.scalar?.string, let value = UInt64(text) else {
            throw error(
                node, "\(part) is \(Self.kind(node)), but must be a whole number from 0 to 18446744073709551615; give such a number")
        }
        return value
    }

    func word(_ node: Node) throws -> String {
        guard let text = node.scalar?.string else {
            throw error(node, "\(name) is \(Self.kind(node)), but must be \(key.kind.name); quote it")
        }
        return text
    }

    /// The members of a map, which must be known.
    func members(_ node: Node, _ part: String, known: [String]) throws -> [String: Node] {
        guard case .mapping(let mapping) = node else {
            throw error(
                node, "\(part) is \(Self.kind(node)), but must be a map of \(known.joined(separator: ", ")); for example \(key.example)")
        }
        var members: [String: Node] = [:]
        for (member, value) in mapping {
            let name = member.string ?? ""
            guard known.contains(name) else {
                throw error(
                    member,
                    "unknown key '\(name)' in \(part)\(ScanReader.hint(name, known) ?? "; known are \(known.joined(separator: ", "))")")
            }
            members[name] = value
        }
        return members
    }
}
