import Duality
import Foundation
import Networks

/// One case of Tests/Fixtures/modes.json.
struct GoldenModes: Decodable, Sendable {
    let N, n, steps: Int
    let s, fmin, eta, gamma, mean_Theta: Double
    let Theta, U_columns, f_full, delta_hom, delta_src, delta_actual: [[Double]]
    let f0, lam, u, fbar: [Double]

    static func load() throws -> [GoldenModes] {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Fixtures/modes.json").standardized
        return try JSONDecoder().decode([GoldenModes].self, from: Data(contentsOf: file))
    }

    func network() throws -> FrozenNetwork {
        try FrozenNetwork(
            outputs: f0, tangentKernel: Theta.flatMap { $0 }, points: N, loss: .power(degree: n, scale: s, minimum: fmin),
            schedule: Schedule(learningRate: eta, momentum: gamma), steps: steps)
    }
}

/// Numbers from −1 to 1 that are the same in every run: xorshift64*.
struct TestNumbers {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func next() -> Double {
        state ^= state >> 12
        state ^= state << 25
        state ^= state >> 27
        return Double((state &* 0x2545_F491_4F6C_DD1D) >> 11) * 0x1p-52 - 1
    }

    mutating func list(_ count: Int, scale: Double = 1) -> [Double] { (0..<count).map { _ in scale * next() } }

    /// A positive definite kernel whose leading mode is nearly uniform: ones plus the Gram matrix of random features.
    mutating func kernel(points: Int, spread: Double = 0.3) -> [Double] {
        let features = list(points * 3 * points, scale: spread)
        var kernel = [Double](repeating: 1, count: points * points)
        for x in 0..<points {
            for y in 0..<points {
                for p in 0..<3 * points { kernel[x * points + y] += features[x * 3 * points + p] * features[y * 3 * points + p] }
            }
        }
        return kernel
    }
}
