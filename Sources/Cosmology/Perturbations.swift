#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// One perturbation mode of the field.
public struct PerturbationMode: Sendable, Hashable {
    /// r: the squared mass in units of V″(φ); 1 for the field's own perturbations, λᵢ/λ₁ for a network's (KS eq. 24).
    public let massRatio: Double
    /// k: the comoving wavenumber, not negative, in inverse units of time (c = 1, a(0) = 1); a network's modes have k = 0.
    public let wavenumber: Double

    /// A mode (r, k).
    ///
    /// - Throws: `UniverseError.outOfRange` for numbers that are not finite or a negative wavenumber.
    public init(massRatio: Double = 1, wavenumber: Double = 0) throws(UniverseError) {
        try UniverseError.requireFinite(massRatio, "mass ratio of a mode")
        guard wavenumber >= 0, wavenumber.isFinite else {
            throw .outOfRange(
                quantity: "wavenumber of a mode", value: "\(wavenumber)", limit: "finite and not negative",
                remedy: "Only its square enters: drop the sign.")
        }
        self.massRatio = massRatio
        self.wavenumber = wavenumber
    }
}

/// Linear perturbations of the field on its background, integrated together with it (KS eq. 27 in Fourier space, with the
/// mass ratio of KS eq. 24; a test field: no perturbations of the metric):
///
///     d″ + 3Hd′ + (k²/a² + r V″(φ)) d = 0,   d(0) = 1,   d′(0) = 0.
public struct Perturbations: Sendable, Hashable {
    /// The background that the modes live on.
    public let background: Background
    /// The modes, in the order of their columns.
    public let modes: [PerturbationMode]

    /// Modes on a background.
    public init(background: Background, modes: [PerturbationMode]) {
        self.background = background
        self.modes = modes
    }

    /// Background and modes from t = 0 to `end` as functions of time.
    ///
    /// - Throws: `UniverseError.stopped`, as `Background.solve(until:integrator:)` does.
    public func solve(
        until end: Double, integrator: DormandPrince853 = DormandPrince853()
    ) throws(UniverseError) -> PerturbationSolution {
        do {
            let dense = try integrator.solve(from: 0, initial: initialState, until: end) { writeRates($1, $2) }
            return PerturbationSolution(
                background: BackgroundSolution(background: background, dense: dense), modeCount: modes.count)
        } catch {
            throw background.explain(error)
        }
    }

    /// States of the integration at ascending times from t = 0 on: four numbers of the background, then d and d′ of each mode.
    func states(at times: [Double], integrator: DormandPrince853) throws(UniverseError) -> [[Double]] {
        do {
            return try integrator.solve(from: 0, initial: initialState, at: times) { writeRates($1, $2) }
        } catch {
            throw background.explain(error)
        }
    }

    private var initialState: [Double] { background.initialState + modes.flatMap { _ in [1, 0] } }

    private func writeRates(_ state: UnsafeBufferPointer<Double>, _ rate: UnsafeMutableBufferPointer<Double>) {
        let hubble = background.writeRates(state, rate)
        guard !modes.isEmpty else { return }
        let curvature = background.potential.curvature(at: state[0])
        let contraction = exp(-state[2])
        for (index, mode) in modes.enumerated() {
            let position = Background.stateCount + 2 * index
            let momentum = mode.wavenumber * contraction
            rate[position] = state[position + 1]
            rate[position + 1] =
                -3 * hubble * state[position + 1] - (momentum * momentum + mode.massRatio * curvature) * state[position]
        }
    }
}

/// A background and its modes as functions of time.
public struct PerturbationSolution: Sendable {
    /// The background, from the same integration.
    public let background: BackgroundSolution
    let modeCount: Int

    /// The modes at a time: d and d′ of each, in the order given.
    ///
    /// - Throws: `IntegrationError.badArguments` for a time outside the solution.
    public func modes(at time: Double) throws(IntegrationError) -> [(value: Double, rate: Double)] {
        let state = try background.dense.evaluate(at: time)
        return (0..<modeCount).map {
            (state[Background.stateCount + 2 * $0], state[Background.stateCount + 2 * $0 + 1])
        }
    }
}
