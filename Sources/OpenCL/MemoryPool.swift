import COpenCL

/// Device memory that buffers of a context gave back, for others of the same size: a driver takes longer to make a large buffer than a
/// small job takes. Commands of the context run in their order, so what still uses the memory is done before the next owner's commands.
///
/// `@unchecked Sendable`: the handles never change, and OpenCL objects may be used from every thread.
struct MemoryPool: @unchecked Sendable {
    /// Those that were given back last are the last.
    private var kept: [(bytes: Int, handle: cl_mem)] = []
    /// Bytes of all of them.
    private(set) var bytes = 0
    private let limit: Int
    private static let most = 128

    /// - Parameter limit: bytes that are kept at the most.
    init(limit: Int) { self.limit = limit }

    /// Memory of that size; nil where there is none.
    mutating func take(_ size: Int) -> Taken? {
        guard let index = kept.lastIndex(where: { $0.bytes == size }) else { return nil }
        bytes -= size
        return Taken(handle: kept.remove(at: index).handle)
    }

    /// Keeps memory, in the place of that which has waited longest.
    mutating func keep(_ memory: Taken, bytes size: Int) {
        guard size <= limit else {
            clReleaseMemObject(memory.handle)
            return
        }
        kept.append((size, memory.handle))
        bytes += size
        while bytes > limit || kept.count > Self.most { release(1) }
    }

    /// Gives all of it back to the driver.
    mutating func clear() { release(kept.count) }

    private mutating func release(_ count: Int) {
        for piece in kept.prefix(count) {
            clReleaseMemObject(piece.handle)
            bytes -= piece.bytes
        }
        kept.removeFirst(count)
    }

    /// A handle on its way into or out of a pool.
    struct Taken: @unchecked Sendable { let handle: cl_mem }
}
