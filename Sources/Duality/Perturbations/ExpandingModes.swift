import Cosmology
import Networks

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The modes of a network beside those of a field of the same background in an expanding universe, both with amplitude 1 at
/// the start, at rest:
///
///     universe   d_i″ + 3H d_i′ + (k_i²/a² + V″(φ)) d_i = 0        (KS eq. 27)
///     network    d_i″ + 3H d_i′ + (λ_i/λ₁) V″(φ) d_i = 0           (KS eq. 24)
///
/// with V = L₁ l + V₀, k_i = (i − 1) π H/(2α) on the interval [−α/H, α/H] and a(0) = 1. They agree for k_i ≪ aH and λ_i ≈ λ₁ only:
/// higher modes are heavier in the universe, by k²/a², which redshifts away, and lighter in the network, where they freeze.
/// The leading mode, k₁ = 0 and λ₁/λ₁ = 1, is the same in both.
public struct ExpandingModes: Sendable, Hashable {
    /// H, in units of t = k√η.
    public let hubble: Double
    /// α, half of the interval in units of the Hubble length 1/H.
    public let halfInterval: Double
    /// k_i, for a(0) = 1.
    public let wavenumbers: [Double]
    /// λ_i/λ₁; L_i/⟨Θ⟩ where the mean field is driven by ⟨Θ⟩.
    public let massRatios: [Double]
    /// k_i/(aH) at t = 0, (i − 1) π/(2α): modes with i > 1 start inside the horizon unless α > π/2.
    public let horizonRatiosAtStart: [Double]
    /// k_i/(aH) at t = T.
    public let horizonRatiosAtEnd: [Double]
    /// t_k, k = 0…K.
    public let times: [Double]
    /// φ(t_k), the mean field of both.
    public let mean: [Double]
    /// d_i(t_k) in the universe, (K + 1, N) in row-major order.
    public let universe: [Double]
    /// d_i(t_k) of the network, (K + 1, N) in row-major order.
    public let network: [Double]

    /// The two sides for a network.
    ///
    /// - Parameters:
    ///   - dynamics: the network and its modes; its f̄(0) is the initial field.
    ///   - halfInterval: α > 0.
    ///   - dictionary: states H and the force; `paper` (default, as in the KS figures) or `corrected`.
    ///   - meanField: what is called the mean. Default the leading mode.
    /// - Throws: `DualityError`; `.outOfRange` for an α that is not positive, a kernel without a positive eigenvalue, no training
    ///   step, or momentum 1, where nothing expands.
    public init(
        of dynamics: ModeDynamics, halfInterval: Double, dictionary: DualityDictionary = .paper, meanField: MeanField = .leadingMode
    ) throws(DualityError) {
        guard dictionary != .fourthOrder else { throw .noModes(dictionary: dictionary) }
        let prediction: Prediction = dictionary == .paper ? .paper : .corrected
        let (frozen, spectrum) = (dynamics.network, dynamics.spectrum)
        guard halfInterval > 0, halfInterval.isFinite else {
            throw .outOfRange(what: "half of the interval α", value: halfInterval, limit: "positive and finite", remedy: "use 0.1")
        }
        guard frozen.steps >= 1 else {
            throw .outOfRange(what: "the number of steps", value: 0, limit: "at least 1", remedy: "use 100")
        }
        try prediction.check(frozen.schedule, frozen.loss.shape)
        guard dynamics.outputs == 1 else {
            throw .outOfRange(
                what: "the number of outputs", value: Double(dynamics.outputs), limit: "1 beside one field's universe",
                remedy: "use fieldUniverse, whose modes are those of several fields")
        }
        let rate = dynamics.rate(of: meanField)
        guard rate > 0 else {
            throw .outOfRange(what: "the rate κ of the mean field", value: rate, limit: "positive", remedy: "check the kernel")
        }
        let ratios = spectrum.eigenvalues.map { $0 / rate }
        let terms = try dictionary.terms(learningRate: frozen.schedule.learningRates[0], momentum: frozen.schedule.momenta[0])
        guard let hubble = terms.hubble, let factor = terms.forceFactor, hubble > 0 else {
            throw .outOfRange(
                what: "the Hubble rate H", value: terms.hubble ?? 0, limit: "positive, to measure lengths by 1/H",
                remedy: "use a momentum below 1")
        }
        let initial = try dynamics.modes(of: frozen.outputs, meanField: meanField)
        let wavenumbers = (0..<spectrum.order).map { Double($0) * Double.pi * hubble / (2 * halfInterval) }
        let solution: UniverseSolution
        do {
            // V₀ does not enter at constant H.
            let strength = factor * rate * frozen.loss.scale
            let potential =
                switch frozen.loss.shape {
                case .evenPower(let degree): try Potential.power(scale: strength, minimum: dynamics.anchor, degree: degree)
                case .doubleWell: try Potential.doubleWell(scale: strength, minimum: dynamics.anchor)
                // One output is coupled to none.
                case .coupled: try Potential.power(scale: 0, degree: 2)
                }
            solution = try Universe(
                potential: potential, hubble: .constant(hubble), phi: initial.mean[0], until: Double(frozen.steps) * terms.timeStep,
                samples: frozen.steps + 1,
                modes: try wavenumbers.map { k throws(UniverseError) in try PerturbationMode(wavenumber: k) }
                    + (try ratios.map { r throws(UniverseError) in try PerturbationMode(massRatio: r) })
            ).solve()
        } catch {
            throw Self.explain(error, prediction)
        }
        let order = spectrum.order
        let growth = exp(-(solution.samples.last?.background.eFolds ?? 0))
        self.hubble = hubble
        self.halfInterval = halfInterval
        self.wavenumbers = wavenumbers
        massRatios = ratios
        horizonRatiosAtStart = wavenumbers.map { $0 / hubble }
        horizonRatiosAtEnd = wavenumbers.map { $0 * growth / hubble }
        times = solution.samples.map(\.background.time)
        mean = solution.samples.map(\.background.phi)
        universe = solution.samples.flatMap { $0.modes[..<order] }
        network = solution.samples.flatMap { $0.modes[order...] }
    }

    static func explain(_ error: UniverseError, _ prediction: Prediction) -> DualityError {
        switch error {
        case .outOfRange(let quantity, let value, let limit, let remedy):
            .outOfRange(what: quantity, value: Double(value) ?? .nan, limit: limit, remedy: remedy)
        case .stopped(let reason, _): .integration(prediction: prediction, reason: reason)
        // Of formulas and events, which no loss is.
        case .badFormula, .potentialNotFinite, .eventNotReached:
            .integration(prediction: prediction, reason: .badArguments(error.description))
        }
    }

    /// max over t of |d_universe − d_network| of each mode: by how much the correspondence of modes fails.
    public var greatestDifferences: [Double] {
        var greatest = [Double](repeating: 0, count: wavenumbers.count)
        for index in universe.indices {
            let mode = index % greatest.count
            greatest[mode] = max(greatest[mode], abs(universe[index] - network[index]))
        }
        return greatest
    }
}
