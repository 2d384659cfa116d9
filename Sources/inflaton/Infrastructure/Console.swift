import Arrays
import Engines
import Foundation
import Synchronization

/// Where a command speaks: results on standard output, as text or as one JSON object, and everything else on standard error.
final class Console: Sendable {
    /// Whether standard output is to hold one JSON object and nothing else.
    let json: Bool
    /// Whether notes and progress are left out.
    let quiet: Bool
    private let warnings = Mutex<[String]>([])

    init(json: Bool, quiet: Bool) {
        self.json = json
        self.quiet = quiet
    }

    /// What helps a person to follow; silent with `--json` and `--quiet`.
    func note(_ text: String) {
        if !json, !quiet { Self.writeToStandardError("inflaton: \(text)\n") }
    }

    /// What a person must know: always on standard error, and in the JSON object.
    func warn(_ text: String) {
        warnings.withLock { $0.append(text) }
        Self.writeToStandardError("inflaton: warning: \(text)\n")
    }

    /// A display of how far the work is.
    func progress(_ label: String, of total: Int, unit: String) -> ProgressDisplay {
        ProgressDisplay(label: label, total: total, unit: unit, silent: json || quiet)
    }

    /// Says what was done, the last thing a command does: `text` for people, or the JSON object.
    /// - Parameters:
    ///   - command: the subcommand's name.
    ///   - provenance: how the result came to be; names the engine.
    ///   - outputs: the files written, or with `--dry-run` those that would be.
    ///   - result: its members stand in the JSON object beside `command`, `engine`, `warnings`, `outputs` and `provenance`.
    ///   - text: what people read.
    func finish(
        _ command: String, provenance: Provenance, outputs: [String] = [], dryRun: Bool = false, result: some Encodable, text: String
    ) throws {
        if json {
            try Self.writeJSON(
                Summary(
                    command: command, dryRun: dryRun, provenance: provenance, outputs: outputs, warnings: warnings.withLock { $0 },
                    result: result))
        } else {
            try Self.writeToStandardOutput(text.hasSuffix("\n") || text.isEmpty ? text : text + "\n")
        }
    }

    /// One JSON object; numbers that JSON does not know are the strings `nan`, `inf` and `-inf`.
    static func writeJSON(_ value: some Encodable) throws { try writeToStandardOutput(json(value)) }

    /// One JSON object on a line of its own: for streams of them.
    static func writeLine(_ value: some Encodable) throws { try writeToStandardOutput(json(value, formatting: [])) }

    /// The text of a JSON object, written as `writeJSON` does.
    static func json(_ value: some Encodable, formatting: JSONEncoder.OutputFormatting = .prettyPrinted) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = formatting.union([.sortedKeys, .withoutEscapingSlashes])
        encoder.nonConformingFloatEncodingStrategy = .convertToString(positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
    }

    /// Text on standard output, as ``PrintableText``.
    /// - Throws: `FileError.cannotWrite`, for example where the disk is full.
    static func writeToStandardOutput(_ text: String) throws {
        do {
            try FileHandle.standardOutput.write(contentsOf: Data(PrintableText.of(text).utf8))
        } catch {
            throw FileError.cannotWrite(path: "standard output", reason: String(cString: strerror(errno)))
        }
    }

    /// Text on standard error, as ``PrintableText``; where that is closed there is nobody to tell.
    static func writeToStandardError(_ text: String) {
        try? FileHandle.standardError.write(contentsOf: Data(PrintableText.of(text).utf8))
    }

    /// Puts a line in the place of the last one on the terminal that is standard error.
    /// - Parameter line: empty to remove the last one.
    static func redraw(_ line: String) {
        try? FileHandle.standardError.write(contentsOf: Data("\r\u{1B}[K\(PrintableText.of(line))".utf8))
    }
}

/// What every `--json` object has, with the members of the result beside it.
private struct Summary<Result: Encodable>: Encodable {
    let command: String
    let dryRun: Bool
    let provenance: Provenance
    let outputs: [String]
    let warnings: [String]
    let result: Result

    private enum CodingKeys: String, CodingKey { case command, dryRun, engine, outputs, warnings, provenance }

    func encode(to encoder: any Encoder) throws {
        try result.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(command, forKey: .command)
        try container.encode(dryRun, forKey: .dryRun)
        try container.encode(provenance.engine, forKey: .engine)
        try container.encode(outputs, forKey: .outputs)
        try container.encode(warnings, forKey: .warnings)
        try container.encode(provenance, forKey: .provenance)
    }
}
