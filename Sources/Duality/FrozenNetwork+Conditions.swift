import Arrays
import Networks

extension FrozenNetwork {
    /// The conditions of the duality that apply to this network, in the order of `Condition.Name`; those that do not hold are
    /// what an error should be blamed on.
    ///
    /// Of other optimisers than heavy ball there are those of the kernel and of the mean field, and that of friction where H is the optimiser's.
    /// Schedules that change are judged by the step with the greatest learning rate. H and V₀ are the paper's, whatever predicts,
    /// as in KS fig. 3.
    /// - Parameters:
    ///   - prediction: what predicts; `exact`, `frozen` and `nlo` need no small step, and `nlo` a small correction in the place of a frozen
    ///     kernel.
    ///   - planckMass: the reduced Planck mass M. Default 1.
    ///   - trained: outputs at each step, (K + 1, N·C); the curvature of the loss is taken where the training went, or at the
    ///     start if none is given.
    ///   - kernelDrift: |Θ(T) − Θ(0)|/Θ(0), if it was measured.
    ///   - thresholds: default as documented there.
    /// - Throws: `DualityError`.
    public func conditions(
        prediction: Prediction = .standard, planckMass: Double = 1, trained: [Double]? = nil, kernelDrift: Double? = nil,
        thresholds: ConditionThresholds = .init()
    ) throws(DualityError) -> [Condition] {
        var conditions: [Condition] = []
        func require(_ name: Condition.Name, _ measured: Double, atMost limit: Double, _ sentence: String) {
            conditions.append(
                Condition(name: name, measured: measured, threshold: limit, holds: measured <= limit, sentence: sentence))
        }
        let (learningRate, momentum) = largestStep
        let leading = try leadingEigenvalue()

        if prediction == .nlo {
            require(
                .smallCorrection, try nextToLeadingOrder().spread, atMost: thresholds.correction,
                "terms of order 1/width over travel: beyond it what the next order leaves out, about their square, shows; widen the network, "
                    + "or bring the minimum closer")
        } else if let kernelDrift {
            require(
                .frozenKernel, kernelDrift, atMost: thresholds.kernelDrift,
                "|Θ(T) − Θ(0)|/Θ(0): a kernel that drifts further moves the trajectory by 0.2 to 0.4 times as much; widen the network")
        }

        guard schedule.rule == .heavyBall else {
            if let friction = greatestFrictionPerStep() {
                require(
                    .frictionPerStep, friction, atMost: Self.largestFrictionPerStep(error: thresholds.stepError, steps: steps),
                    "3H√η at its greatest: beyond it the first steps overshoot the friction and alternate in sign, by which a slowly rolling field "
                        + "is off by more than \((100 * thresholds.stepError).text()) % of its travel, and H and the e-folds by anything; lower "
                        + "the learning rate, or take a " + (schedule.rule == .friedmann ? "larger Planck mass M" : "smaller H"))
            }
            try appendMeanFieldConditions(to: &conditions, thresholds: thresholds)
            return conditions
        }
        let terms = try DualityDictionary.paper.terms(learningRate: learningRate, momentum: momentum, planckMass: planckMass)
        require(
            .vacuumDomination, abs(VacuumDomination.ratio(potential: try potential(), vacuumEnergy: terms.vacuumEnergy ?? 0)),
            atMost: thresholds.vacuumRatio,
            momentum < 1
                ? "|Θ₀ l(f₀)|/V₀: beyond it the expansion slows as the field rolls, while the friction of the training stays; "
                    + "lower the learning rate or the loss"
                : "|Θ₀ l(f₀)|/V₀: momentum 1 is no friction, H = 0 and V₀ = 0, whatever the learning rate is; use a momentum below 1")

        let (curvature, least) = curvatureRange(trained: trained)
        let q = learningRate * leading * curvature
        if ![.exact, .frozen, .nlo].contains(prediction) {
            let stepError = StepError(prediction: prediction, momentum: momentum)
            var error = 0.0
            for stepCurvature in try stepCurvatures(learningRate: learningRate, greatest: curvature, least: least) {
                error = max(error, try stepError.ofMode(stepCurvature, steps: steps))
            }
            if !loss.shape.isQuadratic { error *= 1.25 }
            require(
                .smallStep, error, atMost: thresholds.stepError,
                "error of the steps over travel, from the roots of a mode with q = η L₁ l″: beyond it the steps themselves show, or the "
                    + "phase that they lose adds up over the training; lower the learning rate, train for fewer steps, or use the "
                    + (prediction == .corrected || prediction == .fourthOrder
                        ? "exact dictionary or the frozen recursion" : "corrected dictionary"))
        }

        let regime = try Regime(stepCurvature: q, momentum: momentum)
        let bounds = try RegimeBounds(momentum: momentum)
        conditions.append(
            Condition(
                name: .regime, measured: q, threshold: regime == .unstable ? bounds.stable : bounds.continuum,
                holds: regime.hasContinuumDual, sentence: "η L₁ l″: the leading mode is \(regime.phrase)"))
        try appendMeanFieldConditions(to: &conditions, thresholds: thresholds)
        return conditions
    }

    /// Conditions of the mean field beside its perturbations: for several points that share their anchors.
    private func appendMeanFieldConditions(to conditions: inout [Condition], thresholds: ConditionThresholds) throws(DualityError) {
        let width = fields / points
        guard points > 1, (0..<fields).allSatisfy({ anchors[$0] == anchors[$0 % width] }) else { return }
        if !loss.shape.isQuadratic, loss.shape.coupling == nil {
            let share = (0..<width).map { meanFieldShare(output: $0, of: width) }.max() ?? 0
            conditions.append(
                Condition(
                    name: .smallPerturbations, measured: share, threshold: thresholds.perturbations,
                    holds: share <= thresholds.perturbations,
                    sentence: "½ |l‴| ⟨δf²⟩/|l′|: beyond it the perturbations push the mean field; put the points closer together"))
        }
        guard width == 1 else { return }
        let vectors = try modes().vectors
        var sum = 0.0
        for point in 0..<points { sum += vectors[point * points] }
        let alignment = abs(sum) / Double(points).squareRoot()
        conditions.append(
            Condition(
                name: .leadingMode, measured: alignment, threshold: thresholds.alignment, holds: alignment >= thresholds.alignment,
                sentence: "|v₁·1|/√N: below it the leading mode of the kernel is not the mean of the outputs; raise σ_b, or put the "
                    + "points closer together"))
    }

    private func meanFieldShare(output: Int, of width: Int) -> Double {
        let values = stride(from: output, to: fields, by: width).map { outputs[$0] }
        let mean = values.reduce(0, +) / Double(points)
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(points)
        let anchor = anchors[output]
        let push = 0.5 * abs(loss.shape.thirdDerivative(mean, anchor: anchor, scale: loss.scale)) * variance
        return push == 0 ? 0 : push / abs(loss.shape.slope(mean, anchor: anchor, scale: loss.scale))
    }

    /// η L_i l″ of the modes whose motion is judged: at the greatest l″ of the training, and at the least where it is negative; from the
    /// first mode of the kernel down to the last in halves, as errors change little between two modes so near.
    private func stepCurvatures(learningRate: Double, greatest: Double, least: Double) throws(DualityError) -> [Double] {
        var rates = [try leadingEigenvalue()]
        if fields > 1 {
            let last = try modes().values.last { $0 > 1e-12 * rates[0] * Double(points) } ?? 0
            while rates[rates.count - 1] / 2 > last / Double(points) { rates.append(rates[rates.count - 1] / 2) }
            if last > 0 { rates.append(last / Double(points)) }
        }
        let curvatures = least < 0 ? [greatest, least] : [greatest]
        return rates.flatMap { rate in curvatures.map { learningRate * rate * $0 } }
    }

    private var largestStep: (learningRate: Double, momentum: Double) {
        var best = (schedule.learningRate(at: 0), schedule.momentum(at: 0))
        if !schedule.isConstant {
            for step in 1..<max(1, schedule.learningRates.count) where schedule.learningRate(at: step) > best.0 {
                best = (schedule.learningRate(at: step), schedule.momentum(at: step))
            }
        }
        return best
    }

    /// The greatest and the least l″ at finite outputs of the training.
    private func curvatureRange(trained: [Double]?) -> (greatest: Double, least: Double) {
        var (greatest, least) = (-Double.infinity, Double.infinity)
        if loss.shape.coupling != nil {
            for value in coupledCurvatures(of: trained ?? outputs) { (greatest, least) = (max(greatest, value), min(least, value)) }
            return greatest >= least ? (greatest, least) : (0, 0)
        }
        for (index, value) in (trained ?? outputs).enumerated() {
            let curvature = loss.shape.curvature(value, anchor: anchors[index % fields], scale: loss.scale)
            guard curvature.isFinite else { continue }
            greatest = max(greatest, curvature)
            least = min(least, curvature)
        }
        return greatest >= least ? (greatest, least) : (0, 0)
    }
}

extension FrozenNetwork {
    /// The eigenvalues of ∂²l/∂f_a∂f_b where they are finite.
    private func coupledCurvatures(of trained: [Double]) -> [Double] {
        let count = fields / points
        var curvatures = [Double](repeating: 0, count: count * count), found: [Double] = []
        for first in stride(from: 0, to: trained.count, by: count) {
            let f = Array(trained[first..<first + count]), m = Array(anchors[first % fields..<first % fields + count])
            f.withUnsafeBufferPointer { f in
                m.withUnsafeBufferPointer { m in
                    curvatures.withUnsafeMutableBufferPointer { loss.shape.writeCurvatures(f, anchors: m, scale: loss.scale, into: $0) }
                }
            }
            if let values = try? SymmetricEigen.eigenvalues(of: curvatures, order: count).values { found += values }
        }
        return found
    }
}

extension Regime {
    /// The regime in words that complete "the mode is …".
    public var phrase: String {
        switch self {
        case .overdamped: "overdamped, it creeps"
        case .underdamped: "underdamped, it oscillates"
        case .noContinuumDual: "without a continuum dual, it alternates in sign from step to step; lower the learning rate"
        case .unstable: "unstable, its steps overshoot and grow; lower the learning rate"
        case .tachyonic: "tachyonic, it rolls off a maximum of the loss"
        }
    }
}

extension LossShape {
    /// l‴.
    func thirdDerivative(_ f: Double, anchor m: Double, scale s: Double) -> Double {
        switch self {
        case .evenPower(let n):
            n < 3 ? 0 : s * Double(n * (n - 1) * (n - 2)) * (0..<(n - 3)).reduce(1.0) { product, _ in product * (f - m) }
        case .doubleWell: 6 * s * f
        case .coupled: .nan
        }
    }
}
