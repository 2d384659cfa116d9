import Foundation
import Networks
import Testing

/// One entry of infinite_width.json: kernels of neural_tangents 0.6.5 on four points.
struct GoldenInfiniteWidth: Decodable, Sendable, CustomTestStringConvertible {
    let act: String
    let sigma_w, sigma_b: Double
    let depth: Int
    let x, nngp, ntk: [[Double]]

    var testDescription: String { "\(act), depth \(depth), σ_w \(sigma_w), σ_b \(sigma_b), d \(x[0].count)" }

    static let all: [GoldenInfiniteWidth] = {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Fixtures/infinite_width.json").standardized
        do {
            return try JSONDecoder().decode([GoldenInfiniteWidth].self, from: Data(contentsOf: file))
        } catch {
            Issue.record("\(file.path): \(error)")
            return []
        }
    }()

    func kernel() throws -> InfiniteWidthKernel {
        try InfiniteWidthKernel(
            depth: depth, activation: #require(Activation.named(act)), hasBias: sigma_b != 0, sigmaW: sigma_w, sigmaB: sigma_b,
            inputs: Inputs(points: x.count, dimension: x[0].count, values: x.flatMap { $0 }))
    }

    /// Whether two points lie on a line through 0 that no bias moves: where neural_tangents' relu has lost half of its digits.
    func areCollinear(_ n: Int, _ m: Int) -> Bool { n == m || x[0].count == 1 && sigma_b == 0 }
}

@Suite struct InfiniteWidthGoldenTests {
    @Test func theFileIsComplete() {
        #expect(GoldenInfiniteWidth.all.count == 50)
        #expect(Set(GoldenInfiniteWidth.all.map(\.act)) == ["relu", "erf", "gelu", "sin"])
    }

    /// The file is accurate to 2e-10 (nngp) and 7e-9 (ntk) at worst, hence 1e-9 and 1e-7. Where it is accurate to rounding (erf, and
    /// relu between points that are not collinear) at most 4 layers with a condition number of about 10 leave 1e-12.
    @Test(arguments: GoldenInfiniteWidth.all)
    func equalsNeuralTangents(_ golden: GoldenInfiniteWidth) throws {
        let kernel = try golden.kernel()
        let count = golden.x.count
        for n in 0..<count {
            for m in 0..<count {
                let exact = golden.act == "erf" || golden.act == "relu" && !golden.areCollinear(n, m)
                let nngp = abs(kernel.nngp[n * count + m] - golden.nngp[n][m])
                let tangent = abs(kernel.tangentKernel[n * count + m] - golden.ntk[n][m])
                // Between opposite points of relu without biases the kernel is 0 at depth 1: their variances are the scale.
                let scale = max(abs(golden.nngp[n][m]), 1e-6 * (golden.nngp[n][n] * golden.nngp[m][m]).squareRoot())
                #expect(nngp <= (exact ? 1e-12 : 1e-9) * scale, "nngp (\(n), \(m))")
                #expect(tangent <= (exact ? 1e-12 : 1e-7) * max(abs(golden.ntk[n][m]), scale), "ntk (\(n), \(m))")
            }
        }
    }
}
