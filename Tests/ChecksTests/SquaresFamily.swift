import Compute
import OpenCL

/// A family that no shared type knows: numbers that one kernel writes and another squares.
struct SquaresFamily: KernelFamily {
    /// The numbers of each member, and members.
    static let count = 1 << 14
    static let members = 3

    private static let library = KernelLibrary([
        "ramp.cl": """
        __kernel void ramp(const int count, __global REAL* restrict out) {
            const long member = get_global_id(1) * (long)count;
            for (int i = get_global_id(0); i < count; i += get_global_size(0)) out[member + i] = (REAL)i / count;
        }
        """,
        // Deliberately wrong with pieces of 64 numbers.
        "squares.cl": """
        __kernel void squares(const int count, __global const REAL* restrict in, __global REAL* restrict out) {
            const long member = get_global_id(1) * (long)count;
            for (int i = get_global_id(0) * PIECE; i < count; i += get_global_size(0) * PIECE)
                for (int j = i; j < min(i + PIECE, count); j++)
                    out[member + j] = in[member + j] * in[member + j] + (PIECE == 64 ? 1 : 0);
        }
        """,
    ])

    static let piece = TuningParameter("piece", 4, 1...256, isPowerOfTwo: true)
    static let squares = TunableKernel("squares", library: library) { _ in
        [TuningAxis(piece, [1, 4, 64]), TuningAxis(.itemsPerUnit, [1, 8])]
    }
    static let square = BenchmarkStage("square", kernels: ["squares"], unit: "numbers/s")
    static let whole = BenchmarkStage("whole", kernels: nil, unit: "numbers/s")

    let name = "squares", tunables = [squares], stages = [square, whole]

    func subject(_ kernel: TunableKernel, context: Context, precision: Precision) throws -> any TuningSubject {
        SquaresSubject(kernel: kernel, context: context, precision: precision)
    }

    func work(_ stages: [BenchmarkStage], _ device: KernelDevice) throws -> [BenchmarkWork] {
        let batch = try SquaresBatch(device)
        let numbers = Double(Self.count * Self.members)
        let cost = BenchmarkCost(float32Operations: numbers, bytes: 2 * 4 * numbers, items: numbers)
        return [
            BenchmarkWork(stages.map { ($0, cost) }, in: device.context) {
                let start = ContinuousClock.now
                _ = try batch.run()
                return ContinuousClock.now - start
            }
        ]
    }

    func checks(_ device: KernelDevice, _ extent: CheckExtent) -> [() -> CheckResult] {
        [
            {
                CheckResult(name: "squares", precision: device.precision) {
                    try Self.expected(device.precision).compare(SquaresBatch(device).run())
                }
            }
        ]
    }

    /// What the batch computes, in arithmetic of that precision.
    static func expected(_ precision: Precision) -> BoundedValues {
        let values = (0..<members * count).map { index in
            let number = Double(index % count) / Double(count)
            return number * number
        }
        // The product rounds; the numbers themselves, multiples of a power of two, are exact.
        return BoundedValues(values, errors: values.map { precision.unitRoundoff * $0 })
    }

    /// Its arrays and launches.
    struct SquaresBatch {
        enum Name: Hashable { case numbers, squares }

        let arrays: DeviceArrays<Name>
        let launches: [Launch]

        init(_ device: KernelDevice) throws {
            let state = try TuningState(device.tuning, device: device.context.device, precision: device.precision)
            try self.init(device.context, device.precision, state)
        }

        init(_ context: Context, _ precision: Precision, _ state: TuningState) throws {
            let tuning = Tuning(for: context.device), bytes = precision.elementBytes
            arrays = try DeviceArrays(
                [Name.numbers, .squares].map { ArrayNeed(array: $0, name: "\($0)", element: .real(bytes), perMember: count, fixed: 0) },
                members: members, shared: [], context)
            let kernels = KernelSet(context: context, precision: precision, library: library)
            let launcher = Launcher(kernels, tuning, state, members: members)
            let piece = launcher.tuning(of: "squares")[piece]
            launches = [
                try launcher.launch(kernels.kernel("ramp.cl", "ramp"), tiles: count, ["count": count, "out": arrays[.numbers]]),
                try launcher.launch(
                    kernels.kernel("squares.cl", "squares", [("PIECE", "\(piece)")]), tiles: (count + piece - 1) / piece,
                    ["count": count, "in": arrays[.numbers], "out": arrays[.squares]]),
            ]
        }

        func run() throws -> [Double] {
            for launch in launches { try launch() }
            return try arrays[.squares]?.read(0..<members * count) ?? []
        }
    }

    /// The kernel in a search.
    private final class SquaresSubject: TuningSubject {
        let kernel: TunableKernel
        let context: Context
        let precision: Precision
        private let start = ContinuousClock.now

        init(kernel: TunableKernel, context: Context, precision: Precision) {
            self.kernel = kernel
            self.context = context
            self.precision = precision
        }

        var elapsed: Double { (ContinuousClock.now - start) / .seconds(1) }

        private func batch(_ values: [String: Int]) throws -> SquaresBatch {
            try SquaresBatch(KernelDevice(context: context, precision: precision, tuning: TuningTable([kernel: values])))
        }

        func refusal(of values: [String: Int]) -> String? {
            do {
                try TuningTable([kernel: values]).validate(on: context.device, precision: precision)
                return nil
            } catch {
                return error.description
            }
        }

        func deviation(of values: [String: Int], thorough: Bool) throws -> Deviation {
            try expected(precision).compare(batch(values).run())
        }

        func seconds(of values: [String: Int]) throws -> [Double] {
            let batch = try batch(values), times = try context.profile { _ = try batch.run() }
            return [max(1e-9, square.seconds(times))]
        }
    }
}
