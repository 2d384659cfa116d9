import Arrays
import Networks

/// Signatures of random symmetric forms: how often they are Lorentzian, with one eigenvalue of the one sign and all others of the other.
package struct SignatureScan: Sendable {
    /// Where a form comes from.
    package enum Ensemble: Int, Sendable, CaseIterable {
        /// Entropy production minus destruction of a linear network that learns with noise: 2 Q − B, with Q = WWᵀ/D + 0.05 the noise, 1/2 the
        /// covariance of weights, and B = VVᵀ/D + 0.1 the curvature of its loss; W and V of normal numbers.
        case learning
        /// A symmetric matrix of independent normal numbers (GOE).
        case gaussian
        /// The difference of two Wishart matrices of D degrees of freedom.
        case wishart

        package var name: String {
            switch self {
            case .learning: "production − destruction"
            case .gaussian: "GOE"
            case .wishart: "Wishart − Wishart"
            }
        }
    }

    package let ensemble: Ensemble
    package let dimensions: Int
    /// Forms by the number of their negative eigenvalues, 0 to D.
    package let counts: [Int]

    /// Draws forms.
    /// - Throws: `SymmetricEigenError`.
    package init(_ ensemble: Ensemble, dimensions: Int, trials: Int, seed: UInt64) throws {
        self.ensemble = ensemble
        self.dimensions = dimensions
        var counts = [Int](repeating: 0, count: dimensions + 1)
        for trial in 0..<trials {
            let form = Self.form(ensemble, dimensions, seed: seed, number: trial)
            let negative = try SymmetricEigen.eigenvalues(of: form, order: dimensions).values.count { $0 < 0 }
            counts[negative] += 1
        }
        self.counts = counts
    }

    /// How many are Lorentzian.
    package var lorentzian: Int { counts[1] + (dimensions == 2 ? 0 : counts[dimensions - 1]) }
    /// How many there are.
    package var total: Int { counts.reduce(0, +) }

    private static func form(_ ensemble: Ensemble, _ order: Int, seed: UInt64, number: Int) -> [Double] {
        let size = order * order
        // Every form has numbers of its own.
        func normal(_ half: Int, _ index: Int) -> Double {
            WeightStream.normal(
                seed: seed, layer: 16 * ensemble.rawValue + order, stream: .weight, index: (2 * number + half) * size + index)
        }
        func wishart(_ half: Int) -> [Double] {
            let matrix = (0..<size).map { normal(half, $0) }
            return (0..<size).map { place in
                let (i, j) = (place / order, place % order)
                return (0..<order).reduce(0) { $0 + matrix[i * order + $1] * matrix[j * order + $1] } / Double(order)
            }
        }
        func unit(_ place: Int) -> Double { place / order == place % order ? 1 : 0 }
        switch ensemble {
        case .learning:
            let noise = wishart(0), curvature = wishart(1)
            return (0..<size).map { 2 * (noise[$0] + 0.05 * unit($0)) - (curvature[$0] + 0.1 * unit($0)) }
        case .gaussian:
            let matrix = (0..<size).map { normal(0, $0) }
            return (0..<size).map { matrix[$0] + matrix[$0 % order * order + $0 / order] }
        case .wishart:
            return zip(wishart(0), wishart(1)).map { $0 - $1 }
        }
    }
}
