import COpenCL

/// A launch that was enqueued: wait for it, or time it. Dropping it neither waits for the launch nor leaks anything.
///
/// `@unchecked Sendable`: the handle never changes, and OpenCL objects may be used from every thread.
public final class Event: @unchecked Sendable {
    private let context: Context
    /// `nil` for a launch of no work-items.
    private let handle: cl_event?

    init(context: Context, handle: cl_event?) {
        self.context = context
        self.handle = handle
    }

    deinit {
        if let handle { clReleaseEvent(handle) }
    }

    /// Returns when the launch has run. Throws `OpenCLError.callFailed` where it failed.
    public func wait() throws {
        guard let handle else { return }
        var waited: cl_event? = handle
        try context.check("clWaitForEvents") { clWaitForEvents(1, &waited) }
    }

    /// Waits, and gives when the launch, which was made inside of `Context.profile(_:)`, ran on the device's clock, in nanoseconds; 0..<0 for a launch of no work-items.
    func nanoseconds() throws -> Range<UInt64> {
        guard let handle else { return 0..<0 }
        try wait()
        func time(_ parameter: Int32) throws -> UInt64 {
            var time: cl_ulong = 0
            try context.check("clGetEventProfilingInfo") {
                clGetEventProfilingInfo(handle, cl_profiling_info(parameter), MemoryLayout<cl_ulong>.size, &time, nil)
            }
            return time
        }
        let start = try time(CL_PROFILING_COMMAND_START)
        let end = try time(CL_PROFILING_COMMAND_END)
        return start..<max(start, end)
    }
}
