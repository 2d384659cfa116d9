import Cosmology
import Networks

extension FrozenNetwork {
    /// The universe of several fields that the outputs on one point are dual to: its fields are the outputs, Θ⁻¹ the metric on their
    /// space, V = Σ_c l(f_c) + V₀ the potential.
    ///
    /// Energies are those of the canonical fields, Θ₀ times which are those of ``VacuumDomination``, so that M is M/√Θ₀ here. With constant
    /// friction the force F of the dictionary goes to the kernel.
    ///
    /// - Parameters:
    ///   - prediction: `paper`, `corrected`, `friedmann`, or `universe` of a schedule whose H is constant or Friedmann's.
    ///   - planckMass: M, for `friedmann`.
    /// - Returns: the universe and the time of a step in it; nil for several points, other predictions, and kernels that give some
    ///   direction no kinetic energy.
    /// - Throws: `DualityError`.
    public func fieldUniverse(_ prediction: Prediction, planckMass: Double = 1) throws(DualityError) -> (FieldUniverse, timeStep: Double)? {
        guard points == 1 else { return nil }
        try prediction.check(schedule, loss.shape)
        var (force, kick, timeStep) = (1.0, 0.0, schedule.learningRates[0].squareRoot())
        let hubble: Hubble
        var vacuum = 0.0
        switch prediction {
        case .paper, .corrected, .friedmann:
            let terms = try (prediction.dictionary ?? .standard).terms(
                learningRate: schedule.learningRates[0], momentum: schedule.momenta[0], planckMass: planckMass)
            (force, kick, timeStep) = (terms.forceFactor ?? 0, terms.initialVelocityFactor ?? 0, terms.timeStep)
            hubble = .constant((terms.friction ?? 0) / 3)
            if prediction == .friedmann {
                let leading = try leadingEigenvalue()
                return try universe(
                    prediction, .friedmann(planckMass: planckMass / leading.squareRoot()), kick: kick,
                    vacuum: (terms.vacuumEnergy ?? 0) / leading, timeStep: timeStep)
            }
        case .universe:
            switch try Expansion(schedule) {
            case .constant(let rate): hubble = .constant(rate)
            case .friedmann(let mass, let constant, let kernel):
                hubble = .friedmann(planckMass: mass / kernel.squareRoot())
                vacuum = constant / kernel
            default: return nil
            }
        default: return nil
        }
        return try universe(prediction, hubble, force: force, kick: kick, vacuum: vacuum, timeStep: timeStep)
    }

    private func universe(
        _ prediction: Prediction, _ hubble: Hubble, force: Double = 1, kick: Double = 0, vacuum: Double = 0, timeStep: Double
    ) throws(DualityError) -> (FieldUniverse, timeStep: Double)? {
        let slope = outputs.withUnsafeBufferPointer { outputs in
            [Double](unsafeUninitializedCapacity: outputs.count) { buffer, count in
                self.slope(of: outputs, factor: -kick, into: UnsafeMutableBufferPointer(rebasing: buffer[..<outputs.count]))
                count = outputs.count
            }
        }
        let velocity = outputs.indices.map { a in slope.indices.reduce(0) { $0 + tangentKernel[a * fields + $1] * slope[$1] } }
        do throws(UniverseError) {
            guard let space = try? FieldSpace(kernel: tangentKernel.map { force * $0 }) else { return nil }
            if let coupling = loss.shape.coupling {
                let potential = FieldPotential.function(
                    coupling.function, scale: loss.scale, origin: anchors, vacuumEnergy: vacuum)
                return (
                    try FieldUniverse(space: space, potential: potential, hubble: hubble, phi: outputs, velocity: velocity), timeStep
                )
            }
            var parts: [Potential] = []
            for (index, anchor) in anchors.enumerated() {
                let rest = index == 0 ? vacuum : 0
                switch loss.shape {
                case .evenPower(let degree):
                    parts.append(try .power(scale: loss.scale, minimum: anchor, degree: degree, vacuumEnergy: rest))
                case .doubleWell: parts.append(try .doubleWell(scale: loss.scale, minimum: anchor, vacuumEnergy: rest))
                case .coupled: break
                }
            }
            return (
                try FieldUniverse(space: space, potential: .sum(parts), hubble: hubble, phi: outputs, velocity: velocity), timeStep
            )
        } catch {
            throw ExpandingModes.explain(error, prediction)
        }
    }
}
