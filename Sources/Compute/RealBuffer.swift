import OpenCL

/// Device memory of `float` or `double` behind one face: the host always sees Double.
package struct RealBuffer: KernelValue {
    private enum Storage {
        case single(Buffer<Float>)
        case double(Buffer<Double>)
    }
    private let storage: Storage

    /// Zeros.
    package init(_ context: Context, elementBytes: Int, count: Int) throws {
        if elementBytes == 4 {
            let buffer = try context.makeBuffer(of: Float.self, count: count)
            try buffer.fillWithZero()
            storage = .single(buffer)
        } else {
            let buffer = try context.makeBuffer(of: Double.self, count: count)
            try buffer.fillWithZero()
            storage = .double(buffer)
        }
    }

    /// Those values, rounded to the element type.
    package init(_ context: Context, elementBytes: Int, _ values: [Double]) throws {
        try self.init(context, elementBytes: elementBytes, count: values.count)
        try write(values)
    }

    package var memory: DeviceMemory {
        switch storage {
        case .single(let buffer): buffer
        case .double(let buffer): buffer
        }
    }

    package var argument: KernelArgument { .buffer(memory) }

    package func write(_ values: [Double], at offset: Int = 0) throws {
        switch storage {
        case .single(let buffer): try buffer.write(values.map(Float.init), at: offset)
        case .double(let buffer): try buffer.write(values, at: offset)
        }
    }

    package func read(_ range: Range<Int>) throws -> [Double] {
        switch storage {
        case .single(let buffer): try buffer.read(range).map(Double.init)
        case .double(let buffer): try buffer.read(range)
        }
    }

    /// Copies all of another buffer of the same size and type, on the device.
    package func copy(from other: RealBuffer) throws {
        switch (storage, other.storage) {
        case (.single(let buffer), .single(let other)): try buffer.copy(from: other)
        case (.double(let buffer), .double(let other)): try buffer.copy(from: other)
        default: try write(other.read(0..<other.memory.bytes / (other.isSingle ? 4 : 8)))
        }
    }

    private var isSingle: Bool { if case .single = storage { true } else { false } }

    package func fillWithZero() throws {
        switch storage {
        case .single(let buffer): try buffer.fillWithZero()
        case .double(let buffer): try buffer.fillWithZero()
        }
    }
}
