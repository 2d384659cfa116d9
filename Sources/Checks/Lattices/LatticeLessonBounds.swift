import Compute
import Learning

/// What a lesson gives in 64 bits, each weight with a bound on what rounding of unit `unit` does to it.
///
/// A normal number of radius r is off by 16 u r (`lattice_noise.clh`), r ≤ 5.8; products and sums as `lattice_lms.cl` states. Errors of weights
/// come back as errors of what neurons say. Bounds grow with every step, so that lessons of few steps are told apart from wrong ones.
struct LatticeLessonBounds {
    private(set) var weights: [BoundedValues]

    init(_ lesson: LatticeLesson, unit: Double) {
        let shape = lesson.teacher.shape, count = shape.weightCount, neighbours = shape.neighbourhoods(), samples = lesson.recordings
        // Of one half more than 16 u r for the largest r, in place of each number's own.
        let drawn = 100 * unit
        weights = lesson.student.weights.map { BoundedValues($0) }
        var inputs = [Double](repeating: 0, count: samples * shape.sites)
        for (step, rate) in lesson.rates.enumerated() {
            ReferenceLattice.draw(&inputs, lesson, step: step)
            let before = weights
            for site in 0..<shape.sites {
                let around = Array(neighbours[site * count..<(site + 1) * count])
                var sums = [Double](repeating: 0, count: count), errors = sums
                for quad in 0..<samples / 4 {
                    let noise = LatticeNoise.normals(seed: lesson.seed, site: site, step: step, quad: quad, .recordings)
                    for (lane, number) in [noise.0, noise.1, noise.2, noise.3].enumerated() {
                        let x = around.map { inputs[(4 * quad + lane) * shape.sites + $0] }
                        var gap = -lesson.noise * number, size = abs(gap), error = lesson.noise * drawn
                        for w in 0..<count {
                            let teacher = lesson.teacher.weights[w][site], own = before[w].values[site]
                            gap += (own - teacher) * x[w]
                            size += (abs(own) + abs(teacher)) * abs(x[w])
                            error += (abs(own) + abs(teacher)) * drawn + before[w].errors[site] * (abs(x[w]) + drawn)
                        }
                        error += Double(2 * count + 2) * unit * size
                        for w in 0..<count {
                            sums[w] += gap * x[w]
                            errors[w] +=
                                error * (abs(x[w]) + drawn) + abs(gap) * drawn + Double(samples + 4) * unit * (abs(gap) + error) * abs(x[w])
                        }
                    }
                }
                for w in 0..<count {
                    var slope = sums[w] / Double(samples), error = errors[w] / Double(samples), own = before[w]
                    if lesson.smoothing > 0 {
                        for place in around.dropFirst() {
                            slope += lesson.smoothing * (own.values[site] - own.values[place])
                            error += lesson.smoothing * (own.errors[site] + own.errors[place])
                            error += Double(count + 3) * unit * lesson.smoothing * (abs(own.values[site]) + abs(own.values[place]))
                        }
                    }
                    own.values[site] -= rate * slope
                    weights[w].values[site] = own.values[site]
                    weights[w].errors[site] =
                        before[w].errors[site] + rate * error + 4 * unit * (abs(own.values[site]) + rate * (abs(slope) + error))
                }
            }
        }
    }
}
