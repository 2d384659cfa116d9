import COpenCL

/// One argument of a kernel. The case must be that of the parameter's type in OpenCL C.
public enum KernelArgument: Sendable {
    /// A pointer to global or constant memory.
    case buffer(DeviceMemory)
    /// `int`
    case int32(Int32)
    /// `uint`
    case uint32(UInt32)
    /// `long`
    case int64(Int64)
    /// `ulong`
    case uint64(UInt64)
    /// `float`
    case float(Float)
    /// `double`
    case double(Double)
    /// A pointer to local memory, of which each work-group gets this many bytes.
    case local(bytes: Int)
    /// A null pointer to global or constant memory.
    case null

    /// Calls `body` with the size and address that `clSetKernelArg` takes.
    func withPointer(_ body: (Int, UnsafeRawPointer?) -> Int32) -> Int32 {
        func value<Value>(_ value: Value) -> Int32 {
            withUnsafePointer(to: value) { body(MemoryLayout<Value>.size, $0) }
        }
        switch self {
        case .buffer(let memory): return value(memory.handle)
        case .int32(let number): return value(number)
        case .uint32(let number): return value(number)
        case .int64(let number): return value(number)
        case .uint64(let number): return value(number)
        case .float(let number): return value(number)
        case .double(let number): return value(number)
        case .local(let bytes): return body(bytes, nil)
        case .null: return body(MemoryLayout<cl_mem>.size, nil)
        }
    }

    /// What kind of argument this is, for messages.
    var sort: String {
        switch self {
        case .buffer(let memory): "a buffer of \(memory.bytes) bytes"
        case .int32: "an int"
        case .uint32: "a uint"
        case .int64: "a long"
        case .uint64: "a ulong"
        case .float: "a float"
        case .double: "a double"
        case .local(let bytes): "\(bytes) bytes of local memory"
        case .null: "a null pointer"
        }
    }
}
