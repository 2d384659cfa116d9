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

    /// Whether a parameter declared so in OpenCL C can take this argument. A type name that is not one of the language's own
    /// (a `typedef`) is not judged.
    func fits(_ parameter: Parameter) -> Bool {
        let scalars = ["int", "uint", "long", "ulong", "float", "double"]
        func scalar(_ type: String) -> Bool {
            parameter.space == .private && (parameter.type == type || !scalars.contains(parameter.type))
        }
        switch self {
        case .buffer, .null: return parameter.space == .global || parameter.space == .constant
        case .local: return parameter.space == .local
        case .int32: return scalar("int")
        case .uint32: return scalar("uint")
        case .int64: return scalar("long")
        case .uint64: return scalar("ulong")
        case .float: return scalar("float")
        case .double: return scalar("double")
        }
    }

    /// What a kernel declares of one of its parameters.
    struct Parameter: Sendable {
        enum Space: Sendable { case global, constant, local, `private` }
        var space: Space
        var type: String

        /// `nil` where the driver does not tell.
        init?(_ kernel: cl_kernel, index: Int) {
            var qualifier: cl_kernel_arg_address_qualifier = 0
            let status = clGetKernelArgInfo(
                kernel, cl_uint(index), cl_kernel_arg_info(CL_KERNEL_ARG_ADDRESS_QUALIFIER), MemoryLayout.size(ofValue: qualifier),
                &qualifier, nil)
            guard status == CL_SUCCESS else { return nil }
            switch Int32(bitPattern: qualifier) {
            case CL_KERNEL_ARG_ADDRESS_GLOBAL: space = .global
            case CL_KERNEL_ARG_ADDRESS_CONSTANT: space = .constant
            case CL_KERNEL_ARG_ADDRESS_LOCAL: space = .local
            case CL_KERNEL_ARG_ADDRESS_PRIVATE: space = .private
            default: return nil
            }
            type = readText { clGetKernelArgInfo(kernel, cl_uint(index), cl_kernel_arg_info(CL_KERNEL_ARG_TYPE_NAME), $0, $1, $2) }
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
