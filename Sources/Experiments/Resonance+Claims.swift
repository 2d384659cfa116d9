import Arrays
import Duality
import Figures
import Foundation

extension Resonance {
    func judge(_ modes: [Mode]) throws -> [Claim] {
        try Self.widths.reversed().map { try growthClaim(modes, width: $0) } + [
            stableClaim(modes), frictionClaim(modes), expansionClaim(modes),
        ]
    }

    /// The greatest of a number over trainings. Seeds are resampled: networks of one seed share weights whatever their points.
    private func greatest(_ modes: [Mode], _ number: (Mode) -> Double) throws -> Estimate {
        let seeds = Dictionary(grouping: modes, by: \.sample.replica).sorted { $0.key < $1.key }.map(\.value)
        return try Estimate(seeds) { $0.flatMap { $0 }.map(number).max() ?? .nan }
    }

    private func growthClaim(_ modes: [Mode], width: Int) throws -> Claim {
        let band = modes.filter { $0.sample.width == width && $0.isJudged }
        guard let fastest = band.map(\.floquet).max(), let frozen = band.map({ abs($0.frozenGrowth.exponent - $0.floquet) }).max()
        else { throw ExperimentError.nothingToJudge(experiment: id, reason: "no network of width \(width) is inside of the band") }
        return .judged(
            id, "Modes inside of the band grow at the exponent of Floquet's theorem (width \(width))",
            "greatest |μ_{network} − μ_{Floquet}| ≤ 0.005 for 0.45 ≤ λ_2/λ_1 ≤ 0.9, \(Self.fitted.count) periods, momentum 1; "
                + trainings(band), try greatest(band) { abs($0.trainedGrowth.exponent - $0.floquet) }, .atMost(0.005),
            control: .init(fastest, "without pumping, μ = 0"),
            detail: "μ is \(span(band.map(\.floquet))); frozen recursion off by \(Claim.number(frozen))")
    }

    private func stableClaim(_ modes: [Mode]) throws -> Claim {
        let stable = modes.filter { $0.isFree && $0.isStable }
        guard let frozen = stable.map({ Mode.rise($0.frozenGrowth) }).max(),
            let growth = modes.filter(\.isJudged).map({ Mode.rise($0.trainedGrowth) }).min()
        else { throw ExperimentError.nothingToJudge(experiment: id, reason: "no network has λ_2/λ_1 below 0.25") }
        return .judged(
            id, "Modes below the band stay bounded",
            "greatest amplitude in \(Self.fitted.upperBound) periods / that in the first ≤ 1.5 for λ_2/λ_1 < 0.25, "
                + "all widths, momentum 1; \(trainings(stable))", try greatest(stable) { Mode.rise($0.trainedGrowth) }, .atMost(1.5),
            control: .init(growth, "least of modes inside of the band"), detail: "frozen recursion \(Claim.number(frozen))")
    }

    private func expansionClaim(_ modes: [Mode]) throws -> Claim {
        let expanding = modes.filter { $0.sample.course == .radiation }, band = expanding.filter(\.isInBand)
        let damped = modes.filter { $0.momentum < 1 && $0.isInBand }
        guard let frozen = band.map({ abs($0.frozenGrowth.exponent - $0.floquet) }).max(),
            let control = damped.map({ abs($0.trainedGrowth.exponent - $0.floquet) }).min(),
            let rise = expanding.filter(\.isStable).map({ Mode.rise($0.trainedGrowth) }).max()
        else { throw ExperimentError.nothingToJudge(experiment: id, reason: "no network in an era of radiation is inside of the band") }
        return .judged(
            id, "The resonance survives the expansion of radiation: a c_2 grows in conformal time as c_2 does without expansion",
            "greatest |μ_{network} − μ_{Floquet}| ≤ 0.005 for 0.45 ≤ λ_2/λ_1 ≤ 0.9, optimiser fluid with w = 1/3, H = "
                + "\(Claim.number(Self.rate)) ω at the start; \(trainings(band)), width \(Self.widths[1])",
            try greatest(band) { abs($0.trainedGrowth.exponent - $0.floquet) }, .atMost(0.005),
            control: .init(control, "least with the constant friction of momentum \(Claim.number(Self.momenta[1]))"),
            detail: "frozen recursion off by \(Claim.number(frozen)); below the band amplitudes rise by \(Claim.number(rise)) at the most")
    }

    private func frictionClaim(_ modes: [Mode]) throws -> Claim {
        let wide = modes.filter { $0.sample.width == Self.widths.last }
        let damped = wide.filter { $0.momentum < 1 && $0.isInBand }
        guard let distance = damped.map({ abs($0.trainedGrowth.exponent - $0.frozenGrowth.exponent) }).max(),
            let free = wide.filter(\.isJudged).map(\.trainedGrowth.exponent).min()
        else { throw ExperimentError.nothingToJudge(experiment: id, reason: "no network with friction is inside of the band") }
        return .judged(
            id, "Friction stops the resonance: at momentum \(Claim.number(Self.momenta[1])) the same modes no longer grow",
            "greatest μ_{network} ≤ 0 for 0.45 ≤ λ_2/λ_1 ≤ 0.9; \(trainings(damped)), width \(Self.widths[1])",
            try greatest(damped) { $0.trainedGrowth.exponent }, .atMost(0), control: .init(free, "least at momentum 1"),
            detail: "the frozen recursion agrees within \(Claim.number(distance))")
    }

    private func trainings(_ modes: [Mode]) -> String {
        let seeds = Set(modes.map(\.sample.replica)).count
        return "\(modes.count) training\(modes.count == 1 ? "" : "s") of \(seeds) seed\(seeds == 1 ? ", so without a standard error" : "s")"
            + (quick ? ", quick subset of one seed in four" : "")
    }

    private func span(_ values: [Double]) -> String {
        "\(String(format: "%.3f", values.min()!)) to \(String(format: "%.3f", values.max()!))"
    }
}
