import Compute
import Engines

/// What the doctor found.
public struct DoctorReport: Sendable, Codable {
    /// Every check in the order in which they ran.
    public var findings: [Finding] = []

    /// A check, and the engine that it was made on.
    public struct Finding: Sendable, Codable {
        public let engine: EngineDescription
        public let result: CheckResult
    }

    /// The number of checks that passed.
    public var passed: Int { findings.count(where: \.result.passed) }
    /// The number of checks that failed.
    public var failed: Int { findings.count - passed }

    /// A report without findings.
    public init() {}
}
