import COpenCL

/// The value of one parameter of a kernel. What a number becomes, an `int` or a `long`, a `float` or a `double`, is what the parameter is
/// declared as.
public enum KernelArgument: Sendable {
    /// A pointer to global or constant memory.
    case buffer(DeviceMemory)
    /// `int`, `uint`, `long` or `ulong`.
    case integer(Int)
    /// `float` or `double`.
    case real(Double)
    /// A pointer to local memory, of which each work-group gets this many bytes.
    case local(bytes: Int)
    /// A null pointer to global or constant memory.
    case null

    /// What this argument is, for messages.
    var sort: String {
        switch self {
        case .buffer(let memory): "a buffer of \(memory.bytes) bytes"
        case .integer(let number): "the integer \(number)"
        case .real(let number): "the number \(number)"
        case .local(let bytes): "\(bytes) bytes of local memory"
        case .null: "a null pointer"
        }
    }
}

/// What a launch takes as an argument.
public protocol KernelValue: Sendable {
    var argument: KernelArgument { get }
}

extension KernelArgument: KernelValue {
    public var argument: KernelArgument { self }
}

extension Int: KernelValue {
    public var argument: KernelArgument { .integer(self) }
}

extension Bool: KernelValue {
    public var argument: KernelArgument { .integer(self ? 1 : 0) }
}

extension Double: KernelValue {
    public var argument: KernelArgument { .real(self) }
}

extension Buffer: KernelValue {
    public var argument: KernelArgument { .buffer(self) }
}

/// A null pointer for nil.
extension Optional: KernelValue where Wrapped: KernelValue {
    public var argument: KernelArgument { self?.argument ?? .null }
}
