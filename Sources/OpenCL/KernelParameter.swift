import COpenCL

/// What a kernel declares of one of its parameters.
struct KernelParameter: Sendable {
    enum Space: Sendable { case global, constant, local, `private` }
    let name: String
    let space: Space
    let type: String

    /// - Throws: `OpenCLError.callFailed` where the driver does not tell.
    init(_ kernel: cl_kernel, index: Int, context: Context) throws {
        var qualifier: cl_kernel_arg_address_qualifier = 0
        try context.check("clGetKernelArgInfo") {
            clGetKernelArgInfo(
                kernel, cl_uint(index), cl_kernel_arg_info(CL_KERNEL_ARG_ADDRESS_QUALIFIER), MemoryLayout.size(ofValue: qualifier),
                &qualifier, nil)
        }
        space =
            switch Int32(bitPattern: qualifier) {
            case CL_KERNEL_ARG_ADDRESS_GLOBAL: .global
            case CL_KERNEL_ARG_ADDRESS_CONSTANT: .constant
            case CL_KERNEL_ARG_ADDRESS_LOCAL: .local
            default: .private
            }
        func text(_ info: Int32) -> String {
            readText { clGetKernelArgInfo(kernel, cl_uint(index), cl_kernel_arg_info(info), $0, $1, $2) }
        }
        // PoCL calls a parameter `_cl_length` that has the name of a function of the language, such as `length`.
        let given = text(CL_KERNEL_ARG_NAME), prefix = "_cl_"
        name = given.hasPrefix(prefix) ? String(given.dropFirst(prefix.count)) : given
        type = text(CL_KERNEL_ARG_TYPE_NAME)
    }

    /// Calls `body` with the size and address that `clSetKernelArg` takes for the argument; nil where a parameter declared so cannot be it.
    func pass(_ argument: KernelArgument, to body: (Int, UnsafeRawPointer?) -> Int32) -> Int32? {
        func value<Value>(_ value: Value?) -> Int32? {
            value.map { withUnsafePointer(to: $0) { body(MemoryLayout<Value>.size, $0) } }
        }
        switch (argument, space) {
        case (.buffer(let memory), .global), (.buffer(let memory), .constant): return value(memory.handle)
        case (.null, .global), (.null, .constant): return body(MemoryLayout<cl_mem>.size, nil)
        case (.local(let bytes), .local): return body(bytes, nil)
        case (.integer(let number), .private):
            switch type {
            case "int": return value(Int32(exactly: number))
            case "uint", "unsigned int": return value(UInt32(exactly: number))
            case "long": return value(Int64(number))
            case "ulong", "unsigned long": return value(UInt64(exactly: number))
            default: return nil
            }
        case (.real(let number), .private):
            switch type {
            case "float": return value(Float(number))
            case "double": return value(number)
            default: return nil
            }
        default: return nil
        }
    }

    /// As it is declared, for messages.
    var declaration: String { "\(space) \(type)" }
}
