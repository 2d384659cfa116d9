import COpenCL
import Synchronization

/// One entry point of a program, ready to launch.
///
/// `@unchecked Sendable`: `clSetKernelArg` is the one OpenCL call that threads may not share, so a lock spans the setting of
/// the arguments and the enqueueing.
public final class Kernel: @unchecked Sendable {
    /// The function's name.
    public let name: String
    /// The context in which it runs.
    public let context: Context
    /// The number of arguments that it takes.
    public let argumentCount: Int
    /// The largest work-group in which this kernel can run, given its registers and local memory.
    public let maximumWorkGroupSize: Int
    private let program: ProgramHandle
    private let handle: cl_kernel
    /// What the driver tells of the parameters. Some drivers take an argument of the wrong size without a word.
    private let parameters: [KernelArgument.Parameter?]
    private let lock = Mutex<Void>(())

    init(context: Context, program: ProgramHandle, name: String) throws {
        let handle = try context.make("clCreateKernel") { clCreateKernel(program.handle, name, &$0) }
        self.handle = handle
        self.program = program
        self.name = name
        self.context = context
        var count: cl_uint = 0
        clGetKernelInfo(handle, cl_kernel_info(CL_KERNEL_NUM_ARGS), MemoryLayout<cl_uint>.size, &count, nil)
        argumentCount = Int(count)
        parameters = (0..<Int(count)).map { KernelArgument.Parameter(handle, index: $0) }
        var size = 0
        let status = clGetKernelWorkGroupInfo(
            handle, context.device.handle, cl_kernel_work_group_info(CL_KERNEL_WORK_GROUP_SIZE), MemoryLayout<Int>.size, &size, nil)
        maximumWorkGroupSize = status == CL_SUCCESS && size > 0 ? size : context.device.maximumWorkGroupSize
    }

    deinit { clReleaseKernel(handle) }

    /// Sets the arguments and enqueues the kernel, as one step that other tasks cannot come between.
    ///
    /// - Parameters:
    ///   - global: work-items in each of one to three dimensions; where one of them is 0 nothing is launched.
    ///   - local: work-items of a work-group, each dividing its global size. Never left to the driver: some compile a kernel anew for
    ///     each size, and one that is chosen by the global size is another for every shape that a user brings.
    ///   - arguments: one for each parameter of the function, in its order. Buffers live on until the kernel has run.
    /// - Returns: the event by which to wait for it or time it; it may be ignored.
    /// - Throws: `OpenCLError.argumentMismatch`, `callFailed`.
    @discardableResult
    public func launch(global: [Int], local: [Int], arguments: [KernelArgument]) throws -> Event {
        try validate(global: global, local: local)
        guard arguments.count == argumentCount else {
            throw mismatch("takes \(argumentCount) arguments, \(arguments.count) given")
        }
        guard !global.contains(0) else { return Event(context: context, handle: nil) }
        let event = try lock.withLock { _ in
            for (index, argument) in arguments.enumerated() { try set(argument, at: index) }
            var handle: cl_event?
            let wait = program.isFirstLaunch(of: name, local: local) ? Compilation.begin(in: context) : nil
            defer { Compilation.end(wait) }
            try context.check("clEnqueueNDRangeKernel") {
                clEnqueueNDRangeKernel(
                    context.queue, self.handle, cl_uint(global.count), nil, global, local, 0, nil, &handle)
            }
            // OpenCL keeps memory for the commands already enqueued, but not for arguments: they must live until here.
            return withExtendedLifetime(arguments) { Event(context: context, handle: handle) }
        }
        context.count { $0.launches += 1 }
        context.profiled.withLock { $0?.append((name, local.reduce(1, *), event)) }
        return event
    }

    private func set(_ argument: KernelArgument, at index: Int) throws {
        if case .buffer(let memory) = argument, memory.context !== context {
            throw mismatch("argument \(index) is a buffer of another context")
        }
        if let parameter = parameters[index], !argument.fits(parameter) {
            throw mismatch("argument \(index) cannot be \(argument.sort): the parameter is \(parameter.space) \(parameter.type)")
        }
        do {
            try context.check("clSetKernelArg") {
                argument.withPointer { clSetKernelArg(handle, cl_uint(index), $0, $1) }
            }
        } catch OpenCLError.callFailed(_, let code) where [CL_INVALID_ARG_SIZE, CL_INVALID_ARG_VALUE].contains(code) {
            throw mismatch("argument \(index) cannot be \(argument.sort): \(OpenCLError.name(of: code)) (\(code)) in clSetKernelArg")
        }
    }

    private func validate(global: [Int], local: [Int]) throws {
        guard (1...3).contains(global.count), global.allSatisfy({ $0 >= 0 }) else {
            throw mismatch("global size \(global): one to three sizes, none negative, are needed")
        }
        guard local.count == global.count, zip(global, local).allSatisfy({ $1 > 0 && $0 % $1 == 0 }) else {
            throw mismatch("local size \(local) does not divide the global size \(global)")
        }
        let size = local.reduce(1) { $0.multipliedReportingOverflow(by: $1).overflow ? Int.max : $0 * $1 }
        guard size <= maximumWorkGroupSize else {
            throw mismatch("local size \(local) has \(size) work-items, \(maximumWorkGroupSize) are possible on \(context.device.name)")
        }
    }

    private func mismatch(_ reason: String) -> OpenCLError { .argumentMismatch(kernel: name, reason: reason) }
}
