import Foundation
import OpenCL
import Synchronization
import Testing

@Suite struct LaunchTests {
    // Small integers have exact products and sums, fused or not, so every result is exact.
    static let counts = [0, 1, 2, 3, 17, 255, 256, 257, 1023, 65_537]

    @Test(arguments: counts) func saxpyInFloat(count: Int) throws {
        let context = try Context(device: try anyDevice(), cache: nil)
        let kernel = try context.program(source: saxpySource).kernel(named: "saxpy")
        let x = try context.makeBuffer((0..<count).map { Float($0 % 101) })
        let y = try context.makeBuffer((0..<count).map { Float($0 % 7) })
        try kernel.launch(
            global: [(count + 63) / 64 * 64], local: [64], arguments: ["y": y, "x": x, "a": 3.0, "count": count])
        let expected = (0..<count).map { (index: Int) -> Float in Float(3 * (index % 101) + index % 7) }
        #expect(try y.read() == expected)
    }

    @Test(arguments: counts) func saxpyInDouble(count: Int) throws {
        let device = try anyDevice()
        guard device.supportsDouble else {
            #expect(throws: OpenCLError.doubleUnsupported(device: device.name)) { try device.requireDouble() }
            return
        }
        let context = try Context(device: device, cache: nil)
        let kernel = try context.program(source: saxpySource, options: "-DDOUBLE").kernel(named: "saxpy")
        // 2⁴⁰ + small integers need more than the 24 bits of a float.
        let x = try context.makeBuffer((0..<count).map { Double($0 % 101) + 0x1p40 })
        let y = try context.makeBuffer((0..<count).map { Double($0 % 7) })
        try kernel.launch(global: [count], local: [1], arguments: ["y": y, "x": x, "a": 3.0, "count": count])
        let expected = (0..<count).map { (index: Int) -> Double in Double(3 * (index % 101) + index % 7) + 0x3p40 }
        #expect(try y.read() == expected)
    }

    @Test func everyArgumentReachesTheKernel() throws {
        let context = try Context(device: try anyDevice(), cache: nil)
        let source = """
            kernel void gather(global long *out, int a, uint b, long c, ulong d, float e, local long *sum, global int *absent) {
                int i = get_local_id(0);
                sum[i] = i;
                barrier(CLK_LOCAL_MEM_FENCE);
                if (i != 0) return;
                long total = 0;
                for (int j = 0; j < (int)get_local_size(0); j++) total += sum[j];
                out[0] = a; out[1] = b; out[2] = c; out[3] = (long)d; out[4] = (long)e; out[5] = total; out[6] = absent == 0;
            }
            """
        let kernel = try context.program(source: source).kernel(named: "gather")
        #expect(kernel.parameterNames == ["out", "a", "b", "c", "d", "e", "sum", "absent"])
        let out = try context.makeBuffer(of: Int64.self, count: 7)
        try kernel.launch(
            global: [8], local: [8],
            arguments: [
                "out": out, "a": -5, "b": Int(UInt32.max), "c": Int.min, "d": 1 << 62, "e": 1024.0,
                "sum": KernelArgument.local(bytes: 8 * 8), "absent": KernelArgument.null,
            ])
        #expect(try out.read() == [-5, 4_294_967_295, .min, 1 << 62, 1024, 28, 1])
    }

    /// Of kernels one after the other the driver makes one, asked once what it declares; each begins without arguments.
    @Test func kernelsAreUsedAgain() throws {
        let calls = Mutex([String: Int]())
        let context = try Context(device: try anyDevice(), cache: nil) { call in
            calls.withLock { $0[call, default: 0] += 1 }
            return nil
        }
        let x = try context.makeBuffer([1] as [Float]), y = try context.makeBuffer([0] as [Float])
        for _ in 0..<5 {
            let kernel = try context.program(source: saxpySource).kernel(named: "saxpy")
            #expect(throws: OpenCLError.argumentMismatch(kernel: "saxpy", reason: "argument y was not given")) {
                try kernel.launch(global: [1], local: [1], arguments: ["x": x, "a": 1.0, "count": 1])
            }
            try kernel.launch(global: [1], local: [1], arguments: ["y": y])
        }
        #expect(try y.read() == [5])
        #expect(calls.withLock { ($0["clCreateKernel"], $0["clGetKernelArgInfo"]) } == (1, 4))
        // Two at a time are two, and the second asks nothing.
        let program = try context.program(source: saxpySource), two = try (0..<2).map { _ in try program.kernel(named: "saxpy") }
        #expect(two.map(\.parameterNames) == [["y", "x", "a", "count"], ["y", "x", "a", "count"]])
        #expect(calls.withLock { ($0["clCreateKernel"], $0["clGetKernelArgInfo"]) } == (2, 4))
    }

    @Test func threeDimensions() throws {
        let context = try Context(device: try anyDevice(), cache: nil)
        let source = """
            kernel void index(global int *out) {
                int x = get_global_id(0), y = get_global_id(1), z = get_global_id(2);
                out[(z * get_global_size(1) + y) * get_global_size(0) + x] = 100 * z + 10 * y + x;
            }
            """
        let kernel = try context.program(source: source).kernel(named: "index")
        let out = try context.makeBuffer(of: Int32.self, count: 2 * 3 * 5)
        try kernel.launch(global: [5, 3, 2], local: [5, 1, 2], arguments: ["out": out])
        var expected: [Int32] = []
        for z in 0..<2 { for y in 0..<3 { for x in 0..<5 { expected.append(Int32(100 * z + 10 * y + x)) } } }
        #expect(try out.read() == expected)
    }

    @Test func wrongLaunchesAreRefused() throws {
        let context = try Context(device: try anyDevice(), cache: nil)
        let other = try Context(device: try anyDevice(), cache: nil)
        let program = try context.program(source: saxpySource)
        let kernel = try program.kernel(named: "saxpy")
        let x = try context.makeBuffer([1] as [Float])
        let good: [String: any KernelValue] = ["y": x, "x": x, "a": 1.0, "count": 1]

        func expectMismatch(_ part: String, global: [Int] = [1], local: [Int] = [1], _ changes: [String: any KernelValue] = [:]) {
            let error = #expect(throws: OpenCLError.self) {
                let arguments = good.merging(changes) { $1 }
                try kernel.launch(global: global, local: local, arguments: arguments)
            }
            guard case .argumentMismatch("saxpy", let reason) = error else {
                Issue.record("\(String(describing: error)) instead of a mismatch")
                return
            }
            #expect(reason.contains(part))
        }
        #expect(throws: OpenCLError.argumentMismatch(kernel: "saxpy", reason: "argument x was not given")) {
            try kernel.launch(global: [1], local: [1], arguments: ["y": x, "a": 1.0, "count": 1])
        }
        expectMismatch("there is no argument counts; it takes y, x, a, count", ["counts": 1])
        expectMismatch("argument count cannot be the integer 2147483648: the parameter is private int", ["count": 1 << 31])
        expectMismatch("argument count cannot be the number 1.0", ["count": 1.0])
        expectMismatch("argument y cannot be the number 1.0", ["y": 1.0])
        expectMismatch("argument a cannot be a buffer of 4 bytes", ["a": x])
        expectMismatch("argument a cannot be the integer 1", ["a": 1])
        expectMismatch("argument x cannot be 4 bytes of local memory", ["x": KernelArgument.local(bytes: 4)])
        expectMismatch("argument x is a buffer of another context", ["x": try other.makeBuffer([1] as [Float])])
        expectMismatch("does not divide", global: [10], local: [4])
        expectMismatch("one to three sizes", global: [])
        expectMismatch("none negative", global: [-1])
        let tooMany = 2 * kernel.maximumWorkGroupSize
        expectMismatch("\(tooMany) work-items", global: [tooMany], local: [tooMany])
        #expect(context.counters.launches == 0)
        #expect(throws: OpenCLError.noSuchKernel(asked: "daxpy", available: ["saxpy"])) { try program.kernel(named: "daxpy") }
    }

    @Test func eventsTimeAndCountersCount() throws {
        let context = try Context(device: try anyDevice(), cache: nil)
        let source = """
            kernel void spin(global float *y, int rounds) {
                float s = y[get_global_id(0)];
                for (int i = 0; i < rounds; i++) s = s * 0.5f + 1.0f;
                y[get_global_id(0)] = s;
            }
            """
        let kernel = try context.program(source: source).kernel(named: "spin")
        let y = try context.makeBuffer([Float](repeating: 0, count: 100))
        let launches = try context.profile { try kernel.launch(global: [100], local: [1], arguments: ["y": y, "rounds": 100_000]) }
        #expect(launches.map(\.kernel) == ["spin"])
        #expect(launches[0].seconds > 0 && launches[0].seconds < 60)
        // s ← s/2 + 1 has the fixed point 2, which 100,000 halvings of the distance reach exactly.
        #expect(try y.read() == [Float](repeating: 2, count: 100))
        #expect(try context.profile { try kernel.launch(global: [0], local: [1], arguments: ["rounds": 1]) }.isEmpty)
        for _ in 0..<1000 { try kernel.launch(global: [100], local: [1], arguments: ["rounds": 0]) }
        try context.flush()
        try context.finish()
        var expected = Context.Counters()
        expected.launches = 1001
        expected.bytesToDevice = 400
        expected.bytesFromDevice = 400
        expected.programsCompiled = 1
        #expect(context.counters == expected)
    }

    @Test func manyTasksShareContextAndKernel() async throws {
        // A pause between the setting of the arguments and the enqueueing, in which another task would change them.
        let pause: Context.FaultHook = { call in
            if call == "clEnqueueNDRangeKernel" { Thread.sleep(forTimeInterval: 2e-4) }
            return nil
        }
        let context = try Context(device: try anyDevice(), cache: nil, faultHook: pause)
        try await Self.work(on: context)
        #expect(context.counters.launches == 400)
        #expect(context.counters.programsCompiled == 1)
        #expect(context.allocatedBytes == 0)
    }

    /// Two kernels of one program, launched by eight tasks. A kernel holds what it was given last, so nothing is left when it is gone.
    private static func work(on context: Context) async throws {
        let shared = try context.program(source: saxpySource).kernel(named: "saxpy")
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for task in 1...8 {
                group.addTask {
                    // The first tasks, side by side even on two cores, share one kernel: without its lock their arguments mix.
                    let kernel = task <= 6 ? shared : try context.program(source: saxpySource).kernel(named: "saxpy")
                    let count = 100 + task
                    let x = try context.makeBuffer([Float](repeating: Float(task), count: count))
                    let y = try context.makeBuffer([Float](repeating: 0, count: count))
                    for _ in 0..<50 {
                        try kernel.launch(
                            global: [count], local: [1], arguments: ["y": y, "x": x, "a": Double(task), "count": count])
                    }
                    return try y.read() == [Float](repeating: Float(50 * task * task), count: count)
                }
            }
            for try await right in group { #expect(right) }
        }
    }
}
