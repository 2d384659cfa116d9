import Arrays
import Duality
import Figures
import Networks
import Runs

extension OptimiserFriction.Training {
    /// The distance of the two leading modes' 3H over its size: medians over the windows.
    func spread(_ friction: KeyPath<ModeFriction, [Double]>) throws -> Double {
        let pairs = windows.map { $0[keyPath: friction] }
        return try Statistics.median(pairs.map { abs($0[0] - $0[1]) }) / Statistics.median(pairs.flatMap { [abs($0[0]), abs($0[1])] })
    }

    /// The median over windows of what no 3H and κ explain that all modes share.
    func unexplained() throws -> Double { try Statistics.median(windows.map(\.unexplained)) }

    /// The leading mode's 3H less −d ln V/dt, over it: medians over the windows.
    func distanceFromDilution() throws -> Double {
        try Statistics.median(windows.map { abs($0.scaled[0] - $0.dilution) }) / Statistics.median(windows.map { abs($0.dilution) })
    }

    /// The leading mode's 3H over that of the corrected dictionary, 2(1 − γ)/((1 + γ)√η); the median over the windows.
    func frictionOverMomentum() throws -> Double {
        let momentum = schedule.momentum(at: 0)
        return try Statistics.median(windows.map { $0.bare[0] }) / (2 * (1 - momentum) / ((1 + momentum) * step))
    }
}

extension OptimiserFriction {
    func judge(_ trainings: [Training]) throws -> [Claim] {
        let widths = Set(trainings.map(\.width)).sorted(by: >)
        guard let widest = widths.first else { throw ExperimentError.nothingToJudge(experiment: id, reason: "there is no training") }
        return try claims(trainings.filter { $0.width == widest }, width: widest)
            + widths.flatMap { width in try adamClaims(trainings.filter { $0.width == width }, width: width) }
    }

    private static func median(_ trainings: [Training], _ rule: UpdateRule, _ value: (Training) throws -> Double) throws -> Double {
        try Statistics.median(trainings.filter { $0.rule == rule }.map(value))
    }

    private func claim(
        _ trainings: [Training], _ rule: UpdateRule, width: Int, _ text: String, _ criterion: String, _ bound: Claim.Bound,
        control: Claim.Control?, _ value: (Training) throws -> Double
    ) throws -> Claim {
        let own = try trainings.filter { $0.rule == rule }.map(value)
        return .judged(
            id, text, "\(criterion); \(own.count) networks of width \(width) on 6 points", try Estimate(median: own), bound,
            control: control)
    }

    private func claims(_ trainings: [Training], width: Int) throws -> [Claim] {
        let adam = Claim.Control(try Self.median(trainings, .adam) { try $0.spread(\.bare) }, "adam")
        let heavyBall = Claim.Control(try Self.median(trainings, .heavyBall) { try $0.spread(\.bare) }, "heavy-ball")
        let bare = Claim.Control(try Self.median(trainings, .bornInfeld) { try $0.spread(\.bare) }, "with the force Θl′ itself")
        let rest = Claim.Control(try Self.median(trainings, .adam) { try $0.unexplained() }, "adam")
        let spread = "median |3H_1 − 3H_2| / |3H| of the two leading modes"
        return [
            try claim(
                trainings, .heavyBall, width: width, "The friction read off heavy ball is that of its momentum",
                "median 3H of the leading mode over 2(1 − γ)/((1 + γ)√η) within 5 % of 1", .within(0.95...1.05), control: nil
            ) { try $0.frictionOverMomentum() },
            try claim(
                trainings, .heavyBall, width: width, "One H(t) describes the modes: heavy-ball", "\(spread) ≤ 0.1", .atMost(0.1),
                control: adam
            ) { try $0.spread(\.bare) },
            try claim(
                trainings, .friedmann, width: width, "One H(t) describes the modes: friedmann", "\(spread) ≤ 0.1", .atMost(0.1),
                control: adam
            ) { try $0.spread(\.bare) },
            try claim(
                trainings, .bornInfeld, width: width, "With the force Θl′ no H(t) describes the modes: born-infeld",
                "\(spread) ≥ 0.2", .atLeast(0.2), control: heavyBall
            ) { try $0.spread(\.bare) },
            try claim(
                trainings, .bornInfeld, width: width, "With the force ½(1 + V^2/E^2)Θl′ one H(t) describes them: born-infeld",
                "\(spread) ≤ 0.1", .atMost(0.1), control: bare
            ) { try $0.spread(\.scaled) },
            try claim(
                trainings, .bornInfeld, width: width, "That friction is the dilution of the loss, 3H = −d ln V/dt: born-infeld",
                "median |3H_1 + d ln V/dt| / |d ln V/dt| ≤ 0.1", .atMost(0.1), control: .init(1, "no friction")
            ) { try $0.distanceFromDilution() },
            try claim(
                trainings, .bornInfeld, width: width, "Nothing else is needed for three modes: born-infeld",
                "median share of Σ c″^2 that no common H(t) and force scale explain ≤ 0.05", .atMost(0.05), control: rest
            ) { try $0.unexplained() },
        ]
    }

    private func adamClaims(_ trainings: [Training], width: Int) throws -> [Claim] {
        [
            try claim(
                trainings, .adam, width: width, "With the force Θl′ no H(t) describes the modes: adam, width \(width)",
                "median |3H_1 − 3H_2| / |3H| of the two leading modes ≥ 0.2", .atLeast(0.2),
                control: .init(try Self.median(trainings, .heavyBall) { try $0.spread(\.bare) }, "heavy-ball")
            ) { try $0.spread(\.bare) },
            try claim(
                trainings, .adam, width: width, "No H(t) describes the modes with any scale of the force: adam, width \(width)",
                "median share of Σ c″^2 of three modes that no common H(t) and force scale explain ≥ 0.05", .atLeast(0.05),
                control: .init(try Self.median(trainings, .heavyBall) { try $0.unexplained() }, "heavy-ball")
            ) { try $0.unexplained() },
        ]
    }
}
