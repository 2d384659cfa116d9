import Arrays
import Figures
import Foundation

extension GeodesicExperiment {
    func claims(_ runs: [GeodesicRun]) throws -> [Claim] {
        let least = Self.noises[0]
        var claims = try [well, gravity].map { try motion($0, runs.of($0, least), runs.of($0, nil)[0]) }
        claims.append(try control(runs))
        claims += try Self.noises.dropFirst().map { try scan($0, runs) }
        claims += try bending(runs)
        return claims
    }

    private var quickly: String { options.quick ? ", quick: \(lineSteps) steps" : "" }

    private func motion(_ setting: GeodesicSetting, _ trained: [GeodesicRun], _ exact: GeodesicRun) throws -> Claim {
        let what = setting.name == "well" ? "that crosses a well of slow waves" : "that is released at rest and falls"
        return .judged(
            name, "A packet \(what) follows the geodesic of the metric in the learned weights",
            "mean over \(seeds) lattices of greatest distance / path ≤ 0.015; recordings with noise \(Self.noises[0]), packet of width "
                + "\(setting.width), \(setting.steps) steps on \(setting.teacher.shape.sites) sites\(quickly)",
            try SeedMean(trained.map(\.deviation)), .atMost(0.015),
            control: .init(try Statistics.mean(trained.map(\.flatDeviation)), "flat metric"),
            detail: "\(Claim.number(try Statistics.mean(trained.map(\.latticeDeviation)))) from the ray of waves on a lattice; with the "
                + "teacher's own weights \(Claim.number(exact.deviation)); weights off by "
                + "\(Claim.number(try Statistics.mean(trained.map(\.weightError))))")
    }

    /// How many times further the packet is from the straight line than from the geodesic.
    private func control(_ runs: [GeodesicRun]) throws -> Claim {
        let ratios = try [well, gravity].map { setting in
            try SeedMean(runs.of(setting, Self.noises[0]).map { $0.flatDeviation / $0.deviation })
        }
        let worst = ratios[0].mean < ratios[1].mean ? ratios[0] : ratios[1]
        return .judged(
            name, "The agreement means something: a flat metric is far off",
            "distance of packet and flat path / that of packet and geodesic ≥ 10, "
                + "the lesser of both settings", worst, .atLeast(10), control: .init(1, "a setting that bends nothing"),
            detail: "\(well.name) \(Claim.number(ratios[0].mean)), \(gravity.name) \(Claim.number(ratios[1].mean))")
    }

    private func scan(_ noise: Double, _ runs: [GeodesicRun]) throws -> Claim {
        let means = try [well, gravity].map { try SeedMean(runs.of($0, noise).map(\.deviation)) }
        // Where a packet is scattered the mean says little; the lattice with the least distance tells whether any follows.
        let least = [well, gravity].flatMap { runs.of($0, noise).map(\.deviation) }.min() ?? .nan
        let (place, worst) = means[0].mean > means[1].mean ? (well, means[0]) : (gravity, means[1])
        return .judged(
            name, "It does so on lattices that learned from recordings with noise \(noise)",
            "the same ≤ 0.015, the larger of both settings\(quickly)", worst, .atMost(0.015),
            control: .init(try Statistics.mean(runs.of(place, noise).map(\.flatDeviation)), "flat metric"),
            detail: "\(well.name) \(Claim.number(means[0].mean)), \(gravity.name) \(Claim.number(means[1].mean)); "
                + "the least of all \(2 * seeds) lattices "
                + "\(Claim.number(least)); weights off by "
                + "\(Claim.number(try Statistics.mean(runs.of(place, noise).map(\.weightError)))) scatter the packet")
    }

    /// How far a beam turns at a lens, and how near it stays to the geodesic.
    private func bending(_ runs: [GeodesicRun]) throws -> [Claim] {
        let trained = lenses.map { ($0, runs.of($0, Self.noises[0])[0], runs.of($0, nil)[0]) }
        func share(_ run: GeodesicRun) -> Double { run.packet.bending / run.geodesic.bending }
        let angles = trained.map { setting, run, exact in
            "\(Claim.number(run.packet.bending))° of \(Claim.number(run.geodesic.bending))° on \(setting.size) sites "
                + "(teacher's weights \(Claim.number(exact.packet.bending))°)"
        }
        let distances = trained.map { setting, run, _ in
            "\(Claim.number(run.deviation)) on \(setting.size), of which waves of k = \(Claim.number(setting.momentum[0])) that know that sites are "
                + "apart leave \(Claim.number(run.latticeDeviation))"
        }
        let (setting, finest, _) = trained.last!
        let place =
            "\(setting.size) neurons, one lattice, so without a standard error" + (options.quick ? ", quick: the coarse lattice only" : "")
        var claims: [Claim] = [
            .judged(
                name, "In two dimensions a beam bends at a lens as the geodesic does",
                "angle of the packet / that of the geodesic within 0.9 to 1.1, \(place)",
                share(finest), .within(0.9...1.1), control: .init(finest.flat.bending / finest.geodesic.bending, "flat metric"),
                detail: angles.joined(separator: ", ")),
            .judged(
                name, "In two dimensions a packet stays with the geodesic", "greatest distance / path ≤ 0.015, \(place)", finest.deviation,
                .atMost(0.015), control: .init(finest.flatDeviation, "flat metric"), detail: distances.joined(separator: ", ")),
            .judged(
                name, "The agreement in two dimensions means something: a flat metric is far off",
                "distance of packet and flat path / that of packet and geodesic ≥ 10, \(place)", finest.flatDeviation / finest.deviation,
                .atLeast(10), control: .init(1, "a lens that bends nothing"),
                detail: trained.map { "\(Claim.number($0.1.flatDeviation / $0.1.deviation)) on \($0.0.size)" }.joined(separator: ", ")),
        ]
        guard let coarse = trained.first?.1, trained.count > 1 else { return claims }
        let order = try -Statistics.line(
            trained.map { log(Double($0.0.teacher.shape.length)) }, trained.map { log($0.1.deviation) }
        ).slope
        claims += [
            .judged(
                name, "What the beam lacks of the geodesic's bending goes with finer lattices",
                "1 − angle ratio on the finest lattice / that on the coarsest one ≤ 0.6", (1 - share(finest)) / (1 - share(coarse)),
                .atMost(0.6), control: .init(1, "no dependence on the lattice")),
            .judged(
                name, "So does the distance, as waves are longer for the lattice and shorter for the lens",
                "order in the refinement f at least 0.6, where k ~ f^(−1/3) makes k² and 1/kR of order 2/3", order, .atLeast(0.6),
                control: .init(0, "no dependence on the lattice")),
        ]
        return claims
    }
}

extension [GeodesicRun] {
    /// Those of a setting and noise; nil is the teacher's own weights.
    func of(_ setting: GeodesicSetting, _ noise: Double?) -> [GeodesicRun] { filter { $0.setting == setting.name && $0.noise == noise } }
}

extension LatticeRay {
    /// The angle by which it has turned off the first axis at the end, over its last 2/13, in degrees, without sign.
    var bending: Double { abs(direction(last: max(1, (positions.count - 1) * 2 / 13))) }
}
