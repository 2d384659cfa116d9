import COpenCL
import Foundation
import Synchronization

/// One device with one in-order queue: the place where buffers and programs live and kernels run.
///
/// Commands run in the order in which they were enqueued, from whichever thread; reads and writes block, launches do not.
///
/// `@unchecked Sendable`: OpenCL objects may be used from every thread, with the one exception of `clSetKernelArg`,
/// which `Kernel` guards with a lock of its own; the Swift state here is behind a `Mutex`.
public final class Context: @unchecked Sendable {
    /// Asked before every OpenCL call that can fail, with the call's name. A status other than 0 that it returns is taken for the
    /// call's own and the call is not made, so that a test can let a device fail in the middle of the work.
    public typealias FaultHook = @Sendable (_ call: String) -> Int32?

    /// What a context has done so far, for benchmarks.
    public struct Counters: Equatable, Sendable {
        /// Kernels enqueued.
        public var launches = 0
        /// Bytes copied from the host to the device.
        public var bytesToDevice = 0
        /// Bytes copied from the device to the host.
        public var bytesFromDevice = 0
        /// Programs compiled from source.
        public var programsCompiled = 0
        /// Programs loaded from the disk cache.
        public var programsLoaded = 0

        /// All zero.
        public init() {}
    }

    public let device: Device
    let handle: cl_context
    /// Where commands go: the queue of the work, or, while `profile(_:)` runs, one that times them, which costs every launch some.
    var queue: cl_command_queue { (profiled.withLock { $0?.queue } ?? ordinaryQueue).handle }
    private let ordinaryQueue: CommandQueue
    /// Where compiled programs are kept between runs; nil for nowhere.
    public let cache: ProgramCache?
    /// Where else is kept what is known of the device, such as tuned parameters; nil for nowhere.
    public let directory: URL?
    /// Compiled programs by their key. The lock is held during a build, so that two tasks never build the same program.
    let programs = Mutex<[ProgramKey: ProgramHandle]>([:])
    /// The launches since `profile(_:)` began; nil outside of it.
    let profiled = Mutex<Profile?>(nil)
    private let faultHook: FaultHook?
    private let state: Mutex<State>
    /// What small writes left for the device to read.
    let staged = StagedCopies()

    private struct State {
        var allocatedBytes = 0
        var counters = Counters()
        /// Counts as free: it is given back to the driver where an allocation needs it.
        var pool: MemoryPool
    }

    /// - Parameters:
    ///   - device: the device.
    ///   - cache: where compiled programs are kept between runs; `nil` for nowhere.
    ///   - directory: where else is kept what is known of the device. Default: that of the cache.
    ///   - faultHook: failures to simulate. Default: none.
    /// - Throws: `OpenCLError.callFailed`.
    public init(device: Device, cache: ProgramCache?, directory: URL? = nil, faultHook: FaultHook? = nil) throws {
        self.device = device
        self.cache = cache
        self.directory = directory ?? cache?.directory
        self.faultHook = faultHook
        // Oclgrind would take what a buffer's last owner wrote for initialised.
        state = Mutex(State(pool: MemoryPool(limit: device.platform == "Oclgrind" ? 0 : device.globalMemoryBytes / 64)))
        let properties = [Int(CL_CONTEXT_PLATFORM), Int(bitPattern: device.platformHandle), 0]
        var id: cl_device_id? = device.handle
        let context = try Self.make("clCreateContext", faultHook) { clCreateContext(properties, 1, &id, nil, nil, &$0) }
        do {
            ordinaryQueue = try CommandQueue(context, device, times: false, faultHook)
        } catch {
            clReleaseContext(context)
            throw error
        }
        handle = context
    }

    /// A context whose compiled programs are kept in the user's `ProgramCache()`, unless the driver keeps them by itself.
    /// - Throws: `OpenCLError.callFailed`.
    public convenience init(device: Device, faultHook: FaultHook? = nil) throws {
        let cache = ProgramCache()
        try self.init(device: device, cache: device.keepsPrograms ? nil : cache, directory: cache.directory, faultHook: faultHook)
    }

    deinit {
        if !staged.isEmpty { clFinish(ordinaryQueue.handle) }
        state.withLock { $0.pool.clear() }
        clReleaseContext(handle)
    }

    /// Another queue of this context, which times what it runs.
    func makeTimingQueue() throws -> CommandQueue { try CommandQueue(handle, device, times: true, faultHook) }

    /// Waits until everything enqueued so far is done. Throws `OpenCLError.callFailed`.
    public func finish() throws {
        try staged.dropping { try check("clFinish") { clFinish(queue) } }
    }

    /// Hands everything enqueued so far to the device, without waiting. Throws `OpenCLError.callFailed`.
    public func flush() throws {
        try check("clFlush") { clFlush(queue) }
    }

    /// What has been done so far.
    public var counters: Counters { state.withLock { $0.counters } }

    /// Bytes of device memory that live buffers of this context take.
    public var allocatedBytes: Int { state.withLock { $0.allocatedBytes } }

    func count(_ change: (inout Counters) -> Void) {
        state.withLock { change(&$0.counters) }
    }

    /// Device memory of that size, undefined.
    func allocate(_ bytes: Int) throws -> cl_mem {
        try reserve(bytes)
        if let kept = state.withLock({ $0.pool.take(bytes) }) { return kept.handle }
        do {
            // Together with what is kept it may be more than there is.
            let keepsNone = state.withLock { state in
                if state.pool.bytes > device.globalMemoryBytes - state.allocatedBytes { state.pool.clear() }
                return state.pool.bytes == 0
            }
            do {
                return try create(bytes)
            } catch  where !keepsNone {
                state.withLock { $0.pool.clear() }
                return try create(bytes)
            }
        } catch {
            state.withLock { $0.allocatedBytes -= bytes }
            throw error
        }
    }

    private func create(_ bytes: Int) throws -> cl_mem {
        try make("clCreateBuffer") { clCreateBuffer(handle, cl_mem_flags(CL_MEM_READ_WRITE), bytes, nil, &$0) }
    }

    /// Takes back memory that no later command uses.
    func giveBack(_ memory: cl_mem, bytes: Int) {
        let memory = MemoryPool.Taken(handle: memory)
        state.withLock { state in
            state.allocatedBytes -= bytes
            state.pool.keep(memory, bytes: bytes)
        }
    }

    /// Sets bytes aside before the driver is asked for them: some drivers promise memory that they find missing only at a launch.
    private func reserve(_ bytes: Int) throws {
        try state.withLock { state in
            let remedy: String
            let available: Int
            if bytes > device.maximumAllocationBytes {
                available = device.maximumAllocationBytes
                remedy = "this is the largest single allocation of \(device.name); use smaller batches, or a device with more memory"
            } else if bytes > device.globalMemoryBytes - state.allocatedBytes {
                available = max(0, device.globalMemoryBytes - state.allocatedBytes)
                remedy =
                    "\(state.allocatedBytes) of the \(device.globalMemoryBytes) bytes of \(device.name) are in use; "
                    + "use smaller batches, or a device with more memory"
            } else {
                state.allocatedBytes += bytes
                return
            }
            throw OpenCLError.allocationTooLarge(asked: bytes, available: available, remedy: remedy)
        }
    }
}

extension Context {
    /// Makes an OpenCL call that returns its status.
    func check(_ call: String, _ body: () -> Int32) throws {
        try Self.simulateFault(call, faultHook)
        let code = body()
        guard code == CL_SUCCESS else { throw OpenCLError.callFailed(call: call, code: code) }
    }

    /// Makes an OpenCL call that returns an object, and its status through its last argument.
    func make<Object>(_ call: String, _ body: (inout Int32) -> Object?) throws -> Object {
        try Self.make(call, faultHook, body)
    }

    fileprivate static func make<Object>(_ call: String, _ hook: FaultHook?, _ body: (inout Int32) -> Object?) throws -> Object {
        try simulateFault(call, hook)
        var code = CL_SUCCESS
        guard let object = body(&code), code == CL_SUCCESS else { throw OpenCLError.callFailed(call: call, code: code) }
        return object
    }

    private static func simulateFault(_ call: String, _ hook: FaultHook?) throws {
        if let code = hook?(call), code != CL_SUCCESS { throw OpenCLError.callFailed(call: call, code: code) }
    }
}

/// An in-order queue of a device.
///
/// `@unchecked Sendable`: the handle never changes, and OpenCL objects may be used from every thread.
final class CommandQueue: @unchecked Sendable {
    let handle: cl_command_queue

    /// - Parameter times: whether commands can be asked when they ran.
    fileprivate init(_ context: cl_context, _ device: Device, times: Bool, _ hook: Context.FaultHook?) throws {
        let properties = cl_command_queue_properties(times ? CL_QUEUE_PROFILING_ENABLE : 0)
        handle = try Context.make("clCreateCommandQueue", hook) { clCreateCommandQueue(context, device.handle, properties, &$0) }
    }

    deinit { clReleaseCommandQueue(handle) }
}
