import COpenCL

/// What a kernel's function declares, and how large its work-groups may be.
struct KernelSignature: Sendable {
    let parameters: [KernelParameter]
    let indices: [String: Int]
    let maximumWorkGroupSize: Int
}

/// A `cl_kernel`, which is one `Kernel`'s at a time.
///
/// `@unchecked Sendable`: the handle never changes, and its arguments are set by whoever has it.
final class KernelHandle: @unchecked Sendable {
    let handle: cl_kernel
    let signature: KernelSignature

    /// - Parameter known: what another kernel of the same name and program has found. Nil: the driver is asked.
    init(_ program: cl_program, name: String, context: Context, known: KernelSignature?) throws {
        let handle = try context.make("clCreateKernel") { clCreateKernel(program, name, &$0) }
        self.handle = handle
        do {
            signature = try known ?? Self.signature(handle, context)
        } catch {
            clReleaseKernel(handle)
            throw error
        }
    }

    deinit { clReleaseKernel(handle) }

    /// Takes the memory from the arguments, which some drivers would keep for them.
    func forget(_ arguments: [KernelArgument?]) {
        for (index, argument) in arguments.enumerated() {
            if case .buffer = argument { clSetKernelArg(handle, cl_uint(index), MemoryLayout<cl_mem>.size, nil) }
        }
    }

    private static func signature(_ handle: cl_kernel, _ context: Context) throws -> KernelSignature {
        var count: cl_uint = 0
        clGetKernelInfo(handle, cl_kernel_info(CL_KERNEL_NUM_ARGS), MemoryLayout<cl_uint>.size, &count, nil)
        var size = 0
        let status = clGetKernelWorkGroupInfo(
            handle, context.device.handle, cl_kernel_work_group_info(CL_KERNEL_WORK_GROUP_SIZE), MemoryLayout<Int>.size, &size, nil)
        let parameters = try (0..<Int(count)).map { try KernelParameter(handle, index: $0, context: context) }
        return KernelSignature(
            parameters: parameters, indices: Dictionary(uniqueKeysWithValues: parameters.enumerated().map { ($1.name, $0) }),
            maximumWorkGroupSize: status == CL_SUCCESS && size > 0 ? size : context.device.maximumWorkGroupSize)
    }
}
