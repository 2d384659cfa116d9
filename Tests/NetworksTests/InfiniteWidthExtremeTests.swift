import Foundation
import Networks
import Testing

/// One entry of infinite_extremes.json: numbers as texts, which JSON's readers would round or refuse.
struct ExtremeInfiniteWidth: Decodable, Sendable, CustomTestStringConvertible {
    let act: String
    let depth: Int
    let sigma_w, sigma_b: Double
    let x, nngp, ntk: [[String]]

    var testDescription: String { "\(act), depth \(depth), σ_b \(sigma_b), x \(x[0][0])" }

    static let all: [ExtremeInfiniteWidth] = {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Fixtures/infinite_extremes.json").standardized
        do {
            return try JSONDecoder().decode([ExtremeInfiniteWidth].self, from: Data(contentsOf: file))
        } catch {
            Issue.record("\(file.path): \(error)")
            return []
        }
    }()
}

@Suite struct InfiniteWidthExtremeTests {
    @Test func theFileIsComplete() { #expect(ExtremeInfiniteWidth.all.count == 5 + 3 * 13 + 10) }

    /// Every entry, however small beside others, within 16 roundings of 2^-53 a layer for K. Θ sums as many layers, each a product with all
    /// slopes above it, so that roundings of the layers below add up: 16 a layer, and once more for each of them, depth²/2 · 2^-53 in all.
    /// Between nearly opposite points gelu's three terms leave a few times less than the largest of them.
    /// Between points that are opposite but for a factor that is no number, two steps of orthogonalisation leave an angle of 2^-106.
    @Test(arguments: ExtremeInfiniteWidth.all)
    func everyEntryKeepsItsDigits(_ extreme: ExtremeInfiniteWidth) throws {
        let x = try extreme.x.map { try $0.map { try #require(Double($0)) } }
        let kernel = try InfiniteWidthKernel(
            depth: extreme.depth, activation: #require(Activation.named(extreme.act)), hasBias: extreme.sigma_b != 0,
            sigmaW: extreme.sigma_w, sigmaB: extreme.sigma_b,
            inputs: Inputs(points: x.count, dimension: x[0].count, values: x.flatMap { $0 }))
        let layers = Double(extreme.depth + 1)
        for n in x.indices {
            for m in x.indices {
                let nngp = try #require(Double(extreme.nngp[n][m])), tangent = try #require(Double(extreme.ntk[n][m]))
                let place = n * x.count + m
                func scale(_ matrix: [Double]) -> Double {
                    matrix[n * x.count + n].squareRoot() * matrix[m * x.count + m].squareRoot() * 0x1p-100
                }
                #expect(
                    abs(kernel.nngp[place] - nngp) <= 16 * layers * 0x1p-53 * abs(nngp) + scale(kernel.nngp),
                    "nngp (\(n), \(m)): \(kernel.nngp[place])")
                #expect(
                    abs(kernel.tangentKernel[place] - tangent) <= (16 + layers / 2) * layers * 0x1p-53 * abs(tangent)
                        + scale(kernel.tangentKernel),
                    "ntk (\(n), \(m)): \(kernel.tangentKernel[place])")
            }
        }
    }

    /// relu halves a variance in each layer with σ_w = 1, and multiplies it with 4.5 with σ_w = 3.
    @Test(arguments: [(1100, 1.0, "too small"), (600, 3.0, "too large")])
    func variancesThatLeaveTheNumbersAreNamed(_ depth: Int, _ sigmaW: Double, _ words: String) throws {
        let error = #expect(throws: NetworkError.self) {
            try InfiniteWidthKernel(
                depth: depth, activation: .relu, hasBias: false, sigmaW: sigmaW, sigmaB: 0, inputs: Inputs([1, -2]))
        }
        #expect(error?.description.contains(words) == true, "\(String(describing: error))")
    }

    /// A point at 0 has no variance because nothing goes in, which is no underflow; one of 1e-170 has one that no number is.
    @Test func onlyUnderflowIsRefused() throws {
        let kernel = try InfiniteWidthKernel(depth: 2, activation: .relu, hasBias: false, sigmaW: 1, sigmaB: 0, inputs: Inputs([0, 1]))
        #expect(kernel.nngp[0] == 0 && kernel.nngp[1] == 0 && kernel.nngp[3] == 0.25)
        #expect(throws: NetworkError.self) {
            try InfiniteWidthKernel(depth: 1, activation: .relu, hasBias: false, sigmaW: 1, sigmaB: 0, inputs: Inputs([1e-170, 1]))
        }
        // With biases the variance is σ_b² all the same, and with a small σ_w large inputs have one too.
        _ = try InfiniteWidthKernel(depth: 1, activation: .relu, sigmaW: 1, sigmaB: 0.1, inputs: Inputs([1e-170, 1]))
        let large = try InfiniteWidthKernel(
            depth: 0, activation: .relu, hasBias: false, sigmaW: 0x1p-100, sigmaB: 0, inputs: Inputs([0x1p600]))
        #expect(large.nngp == [0x1p1000])
    }
}
