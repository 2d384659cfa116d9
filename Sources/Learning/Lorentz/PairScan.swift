import Arrays
import Foundation

/// Networks of two kinds of neurons before and after they learn the balance of entropy, and smooth bands that nobody taught anything: which
/// of them have a dispersion that is relativistic near its gap.
struct PairScan: Sendable {
    /// Networks after training, those of them that reached balance, and their fits.
    let trained: [BalancedNetwork]
    let balanced: [DispersionFit]
    /// Fits of random networks.
    let random: [DispersionFit]
    /// Fits of ω = h_0(k) ± |h(k)|, h of three components of a constant, a cosine and a sine with normal coefficients: any smooth avoided
    /// crossing of a reversible network.
    let smooth: [DispersionFit]
    /// The largest |ln|λ|| of each balanced network.
    let rates: [Double]

    static let steps = 4000
    static let learningRate = 0.02
    /// A network is balanced from this root mean square of wᵀw − 1 on.
    static let balance = 1e-2

    init(count: Int, options: LearningOptions) throws {
        let results = try Array(0..<count).parallelMap { number in
            let before = BalancedNetwork(seed: options.key(.pairs, number))
            var network = before
            network.train(steps: Self.steps, learningRate: Self.learningRate)
            let control = BalancedNetwork(seed: options.key(.controls, number)).weights.joined().map { $0 }
            let fit = network.imbalance < Self.balance ? DispersionFit(network.bands) : nil
            return (network, fit, DispersionFit(before.bands), DispersionFit { k in Self.crossing(control, k) }, network.largestRate)
        }
        trained = results.map(\.0)
        balanced = results.compactMap(\.1)
        random = results.map(\.2)
        smooth = results.map(\.3)
        rates = results.filter { $0.1 != nil }.map(\.4)
    }

    /// Bands of twelve numbers.
    private static func crossing(_ numbers: [Double], _ k: Double) -> (half: Double, mean: Double) {
        let h = (0..<4).map { numbers[3 * $0] + numbers[3 * $0 + 1] * cos(k) + numbers[3 * $0 + 2] * sin(k) }
        return ((h[1] * h[1] + h[2] * h[2] + h[3] * h[3]).squareRoot(), h[0])
    }
}
