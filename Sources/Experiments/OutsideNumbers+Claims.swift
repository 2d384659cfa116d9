import Arrays
import Figures
import Foundation
import Networks

extension OutsideNumbers {
    /// ⟨Θ⟩ and ⟨Θ²⟩/⟨Θ⟩² as known from elsewhere, each with its standard error.
    static let means: [Shape: (Double, Double)] = [
        Shape(layers: 4, width: 16): (7.980, 0.036), Shape(layers: 8, width: 20): (16.13, 0.12),
    ]
    static let ratios: [Shape: (Double, Double)] = [
        Shape(layers: 3, width: 64): (1.106, 0.001), Shape(layers: 5, width: 32): (1.529, 0.009),
    ]

    func descentClaims(_ descents: (heavyBall: ZakharovDescent, bornInfeld: ZakharovDescent)) -> [Claim] {
        let heavyBall = descents.heavyBall.least.last ?? .nan, bornInfeld = descents.bornInfeld.least.last ?? .nan
        return [
            .constructed(
                id, "Born–Infeld comes to the minimum of Zakharov's function (arXiv:2201.11137: V = 9.99974e-23 to 9.999785e-23)",
                "least V in \(ZakharovDescent.steps) steps within 9.9e-23 to 1e-22", bornInfeld, .within(9.9e-23...1e-22),
                control: .init(heavyBall, "heavy ball"), detail: "it stops where V < ΔV = 1e-22"),
            .constructed(
                id, "heavy ball comes as far as published (arXiv:2201.11137: V = 4.4e-12)",
                "least V in \(ZakharovDescent.steps) steps within 10 % of 4.4e-12", heavyBall, .within(0.9 * 4.4e-12...1.1 * 4.4e-12),
                control: .init(bornInfeld, "Born–Infeld")),
        ]
    }

    /// Θ(x, x) of relu is 2L in the mean at every width.
    func meanClaims(_ moments: [Moments]) throws -> [Claim] {
        try moments.compactMap { one -> Claim? in
            guard let (published, error) = Self.means[one.shape] else { return nil }
            let mean = try one.mean(), limit = 2 * Double(one.shape.layers)
            let apart = abs(mean.value - published) / hypot(mean.standardError ?? .nan, error)
            return .judged(
                id,
                "The diagonal kernel of relu has no finite-width correction (arXiv:2508.11522), L = \(one.shape.layers), n = \(one.shape.width)",
                "⟨Θ(x, x)⟩ within 5 % of 2L = \(Claim.number(limit)); \(one.kernels.count) networks, σ_w^2 = 2, no bias, |x|^2 = d", mean,
                .within(0.95 * limit...1.05 * limit), control: .init(try Statistics.median(one.kernels), "the median network"),
                detail: "\(published) ± \(error) elsewhere, \(Claim.number(apart)) standard errors from here")
        }
    }

    /// The tangent kernel's own second moment, weights and no biases.
    func spreadClaims(_ moments: [Moments]) throws -> [Claim] {
        try moments.compactMap { one -> Claim? in
            guard let (published, error) = Self.ratios[one.shape] else { return nil }
            let ratio = try one.ratio(), beta = Double(one.shape.layers - 1) / Double(one.shape.width)
            let apart = abs(ratio.value - published) / hypot(ratio.standardError ?? .nan, error)
            // Some three standard errors of 10,000 networks.
            let share = one.shape.width == 64 ? 0.01 : 0.08
            return .judged(
                id,
                "The diagonal kernel of relu scatters with depth over width (arXiv:1909.05989), L = \(one.shape.layers), n = \(one.shape.width)",
                "⟨Θ^2⟩/⟨Θ⟩^2 within \(Claim.percent(share)) of \(published); \(one.kernels.count) networks", ratio,
                .within((1 - share) * published...(1 + share) * published), control: .init(1, "infinite width"),
                detail: "\(published) ± \(error) elsewhere, \(Claim.number(apart)) standard errors from here; "
                    + "e^{5β}, which bounds its growth up to constants, is \(Claim.number(exp(5 * beta)))")
        }
    }

    /// Three digits behind the point are published: half of the last one, and what half of the last digit at depth 10², from which the
    /// correlation of the points follows, moves the others by: 3e-5 at depth 10³.
    static let lastDigit = 5.5e-4

    /// The limit, and the three depths.
    func claims(_ one: Critical) throws -> [Claim] {
        let name = one.kernel.activation.name
        let values = Dictionary(uniqueKeysWithValues: zip(Self.depths, one.values))
        let orthogonal = Dictionary(uniqueKeysWithValues: zip(Self.depths, one.orthogonal))
        guard let deepest = values[10_000], let before = values[1000], let first = one.published[100] else { return [] }
        let setting = "σ_w = \(Claim.number(one.kernel.sigmaW)), σ_b = \(Claim.number(one.kernel.sigmaB)), m = \(Self.points)"
        return [
            .constructed(
                id,
                "the condition number of a critical \(name) kernel of depth 100 can be that of the literature (arXiv:1912.13053: \(first))",
                "a correlation of the points from 0 to 0.5 gives it; \(setting)", one.correlation, .within(0...0.5),
                detail: "\(Claim.number(orthogonal[100] ?? .nan)) on orthogonal points; those of the source are not known")
        ]
            + [1000, 10_000].compactMap { depth -> Claim? in
                guard let published = one.published[depth], let value = values[depth], let other = orthogonal[depth] else { return nil }
                return .constructed(
                    id, "that of depth \(depth) is then that of the literature to its last digit (\(name), arXiv:1912.13053: \(published))",
                    "|λ_1/λ_{12} − \(published)| ≤ \(Self.lastDigit) on points of that correlation; \(setting)", abs(value - published),
                    .atMost(Self.lastDigit), control: .init(abs(one.limit - published), "the limit \(Claim.number(one.limit))"),
                    detail: "\(String(format: "%.5f", value)); \(String(format: "%.5f", other)) on orthogonal points")
            } + [
                .constructed(
                    id, "the condition number of critical \(name) kernels tends to \(Claim.number(one.limit)) (arXiv:1912.13053)",
                    "distance from it at depth 10^4 over that at 10^3 ≤ 0.2", abs(deepest - one.limit) / abs(before - one.limit),
                    .atMost(0.2), control: .init(1, "another limit"))
            ]
    }
}
