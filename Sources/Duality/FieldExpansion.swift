import Networks

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// How a universe expands while its field moves: H and e-folds at t_k = k√η, k = 0…K.
public struct FieldExpansion: Sendable, Hashable {
    /// H.
    public let hubble: [Double]
    /// N = ∫ H dt from the first step on.
    public let eFolds: [Double]

    /// a = e^N, 1 at the start.
    public var scaleFactor: [Double] { eFolds.map { exp($0) } }

    package init(hubble: [Double], eFolds: [Double]) {
        self.hubble = hubble
        self.eFolds = eFolds
    }

    /// That of a constant H ≥ 0.
    init(constant hubble: Double, timeStep: Double, steps: Int) {
        self.hubble = [Double](repeating: hubble, count: steps + 1)
        eFolds = (0...steps).map { hubble * timeStep * Double($0) }
    }

    /// That of a universe whose H is known beforehand; nil for Friedmann's, which depends on the field, and for one that begins at t = 0, where
    /// a = 0.
    public init?(_ expansion: Expansion, timeStep: Double, steps: Int) {
        switch expansion {
        case .friedmann: return nil
        case .constant(let rate): self.init(constant: rate, timeStep: timeStep, steps: steps)
        case .powerLaw(let exponent, let start):
            guard start > 0 else { return nil }
            let times = (0...steps).map { Double($0) * timeStep }
            self.init(
                hubble: times.map { exponent / (3 * (start + $0)) }, eFolds: times.map { exponent / 3 * log1p($0 / start) })
        case .listed:
            guard let history = EraHistory(expansion, steps: steps) else { return nil }
            self.init(hubble: history.hubble, eFolds: history.eFolds)
        }
    }
}

extension FrozenNetwork {
    /// The expansion of the constant H that a dictionary states for heavy ball; nil without a dictionary, for other rules and schedules that
    /// change, and where the dictionary has no H.
    public func constantExpansion(_ dictionary: DualityDictionary?) throws(DualityError) -> FieldExpansion? {
        guard let dictionary, schedule.rule == .heavyBall, schedule.isConstant else { return nil }
        let momentum = schedule.momenta[0], rate = schedule.learningRates[0]
        let hubble: Double
        switch dictionary {
        case .paper, .corrected:
            hubble = try dictionary.terms(learningRate: rate, momentum: momentum).hubble ?? 0
        case .exact, .fourthOrder:
            // The same for all modes; at γ = 0 there is none.
            guard momentum > 0 else { return nil }
            hubble = -log(momentum) / (3 * rate.squareRoot())
        }
        return FieldExpansion(constant: hubble, timeStep: rate.squareRoot(), steps: steps)
    }
}
