import Foundation

/// E[f(u) f(v)] over two jointly normal variables by numerical integration, for any f that is analytic except perhaps at 0.
///
/// In polar coordinates of the plane in which the normal density is round, the lines u = 0 and v = 0 enclose two sectors of width
/// π − θ, where u and v have the same sign, and two of width θ, where they have opposite signs:
///
///     E = 1/2π Σ_± ∫_0^W dt ∫_0^∞ dr r e^(−r²/2) f(±√a r sin t) f(±√b r sin(W − t))
///
/// A kink at 0 lies on the edges, and a degenerate covariance only makes two of the sectors empty. In both directions poles of f
/// (tanh has them at ±iπ/2) lie beyond the ends of the intervals, where Gauss–Legendre points are dense.
public enum GaussianQuadrature {
    /// The accuracy asked for, relative to √(E[f(u)²] E[f(v)²]).
    public static let tolerance = 1e-10

    /// The radius at which e^(−r²/2), 2.5e-20, leaves nothing to integrate.
    private static let radius = 9.5

    /// E[f(u) f(v)], with ever more points until the estimated error is below ``tolerance``.
    ///
    /// The error of n points falls as e^(−κn), so that 3/2 as many leave its power 3/2. The change from one number of points to the
    /// next is the error of the smaller number, and its power 5/4 a cautious estimate of what is left.
    /// - Throws: `NetworkError.leavesNumbers` if 924 points in each direction are not enough (variances from about 1e6 on, for tanh).
    public static func expectation(of f: (Double) -> Double, over pair: GaussianPair) throws(NetworkError) -> Double {
        if pair.scale == 0, f(0) == 0 { return 0 }
        var previous = sum(f, pair, LegendreRule.ladder[0])
        for rule in LegendreRule.ladder.dropFirst() {
            let next = sum(f, pair, rule)
            // The scale must settle as well: points that miss where f is not 0 agree on nothing.
            let change = max(abs(next.value - previous.value), abs(next.scale - previous.scale))
            if next.scale > 0, pow(change / next.scale, 1.25) <= tolerance { return next.value }
            previous = next
        }
        throw .leavesNumbers(
            what: "a variance of \(max(pair.firstVariance, pair.secondVariance)) of pre-activations is too large for a numerical "
                + "expectation of relative accuracy \(tolerance)",
            remedy: "scale the inputs or σ_w down, or use an activation with a closed form")
    }

    /// The integral, and √(E[f(u)²] E[f(v)²]) on the same points.
    private static func sum(_ f: (Double) -> Double, _ pair: GaussianPair, _ rule: LegendreRule) -> (value: Double, scale: Double) {
        let first = radius * pair.firstVariance.squareRoot(), second = radius * pair.secondVariance.squareRoot()
        let radial = zip(rule.points, rule.weights).map { r, weight in
            radius * radius * weight * r * exp(-0.5 * radius * radius * r * r)
        }
        var value = 0.0, firstSquare = 0.0, secondSquare = 0.0
        for (width, sign) in [(pair.supplement, 1.0), (pair.angle, -1.0)] where width > 0 {
            for (t, weight) in zip(rule.points, rule.weights) {
                let u = first * sin(width * t), v = second * sin(width * (1 - t))
                for (r, radialWeight) in zip(rule.points, radial) {
                    let factor = width * weight * radialWeight
                    let plus = (f(r * u), f(sign * r * v)), minus = (f(-r * u), f(-sign * r * v))
                    value += factor * (plus.0 * plus.1 + minus.0 * minus.1)
                    firstSquare += factor * (plus.0 * plus.0 + minus.0 * minus.0)
                    secondSquare += factor * (plus.1 * plus.1 + minus.1 * minus.1)
                }
            }
        }
        return (value / (2 * .pi), firstSquare.squareRoot() * secondSquare.squareRoot() / (2 * .pi))
    }
}

/// The Gauss–Legendre rule of n points on (0, 1).
struct LegendreRule: Sendable {
    let points: [Double]
    let weights: [Double]

    /// Rules of 24 to 924 points, each with half as many points again as the one before.
    static let ladder: [LegendreRule] = [24, 36, 54, 81, 122, 183, 274, 411, 616, 924].map(LegendreRule.init)

    /// Newton's iteration for the zeros of the Legendre polynomial P_n from Tricomi's asymptotic estimate, with weights
    /// 2/((1 − x²) P_n′(x)²); both halved for an interval of length 1.
    init(_ count: Int) {
        var points: [Double] = [], weights: [Double] = []
        for index in 0..<count {
            var x = -cos(.pi * (Double(index) + 0.75) / (Double(count) + 0.5))
            var slope = 1.0
            // Converges quadratically from 1/n²: four steps reach rounding, the fifth is for the slope there.
            for _ in 0..<5 {
                var last = 1.0, value = x
                for degree in 2...count {
                    let k = Double(degree)
                    (last, value) = (value, ((2 * k - 1) * x * value - (k - 1) * last) / k)
                }
                slope = Double(count) * (last - x * value) / ((1 - x) * (1 + x))
                x -= value / slope
            }
            points.append((1 + x) / 2)
            weights.append(1 / ((1 - x) * (1 + x) * slope * slope))
        }
        self.points = points
        self.weights = weights
    }
}
