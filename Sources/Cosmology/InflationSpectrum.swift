import Arrays

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What a single field's inflation leaves behind: the power spectra of the comoving curvature perturbation R and of gravitational waves,
/// from the vacuum deep inside of the horizon, mode by mode and without slow roll.
///
/// With u = aδφ on flat slices (Mukhanov and Sasaki), or u = ah for each polarisation, u″ + (k² + a²H²q) u = 0 in conformal time, where
/// q = m²/H² − 2 + ε with the mass of ``PerturbationKind/gaugeInvariant`` modes, or none. Only |u| is observed, so only |u| is
/// integrated: √(2k)|u| = e^s obeys (Ermakov and Pinney), by e-folds and with κ = k/aH,
///
///     s″ + s′² + (1 − ε)s′ + q = κ² (e^{−4s} − 1),
///
/// which does not oscillate from the vacuum s ≈ −q/4κ² on. Then P_R = k²e^{2s}/(4π²a²M²φ_N²), φ_N = φ′/H in units of M, and
/// P_h = 8k²e^{2s}/(4π²a²M²), the sum over both polarisations.
public struct InflationSpectrum: Sendable {
    /// Field, potential and start; the Friedmann law, no fluids.
    public let background: Background
    /// N at the end, where ε rises to 1.
    public let endEFolds: Double
    private let planckMass: Double
    /// φ/M and its derivative by N.
    private let solution: DenseSolution

    /// k/aH where the vacuum is taken: what is left out of it goes with the fourth power of its inverse.
    static let depth = 300.0
    /// k/aH of what does not change any more, but for its square.
    private static let frozen = 1e-6
    /// k/aH that a mode must have come down to by the end.
    private static let latest = 0.01

    /// A background, integrated to the end of its inflation.
    ///
    /// - Parameters:
    ///   - end: N at which it ends although ε is below 1, for potentials whose inflation does not; default where ε rises to 1.
    ///   - integrator: of the background.
    /// - Throws: `UniverseError.outOfRange` for fluids and a constant H; what ``Universe/solve(integrator:)`` throws, among it that
    ///   inflation does not end within 100 000 e-folds.
    public init(_ background: Background, endingAt end: Double? = nil, integrator: UniverseIntegrator = .standard) throws(UniverseError) {
        guard case .friedmann(let planckMass) = background.hubble, background.fluids.isEmpty else {
            throw .outOfRange(
                quantity: "a spectrum's background", value: background.fluids.isEmpty ? "a constant H" : "a field with fluids",
                limit: "a field alone with the Friedmann law", remedy: "Leave out --hubble and --fluid.")
        }
        self.background = background
        self.planckMass = planckMass
        if let end {
            endEFolds = end
        } else {
            let universe = try Universe(background: background, until: 100_000, samples: 2, clock: .eFolds, stopAtEpsilon: 1)
            endEFolds = try universe.solve(integrator: integrator).samples[1].background.eFolds
        }
        let start = FieldMotion(background: background, modes: [], clock: .eFolds).startingHubble
        let motion = Motion(potential: background.potential, planckMass: planckMass)
        do throws(IntegrationError) {
            solution = try DormandPrince853(relativeTolerance: 1e-13, absoluteTolerance: 1e-15).solve(
                from: 0, initial: [background.phi / planckMass, background.velocity / planckMass / start], until: endEFolds
            ) { _, state, rate in motion.write(state, rate, modes: nil, 0) }
        } catch { throw .stopped(.inEFolds(error), remedy: "") }
    }

    /// The wavenumber that leaves the horizon, k = aH, so many e-folds before the end.
    ///
    /// - Throws: `UniverseError.outOfRange` for e-folds that are not there.
    public func wavenumber(leaving eFolds: Double) throws(UniverseError) -> Double {
        guard eFolds > 0, eFolds < endEFolds else {
            throw .outOfRange(
                quantity: "e-folds before the end", value: "\(eFolds)", limit: "between 0 and the \(endEFolds.text()) that there are",
                remedy: "Start inflation earlier, or ask for fewer.")
        }
        return exp(try logarithmicRate(endEFolds - eFolds))
    }

    /// The spectra at one wavenumber.
    public struct Point: Sendable, Hashable {
        /// k, comoving: k/a is physical.
        public let wavenumber: Double
        /// P_R = k³|R|²/2π².
        public let curvature: Double
        /// P_h = 8 k³|u/a|²/2π²M².
        public let tensor: Double
    }

    /// The spectra at a wavenumber.
    ///
    /// - Throws: `UniverseError.outOfRange` for one that is not deep inside of the horizon at the start or well outside of it at the end.
    public func point(at wavenumber: Double) throws(UniverseError) -> Point {
        let k = wavenumber > 0 ? log(wavenumber) : .nan
        let (first, last) = (try logarithmicRate(0), try logarithmicRate(endEFolds))
        guard k - first >= log(Self.depth), k - last <= log(Self.latest) else {
            throw .outOfRange(
                quantity: "wavenumber", value: "\(wavenumber)",
                limit:
                    "from \((Self.depth * exp(first)).text()), \(Self.depth) aH at the start, to \((Self.latest * exp(last)).text()), \(Self.latest) aH at the end",
                remedy: "Start inflation earlier, or ask for wavenumbers between these.")
        }
        let start = try crossing(of: k - log(Self.depth))
        let end = k - last >= log(Self.frozen) ? endEFolds : try crossing(of: k - log(Self.frozen))
        let motion = Motion(potential: background.potential, planckMass: planckMass)
        do throws(IntegrationError) {
            let initial = motion.vacuum(try solution.evaluate(at: start), depth: Self.depth)
            let rate = k - log(background.scaleFactor)
            let final = try DormandPrince853(relativeTolerance: 1e-12, absoluteTolerance: 1e-13).solve(
                from: start, initial: initial, at: [end]
            ) { eFolds, state, rates in motion.write(state, rates, modes: rate - eFolds, eFolds) }
            let state = final[0]
            // k/a at the end in units of M.
            let scale = exp(k - log(background.scaleFactor) - end) / (2 * .pi * planckMass)
            return Point(
                wavenumber: wavenumber, curvature: pow(scale * exp(state[2]) / state[1], 2), tensor: 8 * pow(scale * exp(state[4]), 2))
        } catch { throw .stopped(.inEFolds(error), remedy: "") }
    }

    /// Amplitudes and slopes at a pivot.
    public struct Pivot: Sendable, Hashable {
        public let wavenumber: Double
        /// A_s = P_R.
        public let scalarAmplitude: Double
        /// n_s = 1 + d ln P_R/d ln k.
        public let scalarIndex: Double
        /// d n_s/d ln k.
        public let running: Double
        /// r = P_h/P_R.
        public let tensorToScalar: Double
        /// n_t = d ln P_h/d ln k.
        public let tensorIndex: Double
    }

    /// What observations quote of the spectra at a pivot: slopes by central differences over five points a tenth of ln k apart.
    ///
    /// - Throws: as ``point(at:)``.
    public func pivot(at wavenumber: Double) throws(UniverseError) -> Pivot {
        let spacing = 0.1
        var points: [Point] = []
        for step in -2...2 { points.append(try point(at: wavenumber * exp(Double(step) * spacing))) }
        func slope(_ value: (Point) -> Double) -> Double {
            (8 * log(value(points[3]) / value(points[1])) - log(value(points[4]) / value(points[0]))) / (12 * spacing)
        }
        let logs = points.map { log($0.curvature) }
        return Pivot(
            wavenumber: wavenumber, scalarAmplitude: points[2].curvature, scalarIndex: 1 + slope(\.curvature),
            running: (16 * (logs[1] + logs[3]) - (logs[0] + logs[4]) - 30 * logs[2]) / (12 * spacing * spacing),
            tensorToScalar: points[2].tensor / points[2].curvature, tensorIndex: slope(\.tensor))
    }

    /// ln aH.
    private func logarithmicRate(_ eFolds: Double) throws(UniverseError) -> Double {
        do throws(IntegrationError) {
            let state = try solution.evaluate(at: eFolds)
            let rate = Motion(potential: background.potential, planckMass: planckMass).squaredHubble(state[0], state[1])
            return log(background.scaleFactor) + eFolds + 0.5 * log(rate)
        } catch { throw .stopped(.inEFolds(error), remedy: "") }
    }

    /// Where ln aH has a value, by bisection: it grows while the universe inflates.
    private func crossing(of value: Double) throws(UniverseError) -> Double {
        var (low, high) = (0.0, endEFolds)
        while true {
            let middle = low + (high - low) / 2
            guard middle > low, middle < high else { return middle }
            if try logarithmicRate(middle) < value { low = middle } else { high = middle }
        }
    }

    /// The equations by e-folds, the field x = φ/M: H² = V/M²(3 − ε), ε = x_N²/2.
    private struct Motion: Sendable {
        let potential: Potential
        let planckMass: Double

        func squaredHubble(_ x: Double, _ velocity: Double) -> Double {
            potential.value(at: planckMass * x) / (planckMass * planckMass * (3 - velocity * velocity / 2))
        }

        /// x_NN, and q of scalars and tensors.
        private func terms(_ x: Double, _ v: Double, modes: Bool) -> (acceleration: Double, scalar: Double, tensor: Double) {
            let squared = squaredHubble(x, v), epsilon = v * v / 2
            let slope = potential.slope(at: planckMass * x) / planckMass / squared
            let acceleration = -(3 - epsilon) * v - slope
            guard modes else { return (acceleration, 0, 0) }
            let mass = potential.curvature(at: planckMass * x) / squared + (3 - epsilon) * v * v + 2 * v * slope
            return (acceleration, mass - 2 + epsilon, epsilon - 2)
        }

        /// Rates of x, x_N and, with modes of ln k/a₀ − N, of s and s_N of scalars and tensors.
        func write(
            _ state: UnsafeBufferPointer<Double>, _ rate: UnsafeMutableBufferPointer<Double>, modes: Double?, _ eFolds: Double
        ) {
            let (x, v) = (state[0], state[1])
            let terms = terms(x, v, modes: modes != nil)
            rate[0] = v
            rate[1] = terms.acceleration
            guard let modes else { return }
            let ratio = exp(2 * modes) / squaredHubble(x, v)
            for (index, q) in [(2, terms.scalar), (4, terms.tensor)] {
                let (s, slope) = (state[index], state[index + 1])
                rate[index] = slope
                rate[index + 1] = ratio * expm1(-4 * s) - q - slope * (slope + 1 - v * v / 2)
            }
        }

        /// The vacuum to second order in 1/κ, with how it changes: κ² falls as e^{−2(1 − ε)N}.
        func vacuum(_ background: [Double], depth: Double) -> [Double] {
            let (x, v) = (background[0], background[1])
            let terms = terms(x, v, modes: true)
            return background
                + [terms.scalar, terms.tensor].flatMap { q in
                    let s = -q / (4 * depth * depth)
                    return [s, 2 * (1 - v * v / 2) * s]
                }
        }
    }
}
