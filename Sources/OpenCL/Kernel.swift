import COpenCL
import Synchronization

/// One entry point of a program, ready to launch, with arguments of its own.
///
/// `@unchecked Sendable`: `clSetKernelArg` is the one OpenCL call that threads may not share, so a lock spans the setting of
/// the arguments and the enqueueing.
public final class Kernel: @unchecked Sendable {
    /// The function's name.
    public let name: String
    public let context: Context
    /// The names of its parameters, in their order.
    public var parameterNames: [String] { parameters.map(\.name) }
    /// The largest work-group in which this kernel can run, given its registers and local memory.
    public var maximumWorkGroupSize: Int { owned.signature.maximumWorkGroupSize }
    private let program: ProgramHandle
    private let owned: KernelHandle
    private var parameters: [KernelParameter] { owned.signature.parameters }
    private var handle: cl_kernel { owned.handle }
    /// The arguments as they are set. OpenCL keeps memory for the commands already enqueued, but not for arguments.
    private let held: Mutex<[KernelArgument?]>

    init(context: Context, program: ProgramHandle, name: String) throws {
        owned = try program.kernel(named: name, context)
        self.program = program
        self.name = name
        self.context = context
        held = Mutex([KernelArgument?](repeating: nil, count: owned.signature.parameters.count))
    }

    deinit {
        owned.forget(held.withLock { $0 })
        program.giveBack(owned, named: name)
    }

    /// Sets arguments that later launches take, unless these give others.
    /// - Throws: `OpenCLError.argumentMismatch`, `callFailed`.
    public func bind(_ arguments: [String: any KernelValue]) throws {
        try held.withLock { try set(arguments, &$0) }
    }

    /// Sets the arguments and enqueues the kernel, as one step that other tasks cannot come between.
    ///
    /// - Parameters:
    ///   - global: work-items in each of one to three dimensions; where one of them is 0 nothing is launched.
    ///   - local: work-items of a work-group, each dividing its global size. Never left to the driver: some compile a kernel anew for
    ///     each size, and one that is chosen by the global size is another for every shape that a user brings.
    ///   - arguments: by the names of the function's parameters, all that have not been set before. Buffers live on as long as the kernel
    ///     or until they are replaced.
    /// - Returns: the event by which to wait for it or time it; it may be ignored.
    /// - Throws: `OpenCLError.argumentMismatch`, `callFailed`.
    @discardableResult
    public func launch(global: [Int], local: [Int], arguments: [String: any KernelValue] = [:]) throws -> Event {
        try validate(global: global, local: local)
        let event = try held.withLock { held in
            try set(arguments, &held)
            if let missing = held.firstIndex(where: { $0 == nil }) { throw mismatch("argument \(parameters[missing].name) was not given") }
            guard !global.contains(0) else { return Event(context: context, handle: nil) }
            var handle: cl_event?
            let wait = program.isFirstLaunch(of: name, local: local) ? Compilation.begin(in: context) : nil
            defer { Compilation.end(wait) }
            try context.check("clEnqueueNDRangeKernel") {
                clEnqueueNDRangeKernel(
                    context.queue, self.handle, cl_uint(global.count), nil, global, local, 0, nil, &handle)
            }
            context.count { $0.launches += 1 }
            return Event(context: context, handle: handle)
        }
        if !global.contains(0) { context.profiled.withLock { $0?.launches.append((name, global, local, event)) } }
        return event
    }

    private func set(_ arguments: [String: any KernelValue], _ held: inout [KernelArgument?]) throws {
        for (name, value) in arguments {
            guard let index = owned.signature.indices[name] else {
                throw mismatch("there is no argument \(name); it takes \(parameterNames.joined(separator: ", "))")
            }
            let argument = value.argument, parameter = parameters[index]
            if case .buffer(let memory) = argument, memory.context !== context {
                throw mismatch("argument \(name) is a buffer of another context")
            }
            var fits = true
            try context.check("clSetKernelArg") {
                let status = parameter.pass(argument) { clSetKernelArg(handle, cl_uint(index), $0, $1) }
                fits = status != nil
                return status ?? CL_SUCCESS
            }
            guard fits else { throw mismatch("argument \(name) cannot be \(argument.sort): the parameter is \(parameter.declaration)") }
            held[index] = argument
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
