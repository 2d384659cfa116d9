import OpenCL

/// Device memory of `float` or `double` behind one face: the host always sees Double.
package struct RealBuffer: KernelValue {
    private enum Storage {
        case single(Buffer<Float>)
        case double(Buffer<Double>)
    }
    private let storage: Storage

    /// Zeros, or numbers of no meaning.
    package init(_ context: Context, elementBytes: Int, count: Int, isZero: Bool = true) throws {
        // Oclgrind 21.10 takes no note of what the stores of vectors in kernels have initialised.
        let isZero = isZero || context.device.platform == "Oclgrind"
        if elementBytes == 4 {
            let buffer = try context.makeBuffer(of: Float.self, count: count)
            if isZero { try buffer.fillWithZero() }
            storage = .single(buffer)
        } else {
            let buffer = try context.makeBuffer(of: Double.self, count: count)
            if isZero { try buffer.fillWithZero() }
            storage = .double(buffer)
        }
    }

    /// Those values, rounded to the element type.
    package init(_ context: Context, elementBytes: Int, _ values: [Double]) throws {
        try self.init(context, elementBytes: elementBytes, count: values.count, isZero: false)
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

    package func fillWithZero() throws {
        switch storage {
        case .single(let buffer): try buffer.fillWithZero()
        case .double(let buffer): try buffer.fillWithZero()
        }
    }
}
