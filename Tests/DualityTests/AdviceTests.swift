import Duality
import Foundation
import Networks
import Testing

/// What a kernel at the start says of the learning rate and the momentum, against closed forms of heavy ball on quadratic losses.
@Suite struct AdviceTests {
    /// Modes of a diagonal kernel: fields that start at 1 each, with the loss ½ Σ f²: q_i = η λ_i for one point, where the factor 2s/N is 1.
    private static func network(_ eigenvalues: [Double], start: [Double]? = nil) throws -> FrozenNetwork {
        let count = eigenvalues.count
        var kernel = [Double](repeating: 0, count: count * count)
        for (index, value) in eigenvalues.enumerated() { kernel[index * (count + 1)] = value }
        return try FrozenNetwork(
            outputs: start ?? eigenvalues.map { _ in 1 }, tangentKernel: kernel, points: 1, loss: .power(scale: 0.5, minimum: 0),
            schedule: Schedule(learningRate: 1), steps: 0)
    }

    private static func loss(_ eigenvalue: Double, _ learningRate: Double, _ momentum: Double, _ steps: Int) throws -> Double {
        try LossForecast(network([eigenvalue])).finalLoss(learningRate: learningRate, momentum: momentum, steps: steps)
    }

    /// γ = 0: (1 − q)^k. A double root r = √γ: (1 + (1 − r)k) r^k. A pair e^{±iφ} r: r^k [cos φk + (1 − r cos φ)/(r sin φ) … ] from c_{−1} = c_0.
    /// Rounding grows at most as k products of matrices of norm below 3, squared: 1e-12 for these k.
    @Test func finalLossesAreThoseOfTheRoots() throws {
        for (q, steps) in [(0.3, 7), (1.9, 12), (2.1, 5), (1, 3)] {
            let expected = 0.5 * pow(1 - q, Double(2 * steps))
            #expect(abs(try Self.loss(q, 1, 0, steps) - expected) <= 1e-12 * max(expected, 1e-12))
        }
        for momentum in [0.25, 0.81] {
            let root = momentum.squareRoot(), q = (1 - root) * (1 - root)
            for steps in [1, 10, 33] {
                let amplitude = (1 + (1 - root) * Double(steps)) * pow(root, Double(steps))
                #expect(abs(try Self.loss(q / 0.2, 0.2, momentum, steps) - 0.5 * amplitude * amplitude) <= 1e-12)
            }
        }
        // c_k = r^k (cos φk + b sin φk), and c_{−1} = 1 gives b = (cos φ − r)/sin φ.
        let (momentum, q) = (0.9, 0.4), r = 0.9.squareRoot(), cosine = (1 + momentum - q) / (2 * r), angle = acos(cosine)
        for steps in [1, 2, 50] {
            let phase = angle * Double(steps)
            let amplitude = pow(r, Double(steps)) * (cos(phase) + (cosine - r) / sin(angle) * sin(phase))
            #expect(abs(try Self.loss(q, 1, momentum, steps) - 0.5 * amplitude * amplitude) <= 1e-12)
        }
        #expect(try Self.loss(1, 5, 0.5, 10_000) == .infinity)
    }

    /// Losses that are not quadratic follow f ← f + γ(f − f_old) − ηΘ l′(f), here written out once more.
    @Test func otherLossesFollowTheRecursion() throws {
        let network = try FrozenNetwork(
            output: 0.2, tangentKernel: 1.5, loss: .power(degree: 4, scale: 0.1, minimum: 1), schedule: Schedule(learningRate: 1), steps: 0)
        var (now, before) = (0.2, 0.2)
        for _ in 0..<25 { (now, before) = (now + 0.7 * (now - before) - 0.3 * 1.5 * 0.4 * pow(now - 1, 3), now) }
        let found = try LossForecast(network).finalLoss(learningRate: 0.3, momentum: 0.7, steps: 25)
        #expect(abs(found - 0.1 * pow(now - 1, 4)) <= 1e-14)
    }

    /// Polyak's pair, γ = ((√κ − 1)/(√κ + 1))² and η = (1 + √γ)²/λ₁, is the best rate for modes between λ₁/κ and λ₁. After K steps its loss is
    /// at most Σ ½ (1 + (1 + r)k)² r^{2k}, r = √γ; what is advised must not need more than 15 % more steps to reach that, since it keeps 2 % of
    /// distance to the edge and asks that η may be 1 % off.
    @Test(arguments: [10.0, 100, 1000]) func advisesAsPolyakDoes(condition: Double) throws {
        let steps = 200, root = (condition.squareRoot() - 1) / (condition.squareRoot() + 1)
        let eigenvalues = [2, 2 / condition.squareRoot(), 2 / condition]
        let draft = try Advice.Draft(Self.network(eigenvalues), steps: steps, range: AdviceRange())
        let forecast = try LossForecast(Self.network(eigenvalues))
        func amplitude(_ eigenvalue: Double, _ learningRate: Double, _ momentum: Double, _ count: Int) -> Double {
            var (now, before) = (1.0, 1.0)
            for _ in 0..<count { (now, before) = ((1 + momentum - learningRate * eigenvalue) * now - momentum * before, now) }
            return now
        }
        let polyak = eigenvalues.reduce(0.0) {
            let value = amplitude($1, (1 + root) * (1 + root) / 2, root * root, steps)
            return $0 + 0.5 * value * value
        }
        let least = max(polyak, 1e-14)
        let losses = try forecast.losses(learningRate: draft.learningRate, momentum: draft.momentum, steps: steps * 115 / 100)
        #expect(losses.contains { $0 <= least }, "η = \(draft.learningRate), γ = \(draft.momentum), \(losses[steps]) and \(polyak)")
    }

    /// Where the kernel does not move, nothing is unsure, and every number of the advice has a closed form.
    @Test func aKernelThatStaysIsSure() throws {
        let network = try Self.network([4, 1], start: [1, -2])
        let draft = try Advice.Draft(network, steps: 40, range: AdviceRange(largestMomentum: 0))
        // Without momentum: η = 2/(λ₁ + λ₂) = 0.4 is best where both modes weigh the same; they decay as (1 − 4η)² and (1 − η)².
        #expect(draft.momentum == 0 && abs(draft.learningRate - 0.4) < 0.01)
        // The move is u = Θ⁻¹ (f_K − f_0), and a = f + u for one point.
        let anchors = draft.probe.anchors(network.outputs)
        #expect(abs(anchors[0] - (1 - 1 / 4.0)) < 1e-3 && abs(anchors[1] - (-2 + 2)) < 1e-3)
        let moved = [1 + 4 * draft.probe.coefficients[0], -2 + draft.probe.coefficients[1]]
        let advice = try draft.advice(outputs: moved, kernel: network.tangentKernel)
        #expect(advice.trust.word == .sure && advice.trust.kernelDrift == 0 && advice.trust.linearisationError < 1e-12)
        #expect(advice.initialLoss == 2.5 && advice.curvature == 4)
        #expect(try advice.largestStableLearningRate(momentum: 0.5) == 0.75)
        // (1 − γ)² M²/(3 · 10 · Θ₀l₀) with Θ₀l₀ = 4 · 2.5.
        #expect(abs(try advice.largestVacuumLearningRate(momentum: 0.5, planckMass: 2) - 0.25 * 4 / 300) < 1e-15)
        #expect(advice.modes.map(\.eigenvalue) == [4, 1])
        #expect(abs((advice.modes[0].share ?? 0) - 0.2) < 1e-15 && abs((advice.modes[1].share ?? 0) - 0.8) < 1e-15)
        // q = 1.6 has no critical momentum; (1 − √0.4)² has q = 0.4. (1 − q)^k ≤ 0.01: k = ln 0.01/ln 0.6 = 9.02.
        #expect(advice.modes[0].criticalMomentum == nil && abs((advice.modes[1].criticalMomentum ?? 0) - 0.1351) < 0.01)
        #expect(advice.modes.map { $0.learnedAt } == [10, 10] || advice.modes.allSatisfy { [9, 10].contains($0.learnedAt ?? 0) })
    }

    /// What is seen at the end: an error e and a drift are those of the arrays that are given.
    @Test func findsDriftAndError() throws {
        let network = try Self.network([1])
        let draft = try Advice.Draft(network, steps: 20, range: AdviceRange())
        let end = 1 + draft.probe.coefficients[0]
        let advice = try draft.advice(outputs: [end + 0.25], kernel: [1.5])
        #expect(abs(advice.trust.kernelDrift - 0.5) < 1e-12 && abs(advice.trust.linearisationError - 0.25 / (1 - end)) < 1e-6)
        #expect(advice.trust.word == .warning)
        // 0.5/0.025 is more than 0.25/0.05.
        #expect(abs(advice.trust.widthFactor - 20) < 1e-9)
    }

    @Test func refusesWhatCannotBeAdvised() throws {
        let network = try Self.network([1])
        #expect(throws: DualityError.self) { try Advice.Draft(network, steps: 0, range: AdviceRange()) }
        #expect(throws: DualityError.self) { try AdviceRange(leastLearningRate: 2, largestLearningRate: 1) }
        #expect(throws: DualityError.self) { try AdviceRange(leastLearningRate: .nan) }
        #expect(throws: DualityError.self) { try AdviceRange(largestMomentum: 1) }
        // 5 is above 2(1 + 0.99)/1.
        #expect(throws: DualityError.self) { try Advice.Draft(network, steps: 5, range: AdviceRange(leastLearningRate: 5)) }
        // Nothing to learn.
        #expect(throws: DualityError.self) { try Advice.Draft(Self.network([1], start: [0]), steps: 5, range: AdviceRange()) }
        #expect(throws: DualityError.self) { try Advice.Draft(Self.network([0]), steps: 5, range: AdviceRange()) }
    }

    /// The lattice has γ = 0 and ½ to 0.98, and learning rates up to 97 % of the edge, 2(1 + γ)/L.
    @Test func theLatticeReachesToTheEdge() {
        let lattice = Advice.lattice(side: 8, curvature: 3)
        #expect(lattice.count == 64 && lattice[0].momentum == 0 && lattice[63].momentum == 0.98 && lattice[8].momentum == 0.5)
        #expect(abs(lattice[7].learningRate - 0.97 * 2 / 3) < 1e-6 && abs(lattice[56].learningRate - 0.01 * 2 * 1.98 / 3) < 1e-6)
    }
}
