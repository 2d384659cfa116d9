import ArgumentParser
import Arrays
import Engines
import Runs
import Stores

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
        let console = Console(json: json, quiet: false)
        let sources = try console.during("reading the stores and comparing checksums") {
            try MergeSources(stores, into: into, mixed: mixed)
        }
        for path in sources.skipped { warn("\(path) is the store to merge into itself; it is not read") }
        guard !sources.paths.isEmpty else {
            throw ValidationError("there is nothing to merge: \(sources.skipped[0]) is both the store to read and --into.")
        }
        let target = try console.during("reading \(into) and comparing checksums") {
            try SQLiteStore(path: into, provenance: provenance, engines: [], mixed: mixed)
        }
        let merge = try console.during("taking the runs into \(into)") { try target.merge(sources) }
        let gaps = ScanCoverage(try target.reader.scans, runs: target.count).gaps
        let document = Document(
            into: into, runs: target.count, added: merge.added, repeated: merge.repeated, conflicting: merge.conflicting,
            skipped: sources.skipped, missing: gaps.map { ($0.name.isEmpty ? "" : "\($0.name): ") + $0.text })
        if merge.conflicting > 0 {
            warn("\(merge.conflicting.number(of: "run has", "runs have")) other results in \(into) already, which stay; the devices differ")
        }
        for gap in document.missing { warn("the scan is incomplete: \(gap)") }
        if json { return try Console.writeJSON(document) }
        try Console.writeToStandardOutput(document.text)
    }

    private func warn(_ text: String) { Console.writeToStandardError("inflaton: warning: \(text)\n") }

    private struct Document: Encodable {
        let into: String
        let runs: Int
        let added: Int
        let repeated: Int
        let conflicting: Int
        /// Stores that are the target itself.
        let skipped: [String]
        /// Shares of scans that are not there, or not to their end.
        let missing: [String]

        var text: String {
            var listing = Listing()
            listing.add("added", added.number(of: "run"))
            if repeated > 0 { listing.add("there already", repeated.number(of: "run")) }
            if conflicting > 0 { listing.add("conflicting", "\(conflicting.number(of: "run")), left out") }
            for gap in missing { listing.add("incomplete", gap) }
            listing.add("store", "\(into), \(runs.number(of: "run"))")
            return listing.text
        }
    }
}
