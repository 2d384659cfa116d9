/// A condition under which a frozen network is dual to a field in an expanding universe, with what was measured.
public struct Condition: Sendable, Hashable {
    /// The conditions, by name.
    public enum Name: String, Sendable, Hashable, Codable, CaseIterable {
        /// The kernel stays what it was.
        case frozenKernel
        /// The changes of the kernel are a small correction, for a prediction that knows them.
        case smallCorrection
        /// V₀ dominates the universe.
        case vacuumDomination
        /// The steps are short beside the times of the field, and the phase that they lose over the training is small.
        case smallStep
        /// Friction takes no more than a step can follow, of optimisers that have an H of their own.
        case frictionPerStep
        /// The leading mode has a continuum dual.
        case regime
        /// The mean field does not feel its perturbations.
        case smallPerturbations
        /// The leading eigenvector of the kernel is the mean.
        case leadingMode
    }

    public let name: Name
    /// The measured number; infinite where V₀ = 0.
    public let measured: Double
    /// What it is compared with.
    public let threshold: Double
    public let holds: Bool
    /// What was measured and what follows.
    public let sentence: String
}

/// The thresholds of the conditions, each chosen so that what it neglects stays near 1 % of the travel.
public struct ConditionThresholds: Sendable, Hashable, Codable {
    /// Greatest |ΔΘ|/Θ. Errors were measured at 0.22 (γ = 0) to 0.38 (γ = 0.9) times the drift. Default 0.025.
    public var kernelDrift: Double
    /// Greatest sum of the sizes of the terms of order 1/width over the travel. Of 1100 trainings (erf, depth 1, widths 8 to 1024, travel
    /// ½ to 3, γ = 0 and 0.9) those below 0.1 were predicted to 0.9 % of the travel or better; the error goes with the square. Default 0.1.
    public var correction: Double
    /// Greatest Θ₀ l(f₀)/V₀ (κ = 10): Friedmann friction then differs by at most 1.6 %. Default 0.1.
    public var vacuumRatio: Double
    /// Greatest difference between the field and heavy ball for the steps alone, over the travel; it is found in closed form. Default 0.01.
    public var stepError: Double
    /// Greatest ½ |l‴| ⟨δf²⟩ / |l′|, the share of the force on the mean that comes from the perturbations. Default 0.01.
    public var perturbations: Double
    /// Least |v₁·1|/√N of the leading eigenvector v₁. Default 0.99.
    public var alignment: Double

    /// The defaults stated with each.
    public init(
        kernelDrift: Double = 0.025, vacuumRatio: Double = 0.1, stepError: Double = 0.01,
        perturbations: Double = 0.01, alignment: Double = 0.99, correction: Double = 0.1
    ) {
        self.kernelDrift = kernelDrift
        self.correction = correction
        self.vacuumRatio = vacuumRatio
        self.stepError = stepError
        self.perturbations = perturbations
        self.alignment = alignment
    }
}
