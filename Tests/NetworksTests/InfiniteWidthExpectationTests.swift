import Foundation
import Networks
import Testing

/// Covariances of all sizes from a linear congruential generator, so that every run tests the same; the last ones degenerate.
private let pairs: [GaussianPair] = {
    var state: UInt64 = 20_24
    func uniform() -> Double {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Double(state >> 11) * 0x1p-53
    }
    var pairs: [GaussianPair] = []
    for _ in 0..<40 {
        let a = pow(10, 4 * uniform() - 3), b = pow(10, 4 * uniform() - 3)
        let correlation = 2 * uniform() - 1
        pairs.append(contentsOf: pair(a, b, correlation))
    }
    for correlation in [1, -1, 0, 1 - 1e-9, 1e-9 - 1, 1 - 1e-15] {
        pairs.append(contentsOf: pair(1.7, 0.4, correlation) + pair(0.6, 0.6, correlation))
    }
    return pairs + pair(0, 1, 0) + pair(0, 0, 0)
}()

private func pair(_ a: Double, _ b: Double, _ correlation: Double) -> [GaussianPair] {
    do {
        return [try GaussianPair(firstVariance: a, secondVariance: b, covariance: correlation * (a * b).squareRoot())]
    } catch {
        Issue.record("\(error)")
        return []
    }
}

/// E[f(u)f(v)] by the trapezoidal rule on Cartesian coordinates: another way than the library's. For f whose poles are no closer
/// to the real axis than π/2 (tanh), and variances up to 4, spacing 1/20 leaves e^(−2π·20·π/4), nothing.
private func trapezoid(_ f: (Double) -> Double, _ pair: GaussianPair) -> Double {
    let spacing = 0.05
    let a = pair.firstVariance.squareRoot()
    let slope = pair.covariance / a, rest = pair.secondVariance.squareRoot() * pair.sine
    var sum = 0.0
    for i in -180...180 {
        let z = Double(i) * spacing
        var inner = 0.0
        for j in -180...180 {
            let y = Double(j) * spacing
            inner += exp(-0.5 * y * y) * f(slope * z + rest * y)
        }
        sum += exp(-0.5 * z * z) * f(a * z) * inner
    }
    return sum * spacing * spacing / (2 * .pi)
}

@Suite struct InfiniteWidthExpectationTests {
    /// The quadrature's error is at most its tolerance times √(E[f(u)²] E[f(v)²]).
    @Test(arguments: Activation.all)
    func closedFormsEqualQuadrature(_ activation: Activation) throws {
        #expect(pairs.count == 54)
        for pair in pairs {
            for (name, f, closed) in [
                ("value", activation.value, activation.dual.value), ("slope", activation.slope, activation.dual.slope),
            ] {
                let square: (Double) throws -> Double = { variance in
                    try closed(GaussianPair(firstVariance: variance, secondVariance: variance, covariance: variance))
                }
                let scale = try (square(pair.firstVariance) * square(pair.secondVariance)).squareRoot()
                let difference = abs(try closed(pair) - GaussianQuadrature.expectation(of: f, over: pair))
                #expect(difference <= GaussianQuadrature.tolerance * scale, "\(name) at \(pair)")
            }
        }
    }

    /// Smooth activations only: the trapezoidal rule does not see relu's kink.
    @Test(arguments: Activation.all.filter { $0 != .relu }, [-0.95, 0, 0.4, 0.999])
    func quadratureEqualsTrapezoid(_ activation: Activation, _ correlation: Double) throws {
        let pair = try GaussianPair(firstVariance: 2.5, secondVariance: 0.7, covariance: correlation * (2.5 * 0.7).squareRoot())
        for f in [activation.value, activation.slope] {
            let scale = try [2.5, 0.7].map { variance in
                let same = try GaussianPair(firstVariance: variance, secondVariance: variance, covariance: variance)
                return try GaussianQuadrature.expectation(of: f, over: same)
            }.reduce(1) { $0 * $1.squareRoot() }
            let difference = abs(try GaussianQuadrature.expectation(of: f, over: pair) - trapezoid(f, pair))
            #expect(difference <= GaussianQuadrature.tolerance * scale)
        }
    }

    /// sign(z) is the limit of tanh: (2/π) arcsin ρ, from which tanh at variance a differs by O(1/√a); and what cannot be had is
    /// refused.
    @Test func largeVariances() throws {
        let a = 1e5
        let pair = try GaussianPair(firstVariance: a, secondVariance: a, covariance: 0.5 * a)
        #expect(abs(try Activation.tanh.dual.value(pair) - 1.0 / 3) <= 1 / a.squareRoot())
        let beyond = try GaussianPair(firstVariance: 1e12, secondVariance: 1e12, covariance: 0)
        #expect(throws: NetworkError.self) { try Activation.tanh.dual.slope(beyond) }
    }

    @Test(arguments: [(-1.0, 1.0, 0.0), (1, .nan, 0), (1, 1, 1.01), (.infinity, 1, 0), (1, 1, .nan)])
    func impossibleCovariancesAreRefused(_ a: Double, _ b: Double, _ c: Double) {
        #expect(throws: NetworkError.self) { try GaussianPair(firstVariance: a, secondVariance: b, covariance: c) }
    }
}
