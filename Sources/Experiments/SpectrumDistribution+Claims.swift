import Arrays
import Duality
import Figures
import Foundation
import Networks
import Runs

extension SpectrumDistribution {
    func judge(_ measured: [Measured]) throws -> [Claim] {
        try leadingClaims(measured) + meanModeClaims(measured) + twoFieldClaims(measured)
    }

    private func part(_ measured: [Measured], sigmaB: Double, alpha: Double) -> [Measured] {
        measured.filter { $0.run.sigmaB == sigmaB && $0.run.halfInterval == alpha }
    }

    /// The leading eigenvalue beside the kernel of one point.
    private func leadingClaims(_ measured: [Measured]) throws -> [Claim] {
        let drawn = part(measured, sigmaB: Self.drawn.sigmaB, alpha: Self.drawn.alpha)
        let weak = part(measured, sigmaB: 0.5, alpha: Self.drawn.alpha)
        let scope = "σ_b = 1, α = 0.1, \(drawn.count) networks"
        let (atZero, atOne) = ({ (one: Measured) in one.atZero }, { (one: Measured) in one.atOne })
        func isNear(_ value: Double) -> Bool { (0.9...1.05).contains(value) }
        var claims = try [("x = 0", atZero), ("x = 1", atOne)].map { name, kernel in
            Claim.judged(
                id, "The leading eigenvalue is distributed as the kernel of one point, taken at \(name)",
                "Kolmogorov–Smirnov distance of λ_1/N and Θ_0 ≤ 0.1; \(scope)",
                try Estimate(drawn) { try Statistics.kolmogorovSmirnovDistance($0.map(\.leading), $0.map(kernel)) }, .atMost(0.1),
                control: .init(
                    try Statistics.kolmogorovSmirnovDistance(drawn.map(\.leading), weak.map(kernel)), "Θ_0 of networks with σ_b = 0.5"),
                explanation: "The interval lies around x = 0, where the bias makes the kernel; at x = 1 the inputs add to it.")
        }
        claims += [
            .judged(
                id, "The leading eigenvalue is the kernel of the point x = 0", "λ_1/(N Θ_0) within 0.9 to 1.05 for 90 %; \(scope)",
                .init(share: drawn.count { isNear($0.leading / $0.atZero) }, of: drawn.count), .atLeast(0.9), unit: .percent,
                control: .init(
                    Double(drawn.count { isNear($0.leading / $0.atOne) }) / Double(drawn.count), "with the kernel of the point x = 1")),
            .judged(
                id, "One mode dominates", "median λ_2/λ_1 ≤ 0.05; \(scope)", try Estimate(median: drawn.map(\.gap)), .atMost(0.05),
                control: .init(
                    try Statistics.median(part(measured, sigmaB: Self.drawn.sigmaB, alpha: 3).map(\.gap)), "interval of α = 3")),
        ]
        // Rounding of the kernel's entries: a few ulp of the trace.
        let bounded = measured.count { one in
            let slack = one.spectrum.noiseFloor + 1e-12 * one.diagonalMean
            return one.leading >= one.mean - slack && one.leading <= one.diagonalMean + slack
        }
        claims.append(
            .constructed(
                id, "the leading eigenvalue lies between the means of the kernel and of its diagonal",
                "share of networks with mean(Θ) ≤ λ_1/N ≤ mean(diag Θ) = 1", Double(bounded) / Double(measured.count), .atLeast(1),
                detail: "all \(measured.count) networks; true of every matrix J J^T"))
        return claims
    }

    /// The mean is the leading mode where the bias outweighs the inputs, and not elsewhere.
    private func meanModeClaims(_ measured: [Measured]) throws -> [Claim] {
        let near = measured.filter { $0.spread <= 0.5 }
        let far = measured.filter { $0.run.sigmaB > 0 && $0.spread > 0.5 }
        let bare = measured.filter { $0.run.sigmaB == 0 }
        func isMean(_ part: [Measured]) -> Int { part.count { $0.spectrum.leadingOverlap >= 0.99 } }
        func claim(_ name: String, _ part: [Measured], _ control: [Measured], _ model: String) -> Claim {
            .judged(
                id, "The leading mode is the mean where \(name)", "|v_1 · 1|/√N ≥ 0.99 for 90 %; \(part.count) networks",
                .init(share: isMean(part), of: part.count), .atLeast(0.9), unit: .percent,
                control: .init(Double(isMean(control)) / Double(control.count), model),
                explanation: "Where the inputs outweigh the bias the kernel is no constant over the interval, and its leading mode no mean."
            )
        }
        return [
            claim("α σ_w/σ_b ≤ 0.5", near, far, "where it is greater"), claim("α σ_w/σ_b > 0.5", far, bare, "without bias"),
        ]
    }

    /// Without bias the mean is no mode: relu has one for each sign of x, erf is odd.
    private func twoFieldClaims(_ measured: [Measured]) throws -> [Claim] {
        let bare = measured.filter { $0.run.sigmaB == 0 }
        let relu = bare.filter { $0.run.activation == .relu }, erf = bare.filter { $0.run.activation == .erf }
        func size(_ part: [Measured]) throws -> Double { try Statistics.median(part.map { abs($0.mean) / $0.diagonalMean }) }
        return [
            .judged(
                id, "Without bias one mode dominates (relu)", "median λ_2/λ_1 ≤ 0.05; \(relu.count) networks",
                try Estimate(median: relu.map(\.gap)), .atMost(0.05), detail: "two fields, one for each sign of x",
                explanation: "A relu network without bias is one linear function for each sign of x: two modes of equal standing."),
            .constructed(
                id, "an erf network without bias has no mean field",
                "median |mean(Θ)|/mean(diag Θ) ≤ 1e-6; \(erf.count) networks", try size(erf), .atMost(1e-6),
                control: .init(try size(relu), "relu"), detail: "by symmetry, odd in x on an interval around 0"),
        ]
    }
}
