import Compute
import OpenCL

/// Lattices on an OpenCL device: a launch a step, and the host waits where it reads.
package struct DeviceLattice: LatticeEngine {
    package let kernels: KernelSet
    private let tuning: Tuning
    private let state: TuningState

    /// Lattices on a device.
    /// - Parameters:
    ///   - kind: the kind of devices whose division of work it is. Default: the device's.
    ///   - vectorBytes: the most bytes of a vector. Default: those that suit the device.
    /// - Throws: `TuningError` for parameters that it cannot have.
    package init(_ device: KernelDevice, as kind: Device.Kind? = nil, vectorBytes: Int? = nil) throws {
        kernels = KernelSet(context: device.context, precision: device.precision)
        var tuning = Tuning(for: device.context.device, as: kind)
        // Neighbouring work-items of a GPU take neighbouring sites: with vectors of them training would not fit in registers.
        if (kind ?? device.context.device.kind) != .cpu { tuning[.vectorBytes] = device.precision.elementBytes }
        if let vectorBytes { tuning[.vectorBytes] = vectorBytes }
        self.tuning = tuning
        state = try TuningState(device.tuning, device: device.context.device, precision: device.precision)
    }

    var context: Context { kernels.context }
    var elementBytes: Int { kernels.precision.elementBytes }

    /// Bytes of states or inputs that lie on the device at once: enough that launches are few, little enough for caches.
    private static let ringBytes = 8 << 20, inputBytes = 8 << 20

    func layout(_ shape: LatticeShape) -> LatticeLayout {
        LatticeLayout(shape, vectorBytes: tuning[.vectorBytes], elementBytes: elementBytes)
    }

    private func launch(
        _ name: String, _ layout: LatticeLayout, tiles: Int, members: Int, _ arguments: [String: any KernelValue]
    ) throws -> Launch {
        let kernel = try kernels.kernel(
            name + ".cl", name, vectorWidth: layout.vectorWidth, [("DIM", "\(layout.shape.dimensions)")])
        let all = arguments.merging(layout.arguments.mapValues { $0 as any KernelValue }) { $1 }
        return try Launcher(kernels, tuning, state, members: members).launch(kernel, tiles: tiles, all)
    }

    private func buffer(_ values: [Double]) throws -> RealBuffer { try RealBuffer(context, elementBytes: elementBytes, values) }

    /// So many numbers, of which the first are given. They are written at once: Oclgrind 21.10 forgets what the rest of a buffer holds where
    /// the host writes a part of it.
    private func whole(_ values: [Double], count: Int) throws -> RealBuffer {
        try buffer(values + [Double](repeating: 0, count: count - values.count))
    }

    /// The fields of waves, on which the device goes on.
    private struct Fields {
        let layout: LatticeLayout
        let states: RealBuffer
        let step: Launch
        /// Numbers of a state of all waves.
        let size: Int
        /// How many states there is room for.
        let slots: Int

        func place(_ step: Int) -> Int { step % slots * size }

        /// x_{t+1}.
        func advance(from t: Int) throws {
            try step(["before": place(t - 1 + slots), "now": place(t), "after": place(t + 1)])
        }
    }

    private func fields(_ waves: [LatticeWave], slots: (_ size: Int) -> Int) throws -> Fields {
        let layout = layout(waves[0].network.shape), parts = waves[0].now.count
        let size = layout.volume * parts * waves.count, slots = slots(size)
        let states = try whole((waves.map(\.before) + waves.map(\.now)).flatMap { $0.flatMap(layout.padded) }, count: slots * size)
        let weights = try buffer(waves.flatMap { $0.network.weights.flatMap(layout.padded) })
        let memories = try buffer(waves.map(\.network.memory))
        let step = try launch(
            "lattice_wave", layout, tiles: layout.vectors, members: waves.count * parts,
            ["parts": parts, "weights": weights, "memories": memories, "states": states])
        return Fields(layout: layout, states: states, step: step, size: size, slots: slots)
    }

    package func fields(
        of waves: [LatticeWave], steps: Int, deliver: (_ wave: Int, _ step: Int, _ field: [Double]) throws -> Void
    ) throws {
        guard !waves.isEmpty, steps > 0 else { return }
        let bytes = elementBytes
        let fields = try fields(waves) { size in max(3, min(steps + 1, Self.ringBytes / max(1, size * bytes))) }
        // As many states at once as do not overwrite the two that follow from them.
        var done = 1, next = 1
        while done <= steps {
            let last = min(steps, done + max(1, fields.slots - 2) - 1)
            while next < last {
                try fields.advance(from: next)
                next += 1
            }
            for step in done...last {
                let numbers = try fields.states.read(fields.place(step)..<fields.place(step) + fields.size)
                for wave in waves.indices { try deliver(wave, step, fields.layout.sites(numbers, from: wave * fields.layout.volume)) }
            }
            done = last + 1
        }
    }

    package func centres(of waves: [LatticeWave], steps: Int, every: Int) throws -> [[[Double]]] {
        guard !waves.isEmpty else { return [] }
        let fields = try fields(waves) { _ in 2 }, layout = fields.layout
        let samples = steps / every + 1, each = 2 * layout.segments * waves.count
        let moments = try RealBuffer(context, elementBytes: elementBytes, count: samples * each)
        let measure = try launch(
            "lattice_moments", layout, tiles: layout.segments, members: waves.count,
            ["parts": waves[0].now.count, "states": fields.states, "moments": moments])
        var pause = Checkpoint(context)
        for step in 0...steps {
            // State 0 lies where state 2 will.
            if step.isMultiple(of: every) { try measure(["now": fields.place(step), "out": step / every * each]) }
            if step > 0 { try fields.advance(from: step) }
            _ = try pause.pass()
        }
        let numbers = try moments.read(0..<samples * each)
        return waves.indices.map { wave in
            (0..<samples).map { Self.centre(numbers, from: $0 * each + 2 * wave * layout.segments, layout) }
        }
    }

    /// The centre of a wave by the sums of its segments.
    private static func centre(_ numbers: [Double], from start: Int, _ layout: LatticeLayout) -> [Double] {
        let shape = layout.shape, each = layout.segments / shape.rows
        var total = 0.0, moments = [Double](repeating: 0, count: shape.dimensions)
        for segment in 0..<layout.segments {
            let sum = numbers[start + 2 * segment], along = numbers[start + 2 * segment + 1]
            let first = Double(segment % each * LatticeLayout.segment)
            LatticeWave.add(row: segment / each, sum: sum, along: along + first * sum, &total, &moments, shape)
        }
        return moments.map { $0 / total }
    }

    package func train(_ lessons: [LatticeLesson]) throws -> [LatticeNetwork] {
        guard let first = lessons.first else { return [] }
        let layout = layout(first.teacher.shape), size = first.teacher.shape.weightCount * layout.volume
        let each = lessons.count * first.recordings * layout.volume
        let smooth = lessons.contains { $0.smoothing > 0 }
        let together = smooth ? 1 : max(1, min(32, first.steps, Self.inputBytes / max(1, each * elementBytes)))
        let inputs = try RealBuffer(context, elementBytes: elementBytes, count: together * each)
        let seeds = try context.makeBuffer(lessons.map(\.seed))
        let weights = try whole(
            lessons.flatMap { $0.student.weights.flatMap(layout.padded) }, count: (smooth ? 2 : 1) * lessons.count * size)
        let draw = try launch(
            "lattice_inputs", layout, tiles: layout.vectors, members: lessons.count * together,
            ["recordings": first.recordings, "steps": together, "seeds": seeds, "inputs": inputs])
        let learn = try launch(
            "lattice_lms", layout, tiles: layout.vectors, members: lessons.count,
            [
                "recordings": first.recordings, "seeds": seeds, "rates": buffer(first.rates), "noises": buffer(lessons.map(\.noise)),
                "smoothings": buffer(lessons.map(\.smoothing)), "inputs": inputs, "weights": weights,
                "teachers": buffer(lessons.flatMap { $0.teacher.weights.flatMap(layout.padded) }),
            ])
        var pause = Checkpoint(context)
        var before = 0, step = 0
        while step < first.steps {
            let count = min(together, first.steps - step), after = smooth ? lessons.count * size - before : 0
            try draw(["firstStep": step])
            try learn(["firstStep": step, "steps": count, "stepsDrawn": together, "before": before, "after": after])
            before = after
            step += count
            _ = try pause.pass()
        }
        let numbers = try weights.read(before..<before + lessons.count * size)
        return lessons.enumerated().map { number, lesson in
            LatticeNetwork(
                shape: layout.shape,
                weights: (0..<layout.shape.weightCount).map { layout.sites(numbers, from: number * size + $0 * layout.volume) },
                memory: lesson.student.memory)
        }
    }
}
