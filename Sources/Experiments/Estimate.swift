import Arrays
import Figures
import Foundation

/// A number measured on independent draws, with the standard error that the draws themselves tell.
struct Estimate {
    let value: Double
    /// nil where there is one draw, or one of a kind, so that nothing is known of how they scatter.
    let standardError: Double?
    /// That on which resamples scatter evenly.
    let scale: Claim.Scale

    /// A statistic with its bootstrap standard error.
    ///
    /// Draws are resampled with replacement; √(n/(n − 1)) makes up for the bootstrap's being that much too narrow. What shares its
    /// weights is one draw: the caller gathers it in one.
    /// - Parameters:
    ///   - draws: networks, or groups of them that share weights.
    ///   - scale: logarithmic for ratios. Default: linear.
    ///   - stratum: draws of one stratum are resampled among themselves; by default all are one.
    ///   - statistic: of all draws, or of as many resampled ones.
    /// - Throws: what the statistic throws, `StatisticsError` for none or a value that is not finite.
    init<Draw>(
        _ draws: [Draw], _ scale: Claim.Scale = .linear, within stratum: ((Draw) -> AnyHashable)? = nil, resamples: Int = 200,
        statistic: ([Draw]) throws -> Double
    ) throws {
        value = try statistic(draws)
        self.scale = scale
        let strata: [[Draw]]
        if let stratum {
            // In the order of the draws, as a dictionary's own order changes from run to run.
            var places: [AnyHashable: Int] = [:]
            var groups: [[Draw]] = []
            for draw in draws {
                let place = places[stratum(draw)] ?? groups.count
                if place == groups.count {
                    places[stratum(draw)] = place
                    groups.append([])
                }
                groups[place].append(draw)
            }
            strata = groups
        } else {
            strata = [draws]
        }
        let least = strata.map(\.count).min() ?? 0
        guard least > 1 else {
            standardError = nil
            return
        }
        var generator = SplitMix64(seed: 0)
        var results: [Double] = []
        for _ in 0..<resamples {
            var sample: [Draw] = []
            sample.reserveCapacity(draws.count)
            for group in strata {
                for _ in group { sample.append(group[Int(UInt64(group.count).multipliedFullWidth(by: generator.next()).high)]) }
            }
            let result = try statistic(sample)
            results.append(scale == .linear ? result : log(result))
        }
        let deviation = try Statistics.standardDeviation(results) * (Double(least) / Double(least - 1)).squareRoot()
        standardError = scale == .linear ? deviation : deviation * value
    }

    /// The median of independent values.
    init(median values: [Double], _ scale: Claim.Scale = .linear) throws {
        try self.init(values, scale) { try Statistics.median($0) }
    }

    /// A share of independent yes and no, with the standard error of Agresti and Coull (1998), two more of either: it does not vanish
    /// where all agree, as a few that agree are no proof of all.
    init(share count: Int, of total: Int) {
        value = Double(count) / Double(total)
        scale = .linear
        let (number, likely) = (Double(total) + 4, (Double(count) + 2) / (Double(total) + 4))
        standardError = total > 0 ? (likely * (1 - likely) / number).squareRoot() : nil
    }
}

extension Claim {
    /// A claim about an estimate.
    static func judged(
        _ figure: String, _ claim: String, _ criterion: String, _ estimate: Estimate, _ bound: Bound, unit: Unit = .plain,
        control: Control? = nil, detail: String = "", explanation: String = ""
    ) -> Claim {
        Claim(
            figure: figure, claim: claim, criterion: criterion, measured: estimate.value, unit: unit, standardError: estimate.standardError,
            scale: estimate.scale, bound: bound, control: control, detail: detail, explanation: explanation)
    }

    /// A claim that definitions, symmetry or equations decide without any network.
    static func constructed(
        _ figure: String, _ claim: String, _ criterion: String, _ measured: Double, _ bound: Bound, unit: Unit = .plain,
        control: Control? = nil, detail: String = ""
    ) -> Claim {
        Claim(
            figure: figure, claim: "By construction, \(claim)", criterion: criterion, measured: measured, unit: unit, bound: bound,
            control: control, basis: .construction, detail: detail)
    }
}
