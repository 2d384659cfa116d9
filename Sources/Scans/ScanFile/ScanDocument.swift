import Yams

/// A document of a scan file as it is written: keys with their nodes, in order.
struct ScanDocument {
    /// A key with what stands behind it.
    struct Entry {
        let key: String
        var node: Node
        /// Nil for the file itself, where nodes know their lines.
        var override: ScanPlace?
        let line: Int?
    }

    let source: String
    var entries: [Entry]

    /// The documents of a text.
    /// - Throws: `ScanFileError`.
    static func documents(of text: String, source: String) throws -> [ScanDocument] {
        var documents: [ScanDocument] = []
        do {
            let parser = try Parser(yaml: text)
            while let root = try parser.nextRoot() { documents.append(try ScanDocument(root, source: source)) }
        } catch let error as YamlError {
            throw Self.error(error, source: source)
        }
        guard !documents.isEmpty else {
            throw ScanFileError(
                source: source, line: nil, key: nil, problem: "the scan file is empty; give at least one key, such as width: [64, 512]")
        }
        return documents
    }

    private init(_ root: Node, source: String) throws {
        self.source = source
        guard case .mapping(let mapping) = root else {
            throw ScanFileError(
                source: source, line: root.mark?.line, key: nil,
                problem: "a scan is a map of keys, such as width: [64, 512]; write key: value on each line")
        }
        entries = try mapping.map { key, node in
            guard case .scalar(let name) = key else {
                throw ScanFileError(
                    source: source, line: key.mark?.line, key: nil, problem: "a key must be a word; quote it if it has other signs")
            }
            return Entry(key: name.string.split(separator: " ").joined(separator: " "), node: node, line: key.mark?.line)
        }
        var seen: Set<String> = []
        for entry in entries where !seen.insert(entry.key).inserted {
            throw ScanFileError(
                source: source, line: entry.line, key: entry.key, problem: "\(entry.key) is given twice; remove one of them")
        }
    }

    /// Where a node stands.
    func place(_ node: Node, of entry: Entry) -> ScanPlace {
        entry.override ?? ScanPlace(source: source, line: node.mark?.line ?? entry.line)
    }

    static func error(_ error: YamlError, source: String) -> ScanFileError {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _), .composer(_, let problem, let mark, _):
            ScanFileError(
                source: source, line: mark.line, key: nil, problem: "not YAML: \(problem); check indentation, brackets and quotes")
        case .duplicatedKeysInMapping(let duplicates, let context):
            ScanFileError(
                source: source, line: context.mark.line, key: duplicates.first,
                problem: "\(duplicates.joined(separator: ", ")) is given twice; remove one of them")
        case .reader(let problem, _, _, _):
            ScanFileError(source: source, line: nil, key: nil, problem: "not YAML: \(problem); save the file as UTF-8 text")
        default: ScanFileError(source: source, line: nil, key: nil, problem: "not YAML: \(error)")
        }
    }

    // MARK: Overrides

    /// Replaces, adds or (value `null`) removes what `key=value` names. A key within a map is named with a dot, a `let` by its name.
    /// - Throws: `ScanFileError`.
    mutating func override(_ text: String) throws {
        let place = ScanPlace(source: ScanPlace.overridePrefix + text, line: nil)
        guard let sign = text.firstIndex(of: "=") else {
            throw place.error(nil, "an override must be key=value; write --set width=64")
        }
        var key = text[..<sign].split(separator: " ").joined(separator: " ")
        let node: Node
        do {
            node = try Yams.compose(yaml: String(text[text.index(after: sign)...])) ?? Node("")
        } catch let error as YamlError {
            throw place.error(key, Self.error(error, source: "").problem)
        }
        if ScanSchema.key(key) == nil, entries.contains(where: { $0.key == "let \(key)" }) { key = "let \(key)" }
        var path = key.split(separator: ".", maxSplits: 1).map(String.init)
        if path.count == 2, !ScanSchema.maps.contains(where: { $0.key == path[0] }) { path = [key] }
        guard let name = path.first else { throw place.error(nil, "an override must be key=value; write --set width=64") }
        let isRemoval = node.scalar.map { ["null", "~"].contains($0.string) } ?? false
        let index = entries.firstIndex { $0.key == name }
        guard path.count == 2 else {
            if isRemoval {
                entries.removeAll { $0.key == name }
            } else if let index {
                entries[index].node = node
                entries[index].override = place
            } else {
                entries.append(Entry(key: name, node: node, override: place, line: nil))
            }
            return
        }
        let member = path[1]
        var pairs: [(Node, Node)] = []
        if let index {
            guard case .mapping(let mapping) = entries[index].node else {
                throw place.error(
                    name, "\(name) is not a map in \(source.isEmpty ? "the file" : source), so \(key) cannot be set; set \(name) as a whole"
                )
            }
            pairs = mapping.map { ($0.key, $0.value) }
        }
        if isRemoval {
            pairs.removeAll { $0.0.string == member }
        } else if let pair = pairs.firstIndex(where: { $0.0.string == member }) {
            pairs[pair].1 = node
        } else {
            pairs.append((Node(member), node))
        }
        let entry = Entry(key: name, node: Node(pairs), override: place, line: nil)
        if let index { entries[index] = entry } else { entries.append(entry) }
    }
}
