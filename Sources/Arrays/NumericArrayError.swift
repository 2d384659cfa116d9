/// Why an array cannot be made, read from bytes, or turned into bytes.
public enum NumericArrayError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The shape does not describe that many elements, has a negative axis, or its product overflows.
    case shapeMismatch(shape: [Int], elements: Int)
    /// The bytes are not a well-formed `.npy` file; the reason says where.
    case malformed(reason: String)
    /// The bytes are a well-formed `.npy` file of a type that is not read here.
    case unsupportedType(descriptor: String, remedy: String)
    /// A finite value is beyond the range of float32.
    case float32Overflow(value: Double, index: Int)

    /// The message, with the value, the limit and the remedy.
    public var description: String {
        switch self {
        case .shapeMismatch(let shape, let elements):
            "shape \(shape.shapeText) does not describe \(elements) elements; the product of the axes must equal the number of elements"
        case .malformed(let reason):
            reason
        case .unsupportedType(let descriptor, let remedy):
            "elements of type \(Excerpt.of(descriptor)) are not read; \(remedy)"
        case .float32Overflow(let value, let index):
            "element \(index) = \(value) is beyond the range of float32 (\(Float.greatestFiniteMagnitude)); write float64"
        }
    }
}
