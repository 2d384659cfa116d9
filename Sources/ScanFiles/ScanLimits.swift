import Runs

/// How large a scan file may be. What people write is a thousand times smaller; what machines write belongs into .npy files and ranges.
enum ScanLimits {
    /// Bytes of a file.
    static let bytes = 16 << 20
    /// Lists and maps within each other.
    static let levels = 32
    /// Texts, lists and maps of a file, an alias counted as what it stands for.
    static let nodes = 1_000_000
    /// Scans of a file.
    static let documents = 1000
    /// Keys of a scan, and filters.
    static let keys = 1000
    /// Characters of an expression.
    static let expression = 10_000
    /// Points of an interval or a circle.
    static let points = 10_000_000
    /// Hidden layers of a network.
    static let layers = 100_000
    /// Steps at which a run keeps, or needs for predictions, outputs and loss.
    static let recordedSteps = 10_000_000
    /// Tangent kernels of a run.
    static let kernels = 1_000_000
    /// Keys that a value is computed through, one by the other.
    static let chain = 100
}
