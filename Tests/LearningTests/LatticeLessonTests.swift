import Compute
import Foundation
import Learning
import Networks
import OpenCL
import Testing

/// Lessons of lattices against what is known of least-mean-squares training.
@Suite struct LatticeLessonTests {
    private func lesson(noise: Double, steps: Int, decays: Bool = false, smoothing: Double = 0, sizes: [Int] = [512]) throws
        -> LatticeLesson
    {
        try LatticeLesson(
            teacher: LatticeNetwork(shape: LatticeShape(sizes), coupling: 0.2, massSquared: 0.05), steps: steps, recordings: 8,
            learningRate: 0.1, decays: decays, noise: noise, smoothing: smoothing, seed: 11)
    }

    /// Without noise weights become the teacher's: errors shrink by 1 − 2η + η²(1 + (n + 1)/B) a step in the mean square.
    @Test func studentsBecomeTheirTeacher() throws {
        let lesson = try lesson(noise: 0, steps: 60), student = try ReferenceLattice().train([lesson])[0]
        let start = lesson.student, end = student
        func square(_ network: LatticeNetwork) -> Double {
            zip(network.weights.joined(), lesson.teacher.weights.joined()).reduce(0.0) { $0 + pow($1.0 - $1.1, 2) }
        }
        let factor = 1 - 2 * 0.1 + 0.01 * (1 + 4.0 / 8), expected = pow(factor, 60)
        // 512 neurons, whose errors have a broad distribution after 60 factors: within a factor of two.
        #expect((0.5...2).contains(square(end) / square(start) / expected))
    }

    /// With noise σ weights stay off by η σ²/B / (2 − η(1 + (n + 1)/B)) in the mean square, independently of each other.
    @Test func weightsKeepTheErrorsOfRecordings() throws {
        let lesson = try lesson(noise: 0.01, steps: 150), student = try ReferenceLattice().train([lesson])[0]
        let expected = 0.1 * 1e-4 / 8 / (2 - 0.1 * (1 + 4.0 / 8))
        for (w, pair) in zip(student.weights, lesson.teacher.weights).enumerated() {
            let errors = zip(pair.0, pair.1).map { $0 - $1 }, square = errors.reduce(0) { $0 + $1 * $1 } / 512
            // Of 512 squares of nearly normal numbers: a relative error of √(2/512) = 0.06, five times that and what little they are not normal.
            #expect(abs(square / expected - 1) < 0.35, "weight \(w)")
            let neighbours = zip(errors, errors.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 } / 511 / square
            #expect(abs(neighbours) < 5 / 511.0.squareRoot())
        }
    }

    @Test func ratesThatDivergeAreRefused() throws {
        // 2/(1 + 4/8) = 1.333, and 2/(1 + 4/8 + 4·3) with springs of λ = 3.
        for (rate, smoothing, isStable) in [
            (1.3, 0.0, true), (1.34, 0, false), (0.14, 3, true), (0.15, 3, false), (-0.1, 0, false), (.nan, 0, false),
        ] {
            let make = {
                try LatticeLesson(
                    teacher: LatticeNetwork(shape: LatticeShape([64]), coupling: 0.2, massSquared: 0.05), steps: 10, recordings: 8,
                    learningRate: rate, noise: 0.1, smoothing: smoothing, seed: 1)
            }
            if isStable {
                _ = try make()
            } else {
                #expect(throws: LearningError.self) { try make() }
            }
        }
    }

    /// Mean 0, variance 1 and fourth moment 3 of the normal numbers, which are different for every site, step, recording and stream.
    @Test func numbersAreNormal() {
        var numbers: [Double] = []
        for site in 0..<500 {
            for step in 0..<10 {
                for stream in [LatticeNoise.Stream.inputs, .recordings] {
                    let four = LatticeNoise.normals(seed: 9, site: site, step: step, quad: site % 3, stream)
                    numbers += [four.0, four.1, four.2, four.3]
                }
            }
        }
        let count = Double(numbers.count)
        #expect(Set(numbers).count == numbers.count)
        func moment(_ power: Int) -> Double { numbers.reduce(0) { $0 + pow($1, Double(power)) } / count }
        // Standard errors of moments of normal numbers: √(1/n), √(2/n), √(96/n).
        #expect(abs(moment(1)) < 5 / count.squareRoot())
        #expect(abs(moment(2) - 1) < 5 * (2 / count).squareRoot())
        #expect(abs(moment(4) - 3) < 5 * (96 / count).squareRoot())
    }

    /// The device's weights are the host's within what 32 bits explain, and the same on every run.
    @Test func devicesTeachTheSame() throws {
        let device = try #require(try Device.select("opencl", environment: ProcessInfo.processInfo.environment), "install pocl-opencl-icd")
        let lattice = try DeviceLattice(KernelDevice(context: Context(device: device, cache: nil), precision: .float32))
        let lesson = try lesson(noise: 0.01, steps: 150, decays: true, sizes: [32, 16])
        let host = try ReferenceLattice().train([lesson])[0],
            (first, second) = (try lattice.train([lesson])[0], try lattice.train([lesson])[0])
        #expect(first == second)
        let largest = zip(host.weights, first.weights).flatMap { zip($0.0, $0.1).map { abs($0 - $1) } }.max()!
        // Training forgets: what a step rounds, some 1e-6 of 0.1, lives for ten steps.
        #expect(largest < 2e-6)
    }
}
