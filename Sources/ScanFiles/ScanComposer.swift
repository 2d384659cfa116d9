import Arrays
// The parser below Yams, in events, though it is no product of that package: Yams keeps its own events to itself, makes nodes by
// recursion, puts whole trees into hash tables where they are keys, and can be given no limit, so that a file of 440 bytes keeps it busy
// for ever.
internal import CYaml
import Runs

/// Makes nodes of YAML, and stops as soon as a limit is passed: no recursion, and an alias costs what it stands for.
struct ScanComposer {
    /// Why a text is refused.
    struct Failure: Error {
        let line: Int?
        /// The key that the problem is about.
        var key: String?
        let problem: String
    }

    /// A list or a map that is not finished.
    private struct Open {
        let isMap: Bool
        let line: Int
        let anchor: String?
        var elements: [ScanNode] = []
        var pairs: [ScanNode.Mapping.Pair] = []
        var keys: Set<String> = []
        /// The key that waits for its value.
        var key: ScanNode.Scalar?
        /// Nodes in it, itself among them.
        var size = 1
    }

    private var open: [Open] = []
    private var anchors: [String: (node: ScanNode, size: Int)] = [:]
    private var roots: [ScanNode] = []
    /// Nodes of the finished documents.
    private var size = 0

    /// The documents of a text.
    /// - Throws: `Failure`.
    static func documents(_ text: String) throws(Failure) -> [ScanNode] {
        var composer = ScanComposer()
        try composer.read(text)
        return composer.roots
    }

    private mutating func read(_ text: String) throws(Failure) {
        // The parser compares each directive with all before it.
        let bytes = Array(text.utf8)
        let directives = bytes.indices.count { bytes[$0] == UInt8(ascii: "%") && ($0 == 0 || bytes[$0 - 1] == UInt8(ascii: "\n")) }
        guard directives <= 100 else {
            throw Failure(line: nil, problem: "the file has \(directives) lines that begin with %, but may have 100; remove them")
        }
        var parser = yaml_parser_t()
        guard yaml_parser_initialize(&parser) == 1 else { throw Failure(line: nil, problem: "no memory is left for reading the file") }
        defer { yaml_parser_delete(&parser) }
        yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING)
        let failure: Failure? = bytes.withUnsafeBufferPointer { buffer in
            yaml_parser_set_input_string(&parser, buffer.baseAddress, buffer.count)
            do throws(Failure) {
                while try next(&parser) {}
                return nil
            } catch {
                // What is missing at the end is missed on the line after the last.
                let isBeyond = (error.line ?? 0) > Self.lastLine(bytes)
                return isBeyond ? Failure(line: Self.lastLine(bytes), key: error.key, problem: error.problem) : error
            }
        }
        if let failure { throw failure }
    }

    /// The last line with anything on it, from 1.
    private static func lastLine(_ bytes: [UInt8]) -> Int {
        let end = bytes.lastIndex { !" \t\r\n".utf8.contains($0) } ?? 0
        return 1 + bytes[..<end].count { $0 == UInt8(ascii: "\n") }
    }

    /// Takes one event.
    /// - Returns: whether there are more.
    private mutating func next(_ parser: inout yaml_parser_t) throws(Failure) -> Bool {
        var event = yaml_event_t()
        guard yaml_parser_parse(&parser, &event) == 1 else { throw Self.failure(of: parser) }
        defer { yaml_event_delete(&event) }
        let line = Int(event.start_mark.line) + 1
        switch event.type {
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            let text = String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
            try add(ScanNode(text, line: line), size: 1, anchor: Self.text(scalar.anchor), line)
        case YAML_ALIAS_EVENT:
            let name = Self.text(event.data.alias.anchor) ?? ""
            guard let (node, size) = anchors[name] else {
                throw Failure(
                    line: line, problem: "not YAML: *\(Excerpt.of(name)) stands for nothing; write &\(Excerpt.of(name)) before it")
            }
            try add(node, size: size, anchor: nil, line)
        case YAML_SEQUENCE_START_EVENT:
            try begin(Open(isMap: false, line: line, anchor: Self.text(event.data.sequence_start.anchor)))
        case YAML_MAPPING_START_EVENT:
            try begin(Open(isMap: true, line: line, anchor: Self.text(event.data.mapping_start.anchor)))
        case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT:
            if let done = open.popLast() {
                let node: ScanNode =
                    done.isMap
                    ? .mapping(.init(pairs: done.pairs, line: done.line)) : .sequence(.init(elements: done.elements, line: done.line))
                try add(node, size: done.size, anchor: done.anchor, done.line)
            }
        case YAML_STREAM_END_EVENT: return false
        default: break
        }
        return true
    }

    private mutating func begin(_ list: Open) throws(Failure) {
        guard open.count < ScanLimits.levels else { throw Self.tooDeep(list.line) }
        if let last = open.last, last.isMap, last.key == nil { throw Self.noKey(list.line) }
        open.append(list)
    }

    /// Puts a finished node where it belongs.
    private mutating func add(_ node: ScanNode, size nodes: Int, anchor: String?, _ line: Int) throws(Failure) {
        if let anchor { anchors[anchor] = (node, nodes) }
        guard let last = open.indices.last else {
            size += nodes
            try check(line)
            guard roots.count < ScanLimits.documents else {
                throw Failure(line: line, problem: "the file has more than \(ScanLimits.documents) scans; use fewer, with longer axes")
            }
            return roots.append(node)
        }
        open[last].size += nodes
        try check(line)
        guard open[last].isMap else { return open[last].elements.append(node) }
        if let key = open[last].key {
            open[last].pairs.append(.init(key: key, value: node))
            open[last].key = nil
        } else {
            guard case .scalar(let key) = node else { throw Self.noKey(line) }
            guard open[last].keys.insert(key.string).inserted else {
                let name = Excerpt.of(key.string)
                throw Failure(line: line, key: name, problem: "\(name) is given twice; remove one of them")
            }
            open[last].key = ScanNode.Scalar(string: key.string, line: line)
        }
    }

    private func check(_ line: Int) throws(Failure) {
        guard open.reduce(size, { $0 + $1.size }) <= ScanLimits.nodes else {
            throw Failure(
                line: line,
                problem:
                    "the file holds more than \(ScanLimits.nodes) values here, each alias counted as what it stands for; use ranges such as "
                    + "{from: 0, to: 1, count: 100}, or .npy files for points and targets")
        }
    }

    private static func noKey(_ line: Int) -> Failure {
        Failure(line: line, problem: "a key must be a word, not a list or a map; quote it if it has other signs")
    }

    private static func tooDeep(_ line: Int) -> Failure {
        Failure(
            line: line,
            problem:
                "lists and maps stand within each other more than \(ScanLimits.levels) deep, but a scan file needs a few levels; remove "
                + "brackets")
    }

    private static func text(_ pointer: UnsafeMutablePointer<UInt8>?) -> String? { pointer.map { String(cString: $0) } }

    private static func failure(of parser: yaml_parser_t) -> Failure {
        let problem = parser.problem.map { String(cString: $0) } ?? "it cannot be read"
        if parser.error == YAML_READER_ERROR {
            return Failure(line: nil, problem: "not YAML: \(problem) at byte \(parser.problem_offset); save the file as UTF-8 text")
        }
        let line = Int(parser.problem_mark.line) + 1
        // The parser looks ahead, and has a limit of its own.
        if problem.hasPrefix("Maximum nesting level") { return tooDeep(line) }
        return Failure(line: line, problem: "not YAML: \(problem); check indentation (spaces, no tabs), brackets and quotes")
    }
}
