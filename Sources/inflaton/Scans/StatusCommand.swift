import ArgumentParser
import Engines
import Foundation
import Scans

/// `inflaton status`.
struct StatusCommand: FileCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "How far the scans of a store are, also while they run.")

    @Argument(help: "The store.")
    var store: String

    @Flag(help: "Print one JSON object on standard output.")
    var json = false

    var usedFiles: CommandFiles { .init(stores: [store]) }

    func run() throws {
        let reader = try StoreReader(path: store)
        let document = Document(store: store, runs: try reader.count, scans: try reader.scans.map(Scan.init))
        if json { return try Console.writeJSON(document) }
        try Console.writeToStandardOutput(document.text)
    }

    private struct Scan: Encodable {
        let name: String
        let state: String
        let done: Int
        let total: Int
        let excluded: Int
        let diverged: Int
        let networkStepsPerSecond: Double
        let started: String
        let updated: String
        let host: String
        let processIdentifier: Int

        init(_ status: ScanStatus) {
            name = status.name
            // A process that was killed could not say so.
            let isOurs = status.host == Provenance.hostName
            let isGone =
                isOurs && status.state == .running
                && (pid_t(exactly: status.processIdentifier).map { kill($0, 0) != 0 && errno == ESRCH } ?? true)
            state = isGone ? "killed" : status.state.rawValue
            done = status.done
            total = status.total
            excluded = status.excluded
            diverged = status.diverged
            networkStepsPerSecond = status.rate
            started = status.started
            updated = status.updated
            host = status.host
            processIdentifier = status.processIdentifier
        }
    }

    private struct Document: Encodable {
        let store: String
        let runs: Int
        let scans: [Scan]

        var text: String {
            var listing = Listing()
            listing.add("store", "\(store), \(runs) runs")
            for scan in scans {
                var parts = [scan.state, "\(scan.done)/\(scan.total) runs"]
                if scan.state == "running" { parts.append("\(NumberText.rounded(scan.networkStepsPerSecond)) networks·steps/s") }
                if scan.diverged > 0 { parts.append("\(scan.diverged) diverged") }
                parts.append("process \(scan.processIdentifier) on \(scan.host)")
                parts.append("since \(scan.started), last heard of \(scan.updated)")
                listing.add(scan.name.isEmpty ? "scan" : scan.name, parts.joined(separator: ", "))
            }
            return listing.text
        }
    }
}
