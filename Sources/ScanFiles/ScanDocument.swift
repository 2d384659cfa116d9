import Arrays
import Runs

/// A document of a scan file as it is written: keys with their nodes, in order.
struct ScanDocument {
    /// A key with what stands behind it.
    struct Entry {
        let key: String
        var node: ScanNode
        /// Nil for the file itself, where nodes know their lines.
        var override: ScanPlace?
        let line: Int?
    }

    let source: String
    var entries: [Entry]

    /// The documents of a text.
    /// - Throws: `ScanFileError`.
    static func documents(of text: String, source: String) throws -> [ScanDocument] {
        let roots: [ScanNode]
        do { roots = try ScanComposer.documents(text) } catch {
            throw ScanFileError(source: source, line: error.line, key: error.key, problem: error.problem)
        }
        guard !roots.isEmpty else {
            throw ScanFileError(
                source: source, line: nil, key: nil, problem: "the scan file is empty; give at least one key, such as width: [64, 512]")
        }
        return try roots.map { try ScanDocument($0, source: source) }
    }

    private init(_ root: ScanNode, source: String) throws {
        self.source = source
        guard case .mapping(let mapping) = root else {
            throw ScanFileError(
                source: source, line: root.line, key: nil,
                problem: "a scan is a map of keys, such as width: [64, 512]; write key: value on each line")
        }
        guard mapping.pairs.count <= ScanLimits.keys else {
            throw ScanFileError(
                source: source, line: mapping.pairs[ScanLimits.keys].key.line, key: nil,
                problem: "the scan has \(mapping.pairs.count) keys, but may have \(ScanLimits.keys); remove some, or split the file")
        }
        entries = mapping.pairs.map { pair in
            Entry(key: pair.key.string.split(separator: " ").joined(separator: " "), node: pair.value, line: pair.key.line)
        }
        var seen: Set<String> = []
        for entry in entries where !seen.insert(entry.key).inserted {
            let name = Excerpt.of(entry.key)
            throw ScanFileError(source: source, line: entry.line, key: name, problem: "\(name) is given twice; remove one of them")
        }
    }

    /// Where a node stands.
    func place(_ node: ScanNode, of entry: Entry) -> ScanPlace {
        entry.override ?? ScanPlace(source: source, line: node.line ?? entry.line)
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
        let nodes: [ScanNode]
        do { nodes = try ScanComposer.documents(String(text[text.index(after: sign)...])) } catch { throw place.error(key, error.problem) }
        guard nodes.count <= 1 else { throw place.error(key, "an override must be one value; remove ---") }
        let node = nodes.first ?? ScanNode("")
        if ScanSchema.key(key) == nil, entries.contains(where: { $0.key == "let \(key)" }) { key = "let \(key)" }
        var path = key.split(separator: ".", maxSplits: 1).map(String.init)
        if path.count == 2, !ScanSchema.maps.contains(where: { $0.key == path[0] }) { path = [key] }
        guard let name = path.first else { throw place.error(nil, "an override must be key=value; write --set width=64") }
        let isRemoval = node.string.map { ["null", "~"].contains($0) } ?? false
        let index = entries.firstIndex { $0.key == name }
        guard path.count == 2 else {
            if isRemoval {
                guard index != nil || ScanSchema.key(name) != nil else {
                    throw place.error(nil, "'\(Excerpt.of(name))' cannot be removed: it is no key, and none of the file")
                }
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
        var map = ScanNode.Mapping(pairs: [], line: nil)
        if let index {
            guard let existing = entries[index].node.mapping else {
                throw place.error(
                    name,
                    "\(name) is not a map in \(source.isEmpty ? "the file" : source), so \(Excerpt.of(key)) cannot be set; set \(name) as a whole"
                )
            }
            map.pairs = existing.pairs
        }
        if isRemoval {
            map.pairs.removeAll { $0.key.string == member }
        } else if let pair = map.pairs.firstIndex(where: { $0.key.string == member }) {
            map.pairs[pair].value = node
        } else {
            map.pairs.append(.init(key: .init(string: member, line: nil), value: node))
        }
        let entry = Entry(key: name, node: .mapping(map), override: place, line: nil)
        if let index { entries[index] = entry } else { entries.append(entry) }
    }
}
