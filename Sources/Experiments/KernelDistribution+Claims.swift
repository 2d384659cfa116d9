import Arrays
import Figures
import Foundation
import Networks
import Runs

extension KernelDistribution {
    func judge(_ part: [Measured], in setting: Setting) throws -> [Claim] {
        try [dominance(part, setting), widthIndependence(part, setting), scatter(part, setting)] + order(part, setting)
    }

    /// The grid is fixed and only the weights are drawn: networks are resampled within each combination of the grid.
    private func estimate(
        _ part: [Measured], _ scale: Claim.Scale = .linear, _ statistic: ([Measured]) throws -> Double
    ) throws -> Estimate {
        try Estimate(part, scale, within: { Self.combination($0.run) }, statistic: statistic)
    }

    private static func combination(_ run: Run) -> String {
        "\(run.activation.name) \(run.depth) \(run.width) \(run.sigmaW)"
    }

    /// σ_w explains most of the variance of log Θ₀.
    private func dominance(_ part: [Measured], _ setting: Setting) throws -> Claim {
        let logs = part.map { log($0.kernel) }
        let others = [
            ("activation", try Statistics.mainEffectShare(of: logs, levels: part.map(\.run.activation.name))),
            ("depth", try Statistics.mainEffectShare(of: logs, levels: part.map(\.run.depth))),
            ("width", try Statistics.mainEffectShare(of: logs, levels: part.map(\.run.width))),
        ]
        let largest = others.max { $0.1 < $1.1 }!
        let sigma = try estimate(part) {
            try Statistics.mainEffectShare(of: $0.map { log($0.kernel) }, levels: $0.map(\.run.sigmaW))
        }
        return .judged(
            id, "σ_w decides the size of the tangent kernel (\(setting.label))",
            "share of the variance of log Θ_0 that σ_w explains ≥ 0.7 and at least 5 times that of every other parameter; \(part.count) networks",
            sigma,
            .atLeast(max(0.7, 5 * largest.1)), control: .init(largest.1, "share of \(largest.0), the next in order"))
    }

    /// The greatest geometric mean over the least of the networks of each level, less 1.
    private static func spread<Level: Hashable & Comparable>(_ part: [Measured], _ level: (Run) -> Level) throws -> Double {
        let groups = Dictionary(grouping: part) { level($0.run) }
        let means = try groups.values.map { try Statistics.geometricMean($0.map(\.kernel)) }
        return means.max()! / means.min()! - 1
    }

    /// The geometric mean does not move with the width.
    private func widthIndependence(_ part: [Measured], _ setting: Setting) throws -> Claim {
        .judged(
            id, "The width does not move the tangent kernel (\(setting.label))",
            "geometric means across widths within 15 %; \(part.count) networks", try estimate(part) { try Self.spread($0, \.width) },
            .atMost(0.15), unit: .percent, control: .init(try Self.spread(part, \.sigmaW), "the same across σ_w"))
    }

    /// The standard deviation of log Θ₀ within the combinations of each width, on average.
    private static func spreads(_ part: [Measured], _ widths: [Int]) throws -> [Double] {
        try widths.map { width in
            let cells = Dictionary(grouping: part.filter { $0.run.width == width }) { combination($0.run) }
            // Summed in the order of the names, as a dictionary's own order changes from run to run.
            return try Statistics.mean(
                cells.sorted { $0.key < $1.key }.map { try Statistics.standardDeviation($0.value.map { log($0.kernel) }, lostDegrees: 1) })
        }
    }

    /// The scatter falls as 1/√width.
    private func scatter(_ part: [Measured], _ setting: Setting) throws -> Claim {
        let widths = part.distinct(\.run.width)
        let slope = try estimate(part) { part in
            try Statistics.line(widths.map { log(Double($0)) }, try Self.spreads(part, widths).map { log($0) }).slope
        }
        let spreads = try Self.spreads(part, widths)
        return .judged(
            id, "The scatter of the tangent kernel falls as 1/√width (\(setting.label))",
            "slope of log std(log Θ_0) against log width from −0.6 to −0.4; \(part.count) networks", slope, .within(-0.6 ... -0.4),
            control: .init(0, "null hypothesis, no dependence on the width"),
            detail: "std \(spreads.map { Claim.number($0) }.joined(separator: ", ")) at 32, 128, 512")
    }

    /// erf above relu: true only in part of the grid, which the claims show.
    private func order(_ part: [Measured], _ setting: Setting) throws -> [Claim] {
        let sigmaWs = part.distinct(\.run.sigmaW)
        func ratio(_ part: [Measured], _ sigmaW: Double) throws -> Double {
            let means = try [Activation.relu, .erf].map { activation in
                try Statistics.geometricMean(
                    part.filter { $0.run.sigmaW == sigmaW && $0.run.activation == activation }.map(\.kernel))
            }
            return means[1] / means[0]
        }
        func claim(_ name: String, _ selected: [Double]) throws -> Claim {
            let least = try estimate(part, .logarithmic) { part in try selected.map { try ratio(part, $0) }.min()! }
            let all = try selected.map { "\(Claim.number(try ratio(part, $0))) at \(Claim.number($0))" }.joined(separator: ", ")
            return .judged(
                id, "The tangent kernel of erf is above that of relu, \(name) (\(setting.label))",
                "least ratio of geometric means over these σ_w above 1; \(part.count) networks", least, .moreThan(1),
                control: .init(1, "null hypothesis, no difference"), detail: "by σ_w: \(all)",
                explanation:
                    "erf saturates, so that its slopes shrink as σ_w or the bias grows, while those of relu do not: it is above relu "
                    + "only for small σ_w, small bias and inputs away from 0.")
        }
        return [try claim("for σ_w ≤ 1", sigmaWs.filter { $0 <= 1 }), try claim("for all σ_w", sigmaWs)]
    }
}
