import Foundation
import TestSupport
import Testing

/// What `--json` prints, against the schema that is checked in.
@Suite struct JSONReferenceTests {
    private static let folder = URL(filePath: #filePath).appending(path: "../../../Documentation").standardized

    @Test(arguments: [("--json-page", "JSON.md"), ("--json-schema", "inflaton.schema.json")])
    func pageAndSchemaAreCheckedIn(option: String, name: String) throws {
        let text = try Command.run(["manual", option]).output, path = Self.folder.appending(path: name)
        if ProcessInfo.processInfo.environment["INFLATON_WRITE_SCHEMA"] != nil {
            try text.write(to: path, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOf: path, encoding: .utf8) == text)
    }

    @Test func everyCommandPrintsWhatTheSchemaSays() throws {
        let schema = try JSONSchema(contentsOf: Self.folder.appending(path: "inflaton.schema.json"))
        try TemporaryFolder.with { folder in
            try """
            name: small
            width: [8, 16]
            inputs: {points: [1]}
            scale: 0.05
            learningRate: 0.01
            momentum: [0, 0.9]
            steps: 10
            """.write(toFile: folder.file("scan.yaml"), atomically: true, encoding: .utf8)
            _ = try SmallNetwork().command(in: folder)
            let small = ["--device", "reference"], evolve = ["evolve", "--steps", "20", "--width", "16"] + small
            let documents: [(String, [String])] = [
                ("doctor", ["doctor"] + small), ("cite", ["cite"]), ("failure", ["evolve", "--steps", "-3", "-o", "x"]),
                ("evolve", evolve + ["-o", "e1"]), ("evolve", evolve + ["--dry-run", "-o", "e2"]),
                (
                    "evolve",
                    evolve + [
                        "--optimiser", "friedmann", "--planck-mass", "0.1", "--learning-rate", "0.0004", "--scale", "0.5", "-o", "e3",
                    ]
                ), ("evolve", evolve + ["--minimum", "1,2", "-o", "e4"]), ("evolve", evolve + ["--inputs", "x.npy", "-o", "e5"]),
                (
                    "evolve",
                    evolve + ["--optimiser", "de-sitter", "--hubble", "1", "--eras", "de-sitter:1,radiation:1", "-o", "e6"]
                ),
                ("ntk", ["ntk", "w.npz", "x.npy", "-o", "n1.npz"] + small),
                ("ntk", ["ntk", "w.npz", "x.npy", "--dry-run", "-o", "n2.npz"] + small),
                ("ntk --infinite", ["ntk", "--infinite", "--depth", "1", "x.npy", "-o", "n3.npz"]),
                ("universe", ["universe", "--samples", "3"]), ("universe", ["universe", "--samples", "3", "--mode", "1,2", "-o", "u.csv"]),
                ("universe", ["universe", "--dry-run"]), ("universe --fields", ["universe", "--samples", "3", "--fields", "1,2"]),
                ("universe --spectrum", ["universe", "--phi", "16", "--spectrum", "--samples", "3"]),
                ("reproduce", ["reproduce", "--figure", "5", "--quick", "--dry-run"] + small),
                ("learning", ["learning", "fokker-planck", "--quick", "--dry-run"]),
                ("scan --explain", ["scan", "scan.yaml", "--explain"] + small),
                ("scan --explain", ["scan", "scan.yaml", "--dry-run"] + small),
                ("scan", ["scan", "scan.yaml"] + small), ("scan --schema", ["scan", "--schema"]), ("status", ["status", "scan.sqlite"]),
                ("export", ["export", "scan.sqlite", "-o", "runs.csv"]), ("export", ["export", "scan.sqlite", "-o", "runs.npz"]),
                ("plot", ["plot", "scan.sqlite", "--x", "width", "--y", "finalLoss", "-o", "p.svg"]),
                ("plot, without --x", ["plot", "scan.sqlite"]),
                ("report", ["report", "scan.sqlite"]), ("merge", ["merge", "scan.sqlite", "--into", "m.sqlite"]),
                ("verify", ["verify", "scan.sqlite"]), ("slurm", ["slurm", "scan.yaml"]),
                ("slurm --output", ["slurm", "scan.yaml", "-o", "job.sh"]),
                ("bench", ["bench", "forward", "--width", "8", "--points", "2", "--members", "1", "--repeats", "1"]),
                ("bench", ["bench", "forward", "--dry-run"]), ("tune", ["tune", "--dry-run"]), ("tune", ["tune", "--show"]),
            ]
            var met: Set<String> = []
            for (name, words) in documents {
                let objects = try Command.run(words + ["--json"], in: folder).jsonLinesOrObject()
                for object in objects {
                    // Of a scan the last line is another one.
                    let name = name == "scan" && object["event"] as? String == "finished" ? "scan, at the end" : name
                    let problems = schema.problems(of: object, as: name)
                    #expect(problems.isEmpty, "inflaton \(words.joined(separator: " ")): \(problems.joined(separator: "; "))")
                    met.insert(name)
                }
            }
            #expect(Set(schema.names).subtracting(met) == [])
            let others = try HelpTests.commands().filter { command in !met.contains { $0 == command } }
            #expect(others == [], "commands whose objects no test has seen")
        }
    }
}

extension Command {
    /// One object over several lines, or one a line.
    fileprivate func jsonLinesOrObject() throws -> [[String: Any]] { if let object = try? json() { [object] } else { try jsonLines() } }
}

/// As much of JSON Schema as the file uses; members that it does not name are problems, so that none goes undocumented.
private struct JSONSchema {
    private let definitions: [String: [String: Any]]

    init(contentsOf file: URL) throws {
        let document = try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any]
        definitions = try #require(document?["$defs"] as? [String: [String: Any]])
    }

    /// The documents, without the definition of numbers.
    var names: [String] { definitions.keys.filter { $0 != "number" } }

    /// What an object has that its schema does not allow.
    func problems(of value: Any, as name: String) -> [String] {
        definitions[name].map { problems(value, $0, at: name) } ?? ["there is no definition '\(name)'"]
    }

    private func problems(_ value: Any, _ schema: [String: Any], at place: String) -> [String] {
        if let reference = schema["$ref"] as? String {
            return problems(value, definitions[String(reference.split(separator: "/")[2])] ?? [:], at: place)
        }
        if let choices = schema["anyOf"] as? [[String: Any]] {
            return choices.contains { problems(value, $0, at: place).isEmpty } ? [] : ["\(place) is \(value), which is none of \(choices)"]
        }
        if let words = schema["enum"] as? [String] {
            return (value as? String).map(words.contains) ?? false ? [] : ["\(place) is \(value)"]
        }
        let types = (schema["type"] as? [String]) ?? [schema["type"] as? String].compactMap { $0 }
        guard types.isEmpty || types.contains(where: { Self.is(value, $0) }) else { return ["\(place) is \(value), which is no \(types)"] }
        if let list = value as? [Any] {
            let elements = schema["items"] as? [String: Any] ?? [:]
            return list.enumerated().flatMap { problems($1, elements, at: "\(place)[\($0)]") }
        }
        guard let object = value as? [String: Any], !types.isEmpty else { return [] }
        if let values = schema["additionalProperties"] as? [String: Any] {
            return object.flatMap { problems($1, values, at: "\(place).\($0)") }
        }
        guard let members = schema["properties"] as? [String: [String: Any]] else { return [] }
        let missing = (schema["required"] as? [String] ?? []).filter { object[$0] == nil }.map { "\(place).\($0) is missing" }
        return missing
            + object.flatMap { name, value in
                members[name].map { problems(value, $0, at: "\(place).\(name)") } ?? ["\(place).\(name) is documented nowhere"]
            }
    }

    private static func `is`(_ value: Any, _ type: String) -> Bool {
        switch type {
        case "null": value is NSNull
        case "string": value is String
        case "array": value is [Any]
        case "object": value is [String: Any]
        case "boolean": (value as? NSNumber).map { CFBoolean.isBoolean($0) } ?? false
        case "integer": (value as? NSNumber).map { !CFBoolean.isBoolean($0) && $0.doubleValue.rounded() == $0.doubleValue } ?? false
        case "number": (value as? NSNumber).map { !CFBoolean.isBoolean($0) } ?? false
        default: false
        }
    }
}

private enum CFBoolean {
    /// Foundation reads true and false as numbers of the type of C's bool.
    static func isBoolean(_ number: NSNumber) -> Bool { String(cString: number.objCType) == "c" && (number == 0 || number == 1) }
}
