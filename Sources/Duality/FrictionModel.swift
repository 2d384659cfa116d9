import Networks

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The field of a fit and its derivatives with respect to friction c, force F and initial velocity v.
struct FrictionModel {
    struct Parameters {
        var friction: Double
        var force: Double
        var velocity: Double
    }

    /// Sums over the residuals r_k = f(t_k) − f_k, k ≥ 1, and their derivatives J.
    struct Evaluation {
        /// Σ r².
        var cost = 0.0
        /// Jᵀ r, in the order of `Parameters`.
        var gradient = SIMD3<Double>()
        /// Columns of Jᵀ J.
        var normal = (SIMD3<Double>(), SIMD3<Double>(), SIMD3<Double>())
        /// Σ r_k r_{k+1}, k ≥ 1.
        var neighbours = 0.0
        /// What the integration is off by, in radians of the oscillation and so of its amplitude.
        var lostPhase = 0.0
    }

    let trajectory: [Double]
    let timeStep: Double
    let shape: LossShape
    let anchor: Double
    let scale: Double
    /// The greatest |l″| on the trajectory.
    let curvature: Double

    init(trajectory: [Double], timeStep: Double, shape: LossShape, anchor: Double, scale: Double) {
        self.trajectory = trajectory
        self.timeStep = timeStep
        self.shape = shape
        self.anchor = anchor
        self.scale = scale
        curvature = trajectory.reduce(0) { max($0, abs(shape.curvature($1, anchor: anchor, scale: scale))) }
    }

    /// Friction is searched up to four per sample, where a transient is gone before the first sample.
    var largestFriction: Double { 4 / timeStep }

    func slope(_ f: Double) -> Double { shape.slope(f, anchor: anchor, scale: scale) }

    /// Steps of the integration from one sample to the next, and the phase that they lose over the trajectory.
    ///
    /// Runge–Kutta of order 4 is off by (ωh)⁵/120 of a radian each step at a frequency ω; that adds up over the trajectory, or while the
    /// amplitude lasts, 2/c. A hundredth of the scatter that a fit assumes at least, 1e-4, spread over residuals that are all of one sign
    /// (the square root of their number), is allowed. A transient, gone before long, is resolved with a quarter of the fastest time, which
    /// leaves some 1e-5 of it, and with the whole of times that the samples do not resolve.
    private func resolution(_ p: Parameters) -> (substeps: Int, lostPhase: Double)? {
        let frequency = (p.force * curvature).squareRoot()
        let rate = (p.friction + frequency) * timeStep
        guard rate.isFinite else { return nil }
        let samples = Double(trajectory.count - 1)
        let lasting = min(samples * timeStep, p.friction > 0 ? 2 / p.friction : .infinity)
        /// Phase lost for a step of one sample.
        let loss = pow(frequency * timeStep, 4) / 120 * frequency * lasting
        let allowed = 1e-5 / samples.squareRoot()
        let transient = 4 * min(rate, 1) + max(rate - 1, 0)
        let limit = max(64, min(1000, 2e6 / samples))
        // Frequencies that samples do not resolve are no oscillations that a fit can follow.
        let phase = frequency * timeStep <= Double.pi ? pow(loss / allowed, 0.25) : 0
        let substeps = max(1, min(max(min(64, transient), phase), limit).rounded(.up))
        return (Int(substeps), min(1, loss / pow(substeps, 4)))
    }

    /// The field and f/∂(c, F, v) at every sample, or nil where it leaves all numbers.
    func evaluate(_ p: Parameters) -> Evaluation? {
        guard let (substeps, lostPhase) = resolution(p) else { return nil }
        let step = timeStep / Double(substeps)
        var (f, v) = (trajectory[0], p.velocity)
        var s = SIMD3<Double>()
        var u = SIMD3<Double>(0, 0, 1)
        var sums = Evaluation()
        sums.lostPhase = lostPhase
        var before = 0.0

        func rates(_ f: Double, _ v: Double, _ s: SIMD3<Double>, _ u: SIMD3<Double>) -> (Double, SIMD3<Double>) {
            let slope = slope(f)
            let stiffness = p.force * shape.curvature(f, anchor: anchor, scale: scale)
            return (-p.friction * v - p.force * slope, -p.friction * u - stiffness * s - SIMD3(v, slope, 0))
        }

        for sample in 1..<trajectory.count {
            for _ in 0..<substeps {
                let (a1, b1) = rates(f, v, s, u)
                let (v2, u2) = (v + 0.5 * step * a1, u + 0.5 * step * b1)
                let (a2, b2) = rates(f + 0.5 * step * v, v2, s + 0.5 * step * u, u2)
                let (v3, u3) = (v + 0.5 * step * a2, u + 0.5 * step * b2)
                let (a3, b3) = rates(f + 0.5 * step * v2, v3, s + 0.5 * step * u2, u3)
                let (v4, u4) = (v + step * a3, u + step * b3)
                let (a4, b4) = rates(f + step * v3, v4, s + step * u3, u4)
                let sumOfU: SIMD3<Double> = u + 2 * u2 + 2 * u3 + u4
                let sumOfB: SIMD3<Double> = b1 + 2 * b2 + 2 * b3 + b4
                f += step / 6 * (v + 2 * v2 + 2 * v3 + v4)
                s += step / 6 * sumOfU
                v += step / 6 * (a1 + 2 * a2 + 2 * a3 + a4)
                u += step / 6 * sumOfB
            }
            let residual = f - trajectory[sample]
            sums.cost += residual * residual
            sums.neighbours += residual * before
            before = residual
            sums.gradient += residual * s
            sums.normal.0 += s[0] * s
            sums.normal.1 += s[1] * s
            sums.normal.2 += s[2] * s
        }
        let isFinite = sums.cost.isFinite && (sums.normal.0 + sums.normal.1 + sums.normal.2).sum().isFinite
        return isFinite ? sums : nil
    }

    /// Friction and force from the regression of accelerations on velocities and l′ (central differences of the samples), the
    /// velocity from the first three. Where velocity and l′ are parallel, as they are for a creeping field, only F/c is known, and
    /// the damping time starts at one sample.
    func startingPoint() -> Parameters {
        var (uu, ug, gg, au, ag) = (0.0, 0.0, 0.0, 0.0, 0.0)
        for k in 1..<(trajectory.count - 1) {
            let velocity = (trajectory[k + 1] - trajectory[k - 1]) / (2 * timeStep)
            let acceleration = (trajectory[k + 1] - 2 * trajectory[k] + trajectory[k - 1]) / (timeStep * timeStep)
            let slope = slope(trajectory[k])
            uu += velocity * velocity
            ug += velocity * slope
            gg += slope * slope
            au += acceleration * velocity
            ag += acceleration * slope
        }
        let velocity = (-3 * trajectory[0] + 4 * trajectory[1] - trajectory[2]) / (2 * timeStep)
        let determinant = uu * gg - ug * ug
        if determinant > 1e-10 * uu * gg {
            let friction = (ag * ug - au * gg) / determinant
            let force = (au * ug - ag * uu) / determinant
            if force > 0, force.isFinite, friction < largestFriction {
                return Parameters(friction: max(0, friction), force: force, velocity: velocity)
            }
        }
        let force = gg > 0 ? max(0, -ug / gg) / timeStep : 0
        return Parameters(friction: 1 / timeStep, force: force.isFinite ? force : 0, velocity: velocity)
    }

    /// The rate r of f′ = −r l′(f) by regression on central differences, with a standard error that takes the residuals for one smooth
    /// curve; nil where l′ vanishes.
    func creep() -> (rate: Double, error: Double)? {
        var (uu, ug, gg) = (0.0, 0.0, 0.0)
        for k in 1..<(trajectory.count - 1) {
            let velocity = (trajectory[k + 1] - trajectory[k - 1]) / (2 * timeStep)
            let slope = slope(trajectory[k])
            uu += velocity * velocity
            ug += velocity * slope
            gg += slope * slope
        }
        let rate = -ug / gg
        guard gg > 0, rate.isFinite, uu.isFinite else { return nil }
        return (rate, (max(0, uu - rate * rate * gg) / gg / 4).squareRoot())
    }
}
