import OpenCL
import Synchronization
import Testing

@Suite struct BufferTests {
    @Test func wholeAndPartsAreCopied() throws {
        let context = try Context(device: try anyDevice(), cache: nil)
        let buffer = try context.makeBuffer((0..<10).map { Int32($0) })
        try buffer.write([70, 80], at: 7)
        #expect(try buffer.read() == [0, 1, 2, 3, 4, 5, 6, 70, 80, 9])
        #expect(try buffer.read(6..<8) == [6, 70])
        #expect(try buffer.read(10..<10) == [])
        let other = try context.makeBuffer([Int32](repeating: -1, count: 5))
        try other.copy(from: buffer, start: 7, length: 2, to: 3)
        #expect(try other.read() == [-1, -1, -1, 70, 80])
        try buffer.copy(from: other)
        #expect(try buffer.read(0..<6) == [-1, -1, -1, 70, 80, 5])
    }

    @Test func zeroesFillEveryElementSize() throws {
        let context = try Context(device: try anyDevice(), cache: nil)
        func check<Element: BitwiseCopyable & Sendable & Equatable>(_ one: Element, _ zero: Element) throws {
            let buffer = try context.makeBuffer([Element](repeating: one, count: 33))
            try buffer.fillWithZero()
            #expect(try buffer.read() == [Element](repeating: zero, count: 33))
        }
        try check(1 as UInt8, 0)
        try check(1 as Float, 0)
        try check(1 as Double, 0)
        try check(SIMD16<Double>(repeating: 1), .zero)
        try check(InlineTriple(a: 1, b: 2, c: 3), InlineTriple(a: 0, b: 0, c: 0))
    }

    /// Twelve bytes: no power of two.
    struct InlineTriple: BitwiseCopyable, Equatable { var a, b, c: Float }

    @Test func emptyBuffersDoEverything() throws {
        let context = try Context(device: try anyDevice(), cache: nil)
        let empty = try context.makeBuffer(of: Double.self, count: 0)
        try empty.write([])
        try empty.fillWithZero()
        try empty.copy(from: try context.makeBuffer([] as [Double]))
        #expect(try empty.read() == [])
        #expect(empty.count == 0 && empty.bytes == 0)
    }

    @Test func rangesOutsideAreRefused() throws {
        let context = try Context(device: try anyDevice(), cache: nil)
        let buffer = try context.makeBuffer([1, 2, 3] as [Float])
        #expect(throws: OpenCLError.outOfRange(offset: 2, length: 2, count: 3)) { try buffer.read(2..<4) }
        #expect(throws: OpenCLError.outOfRange(offset: -1, length: 1, count: 3)) { try buffer.write([0], at: -1) }
        #expect(throws: OpenCLError.outOfRange(offset: .max, length: 1, count: 3)) { try buffer.write([0], at: .max) }
        #expect(throws: OpenCLError.outOfRange(offset: 0, length: 4, count: 3)) {
            try buffer.copy(from: try context.makeBuffer([Float](repeating: 0, count: 4)))
        }
        #expect(throws: OpenCLError.outOfRange(offset: 0, length: -1, count: 0)) { try context.makeBuffer(of: Float.self, count: -1) }
        #expect(try buffer.read() == [1, 2, 3])
    }

    @Test func memoryIsCountedAndRefusedBeforeTheDriverIsAsked() throws {
        let device = try anyDevice()
        // A driver that is asked at all answers with an error of its own here.
        let fault = Fault("clCreateBuffer", code: -4)
        let context = try Context(device: device, cache: nil, faultHook: fault.hook)
        func expectRefusal(_ count: Int, asked: Int) {
            let error = #expect(throws: OpenCLError.self) { try context.makeBuffer(of: Double.self, count: count) }
            guard case .allocationTooLarge(asked, device.maximumAllocationBytes, let remedy) = error else {
                Issue.record("\(String(describing: error)) instead of a refusal")
                return
            }
            #expect(remedy.contains("smaller"))
        }
        do {
            let buffer = try context.makeBuffer(of: Float.self, count: 1000)
            #expect(context.allocatedBytes == 4000)
            fault.arm()
            let most = device.maximumAllocationBytes / 8
            expectRefusal(most + 1, asked: 8 * (most + 1))
            expectRefusal(.max, asked: .max)
            // What the driver refuses is not counted either.
            #expect(throws: OpenCLError.callFailed(call: "clCreateBuffer", code: -4)) { try context.makeBuffer(of: Float.self, count: 1) }
            #expect(context.allocatedBytes == buffer.bytes)
        }
        #expect(context.allocatedBytes == 0)
    }

    /// What is given back counts as free at once, is used again, and goes to the driver where an allocation fails beside it.
    @Test func memoryIsUsedAgain() throws {
        let made = Mutex((count: 0, fails: false))
        let context = try Context(device: try anyDevice(), cache: nil) { call in
            guard call == "clCreateBuffer" else { return nil }
            return made.withLock { made in
                made.count += 1
                defer { made.fails = false }
                return made.fails ? -4 : nil
            }
        }
        func use(_ count: Int, _ value: Float) throws {
            let buffer = try context.makeBuffer(of: Float.self, count: count)
            #expect(context.allocatedBytes == 4 * count)
            try buffer.write([Float](repeating: value, count: count))
            #expect(try buffer.read() == [Float](repeating: value, count: count))
        }
        for value in 0..<4 { try use(1000, Float(value)) }
        #expect(context.allocatedBytes == 0 && made.withLock { $0.count } == 1)
        try use(999, 7)
        #expect(made.withLock { $0.count } == 2)
        // A failure beside kept memory is tried once more without it; without any it is the caller's.
        made.withLock { $0.fails = true }
        try use(500, 8)
        #expect(made.withLock { $0.count } == 4)
        try use(1000, 9)
        #expect(made.withLock { $0.count } == 5)
    }

    /// Many small writes whose host memory changes at once, with and without a wait between.
    @Test func smallWritesKeepWhatTheyWereGiven() throws {
        let context = try Context(device: try anyDevice(), cache: nil)
        let buffer = try context.makeBuffer(of: Int32.self, count: 3000)
        var values = [Int32](repeating: 0, count: 1000)
        for round in 1...50 {
            for place in values.indices { values[place] = Int32(round * 1000 + place) }
            try buffer.write(values, at: round % 3 * 1000)
            if round == 25 { try context.finish() }
        }
        let expected = [48, 49, 50].flatMap { round in (0..<1000).map { Int32(round * 1000 + $0) } }
        #expect(try buffer.read() == expected)
    }

    @Test func buffersTogetherFitTheDevice() throws {
        let device = try anyDevice()
        let context = try Context(device: device, cache: nil)
        // Drivers take memory when it is first used, so that reserving all of it takes none.
        var buffers: [Buffer<UInt8>] = []
        let pieces = device.globalMemoryBytes / device.maximumAllocationBytes
        var failure: OpenCLError?
        for _ in 0...pieces {
            do { buffers.append(try context.makeBuffer(of: UInt8.self, count: device.maximumAllocationBytes)) } catch let error
                as OpenCLError
            {
                failure = error
                break
            }
        }
        #expect(failure != nil)
        #expect(context.allocatedBytes == buffers.count * device.maximumAllocationBytes)
        #expect(context.allocatedBytes <= device.globalMemoryBytes)
    }
}
