import Arrays
import Engines
import Foundation
import OpenCL
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
        if !json, !quiet { Self.writeToStandardError("inflaton: \(text.printableLines)\n") }
    }

    /// What a person must know: always on standard error, and in the JSON object.
    func warn(_ text: String) {
        warnings.withLock { $0.append(text) }
        Self.writeToStandardError("inflaton: warning: \(text.printableLines)\n")
    }

    /// Warns where options were given that this use of a command has no use for.
    /// - Parameters:
    ///   - options: their names, with dashes.
    ///   - reason: what decides instead.
    func warnOfUnused(_ options: [String], because reason: String) {
        let given = options.filter { CommandLineText.gives($0) }
        if !given.isEmpty { warn("\(given.joined(separator: ", ")) \(given.count == 1 ? "is" : "are") ignored: \(reason)") }
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
    static func writeJSON(_ value: some Encodable) throws { try writeToStandardOutput(json(Versioned(value: value))) }

    /// One JSON object on a line of its own: for streams of them.
    static func writeLine(_ value: some Encodable) throws { try writeToStandardOutput(json(Versioned(value: value), formatting: [])) }

    /// The text of a JSON object, written as `writeJSON` does.
    static func json(_ value: some Encodable, formatting: JSONEncoder.OutputFormatting = .prettyPrinted) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = formatting.union([.sortedKeys, .withoutEscapingSlashes])
        encoder.nonConformingFloatEncodingStrategy = .convertToString(positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return escaped(String(decoding: try encoder.encode(value), as: UTF8.self)) + "\n"
    }

    /// JSON as a terminal may be given it. Encoders escape the controls of ASCII alone; the line breaks are the encoder's own.
    private static func escaped(_ json: String) -> String {
        guard !json.unicodeScalars.allSatisfy({ $0 == "\n" || !$0.steersTerminal }) else { return json }
        return json.unicodeScalars.reduce(into: "") { text, scalar in
            guard scalar != "\n", scalar.steersTerminal else { return text.unicodeScalars.append(scalar) }
            for unit in String(scalar).utf16 { text += "\\u" + String(0x10000 | Int(unit), radix: 16).dropFirst() }
        }
    }

    /// Text on standard output; on a terminal what would steer it is escaped, elsewhere every byte is as it is.
    /// - Throws: `FileError.cannotWrite`, for example where the disk is full.
    static func writeToStandardOutput(_ text: String) throws(FileError) {
        let shown = isatty(STDOUT_FILENO) == 1 ? text.printableLines : text
        try StandardStreams.write(shown, to: STDOUT_FILENO, named: "standard output")
    }

    /// Text on standard error, as it is; where nobody listens there is nobody to tell.
    static func writeToStandardError(_ text: String) {
        try? StandardStreams.write(text, to: STDERR_FILENO, named: "standard error")
    }

    /// Puts a line in the place of the last one on the terminal that is standard error.
    /// - Parameter line: empty to remove the last one.
    static func redraw(_ line: String) {
        writeToStandardError("\r\u{1B}[K\(line.printable)")
    }
}

/// An object with the version of its members' meaning.
private struct Versioned<Value: Encodable>: Encodable {
    let value: Value

    private enum CodingKeys: String, CodingKey { case schemaVersion }

    func encode(to encoder: any Encoder) throws {
        try value.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(JSONReference.version, forKey: .schemaVersion)
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

extension Console {
    /// What every command does with its engines before they work: takes back the signals that drivers took, has a driver that ends the
    /// process say why, and has a person told who waits for kernels to be compiled.
    func attend(_ engines: [any Engine]) {
        DriverCrash.listen(on: engines)
        Compilation.notify { [self] notice in
            // Also with --json: whoever waits for the object waits as long.
            guard !quiet else { return }
            if isatty(STDERR_FILENO) == 1, !json { Self.redraw("") }
            let kept = notice.folder.map { "; they are kept in \($0) for the next network of this shape" } ?? ""
            Self.writeToStandardError("inflaton: \("compiling kernels for \(notice.device)\(kept)".printableLines)\n")
        }
    }
}
