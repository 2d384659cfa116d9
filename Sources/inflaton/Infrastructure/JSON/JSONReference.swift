import Foundation

/// What `--json` prints, command by command: the page Documentation/JSON.md and a JSON Schema of the same content.
struct JSONReference {
    /// One kind of object that a command prints.
    struct Document {
        /// The command, or the command and what makes it print this one, such as "ntk --infinite".
        let name: String
        /// When it is printed, where that is not always.
        let condition: String
        /// A line a member: its path, its type and its meaning, separated by bars. A path goes down by points; `[]` are the elements of a
        /// list, `*` the values of a map with names of its own, and `?` marks what may be absent.
        let members: String
        /// Whether it has the members that most objects have.
        var isSummary = true
    }

    /// Counts up where a member changes its meaning or goes; members that come do not count.
    static let version = 1

    /// The types of members.
    private static let types = [
        "text": "text", "integer": "whole number", "number": "number", "flag": "true or false", "object": "object",
        "number or null": "number, or null", "text or null": "text, or null", "object or null": "object, or null",
        "anything": "list or object",
    ]

    private static func rows(_ members: String) -> [(path: String, type: String, meaning: String)] {
        members.split(separator: "\n").map { line in
            let parts = line.split(separator: "|", maxSplits: 2).map { $0.trimmingCharacters(in: .whitespaces) }
            precondition(parts.count == 3 && types[parts[1]] != nil, "a row of the JSON reference: \(line)")
            return (parts[0], parts[1], parts[2])
        }
    }

    /// The page.
    static var markdown: String {
        var text = """
            # What `--json` prints

            With `--json` a command prints one JSON object on standard output and nothing else there; `scan` prints one a line. This page is made from the program, and a test compares what the commands print with it; [inflaton.schema.json](inflaton.schema.json) says the same as a JSON Schema (draft 2020-12), with a definition for each heading below.

            `schemaVersion` is \(version). It grows when a member goes or changes its meaning. New members may come at any time, so readers leave those alone that they do not know.

            Numbers that JSON does not have are the texts `nan`, `inf` and `-inf`. Members with a question mark may be absent. Quantities have no units unless a unit is said: outputs and losses are those of the network, times t = k√η, bytes are bytes and seconds seconds.


            """
        for document in [common] + documents {
            text += "## \(document.name)\n\n"
            if !document.condition.isEmpty { text += document.condition + "\n\n" }
            text += "| member | type | meaning |\n|---|---|---|\n"
            for row in rows(document.members) { text += "| `\(row.path)` | \(types[row.type] ?? "") | \(row.meaning) |\n" }
            text += "\n"
        }
        return String(text.dropLast())
    }

    /// The JSON Schema.
    /// - Throws: what the encoder throws, in practice nothing.
    static func schema() throws -> String {
        var definitions: [String: Any] = [:]
        for document in documents {
            let node = Node()
            for row in rows(document.members) + (document.isSummary ? rows(common.members) : []) { node.add(row) }
            if !document.isSummary { node.add(("schemaVersion", "integer", "See above.")) }
            definitions[document.name] = node.schema
        }
        let failure = Node()
        for row in rows(documents.first { $0.name == "failure" }?.members ?? "") { failure.add(row) }
        definitions["failure"] = failure.schema
        definitions["number"] = ["anyOf": [["type": "number"], ["enum": ["nan", "inf", "-inf"]]]]
        let data = try JSONSerialization.data(
            withJSONObject: [
                "$schema": "https://json-schema.org/draft/2020-12/schema", "title": "What inflaton prints with --json",
                "$defs": definitions,
            ], options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
        return String(decoding: data, as: UTF8.self) + "\n"
    }

    /// A value at a path.
    private final class Node {
        var type = "object"
        var meaning = ""
        var isRequired = true
        var members: [String: Node] = [:]
        var elements: Node?
        var values: Node?
        var isLeaf: Bool { members.isEmpty && elements == nil && values == nil }

        /// Puts a row in its place, and makes what lies above it.
        func add(_ row: (path: String, type: String, meaning: String)) {
            var node = self
            for part in row.path.split(separator: ".") {
                var name = part, isOptional = false, isList = false
                if name.hasSuffix("[]") {
                    isList = true
                    name = name.dropLast(2)
                }
                if name.hasSuffix("?") {
                    isOptional = true
                    name = name.dropLast()
                }
                let next: Node
                if name == "*" {
                    next = node.values ?? Node()
                    node.values = next
                } else {
                    next = node.members[String(name)] ?? Node()
                    node.members[String(name)] = next
                }
                if isOptional { next.isRequired = false }
                node = next
                if isList {
                    let element = node.elements ?? Node()
                    node.elements = element
                    node = element
                }
            }
            node.type = row.type
            node.meaning = row.meaning
        }

        var schema: [String: Any] {
            var schema: [String: Any] = meaning.isEmpty ? [:] : ["description": meaning]
            if let elements {
                schema.merge(["type": "array", "items": elements.schema]) { $1 }
            } else if let values {
                schema.merge(["type": "object", "additionalProperties": values.schema]) { $1 }
            } else if isLeaf {
                guard type != "anything" else { return schema }
                let nullable = type.hasSuffix(" or null")
                switch type.replacingOccurrences(of: " or null", with: "") {
                case "number":
                    let number = ["$ref": "#/$defs/number"]
                    if nullable { schema["anyOf"] = [number, ["type": "null"]] } else { schema.merge(number) { $1 } }
                case let other:
                    let name = ["text": "string", "flag": "boolean"][other] ?? other
                    schema["type"] = nullable ? [name, "null"] : name
                }
            } else {
                let nullable = type.hasSuffix(" or null")
                schema["type"] = nullable ? ["object", "null"] : "object"
                schema["properties"] = members.mapValues(\.schema)
                schema["required"] = members.filter(\.value.isRequired).keys.sorted()
            }
            return schema
        }
    }
}
