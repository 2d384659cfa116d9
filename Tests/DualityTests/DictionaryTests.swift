import Duality
import Foundation
import Networks
import Testing

/// Dictionaries, regimes and bounds against golden data and closed forms.
@Suite struct DictionaryTests {
    /// Golden values are closed forms in float64; 1e-10 is the accepted distance.
    @Test func termsAreGolden() throws {
        let golden = try GoldenDictionary.load()
        #expect(golden.rows.count >= 5)
        for row in golden.rows {
            let paper = try DualityDictionary.paper.terms(learningRate: row.eta, momentum: row.gamma, planckMass: row.M)
            #expect(close(paper.timeStep, row.h, 1e-10))
            #expect(close(paper.friction, row.paper.threeH, 1e-10))
            #expect(close(paper.hubble, row.paper.H, 1e-10))
            #expect(close(paper.vacuumEnergy, row.paper.V0, 1e-10))
            #expect(close(paper.hubbleTime, 1 / row.paper.H, 1e-10))
            #expect(paper.forceFactor == 1 && paper.initialVelocityFactor == 0)
            let corrected = try DualityDictionary.corrected.terms(learningRate: row.eta, momentum: row.gamma, planckMass: row.M)
            #expect(close(corrected.friction, row.mass.threeH, 1e-10))
            #expect(close(corrected.forceFactor, row.mass.force_factor, 1e-10))
            #expect(close(corrected.initialVelocityFactor, row.mass.v0_over_minus_g0, 1e-10))
            // The corrected V₀ as it is defined, in units of t′ = t √(2/(1 + γ)).
            let vacuum = 2 * row.M * row.M * (1 - row.gamma) * (1 - row.gamma) / (3 * (1 + row.gamma) * row.eta)
            #expect(close(corrected.vacuumEnergy, vacuum, 1e-10))
        }
    }

    /// The dictionaries the other way, in closed form at η = 1/9, 3H = 1.2: 3H√η = 0.4.
    @Test func momentumFollowsFromTheHubbleRate() throws {
        for (dictionary, momentum) in [
            (DualityDictionary.paper, 0.6), (.corrected, 0.8 / 1.2), (.exact, exp(-0.4)), (.fourthOrder, exp(-0.4)),
        ] {
            #expect(close(try dictionary.momentum(hubble: 0.4, learningRate: 1.0 / 9), momentum, 1e-14))
            #expect(try dictionary.momentum(hubble: 0, learningRate: 0.1) == 1)
            for momentum in [0.1, 0.5, 0.99] {
                let rate = try #require(try dictionary.terms(learningRate: 0.04, momentum: momentum, curvature: 0.3).hubble)
                #expect(close(try dictionary.momentum(hubble: rate, learningRate: 0.04), momentum, 1e-13))
            }
            for wrong in [-1, .nan, .infinity] {
                #expect(throws: DualityError.self) { try dictionary.momentum(hubble: wrong, learningRate: 0.04) }
            }
        }
        // Momentum 0 has 3H = 1/√η and 2/√η.
        #expect(throws: DualityError.self) { try DualityDictionary.paper.momentum(hubble: 1.7, learningRate: 0.04) }
        #expect(try DualityDictionary.corrected.momentum(hubble: 1.7, learningRate: 0.04) > 0)
        #expect(throws: DualityError.self) { try DualityDictionary.corrected.momentum(hubble: 3.4, learningRate: 0.04) }
    }

    @Test func exactTermsAndRegimesAreGolden() throws {
        for row in try GoldenDictionary.load().rows {
            for mode in row.roots {
                let regime = try Regime(stepCurvature: row.eta * mode.lam, momentum: row.gamma)
                #expect(regime.rawValue == (mode.regime == "negative_roots" ? "noContinuumDual" : mode.regime))
                #expect((regime != .unstable) == mode.stable)
                let terms = try DualityDictionary.exact.terms(learningRate: row.eta, momentum: row.gamma, curvature: mode.lam)
                guard let friction = mode.exact_threeH, let frequency = mode.exact_Omega2 else {
                    #expect(row.gamma == 0)
                    #expect(terms.friction == nil && terms.hubble == nil && terms.vacuumEnergy == nil && terms.hubbleTime == nil)
                    guard case .firstOrder(let rate) = terms.dynamics else { throw Unexpected(found: "\(terms.dynamics)") }
                    #expect(close(rate, -log(mode.z[0][0]) / row.h, 1e-10))
                    continue
                }
                #expect(close(terms.friction, friction, 1e-10))
                #expect(close((terms.forceFactor ?? .nan) * mode.lam, frequency, 1e-10))
            }
        }
    }

    /// The recursion of the golden data has f_min = 0 and Θ₀ l′ = λ f: s = ½, Θ = λ. The field of the exact dictionary passes
    /// through the same points.
    @Test func trajectoriesAreGolden() throws {
        for row in try GoldenDictionary.load().rows {
            for mode in row.roots {
                let network = try FrozenNetwork(
                    output: 1, tangentKernel: mode.lam, loss: .power(scale: 0.5, minimum: 0),
                    schedule: Schedule(learningRate: row.eta, momentum: row.gamma), steps: mode.f_recursion.count - 1)
                #expect(distance(try Prediction.frozen.trajectory(of: network).values, mode.f_recursion) <= 1e-10)
                #expect(distance(try Prediction.exact.trajectory(of: network).values, mode.f_recursion) <= 1e-10)
            }
        }
    }

    @Test func largestLearningRatesAreGolden() throws {
        for row in try GoldenDictionary.load().eta_max {
            let potential = row.Theta0 * row.l0
            let paper = try VacuumDomination.largestLearningRate(
                .paper, potential: potential, momentum: row.gamma, planckMass: row.M, dominance: row.kappa)
            #expect(close(paper, row.eta_max, 1e-10))
            // At the bound, V₀ is κ times the potential, in either dictionary.
            for dictionary in [DualityDictionary.paper, .corrected] {
                let bound = try VacuumDomination.largestLearningRate(
                    dictionary, potential: potential, momentum: row.gamma, planckMass: row.M, dominance: row.kappa)
                let terms = try dictionary.terms(learningRate: bound, momentum: row.gamma, planckMass: row.M)
                let ratio = VacuumDomination.ratio(potential: potential, vacuumEnergy: terms.vacuumEnergy ?? .nan)
                #expect(close(ratio * row.kappa, 1, 1e-12))
            }
        }
        #expect(try VacuumDomination.largestLearningRate(potential: 0, momentum: 0.5) == .infinity)
        #expect(try VacuumDomination.largestLearningRate(potential: 1, momentum: 1) == 0)
    }

    /// The exact field solves its own equation: the closed form at t = k√η against the integration of the terms' equation.
    /// Both are good to 1e-11 (the integrator's tolerance of 1e-12 over some tens of time scales).
    @Test(arguments: [0.9, 0.99, 1.0, 0.5, 0.1], [-0.02, 0, 1e-9, 0.0026, 0.01, 0.3, 1.5])
    func exactTermsGiveTheExactTrajectory(momentum: Double, stepCurvature: Double) throws {
        let learningRate = 0.04
        let curvature = stepCurvature / learningRate
        let terms = try DualityDictionary.exact.terms(learningRate: learningRate, momentum: momentum, curvature: curvature)
        guard case .secondOrder(let friction, let factor, let kick) = terms.dynamics else { throw Unexpected(found: "\(terms)") }
        // Classical Runge–Kutta with 200 steps a sample: error below (0.01)^4 of a step's rate, 1e-9 of the field.
        var (f, v) = (1.0, -kick * curvature)
        let step = terms.timeStep / 200
        let omega = factor * curvature
        let network = try FrozenNetwork(
            output: 1, tangentKernel: curvature, loss: .power(scale: 0.5, minimum: 0),
            schedule: Schedule(learningRate: learningRate, momentum: momentum), steps: 20)
        let recursion = try Prediction.frozen.trajectory(of: network).values
        for k in 1...20 {
            for _ in 0..<200 {
                func acceleration(_ f: Double, _ v: Double) -> Double { -friction * v - omega * f }
                let a1 = acceleration(f, v)
                let (f2, v2) = (f + 0.5 * step * v, v + 0.5 * step * a1)
                let a2 = acceleration(f2, v2)
                let (f3, v3) = (f + 0.5 * step * v2, v + 0.5 * step * a2)
                let a3 = acceleration(f3, v3)
                let (f4, v4) = (f + step * v3, v + step * a3)
                let a4 = acceleration(f4, v4)
                f += step / 6 * (v + 2 * v2 + 2 * v3 + v4)
                v += step / 6 * (a1 + 2 * a2 + 2 * a3 + a4)
            }
            #expect(abs(f - recursion[k]) <= 1e-8 * max(1, abs(f)))
        }
    }

    /// For γ → 1 at fixed 3H all dictionaries become the paper's, with corrections of first order in √η.
    @Test(arguments: DualityDictionary.allCases)
    func dictionariesAgreeForSmallSteps(_ dictionary: DualityDictionary) throws {
        let step = 1e-5
        let terms = try dictionary.terms(learningRate: step * step, momentum: 1 - 0.6 * step, curvature: 2)
        #expect(close(terms.friction, 0.6, 10 * step))
        #expect(close(terms.forceFactor, 1, 10 * step))
        #expect(close(terms.vacuumEnergy, 0.12, 10 * step))
    }

    /// Without friction nothing expands.
    @Test(arguments: DualityDictionary.allCases)
    func momentumOneHasNoFriction(_ dictionary: DualityDictionary) throws {
        let terms = try dictionary.terms(learningRate: 0.01, momentum: 1, curvature: 3)
        #expect(terms.friction == 0 && terms.hubble == 0 && terms.vacuumEnergy == 0 && terms.hubbleTime == nil)
    }

    /// Just below, at and just above each bound, with q and γ exact in binary where the bound is to be hit.
    @Test(arguments: [
        (0.25, 0.0, Regime.overdamped), (0.25, 0.25, .overdamped), (0.25, 0.2501, .underdamped), (0.25, 2.2499, .underdamped),
        (0.25, 2.25, .noContinuumDual), (0.25, 2.4999, .noContinuumDual), (0.25, 2.5, .unstable), (0.25, -0.1, .tachyonic),
        (0, 0.9999, .overdamped), (0, 1, .noContinuumDual), (0, 1.0001, .noContinuumDual), (0, 2, .unstable), (1, 3.999, .underdamped),
        (1, 4, .unstable), (1, 0, .overdamped),
    ])
    func regimeBoundaries(momentum: Double, stepCurvature: Double, regime: Regime) throws {
        #expect(try Regime(stepCurvature: stepCurvature, momentum: momentum) == regime)
    }

    /// The regimes say what the recursion does: it alternates in sign, oscillates slower than that, creeps, or grows.
    @Test(arguments: [(0.25, 0.1), (0.25, 1.0), (0.25, 2.4), (0.25, 2.6), (0.25, -0.1), (0, 0.5), (0, 1.5), (0, 2.1), (0.9, 3.7)])
    func regimesDescribeTheRecursion(momentum: Double, stepCurvature: Double) throws {
        let network = try FrozenNetwork(
            output: 1, tangentKernel: stepCurvature, loss: .power(scale: 0.5, minimum: 0),
            schedule: Schedule(learningRate: 1, momentum: momentum), steps: 400)
        let f = try Prediction.frozen.trajectory(of: network).values
        let changes = (20..<60).count { f[$0] * f[$0 + 1] < 0 }
        let grows = abs(f[400]) > 1
        switch try Regime(stepCurvature: stepCurvature, momentum: momentum) {
        case .overdamped: #expect(changes == 0 && !grows)
        case .underdamped: #expect(changes > 0 && changes < 40 && !grows)
        case .noContinuumDual: #expect(changes == 40 && !grows)
        case .unstable: #expect(changes == 40 && grows)
        case .tachyonic: #expect(changes == 0 && grows)
        }
    }

    @Test func stabilityBoundIsTheLargestStableLearningRate() throws {
        let bounds = try RegimeBounds(momentum: 0.5)
        #expect(bounds.largestStableLearningRate(curvature: 6) == 0.5)
        #expect(bounds.largestStableLearningRate(curvature: -1) == .infinity)
    }
}

/// A value of a kind that the test did not foresee.
struct Unexpected: Error {
    let found: String
}
