import Foundation

/// The rooms of the package, what the manifest says that each may use, and what its files import.
struct House {
    /// In order: a room may use rooms before it.
    var rooms: [String]
    /// What each target declares: names of targets, and of products of other packages.
    var declared: [String: Set<String>]
    /// The modules that the files of each room import.
    var imported: [String: Set<String>]

    /// Modules of other packages that a declared name brings along.
    private static let within = ["Yams": "CYaml"]
    /// What one room alone may use.
    private static let keepers = [
        "GRDB": "Stores", "GRDBSQLite": "Stores", "Yams": "ScanFiles", "CYaml": "ScanFiles", "COpenCL": "OpenCL", "CZip": "Arrays",
        "COpenBLAS": "Arrays", "COpenSSL": "Runs", "Kernels": "Compute",
    ]
    /// What must not come into a program with a room, by whatever way.
    private static let unreachable = [
        "Report": ["COpenCL", "GRDB", "Yams"], "Figures": ["COpenCL", "GRDB", "Yams"], "Experiments": ["GRDB"],
        "Runs": ["GRDB", "Yams"], "Stores": ["Yams"], "ScanFiles": ["GRDB"], "Checks": ["GRDB", "Yams"], "Duality": ["COpenCL"],
        "Cosmology": ["Networks", "COpenCL"], "Expressions": ["COpenCL"], "Networks": ["COpenCL"],
    ]

    /// Reads a manifest as text, whose targets name what they use one by one.
    /// - Parameter folder: of the sources, a folder a room.
    init(manifest: String, sources folder: URL) throws {
        rooms = Self.strings(in: Self.bracketed(manifest, after: "let rooms = ["))
        declared = [:]
        for part in manifest.components(separatedBy: ".target(").dropFirst() {
            let target = Self.bracketed(part, after: "", opening: "(", closing: ")")
            guard let name = Self.strings(in: target).first else { continue }
            var list = Self.bracketed(target, after: "dependencies: [")
            list.replace(/, package: "[^"]*"/, with: "")
            declared[name] = Set(Self.strings(in: list))
        }
        imported = [:]
        for room in rooms { imported[room] = try Self.imports(of: folder.appending(path: room)) }
    }

    /// What is wrong, in sentences.
    var faults: [String] {
        var faults: [String] = []
        for room in rooms where declared[room] == nil { faults.append("\(room) is no target") }
        let modules = Set(declared.keys).union(declared.values.joined()).union(Self.keepers.keys)
        for (place, room) in rooms.enumerated() {
            let declared = declared[room, default: []], imported = imported[room, default: []].intersection(modules)
            let allowed = declared.union(declared.compactMap { Self.within[$0] })
            for name in imported.subtracting(allowed).sorted() { faults.append("\(room) imports \(name) and does not declare it") }
            for name in declared.subtracting(imported).sorted() where !imported.contains(Self.within[name] ?? name) {
                faults.append("\(room) declares \(name) and does not import it")
            }
            for name in declared.intersection(rooms[place...]).sorted() { faults.append("\(room) stands before \(name) and uses it") }
            for name in declared.union(imported).sorted() where Self.keepers[name, default: room] != room {
                faults.append("\(room) uses \(name), which is for \(Self.keepers[name, default: room])")
            }
            let reached = reach(of: room)
            for name in Self.unreachable[room, default: []] where reached.contains(name) { faults.append("\(name) comes with \(room)") }
        }
        return faults
    }

    /// All that a target brings into a program.
    private func reach(of target: String) -> Set<String> {
        var reached: Set<String> = [], open = [target]
        while let next = open.popLast() {
            for name in declared[next, default: []] where reached.insert(name).inserted { open.append(name) }
        }
        return reached
    }

    /// What stands behind a text until the bracket that closes; the opening one is the last of the text, or the text was cut behind it.
    private static func bracketed(_ text: String, after start: String, opening: Character = "[", closing: Character = "]") -> String {
        guard let from = start.isEmpty ? text.startIndex : text.range(of: start)?.upperBound else { return "" }
        var depth = 1
        return String(
            text[from...].prefix {
                depth += $0 == opening ? 1 : $0 == closing ? -1 : 0
                return depth > 0
            })
    }

    private static func strings(in text: String) -> [String] { text.matches(of: /"([^"]*)"/).map { String($0.1) } }

    private static func imports(of folder: URL) throws -> Set<String> {
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)?.compactMap { $0 as? URL } ?? []
        let imports = /^(?:@\w+ |internal |private |public )*import (?:\w+ )?(\w+)/.anchorsMatchLineEndings()
        var names: Set<String> = []
        for file in files where file.pathExtension == "swift" {
            for match in try String(contentsOf: file, encoding: .utf8).matches(of: imports) { names.insert(String(match.1)) }
        }
        return names
    }
}
