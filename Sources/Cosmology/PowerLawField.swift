/// A free field in an expansion by a power of time, exact to rounding:
///
///     φ″ + (3p/t) φ′ + m²φ = 0,   a = t^p,   H = p/t,   p = 2/(3(1 + w)).
///
/// Its solutions are t^−ν J_ν(mt) and t^−ν Y_ν(mt) with ν = (3p − 1)/2 (DLMF 10.13.4): spherical Bessel functions in a universe of matter,
/// J₀ in one of kination, J₁(mt)/t in w = −1/3, J_{1/4} in radiation. None of these is looked up: the equation's own power series is
/// summed about 0 for the regular solution, and about one time after another from there on, each within a quarter of its radius of
/// convergence, so that every order, and any initial state, is served alike.
public struct PowerLawField: Sendable, Hashable {
    /// p.
    public let exponent: Double
    /// m, in inverse units of time.
    public let mass: Double

    /// A field of mass `mass`, not negative, in a ∝ t^`exponent`, which is positive.
    ///
    /// - Throws: `UniverseError.outOfRange`.
    public init(exponent: Double, mass: Double) throws(UniverseError) {
        guard exponent > 0, exponent.isFinite else {
            throw .outOfRange(
                quantity: "exponent of the expansion", value: "\(exponent)", limit: "positive and finite",
                remedy: "Use 2/3 for matter, 1/2 for radiation, 1/3 for kination.")
        }
        guard mass >= 0, mass.isFinite else {
            throw .outOfRange(
                quantity: "mass", value: "\(mass)", limit: "finite and not negative", remedy: "Only its square enters: drop the sign.")
        }
        self.exponent = exponent
        self.mass = mass
    }

    /// A field of mass `mass` in the universe of a fluid of that equation of state, above −1.
    ///
    /// - Throws: `UniverseError.outOfRange`.
    public init(equationOfState w: Double, mass: Double) throws(UniverseError) {
        guard w > -1, w.isFinite else {
            throw .outOfRange(
                quantity: "equation of state", value: "\(w)", limit: "finite and above -1, so that a grows as a power of t",
                remedy: "Use 0 for matter, 1/3 for radiation, 1 for kination; -1 is a constant H.")
        }
        try self.init(exponent: 2 / (3 * (1 + w)), mass: mass)
    }

    /// A field and its velocity.
    public struct State: Sendable, Hashable {
        public var phi: Double
        public var velocity: Double

        public init(phi: Double, velocity: Double) {
            self.phi = phi
            self.velocity = velocity
        }
    }

    /// The solution that is regular at t = 0: φ(0) = `phi`, φ′(0) = 0.
    ///
    /// - Parameter times: ascending, from 0 on.
    /// - Throws: `UniverseError.outOfRange` for times that are not so.
    public func regular(phi: Double, at times: [Double]) throws(UniverseError) -> [State] {
        try check(times, from: 0)
        let near = mass > 0 ? 1 / mass : .infinity
        var states: [State] = []
        var (time, state) = (near, mass > 0 ? regular(phi, near) : State(phi: phi, velocity: 0))
        for next in times {
            if next <= near {
                states.append(regular(phi, next))
            } else {
                advance(&state, from: &time, to: next)
                states.append(state)
            }
        }
        return states
    }

    /// The solution with a given state at a time.
    ///
    /// - Parameters:
    ///   - start: its time, positive.
    ///   - times: ascending, none before `start`.
    /// - Throws: `UniverseError.outOfRange` for times that are not so.
    public func solution(from start: Double, _ initial: State, at times: [Double]) throws(UniverseError) -> [State] {
        guard start > 0, start.isFinite else {
            throw .outOfRange(
                quantity: "start", value: "\(start)", limit: "positive and finite, since H = p/t",
                remedy: "Use the regular solution for a start at 0.")
        }
        try check(times, from: start)
        var (time, state) = (start, initial)
        return times.map { next in
            advance(&state, from: &time, to: next)
            return state
        }
    }

    private func check(_ times: [Double], from start: Double) throws(UniverseError) {
        var earlier = start
        for time in times {
            guard time >= earlier, time.isFinite else {
                throw .outOfRange(
                    quantity: "time", value: "\(time)", limit: "finite and not before \(earlier)", remedy: "Sort the times ascending.")
            }
            earlier = time
        }
    }

    /// Σ c_j t^{2j} with 2j(2j − 1 + 3p) c_j = −m² c_{j−1}, for mt ≤ 1.
    private func regular(_ phi: Double, _ time: Double) -> State {
        let square = mass * time * (mass * time)
        var (term, value, slope) = (phi, phi, 0.0)
        for j in 1...Self.terms {
            let power = 2 * Double(j)
            term *= -square / (power * (power - 1 + 3 * exponent))
            value += term
            slope += power * term
        }
        return State(phi: value, velocity: time > 0 ? slope / time : 0)
    }

    /// Terms of a sum: 4^−32 is below rounding.
    private static let terms = 32

    private func advance(_ state: inout State, from time: inout Double, to end: Double) {
        while time < end {
            let longest = min(time / 4, mass > 0 ? 1 / mass : .infinity)
            let step = time + longest >= end ? end - time : longest
            state = expanded(state, about: time, by: step)
            time = step < longest ? end : min(time + step, end)
        }
    }

    /// φ = Σ b_k s^k at t = c + s, from t φ″ + 3p φ′ + m²t φ = 0:
    /// c(k + 1)(k + 2) b_{k+2} = −(k + 1)(k + 3p) b_{k+1} − m²(c b_k + b_{k−1}).
    private func expanded(_ state: State, about c: Double, by s: Double) -> State {
        let (ratio, square) = (s / c, mass * s * (mass * s))
        // The terms b_k s^k, so that none leaves the numbers.
        var (before, here, next) = (0.0, state.phi, state.velocity * s)
        var (value, slope) = (here + next, next)
        for k in 0..<Self.terms {
            let number = Double(k)
            let after =
                -((number + 1) * (number + 3 * exponent) * ratio * next + square * (here + ratio * before)) / ((number + 1) * (number + 2))
            value += after
            slope += (number + 2) * after
            (before, here, next) = (here, next, after)
        }
        return State(phi: value, velocity: s > 0 ? slope / s : state.velocity)
    }
}
