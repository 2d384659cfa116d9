/// The type that an array has in a file; in memory every element is a `Double`.
public enum ElementType: String, Sendable, Hashable, Codable, CaseIterable {
    /// IEEE 754 binary32, NumPy's `<f4`.
    case float32
    /// IEEE 754 binary64, NumPy's `<f8`.
    case float64

    /// Bytes an element takes in the file: 4 or 8.
    public var byteCount: Int { self == .float32 ? 4 : 8 }

    var descriptor: String { self == .float32 ? "<f4" : "<f8" }
}
