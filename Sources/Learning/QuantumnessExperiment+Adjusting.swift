import Figures

/// What the paper adjusts, made dynamic: χ of ensembles whose networks change their number of neurons, their step or their mini-batch by themselves.
extension QuantumnessExperiment {
    enum Adjusted: CaseIterable {
        case neurons, step, batch

        var title: String {
            switch self {
            case .neurons: "the number of neurons"
            case .step: "the step"
            case .batch: "the mini-batch"
            }
        }

        var word: String { String(title.dropFirst(4)) }

        /// Both values.
        var values: String {
            switch self {
            case .neurons: "N = 4 and 8"
            case .step: "η/2 and 3η/2"
            case .batch: "B = 1 and 8"
            }
        }
    }

    /// Values that are drawn at each step, by η; and ones that are forgotten at the rate 1, as slowly as weights fall into their wells.
    struct Adjusting {
        let what: Adjusted
        let fast: [EnsembleMeter]
        let slow: EnsembleMeter

        var all: [EnsembleMeter] { fast + [slow] }
    }

    /// Steps of the ensembles that adjust themselves.
    private var adjustedRates: [Double] { Array(rates.sorted(by: >).suffix(3).prefix(2)) }

    private func setting(_ what: Adjusted, rate: Double, renewal: Double) throws -> Setting {
        let alternative =
            switch what {
            case .neurons: EnsembleAlternative(batch: 8, neurons: 2 * network.neurons, renewal: renewal)
            case .step: EnsembleAlternative(stepRatio: 3, batch: 8, neurons: network.neurons, renewal: renewal)
            case .batch: EnsembleAlternative(batch: 8, neurons: network.neurons, renewal: renewal)
            }
        return try descent(
            "descent whose \(what.word) changes \(renewal == 1 ? "at each step" : "at the rate 1"), η = \(rate)",
            batch: what == .batch ? 1 : 8,
            diffusion: what == .batch ? 0.02 : Self.diffusion, rate: rate, networks: adjustingCount, alternative)
    }

    private func settings(_ what: Adjusted) throws -> (fast: [Setting], slow: Setting) {
        let last = adjustedRates[adjustedRates.count - 1]
        return (try adjustedRates.map { try setting(what, rate: $0, renewal: 1) }, try setting(what, rate: last, renewal: last))
    }

    func adjustingEnsembles() throws -> [EnsembleTraining] {
        try Adjusted.allCases.flatMap { what in
            let (fast, slow) = try settings(what)
            return (fast + [slow]).map(\.training)
        }
    }

    func adjusting(_ metered: (Setting) throws -> EnsembleMeter) throws -> [Adjusting] {
        try Adjusted.allCases.map { what in
            let (fast, slow) = try settings(what)
            return Adjusting(what: what, fast: try fast.map(metered), slow: try metered(slow))
        }
    }

    /// - Parameter control: χ of what adjusts nothing.
    func claims(_ adjusting: Adjusting, control: Double) -> [Claim] {
        let limit = Self.limit(adjusting.fast), last = adjusting.fast[adjusting.fast.count - 1]
        let read = adjusting.fast.map { "\(Claim.number($0.whole.value)) ± \(Claim.number($0.standardError)) at \($0.learningRate)" }
        let sizes = "\(last.count) networks from six densities, \(adjusting.what.values) as likely" + (options.quick ? ", quick" : "")
        return [
            Claim(
                figure: name, claim: "χ rises to +1 where \(adjusting.what.title) adjusts itself",
                criterion: "χ at η → 0 within 0.02 of 1; drawn at each step, \(sizes)", measured: limit.value, standardError: limit.error,
                bound: .within(0.98...1.02), control: .init(control, "nothing that adjusts itself"),
                detail: read.joined(separator: ", ") + ", residual \(Claim.number(last.whole.residual))",
                failureWord: Claim.ofTheory),
            closureClaim(adjusting.slow),
        ]
    }
}
