import COpenCL

/// A piece of device memory without a type, which is what a kernel sees of a `Buffer`. Given back when the last reference goes.
///
/// `@unchecked Sendable`: the handle never changes, and the driver serialises commands on the memory through the in-order queue.
public class DeviceMemory: @unchecked Sendable {
    /// The context that the memory belongs to.
    public let context: Context
    /// The size in bytes.
    public let bytes: Int
    let handle: cl_mem
    private let reservedBytes: Int

    init(context: Context, bytes: Int) throws {
        // OpenCL refuses empty buffers; an empty one of ours takes one byte, so that no caller has a special case.
        let reserved = max(1, bytes)
        handle = try context.allocate(reserved)
        self.context = context
        self.bytes = bytes
        self.reservedBytes = reserved
    }

    deinit {
        context.giveBack(handle, bytes: reservedBytes)
    }
}

/// `count` elements of device memory, laid out as a Swift array lays them out. Its contents are undefined until written.
public final class Buffer<Element: BitwiseCopyable & Sendable>: DeviceMemory, @unchecked Sendable {
    /// Number of elements.
    public let count: Int

    fileprivate init(context: Context, count: Int) throws {
        guard count >= 0 else { throw OpenCLError.outOfRange(offset: 0, length: count, count: 0) }
        self.count = count
        let (bytes, overflow) = count.multipliedReportingOverflow(by: MemoryLayout<Element>.stride)
        try super.init(context: context, bytes: overflow ? Int.max : bytes)
    }
}

extension Context {
    /// Device memory for `count` elements, undefined until written; `count` may be 0.
    /// - Throws: `OpenCLError.allocationTooLarge` before the driver is asked, or `callFailed`.
    public func makeBuffer<Element: BitwiseCopyable & Sendable>(of type: Element.Type, count: Int) throws -> Buffer<Element> {
        try Buffer(context: self, count: count)
    }

    /// Device memory that holds a copy of `values`. Throws as `makeBuffer(of:count:)` does.
    public func makeBuffer<Element: BitwiseCopyable & Sendable>(_ values: [Element]) throws -> Buffer<Element> {
        let buffer = try Buffer<Element>(context: self, count: values.count)
        try buffer.write(values)
        return buffer
    }
}
