import Networks
import Testing

/// The generator and the stream of normal numbers that is made of it.
@Suite struct PhiloxTests {
    struct Answer: Sendable {
        let counter: (UInt32, UInt32, UInt32, UInt32)
        let key: (UInt32, UInt32)
        let expected: [UInt32]
    }

    /// The vectors for philox4x32-10 of the file kat_vectors of Random123 1.14: zeros, ones, and the digits of π.
    static let answers = [
        Answer(counter: (0, 0, 0, 0), key: (0, 0), expected: [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
        Answer(counter: (.max, .max, .max, .max), key: (.max, .max), expected: [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]),
        Answer(
            counter: (0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344), key: (0xa409_3822, 0x299f_31d0),
            expected: [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]),
    ]

    @Test(arguments: answers)
    func publishedVectors(_ answer: Answer) {
        let found = Philox.block(key: answer.key, counter: answer.counter)
        #expect([found.0, found.1, found.2, found.3] == answer.expected)
    }

    /// For n independent standard normal numbers the sample means of x, x², x³, x⁴ are 0, 1, 0, 3 with standard errors √(1, 2, 15, 96)/√n, and
    /// that of x y for neighbours is 0 ± 1/√n. Four standard errors, for a fixed seed.
    @Test(arguments: [WeightStream.Stream.weight, .bias])
    func momentsAreThoseOfANormalDistribution(_ stream: WeightStream.Stream) {
        let n = 200_000
        let numbers = (0..<n).map { WeightStream.normal(seed: 12345, layer: 3, stream: stream, index: $0) }
        func mean(_ f: (Double) -> Double) -> Double { numbers.reduce(0) { $0 + f($1) } / Double(n) }
        let error = 4 / Double(n).squareRoot()
        let moments = (mean { $0 }, mean { $0 * $0 }, mean { $0 * $0 * $0 }, mean { $0 * $0 * $0 * $0 })
        #expect(abs(moments.0) <= error)
        #expect(abs(moments.1 - 1) <= error * 2.0.squareRoot())
        #expect(abs(moments.2) <= error * 15.0.squareRoot())
        #expect(abs(moments.3 - 3) <= error * 96.0.squareRoot())
        let neighbours = zip(numbers, numbers.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 } / Double(n)
        #expect(abs(neighbours) <= error)
        let allFinite = numbers.allSatisfy { $0.isFinite }
        #expect(allFinite)
        // 2 · Φ(−4) n = 12.7 numbers are expected beyond 4, and 38 are ten standard deviations more.
        let far = numbers.count { abs($0) > 4 }
        #expect(far >= 1 && far <= 50)
    }

    /// Seeds, layers and streams are different numbers; all 64 bits of a seed count.
    @Test func everythingThatNamesANumberCounts() {
        let base = WeightStream.normal(seed: 5, layer: 1, stream: .weight, index: 8)
        #expect(base != WeightStream.normal(seed: 5 + 1 << 32, layer: 1, stream: .weight, index: 8))
        #expect(base != WeightStream.normal(seed: 6, layer: 1, stream: .weight, index: 8))
        #expect(base != WeightStream.normal(seed: 5, layer: 2, stream: .weight, index: 8))
        #expect(base != WeightStream.normal(seed: 5, layer: 1, stream: .bias, index: 8))
        #expect(base != WeightStream.normal(seed: 5, layer: 1, stream: .weight, index: 9))
        #expect(base == WeightStream.normal(seed: 5, layer: 1, stream: .weight, index: 8))
        let far = WeightStream.normal(seed: 5, layer: 1, stream: .weight, index: 8 + 1 << 33)
        #expect(far.isFinite && far != base)
    }

    /// Weights of a seed are these numbers in row-major order, times the standard deviation of the parameterisation.
    @Test func weightsComeFromTheStream() throws {
        for parameterisation in Parameterisation.allCases {
            let architecture = try Architecture(inputs: 4, widths: [3], outputs: 2, activation: .tanh, parameterisation: parameterisation)
            let weights = Weights(seed: 9, sigmaW: 1.5, sigmaB: 0.5, for: architecture).values
            let (first, second, bias) = parameterisation == .ntk ? (1, 1, 1) : (0.75, 1.5 / 3.0.squareRoot(), 0.5)
            func number(_ layer: Int, _ stream: WeightStream.Stream, _ index: Int) -> Double {
                WeightStream.normal(seed: 9, layer: layer, stream: stream, index: index)
            }
            #expect(weights.count == 23)
            #expect(weights[7] == first * number(0, .weight, 7))
            #expect(weights[12 + 2] == bias * number(0, .bias, 2))
            #expect(weights[15 + 5] == second * number(1, .weight, 5))
            #expect(weights[21 + 1] == bias * number(1, .bias, 1))
        }
    }
}
