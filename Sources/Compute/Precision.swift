/// The arithmetic of an engine.
public enum Precision: String, Sendable, Hashable, Codable, CaseIterable {
    /// 32-bit throughout.
    case float32
    /// 32-bit weights and activations, Gram matrices accumulated in 64 bits.
    case mixed
    /// 64-bit throughout.
    case float64

    /// The unit roundoff of weights and activations.
    public var unitRoundoff: Double { self == .float64 ? 0x1p-53 : 0x1p-24 }

    /// The unit roundoff of Gram sums.
    public var gramUnitRoundoff: Double { self == .float32 ? 0x1p-24 : 0x1p-53 }

    /// Bytes of one weight or activation.
    public var elementBytes: Int { self == .float64 ? 8 : 4 }

    /// Bytes of one entry of a Gram matrix.
    public var gramBytes: Int { self == .float32 ? 4 : 8 }
}
