import Arrays
import Foundation
import Networks

extension KernelDistribution {
    typealias Measured = (sample: Sample, kernel: Double)

    func judge(_ part: [Measured], in setting: Setting) throws -> [Claim] {
        try [dominance(part, setting), widthIndependence(part, setting), scatter(part, setting)].compactMap { $0 } + order(part, setting)
    }

    /// σ_w explains most of the variance of log Θ₀.
    private func dominance(_ part: [Measured], _ setting: Setting) throws -> Claim {
        let logs = part.map { log($0.kernel) }
        let sigma = try Statistics.mainEffectShare(of: logs, levels: part.map(\.sample.sigmaW))
        let others = [
            ("activation", try Statistics.mainEffectShare(of: logs, levels: part.map(\.sample.activation.name))),
            ("depth", try Statistics.mainEffectShare(of: logs, levels: part.map(\.sample.depth))),
            ("width", try Statistics.mainEffectShare(of: logs, levels: part.map(\.sample.width))),
        ]
        let largest = others.max { $0.1 < $1.1 }!
        return Claim(
            figure: id, claim: "σ_w decides the size of the tangent kernel (\(setting.label))",
            criterion: "η² of log Θ_0 by σ_w ≥ 0.7 and more than 5 times every other main effect", measured: sigma,
            measuredText: "\(Claim.number(sigma)); next is \(largest.0) with \(Claim.number(largest.1))", control: .value(largest.1),
            verdict: sigma >= 0.7 && sigma > 5 * largest.1 ? .holds : .fails)
    }

    /// The geometric mean does not move with the width.
    private func widthIndependence(_ part: [Measured], _ setting: Setting) throws -> Claim {
        let means = try Self.widths.map { width in
            try Statistics.geometricMean(part.filter { $0.sample.width == width }.map(\.kernel))
        }
        let ratio = means.max()! / means.min()! - 1
        return .judged(
            id, "The width does not move the tangent kernel (\(setting.label))", "geometric means across widths within 15 %", ratio,
            text: Claim.percent(ratio), .atMost(0.15))
    }

    /// The scatter falls as 1/√width.
    private func scatter(_ part: [Measured], _ setting: Setting) throws -> Claim {
        let spreads = try Self.widths.map { width in
            let cells = Dictionary(grouping: part.filter { $0.sample.width == width }) {
                [$0.sample.activation.name, "\($0.sample.depth)", "\($0.sample.sigmaW)"]
            }
            return try Statistics.mean(cells.values.map { try Statistics.standardDeviation($0.map { log($0.kernel) }, lostDegrees: 1) })
        }
        let line = try Statistics.line(Self.widths.map { log(Double($0)) }, spreads.map { log($0) })
        return .judged(
            id, "The scatter of the tangent kernel falls as 1/√width (\(setting.label))",
            "slope of log std(log Θ_0) against log width from −0.6 to −0.4", line.slope,
            text: "\(Claim.number(line.slope)); std \(spreads.map(Claim.number).joined(separator: ", ")) at 32, 128, 512",
            standardError: line.slopeStandardError, .within(-0.6 ... -0.4))
    }

    /// erf above relu: true only in part of the grid, which the claims show.
    private func order(_ part: [Measured], _ setting: Setting) throws -> [Claim] {
        let ratios = try Self.sigmaWs.map { sigmaW in
            let means = try Self.activations.map { activation in
                try Statistics.geometricMean(
                    part.filter { $0.sample.sigmaW == sigmaW && $0.sample.activation == activation }.map(\.kernel))
            }
            return (sigmaW: sigmaW, ratio: means[1] / means[0])
        }
        func claim(_ name: String, _ selected: [(sigmaW: Double, ratio: Double)]) -> Claim {
            let least = selected.map(\.ratio).min()!
            let all = selected.map { "\(Claim.number($0.ratio)) at \(Claim.number($0.sigmaW))" }.joined(separator: ", ")
            return .judged(
                id, "The tangent kernel of erf is above that of relu, \(name) (\(setting.label))",
                "least ratio of geometric means over these σ_w above 1", least, text: "\(Claim.number(least)); by σ_w: \(all)",
                .atLeast(1.0.nextUp))
        }
        let small = ratios.filter { $0.sigmaW <= 1 }
        return [claim("for σ_w ≤ 1", small), claim("for all σ_w", ratios)]
    }
}
