import ArgumentParser
import Engines
import Scans

/// `inflaton merge`.
struct MergeCommand: FileCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge", abstract: "Takes the runs of several stores, such as the shards of a cluster job, into one.",
        discussion:
            "A run that several stores have comes in once, however often they are merged. The stores that are read stay as they are.")

    @Argument(help: "The stores to read.")
    var stores: [String]

    @Option(help: "The store to take them into; made where there is none.")
    var into: String

    @Flag(help: "Let results of other devices, drivers or revisions of the program lie in one store.")
    var mixed = false

    @Flag(help: "Print one JSON object on standard output.")
    var json = false

    var usedFiles: CommandFiles { .init(stores: stores) }

    func run() throws {
        let provenance = Provenance(parameters: ["stores": stores.joined(separator: " "), "into": into, "mixed": "\(mixed)"], engine: nil)
        let target = try SQLiteStore(path: into, provenance: provenance, engines: [], mixed: mixed)
        let merge = try target.merge(stores)
        let document = Document(
            into: into, runs: target.count, added: merge.added, repeated: merge.repeated, conflicting: merge.conflicting)
        if merge.conflicting > 0 {
            Console.writeToStandardError(
                "inflaton: warning: \(merge.conflicting) runs have other results in \(into) already, which stay; their devices differ\n")
        }
        if json { return try Console.writeJSON(document) }
        try Console.writeToStandardOutput(document.text)
    }

    private struct Document: Encodable {
        let into: String
        let runs: Int
        let added: Int
        let repeated: Int
        let conflicting: Int

        var text: String {
            var listing = Listing()
            listing.add("added", "\(added) runs")
            if repeated > 0 { listing.add("there already", "\(repeated) runs") }
            if conflicting > 0 { listing.add("conflicting", "\(conflicting) runs, left out") }
            listing.add("store", "\(into), \(runs) runs")
            return listing.text
        }
    }
}
