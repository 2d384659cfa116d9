import Networks

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What becomes of a universe whose H was listed beforehand, through its eras.
public struct EraHistory: Sendable, Hashable {
    /// t_k = k√η.
    public let times: [Double]
    /// H; continuous.
    public let hubble: [Double]
    /// ∫ H dt; the scale factor a₀ e^N is continuous.
    public let eFolds: [Double]
    /// The eras: stretches in which one fluid drives the expansion.
    public let eras: [Era]

    /// One era.
    public struct Era: Sendable, Hashable {
        /// Its first step.
        public let start: Int
        /// w, of 1/H growing by (3/2)(1 + w) a unit of time.
        public let equationOfState: Double
    }

    /// The history of a training of K steps; nil for another expansion than a list of positive H.
    public init?(_ expansion: Expansion, steps: Int) {
        guard case .listed(let rates, let step) = expansion, rates.count > 1, steps > 0, rates.allSatisfy({ $0 > 0 }) else { return nil }
        times = (0...steps).map { Double($0) * step }
        hubble = times.map { time in expansion.friction(at: time, energy: { 0 }) / 3 }
        var sum = 0.0, eFolds = [0.0], eras: [Era] = []
        for (index, (a, b)) in zip(hubble, hubble.dropFirst()).enumerated() {
            let growth = 1 / b - 1 / a
            // Of 1/H a straight line; its limit where H is constant.
            sum += abs(growth) * a < 1e-9 ? step * a : step * log(a / b) / growth
            eFolds.append(sum)
            // To nine digits: differences of 1/H have no more.
            let w = ((growth / step / 1.5 - 1) * 1e9).rounded() / 1e9 + 0
            if let last = eras.last, abs(last.equationOfState - w) <= 1e-6 { continue }
            eras.append(Era(start: index, equationOfState: w))
        }
        self.eFolds = eFolds
        self.eras = eras
    }
}
