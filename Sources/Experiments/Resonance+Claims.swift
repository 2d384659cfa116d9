import Arrays
import Duality
import Foundation

extension Resonance {
    func judge(_ modes: [Mode]) throws -> [Claim] {
        let wide = modes.filter { $0.sample.width == Self.widths.last }
        var claims: [Claim] = []
        for width in Self.widths.reversed() {
            let band = modes.filter { $0.sample.width == width && $0.isJudged }
            guard let error = band.map({ abs($0.trainedGrowth.exponent - $0.floquet) }).max(),
                let frozen = band.map({ abs($0.frozenGrowth.exponent - $0.floquet) }).max()
            else { throw ExperimentError.nothingToJudge(experiment: id, reason: "no network of width \(width) is inside of the band") }
            claims.append(
                .judged(
                    id, "Modes inside of the band grow at the exponent of Floquet's theorem (width \(width))",
                    "greatest |μ_{network} − μ_{Floquet}| ≤ 0.005 for 0.45 ≤ λ_2/λ_1 ≤ 0.9, \(Self.fitted.count) periods, momentum 1; "
                        + trainings(band.count), error,
                    text: "\(Claim.number(error)), where μ is \(span(band.map(\.floquet))); frozen recursion \(Claim.number(frozen))",
                    .atMost(0.005), control: .words("without pumping μ = 0, off by \(Claim.number(band.map(\.floquet).max()!))")))
        }
        let stable = modes.filter { $0.momentum == 1 && $0.isStable }
        guard let rise = stable.map({ Mode.rise($0.trainedGrowth) }).max(),
            let frozen = stable.map({ Mode.rise($0.frozenGrowth) }).max(),
            let growth = modes.filter(\.isJudged).map({ Mode.rise($0.trainedGrowth) }).min()
        else { throw ExperimentError.nothingToJudge(experiment: id, reason: "no network has λ_2/λ_1 below 0.25") }
        claims.append(
            .judged(
                id, "Modes below the band stay bounded",
                "greatest amplitude in \(Self.fitted.upperBound) periods / that in the first ≤ 1.5 for λ_2/λ_1 < 0.25, "
                    + "all widths, momentum 1; \(trainings(stable.count))", rise,
                text: "\(Claim.number(rise)); frozen recursion \(Claim.number(frozen))", .atMost(1.5), control: .value(growth)))

        let damped = wide.filter { $0.momentum < 1 && Self.judgedBand.contains($0.massRatio) }
        let damping = damped.map(\.trainedGrowth.exponent).max() ?? .nan
        let distance = damped.map { abs($0.trainedGrowth.exponent - $0.frozenGrowth.exponent) }.max() ?? .nan
        claims.append(
            .judged(
                id, "Friction stops the resonance: at momentum \(Claim.number(Self.momenta[1])) the same modes no longer grow",
                "greatest μ_{network} ≤ 0 for 0.45 ≤ λ_2/λ_1 ≤ 0.9; \(trainings(damped.count)), width \(Self.widths[1])", damping,
                text: "\(Claim.number(damping)); the frozen recursion agrees within \(Claim.number(distance))", .atMost(0),
                control: .value(wide.filter(\.isJudged).map(\.trainedGrowth.exponent).min() ?? .nan)))
        return claims
    }

    private func trainings(_ count: Int) -> String {
        "\(count) training\(count == 1 ? "" : "s")" + (quick ? ", quick subset of one seed in four" : "")
    }

    private func span(_ values: [Double]) -> String {
        "\(String(format: "%.3f", values.min()!)) to \(String(format: "%.3f", values.max()!))"
    }
}
