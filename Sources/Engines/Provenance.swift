import Foundation
import Networks

/// How a result came to be: written into or beside everything that Inflaton writes.
public struct Provenance: Sendable, Hashable, Codable {
    /// The command line, the program's name first.
    public let command: [String]
    /// The release of Inflaton.
    public let version: String
    /// The git revision that the program was built from, or "unknown".
    public let revision: String
    /// Which engine computed; nil where no network was evaluated.
    public let engine: EngineDescription?
    /// The machine's name.
    public let host: String
    /// The machine's operating system.
    public let operatingSystem: String
    /// When the work began: ISO 8601, UTC, to the second.
    public let date: String
    /// Every parameter of the work by its name, defaults included.
    public let parameters: [String: String]
    /// The version of the stream that initial weights are drawn from (`WeightStream.version`).
    public let weightStream: Int

    /// The provenance of work that begins now, on this machine.
    /// - Parameters:
    ///   - parameters: every parameter by its name, defaults included.
    ///   - engine: which engine computes; nil where no network is evaluated.
    ///   - command: default: the command line of this process.
    ///   - revision: default: the one built in.
    public init(
        parameters: [String: String], engine: EngineDescription?, command: [String] = CommandLine.arguments, date: Date = Date(),
        revision: String = Version.revision
    ) {
        self.command = command
        version = Version.current
        self.revision = revision
        self.engine = engine
        host = Self.hostName
        operatingSystem = ProcessInfo.processInfo.operatingSystemVersionString
        self.date = date.formatted(.iso8601)
        self.parameters = parameters
        weightStream = WeightStream.version
    }

    /// The command line as a shell takes it, words quoted where they must be; written beside `command` wherever that is.
    public var commandLine: String {
        command.map { word in
            let isPlain = !word.isEmpty && word.utf8.allSatisfy { Self.plain.contains($0) }
            return isPlain ? word : "'" + word.replacing("'", with: "'\\''") + "'"
        }.joined(separator: " ")
    }

    private static let plain = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_@%+=:,./-".utf8)

    private enum CodingKeys: String, CodingKey {
        case command, version, revision, engine, host, operatingSystem, date, parameters, weightStream
    }

    private enum WrittenKeys: String, CodingKey { case commandLine }

    /// The properties by their names, and `commandLine`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(command, forKey: .command)
        try container.encode(version, forKey: .version)
        try container.encode(revision, forKey: .revision)
        try container.encodeIfPresent(engine, forKey: .engine)
        try container.encode(host, forKey: .host)
        try container.encode(operatingSystem, forKey: .operatingSystem)
        try container.encode(date, forKey: .date)
        try container.encode(parameters, forKey: .parameters)
        try container.encode(weightStream, forKey: .weightStream)
        var written = encoder.container(keyedBy: WrittenKeys.self)
        try written.encode(commandLine, forKey: .commandLine)
    }

    /// Everything as names and texts, the parameters among them: for files that hold no deeper structure.
    public var entries: [String: String] {
        let own = [
            "command": command.joined(separator: " "), "commandLine": commandLine, "version": version, "revision": revision,
            "engine": engine?.description ?? "none",
            "host": host, "operatingSystem": operatingSystem, "date": date, "weightStream": "\(weightStream)",
        ]
        return parameters.merging(own) { _, own in own }
    }

    /// One line of JSON with sorted keys: the text member `provenance` of an `.npz` file.
    public var text: String { Self.encode(self, formatting: [.sortedKeys, .withoutEscapingSlashes]) }

    /// JSON over several lines: a file of its own beside a table, which has no room for it.
    public var document: String { Self.encode(self, formatting: [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]) + "\n" }

    /// The file beside a table at `path` that carries its provenance.
    public static func path(besides path: String) -> String { path + ".provenance.json" }

    private static func encode(_ value: Provenance, formatting: JSONEncoder.OutputFormatting) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = formatting
        // Strings and integers alone always encode.
        return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    /// The machine's name. Not `ProcessInfo.hostName`, which asks the network and may wait for it.
    public static var hostName: String {
        var bytes = [CChar](repeating: 0, count: 256)
        let status = gethostname(&bytes, bytes.count - 1)
        return status == 0 ? String(decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self) : "unknown"
    }
}
