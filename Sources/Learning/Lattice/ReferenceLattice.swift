import Arrays
import Foundation

/// Lattices on the host, in plain Swift and 64 bits: the twin of the kernels `lattice_wave`, `lattice_moments`, `lattice_inputs` and
/// `lattice_lms`.
package struct ReferenceLattice: LatticeEngine {
    package init() {}

    package func fields(
        of waves: [LatticeWave], steps: Int, deliver: (_ wave: Int, _ step: Int, _ field: [Double]) throws -> Void
    ) throws {
        for (number, wave) in waves.enumerated() {
            var before = wave.before[0], now = wave.now[0]
            let stencil = LatticeStencil(wave.network)
            try deliver(number, 1, now)
            for step in 1..<max(1, steps) {
                stencil.step(over: &before, now)
                swap(&before, &now)
                try deliver(number, step + 1, now)
            }
        }
    }

    package func centres(of waves: [LatticeWave], steps: Int, every: Int) throws -> [[[Double]]] {
        try waves.parallelMap { wave in
            let shape = wave.network.shape, stencil = LatticeStencil(wave.network)
            var before = wave.before, now = wave.now
            var result = [LatticeWave.centre(before, shape)]
            for step in 1...max(1, steps) {
                if step.isMultiple(of: every) { result.append(LatticeWave.centre(now, shape)) }
                for part in now.indices { stencil.step(over: &before[part], now[part]) }
                swap(&before, &now)
            }
            return result
        }
    }

    package func train(_ lessons: [LatticeLesson]) throws -> [LatticeNetwork] {
        try lessons.parallelMap { lesson in
            let shape = lesson.teacher.shape, count = shape.weightCount, neighbours = shape.neighbourhoods()
            let teacher = lesson.teacher.weights
            var weights = lesson.student.weights
            let rates = lesson.rates
            var inputs = [Double](repeating: 0, count: lesson.recordings * shape.sites)
            for (step, rate) in rates.enumerated() {
                Self.draw(&inputs, lesson, step: step)
                let before = lesson.smoothing > 0 ? weights : []
                for site in 0..<shape.sites {
                    let around = neighbours[site * count..<(site + 1) * count]
                    var sums = [Double](repeating: 0, count: count)
                    for quad in 0..<lesson.recordings / 4 {
                        let noise = LatticeNoise.normals(seed: lesson.seed, site: site, step: step, quad: quad, .recordings)
                        for (lane, number) in [noise.0, noise.1, noise.2, noise.3].enumerated() {
                            let recording = (4 * quad + lane) * shape.sites
                            var heard = lesson.noise * number, said = 0.0
                            for (w, place) in around.enumerated() {
                                heard += teacher[w][site] * inputs[recording + place]
                                said += weights[w][site] * inputs[recording + place]
                            }
                            for (w, place) in around.enumerated() { sums[w] += (said - heard) * inputs[recording + place] }
                        }
                    }
                    for w in 0..<count {
                        var slope = sums[w] / Double(lesson.recordings)
                        if lesson.smoothing > 0 {
                            let own = before[w][site]
                            slope += lesson.smoothing * around.dropFirst().reduce(0) { $0 + (own - before[w][$1]) }
                        }
                        weights[w][site] -= rate * slope
                    }
                }
            }
            return LatticeNetwork(shape: shape, weights: weights, memory: lesson.student.memory)
        }
    }

    /// The states of all recordings of a step, recording by recording.
    package static func draw(_ inputs: inout [Double], _ lesson: LatticeLesson, step: Int) {
        let sites = lesson.teacher.shape.sites
        for quad in 0..<lesson.recordings / 4 {
            for site in 0..<sites {
                let numbers = LatticeNoise.normals(seed: lesson.seed, site: site, step: step, quad: quad, .inputs),
                    place = 4 * quad * sites + site
                inputs[place] = numbers.0
                inputs[place + sites] = numbers.1
                inputs[place + 2 * sites] = numbers.2
                inputs[place + 3 * sites] = numbers.3
            }
        }
    }
}

/// A step of the wave equation with a network's weights.
struct LatticeStencil {
    private let network: LatticeNetwork
    private let neighbours: [Int]

    init(_ network: LatticeNetwork) {
        self.network = network
        neighbours = network.shape.neighbourhoods()
    }

    /// Writes x_{t+1} in the place of x_{t−1}.
    func step(over before: inout [Double], _ now: [Double]) {
        let count = network.shape.weightCount, memory = network.memory
        before.withUnsafeMutableBufferPointer { before in
            now.withUnsafeBufferPointer { now in
                neighbours.withUnsafeBufferPointer { neighbours in
                    for site in before.indices { before[site] *= -memory }
                    for (w, weights) in network.weights.enumerated() {
                        weights.withUnsafeBufferPointer { weights in
                            for site in before.indices { before[site] += weights[site] * now[neighbours[site * count + w]] }
                        }
                    }
                }
            }
        }
    }
}
