#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// One mode of a quadratic loss as the field that passes through every step of heavy ball:
/// the two roots z of z² − (1 + γ − q) z + γ, q = ηλ, become rates ln z / √η.
///
/// Rates are per step inside. With z = e^{−a ± m}, a = −½ ln γ, the mode is
/// f(k) = e^{−ak} [f₀ cosh mk + (v + a f₀) sinh(mk)/m], whose limit m → 0 is the double root and m = iφ the oscillation.
struct ExactMode {
    private enum Shape {
        /// Two positive roots apart by 2m ≥ 0 in their logarithm; `slow` is the larger logarithm.
        case real(slow: Double, m: Double)
        /// A complex pair of angle φ.
        case complex(angle: Double)
        /// γ = 0: the one root other than 0.
        case single(logarithm: Double)
    }

    private let step: Double
    private let momentum: Double
    private let curvature: Double
    private let shape: Shape
    /// −½ ln γ.
    private let a: Double
    /// The velocity per step at k = 0 over f₀ − f_min, from f_{−1} = f_0.
    private let velocity: Double

    /// - Parameter curvature: λ = L_i l″, either sign.
    /// - Throws: `DualityError.noContinuumDual` with mode number `mode`.
    init(learningRate: Double, momentum: Double, curvature: Double, mode: Int = 0) throws(DualityError) {
        let q = learningRate * curvature
        let regime = try Regime(stepCurvature: q, momentum: momentum)
        guard regime.hasContinuumDual else {
            throw .noContinuumDual(mode: mode, stepCurvature: q, limit: try RegimeBounds(momentum: momentum).continuum)
        }
        step = learningRate.squareRoot()
        self.momentum = momentum
        self.curvature = curvature
        guard momentum > 0 else {
            a = .infinity
            shape = .single(logarithm: log1p(-q))
            velocity = log1p(-q)
            return
        }
        // Zero without a sign where γ = 1.
        a = 0 - 0.5 * log(momentum)
        // The distances w = 1 − z solve w² − (1 − γ + q) w + q = 0; they keep their digits where z is close to 1.
        let half = 0.5 * (1 - momentum + q)
        let discriminant = half * half - q
        if regime == .underdamped {
            let angle = atan2(max(0, -discriminant).squareRoot(), 1 - half)
            shape = .complex(angle: angle)
            // cos φ − e^{−a} without cancellation.
            let sine = sin(0.5 * angle)
            let difference = -expm1(-a) - 2 * sine * sine
            velocity = -a + difference * (angle < 1e-8 ? 1 : angle / sin(angle))
        } else {
            let root = max(0, discriminant).squareRoot()
            // The sum of two numbers of one sign first, the other root from the product q.
            let sum = half < 0 ? half - root : half + root
            let other = sum == 0 ? 0 : q / sum
            let (near, far) = half < 0 ? (sum, other) : (other, sum)
            let (slow, fast) = (log1p(-near), log(momentum) - log1p(-near))
            let m = max(0, 0.5 * (slow - fast))
            shape = .real(slow: slow, m: m)
            if far > 2 * near {
                velocity = (slow * (1 - near) * far - fast * (1 - far) * near) / (far - near)
            } else {
                let sine = sinh(0.5 * m)
                let difference = -expm1(-a) + 2 * sine * sine
                velocity = -a + difference * (m < 1e-8 ? 1 : m / sinh(m))
            }
        }
    }

    /// The equation that the mode obeys in t = k√η.
    var dynamics: DictionaryTerms.Dynamics {
        let logarithms: Double
        switch shape {
        case .single(let logarithm): return .firstOrder(rate: -logarithm / step)
        case .real(let slow, _): logarithms = slow * (2 * -a - slow)
        case .complex(let angle): logarithms = a * a + angle * angle
        }
        guard curvature != 0 else {
            // The limit of a flat direction: ln z₁ ln z₂ / q → −ln γ/(1 − γ), the velocity factor by the same expansion.
            let x = 2 * a
            let force = momentum < 1 ? x / (1 - momentum) : 1
            let kick = momentum < 1 ? (1 - momentum * force) / (1 - momentum) : 0.5
            return .secondOrder(friction: x / step, forceFactor: force, initialVelocityFactor: step * kick)
        }
        return .secondOrder(
            friction: 2 * a / step, forceFactor: logarithms / (step * step * curvature),
            initialVelocityFactor: -velocity / (step * curvature))
    }

    /// The mode after k steps, over f₀ − f_min.
    func value(at k: Double) -> Double {
        switch shape {
        case .single(let logarithm): return exp(logarithm * k)
        case .complex(let angle):
            let sine = angle < 1e-8 ? k : sin(angle * k) / angle
            return exp(-a * k) * (cos(angle * k) + (velocity + a) * sine)
        case .real(let slow, let m):
            let fast = expm1(-2 * m * k)
            return exp(slow * k) * (1 + 0.5 * fast + (velocity + a) * (m > 0 ? -0.5 * fast / m : k))
        }
    }
}
