import Compute
import Learning

/// Small lattices on a device, beside the host's in 64 bits, whose error analysis bounds what rounding can do on the device.
struct LatticeCheck {
    private let sizes: [Int]
    private let steps: Int
    private let recordings: Int

    /// Rows of 24 sites are vectors of eight, of which there are several, and four rows or planes differ from their neighbours.
    init(_ dimensions: Int) { (sizes, steps, recordings) = (Array([24, 5, 4].prefix(dimensions)), 5, 8) }

    /// As few sites, steps and recordings as have all that kernels do to them: the least rows and planes with two neighbours each, a state
    /// before the last, a lesson after the first.
    init(least dimensions: Int) { (sizes, steps, recordings) = (Array([24, 4, 4].prefix(dimensions)), 3, 4) }

    private func shape() throws -> LatticeShape { try LatticeShape(sizes) }

    /// Numbers of no symmetry between −1 and 1, exact in 32 bits.
    private func numbers(_ shape: LatticeShape, _ seed: Int) -> [Double] {
        (0..<shape.sites).map { Double(($0 * 37 + seed * 101 + $0 * $0 * 11) % 257 - 128) / 128 }
    }

    private func network(_ shape: LatticeShape, memory: Double = 0.75) -> LatticeNetwork {
        LatticeNetwork(shape: shape, weights: (0..<shape.weightCount).map { numbers(shape, $0).map { $0 / 4 } }, memory: memory)
    }

    private func waves(_ shape: LatticeShape, parts: Int) -> [LatticeWave] {
        [0.75, 0].map { memory in
            LatticeWave(
                network(shape, memory: memory), before: (0..<parts).map { numbers(shape, 10 + $0) },
                now: (0..<parts).map { numbers(shape, 20 + $0) })
        }
    }

    /// Fields of all steps.
    func wave(on lattice: DeviceLattice) throws -> Deviation {
        let shape = try shape(), waves = waves(shape, parts: 1), unit = lattice.kernels.precision.unitRoundoff
        var expected: [[BoundedValues]] = waves.map { [BoundedValues($0.before[0]), BoundedValues($0.now[0])] }
        for (number, wave) in waves.enumerated() {
            for step in 2...steps { expected[number].append(Self.next(expected[number], step, wave.network, unit)) }
        }
        var worst: [Deviation] = []
        try lattice.fields(of: waves, steps: steps) { wave, step, field in worst.append(expected[wave][step].compare(field)) }
        return .worst(worst)
    }

    /// x_{t+1} with the bound that `lattice_wave.cl` states.
    private static func next(_ states: [BoundedValues], _ step: Int, _ network: LatticeNetwork, _ unit: Double) -> BoundedValues {
        let shape = network.shape, neighbours = shape.neighbourhoods(), now = states[step - 1], before = states[step - 2]
        var result = BoundedValues([Double](repeating: 0, count: shape.sites))
        for site in 0..<shape.sites {
            var value = -network.memory * before.values[site], size = abs(value), error = network.memory * before.errors[site]
            for w in 0..<shape.weightCount {
                let place = neighbours[site * shape.weightCount + w], weight = network.weights[w][site]
                value += weight * now.values[place]
                size += abs(weight * now.values[place])
                error += abs(weight) * now.errors[place]
            }
            result.values[site] = value
            // Magnitudes that have errors themselves round a little more.
            result.errors[site] = error * (1 + 16 * unit) + Double(shape.weightCount + 2) * unit * size
        }
        return result
    }

    /// Centres of waves of two parts.
    func centre(on lattice: DeviceLattice) throws -> Deviation {
        let shape = try shape(), waves = waves(shape, parts: 2), unit = lattice.kernels.precision.unitRoundoff
        let found = try lattice.centres(of: waves, steps: steps, every: 2)
        return .worst(
            waves.enumerated().flatMap { number, wave in
                var parts = wave.now.indices.map { [BoundedValues(wave.before[$0]), BoundedValues(wave.now[$0])] }
                for step in 2...steps {
                    for part in parts.indices { parts[part].append(Self.next(parts[part], step, wave.network, unit)) }
                }
                return found[number].enumerated().map { sample, centre in
                    let states = parts.map { $0[2 * sample] }
                    let exact = LatticeWave.centre(states.map(\.values), shape)
                    // Energies e are off by 2|x||δx| + δx², sums by (segment + 3) u more; a centre Σse/Σe by what either does to it.
                    var total = 0.0, error = 0.0
                    for state in states {
                        for (x, d) in zip(state.values, state.errors) {
                            total += x * x
                            error += 2 * abs(x) * d + d * d
                        }
                    }
                    error += Double(LatticeLayout.segment + 4) * unit * total
                    let relative = error / (total - error)
                    return BoundedValues(exact, errors: shape.sizes.map { 2 * Double($0) * relative }).compare(centre)
                }
            })
    }

    private func lesson(_ shape: LatticeShape, smoothing: Double, seed: UInt64, steps: Int) throws -> LatticeLesson {
        try LatticeLesson(
            teacher: network(shape), student: network(shape, memory: 1), steps: steps, recordings: recordings, learningRate: 0.05,
            noise: 0.5, smoothing: smoothing, seed: seed)
    }

    /// Weights after lessons.
    func training(on lattice: DeviceLattice) throws -> Deviation { try training(on: lattice, smoothing: 0) }

    /// Weights after lessons with springs between neighbours.
    func smoothing(on lattice: DeviceLattice) throws -> Deviation { try training(on: lattice, smoothing: 0.5) }

    private func training(on lattice: DeviceLattice, smoothing: Double) throws -> Deviation {
        let shape = try shape(), unit = lattice.kernels.precision.unitRoundoff
        let lessons = try ([3, 1 << 40] as [UInt64]).map { seed in
            var lesson = try lesson(shape, smoothing: smoothing, seed: seed, steps: steps - 1)
            // Another student than teacher, so that there is something to learn.
            lesson.student.weights.reverse()
            return lesson
        }
        let found = try lattice.train(lessons)
        return .worst(
            zip(lessons, found).flatMap { lesson, network in
                zip(LatticeLessonBounds(lesson, unit: unit).weights, network.weights).map { $0.compare($1) }
            })
    }

    /// Lessons of 40 steps, twice, of which the second has others beside it and so launches of another length.
    func repetition(on lattice: DeviceLattice) throws -> Deviation {
        let shape = try LatticeShape([1 << 12]), lesson = try lesson(shape, smoothing: 0, seed: 5, steps: 40)
        let alone = try lattice.train([lesson])[0]
        let beside = try lattice.train([lesson] + (0..<7).map { try self.lesson(shape, smoothing: 0, seed: UInt64(6 + $0), steps: 40) })[0]
        return .worst(zip(alone.weights, beside.weights).map { BoundedValues($0).compare($1) })
    }
}
