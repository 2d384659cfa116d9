import COpenCL

extension Buffer {
    private static var stride: Int { MemoryLayout<Element>.stride }

    /// Copies `values` to the elements from `offset` on, and returns when the host memory may be reused: small ones at once.
    /// - Throws: `OpenCLError.outOfRange`, `callFailed`.
    public func write(_ values: UnsafeBufferPointer<Element>, at offset: Int = 0) throws {
        try checkRange(offset, values.count)
        guard let source = values.baseAddress, !values.isEmpty else { return }
        let bytes = values.count * Self.stride
        func enqueue(_ source: UnsafeRawPointer?, waits: Int32) throws {
            try context.check("clEnqueueWriteBuffer") {
                clEnqueueWriteBuffer(context.queue, handle, cl_bool(waits), offset * Self.stride, bytes, source, 0, nil, nil)
            }
        }
        if context.staged.hasRoom(for: bytes) {
            let copy = StagedCopies.Copy(UnsafeRawBufferPointer(values))
            try enqueue(copy.bytes.baseAddress, waits: CL_FALSE)
            context.staged.keep(copy)
        } else {
            try context.staged.dropping { try enqueue(source, waits: CL_TRUE) }
        }
        context.count { $0.bytesToDevice += bytes }
    }

    /// Copies `values` to the elements from `offset` on. Throws as the other `write` does.
    public func write(_ values: [Element], at offset: Int = 0) throws {
        try values.withUnsafeBufferPointer { try write($0, at: offset) }
    }

    /// Copies the elements from `offset` on to `destination`, as many as it holds, after all commands before have run.
    /// - Throws: `OpenCLError.outOfRange`, `callFailed`.
    public func read(into destination: UnsafeMutableBufferPointer<Element>, from offset: Int = 0) throws {
        try checkRange(offset, destination.count)
        guard let target = destination.baseAddress, !destination.isEmpty else { return }
        let bytes = destination.count * Self.stride
        try context.staged.dropping {
            try context.check("clEnqueueReadBuffer") {
                clEnqueueReadBuffer(context.queue, handle, cl_bool(CL_TRUE), offset * Self.stride, bytes, target, 0, nil, nil)
            }
        }
        context.count { $0.bytesFromDevice += bytes }
    }

    /// The elements in `range`, after all commands before have run. Throws `OpenCLError.outOfRange`, `callFailed`.
    public func read(_ range: Range<Int>) throws -> [Element] {
        try checkRange(range.lowerBound, range.count)
        return try [Element](unsafeUninitializedCapacity: range.count) { storage, initialized in
            try read(into: UnsafeMutableBufferPointer(rebasing: storage[..<range.count]), from: range.lowerBound)
            initialized = range.count
        }
    }

    /// All elements, after all commands before have run. Throws `OpenCLError.callFailed`.
    public func read() throws -> [Element] {
        try read(0..<count)
    }

    /// Enqueues setting every byte to zero. Throws `OpenCLError.callFailed`.
    public func fillWithZero() throws {
        guard count > 0 else { return }
        // Oclgrind 21.10 does not take note of what a fill has initialised, and would report all that is read from it.
        if context.device.platform == "Oclgrind" {
            try context.check("clEnqueueWriteBuffer") {
                clEnqueueWriteBuffer(context.queue, handle, cl_bool(CL_TRUE), 0, bytes, [UInt8](repeating: 0, count: bytes), 0, nil, nil)
            }
            return
        }
        // OpenCL takes patterns of 1, 2, 4 … 128 bytes that divide the size.
        let stride = Self.stride
        let pattern = [UInt8](repeating: 0, count: stride <= 128 && stride.nonzeroBitCount == 1 ? stride : 1)
        try context.check("clEnqueueFillBuffer") {
            clEnqueueFillBuffer(context.queue, handle, pattern, pattern.count, 0, bytes, 0, nil, nil)
        }
    }

    /// Enqueues a copy of `length` elements of another buffer of the same context, from its element `start` on,
    /// to the elements from `offset` on. Default: all of the other buffer, to the start of this one.
    /// - Throws: `OpenCLError.outOfRange`, `callFailed`.
    public func copy(from other: Buffer<Element>, start: Int = 0, length: Int? = nil, to offset: Int = 0) throws {
        let length = length ?? other.count - start
        try other.checkRange(start, length)
        try checkRange(offset, length)
        guard length > 0 else { return }
        let stride = Self.stride
        try context.check("clEnqueueCopyBuffer") {
            clEnqueueCopyBuffer(
                context.queue, other.handle, handle, start * stride, offset * stride, length * stride, 0, nil, nil)
        }
    }

    private func checkRange(_ offset: Int, _ length: Int) throws {
        guard offset >= 0, length >= 0, offset <= count, length <= count - offset else {
            throw OpenCLError.outOfRange(offset: offset, length: length, count: count)
        }
    }
}
