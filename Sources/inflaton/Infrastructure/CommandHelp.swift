import Foundation

/// What the parser says of a command, as it dumps it.
struct CommandHelp: Decodable {
    struct Argument: Decodable {
        struct Name: Decodable {
            let kind: String
            let name: String

            var isLong: Bool { kind == "long" }
            var text: String { (isLong ? "--" : "-") + name }
        }

        let kind: String
        let names: [Name]?
        let valueName: String?
        let abstract: String?
        let discussion: String?
        let defaultValue: String?
        let allValues: [String]?
        let isOptional: Bool
        let isRepeating: Bool
        let shouldDisplay: Bool

        var isShown: Bool { shouldDisplay }
    }

    let commandName: String
    let abstract: String?
    let discussion: String?
    let shouldDisplay: Bool?
    let arguments: [Argument]?
    let subcommands: [CommandHelp]?

    var isShown: Bool { shouldDisplay ?? true }

    /// The root command, with all below it.
    /// - Throws: `DecodingError`.
    init(dumped help: Data) throws { self = try JSONDecoder().decode(Dump.self, from: help).command }

    private struct Dump: Decodable {
        let command: CommandHelp
    }
}
