import ArgumentParser
import Arrays
import Engines
import Foundation
import Runs
import ScanFiles
import Stores

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
        let runs = try reader.count, scans = try reader.scans, coverage = ScanCoverage(scans, runs: runs)
        let document = Document(
            store: store, runs: runs, scans: scans.map { Scan($0, runs: runs, coverage) },
            missing: coverage.gaps.map { Missing(name: $0.name, what: $0.text) })
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

        init(_ status: ScanStatus, runs: Int, _ coverage: ScanCoverage) {
            name = status.name
            // A process that was killed could not say so.
            let isOurs = status.host == Provenance.hostName
            let isGone =
                isOurs && status.state == .running
                && (pid_t(exactly: status.processIdentifier).map { kill($0, 0) != 0 && errno == ESRCH } ?? true)
            state = isGone ? "killed" : Self.state(status, runs: runs, coverage)
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

        /// A scan of which runs are missing is never called finished.
        private static func state(_ status: ScanStatus, runs: Int, _ coverage: ScanCoverage) -> String {
            guard status.state == .finished, !coverage.isComplete(status) else { return status.state.rawValue }
            return status.total > runs ? "incomplete" : "shard done"
        }
    }

    private struct Missing: Encodable {
        let name: String
        let what: String
    }

    private struct Document: Encodable {
        let store: String
        let runs: Int
        let scans: [Scan]
        /// Shares of scans that are not there, or not to their end.
        let missing: [Missing]

        var text: String {
            var listing = Listing()
            listing.add("store", "\(store), \(runs.number(of: "run"))")
            for scan in scans {
                var parts = [scan.state, "\(scan.done)/\(scan.total.number(of: "run"))"]
                if scan.state == "running" { parts.append("\(NumberText.rounded(scan.networkStepsPerSecond)) networks·steps/s") }
                if scan.diverged > 0 { parts.append("\(scan.diverged) diverged") }
                parts.append("process \(scan.processIdentifier) on \(scan.host)")
                parts.append("since \(scan.started), last heard of \(scan.updated)")
                listing.add((scan.name.isEmpty || scan.name.hasPrefix(" (shard") ? "scan" : "") + scan.name, parts.joined(separator: ", "))
            }
            for gap in missing { listing.add(gap.name.isEmpty ? "scan" : gap.name, "incomplete: \(gap.what)") }
            return listing.text
        }
    }
}
