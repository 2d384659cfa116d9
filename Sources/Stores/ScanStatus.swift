import Foundation
import Runs

/// How far a scan is, as its store tells everybody who asks.
public struct ScanStatus: Sendable, Hashable, Codable {
    /// What has become of it.
    public enum State: String, Sendable, Hashable, Codable, CaseIterable {
        /// Its process works, or was killed: see ``ScanStatus/processIdentifier``.
        case running
        /// It was stopped and can go on.
        case interrupted
        /// All of its runs are stored.
        case finished
        /// It ended with an error.
        case failed
    }

    /// Names this attempt, among all stores.
    public let identity: String
    /// The scan's name.
    public var name: String
    /// The text of its file.
    public var file: String
    /// Different runs that are known of so far.
    public var total = 0
    /// Candidates that a filter leaves out.
    public var excluded = 0
    /// Runs that are stored.
    public var done = 0
    /// Those of them that this attempt computed and that diverged.
    public var diverged = 0
    /// Networks·steps a second.
    public var rate = 0.0
    /// When it began: ISO 8601, UTC.
    public var started: String
    /// When this was last written.
    public var updated: String
    /// The process that works.
    public var processIdentifier: Int
    /// Its machine.
    public var host: String
    public var state: State
    /// The share of the scan that this attempt computes; nil for all of it.
    public let shard: ScanShard?

    /// A scan that begins now, in this process.
    public init(name: String, file: String, host: String, shard: ScanShard? = nil) {
        self.shard = shard
        identity = UUID().uuidString
        self.name = name
        self.file = file
        started = Self.now()
        updated = started
        processIdentifier = Int(ProcessInfo.processInfo.processIdentifier)
        self.host = host
        state = .running
    }

    static func now() -> String { Date().formatted(.iso8601) }
}
