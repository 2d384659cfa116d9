import Arrays
import Compute
import Cosmology
import Duality
import Engines
import Expressions
import Figures
import Learning
import Networks
import OpenCL
import Runs
import ScanFiles
import Stores

/// What the command's exit code tells a script.
enum ExitStatus: Int32 {
    case done = 0
    /// The work failed.
    case failed = 1
    /// The command line asks for what cannot be meant.
    case usage = 64
    /// A file does not hold what it should.
    case badData = 65
    /// An explicit `--device` or `--precision` cannot be met.
    case deviceUnavailable = 69
    /// The output exists, or cannot be written.
    case cannotCreate = 73
    /// SIGINT, SIGTERM or SIGHUP.
    case interrupted = 130
}

/// An error that says how the command ends. Errors that do not conform end it with 1: a new room's errors need one line below
/// only where another code fits.
protocol StatusBearing: Error {
    var exitStatus: ExitStatus { get }
}

extension FileError: StatusBearing {
    var exitStatus: ExitStatus {
        switch self {
        case .outputExists, .outputIsInput, .cannotWrite: .cannotCreate
        case .cannotRead, .malformed: .badData
        }
    }
}

extension NetworkError: StatusBearing {
    /// Shapes and values that are not finite come from files; names and ranges from options.
    var exitStatus: ExitStatus {
        switch self {
        case .unknown, .outOfRange: .usage
        case .shapeMismatch, .wrongArrays, .leavesNumbers, .notFinite: .badData
        }
    }
}

extension EngineError: StatusBearing {
    var exitStatus: ExitStatus {
        switch self {
        // Options and files ask for what no memory holds: nothing failed, since nothing was begun.
        case .doesNotFit: .badData
        case .invalidJob: .usage
        case .unsupported: .deviceUnavailable
        }
    }
}

extension KernelSourceError: StatusBearing {
    var exitStatus: ExitStatus { .usage }
}

extension OpenCLError: StatusBearing {
    var exitStatus: ExitStatus {
        switch self {
        case .noSuchDevice, .doubleUnsupported: .deviceUnavailable
        default: .failed
        }
    }
}

extension UniverseError: StatusBearing {
    var exitStatus: ExitStatus {
        switch self {
        case .outOfRange, .badFormula: .usage
        case .potentialNotFinite: .badData
        case .stopped, .eventNotReached: .failed
        }
    }
}

extension DualityError: StatusBearing {
    var exitStatus: ExitStatus {
        switch self {
        case .integration, .eigenproblem, .tooFewSamples, .noMovement: .failed
        case .notFinite, .sizeMismatch: .badData
        default: .usage
        }
    }
}

extension LearningError: StatusBearing {
    var exitStatus: ExitStatus {
        switch self {
        case .outOfRange, .unstable, .tooFewNetworks, .notWritten: .usage
        case .divergentPartitionFunction: .badData
        case .notFinite: .failed
        }
    }
}

extension StoreError: StatusBearing {
    var exitStatus: ExitStatus {
        switch self {
        case .notAStore, .newerVersion, .cannotRead, .damaged: .badData
        case .cannotOpen, .inUse, .readOnly, .full, .gone: .cannotCreate
        case .mixed: .usage
        case .failed: .failed
        }
    }
}

extension ScanFileError: StatusBearing { var exitStatus: ExitStatus { isOfOverride ? .usage : .badData } }
extension ScanError: StatusBearing { var exitStatus: ExitStatus { self == .differingPrecisions ? .usage : .failed } }
extension ExpressionError: StatusBearing { var exitStatus: ExitStatus { .usage } }
extension ScriptWordError: StatusBearing { var exitStatus: ExitStatus { .usage } }
extension QuantityError: StatusBearing { var exitStatus: ExitStatus { .usage } }
extension ColumnPlotError: StatusBearing { var exitStatus: ExitStatus { .usage } }
extension NumericArrayError: StatusBearing { var exitStatus: ExitStatus { .badData } }
extension CSVError: StatusBearing { var exitStatus: ExitStatus { .badData } }
extension Interrupted: StatusBearing { var exitStatus: ExitStatus { .interrupted } }
