/// The operations that a stage must do and the fewest bytes that it must move, counted before anything is timed.
///
/// Every input is read once and every output written once, without padding; what an implementation adds to that is its own.
public struct BenchmarkCost: Sendable, Hashable, Codable {
    /// Operations in `float` (and of 32-bit integers), a fused multiply-add counted as two.
    public var float32Operations: Double
    /// Operations in `double`.
    public var float64Operations: Double
    /// Bytes read and written.
    public var bytes: Double
    /// Things that the stage's rate counts; see ``BenchmarkStage/unit``.
    public var items: Double

    /// A cost. Default: nothing.
    public init(float32Operations: Double = 0, float64Operations: Double = 0, bytes: Double = 0, items: Double = 0) {
        self.float32Operations = float32Operations
        self.float64Operations = float64Operations
        self.bytes = bytes
        self.items = items
    }

    public var operations: Double { float32Operations + float64Operations }

    /// The least time that a device with that ceiling takes, in seconds. Data that stays in a cache can go below where bytes decide.
    public func floor(_ ceiling: DeviceCeiling) -> Double { max(arithmeticTime(ceiling), bytes / ceiling.bandwidth) }

    /// The rate of the operations alone at the device's peak, of whichever types they are; nil without operations.
    public func peak(_ ceiling: DeviceCeiling) -> Double? { operations > 0 ? operations / arithmeticTime(ceiling) : nil }

    private func arithmeticTime(_ ceiling: DeviceCeiling) -> Double {
        float32Operations / ceiling.float32Rate
            + (float64Operations > 0 ? float64Operations / (ceiling.float64Rate ?? ceiling.float32Rate) : 0)
    }

    /// Counts operations in the arithmetic of a type.
    package mutating func add(_ operations: Double, in type: Precision) {
        if type == .float64 { float64Operations += operations } else { float32Operations += operations }
    }
}
