import Arrays
import Compute
import Networks

/// Evaluates and trains ensembles of networks.
///
/// An engine does one job at a time: concurrent calls of ``run(_:_:deliver:)`` wait for each other.
public protocol Engine: Sendable {
    /// Which arithmetic on which device; every output carries it.
    var description: EngineDescription { get }

    /// How the members of an ensemble of that shape would be split to fit the device.
    /// - Throws: `EngineError.doesNotFit` if not even one member does.
    func plan(_ shape: EnsembleShape, _ job: Job) throws -> MemoryPlan

    /// Computes the job and delivers its blocks in the order in which they are ready; members come in ascending order.
    ///
    /// - Parameter deliver: takes a block; `false` stops the work.
    /// - Throws: `EngineError` before work for what cannot be done; what `deliver` throws; errors of the device.
    func run(_ ensemble: Ensemble, _ job: Job, deliver: (Block) throws -> Bool) throws
}

/// Which engine made a result.
public struct EngineDescription: Sendable, Hashable, Codable, CustomStringConvertible {
    /// `reference` or `opencl`.
    public let name: String
    /// The device's name.
    public let device: String
    /// The driver, its version, and the device's kind.
    public let driver: String
    public let precision: Precision

    public init(name: String, device: String, driver: String, precision: Precision) {
        self.name = name
        self.device = device
        self.driver = driver
        self.precision = precision
    }

    /// All on one line.
    public var description: String { "\(name) · \(device) · \(driver) · \(precision.rawValue)" }
}

/// The sizes that decide how much memory a job takes.
public struct EnsembleShape: Sendable, Hashable {
    public let architecture: Architecture
    /// N.
    public let points: Int
    /// E.
    public let members: Int
    /// How weights are moved, and so what there is for each of them; nil for what is not trained.
    public let rule: UpdateRule?
    /// Whether every schedule is the same at all steps, and so takes one number for each parameter of the rule.
    public let hasConstantSchedules: Bool

    /// A shape. By default every schedule has numbers for each step.
    public init(architecture: Architecture, points: Int, members: Int, rule: UpdateRule?, hasConstantSchedules: Bool = false) {
        self.architecture = architecture
        self.points = points
        self.members = members
        self.rule = rule
        self.hasConstantSchedules = hasConstantSchedules
    }
}

extension Ensemble {
    /// The sizes of this ensemble.
    public var shape: EnsembleShape {
        EnsembleShape(
            architecture: architecture, points: points, members: members.count, rule: rule,
            hasConstantSchedules: members.allSatisfy { $0.schedule?.isConstant ?? true })
    }

    /// The rule that its schedules need; nil without any.
    var rule: UpdateRule? {
        let schedules = members.compactMap(\.schedule)
        return schedules.first?.rule.needed(for: schedules)
    }
}

/// Why an engine refused a job.
public enum EngineError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A single member needs more memory than there is.
    case doesNotFit(what: String, asked: Int, available: Int, remedy: String)
    /// The ensemble and the job do not belong together.
    case invalidJob(String)
    /// The device lacks what the precision needs.
    case unsupported(precision: Precision, device: String, remedy: String)

    /// One sentence: the value, the limit, the remedy.
    public var description: String {
        switch self {
        case .doesNotFit(let what, let asked, let available, let remedy):
            "\(what) needs \(asked == .max ? "more than 9e18 bytes" : asked.bytesText), but \(available.bytesText) are available; \(remedy)"
        case .invalidJob(let reason): reason
        case .unsupported(let precision, let device, let remedy): "\(device) cannot compute in \(precision.rawValue); \(remedy)"
        }
    }
}
