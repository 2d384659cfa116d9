extension DormandPrince853 {
    /// The default tolerances for a solution of that size: an absolute tolerance of 1e-14 is nothing to a field of size 1, and
    /// everything to one of 1e-14. Sizes above 1 keep it.
    ///
    /// - Parameter samples: states asked for; a hundred steps are allowed between two of them, where that is more than by default.
    public static func resolving(_ size: Double, samples: Int = 0) -> DormandPrince853 {
        let absolute = 1e-14 * min(1, size)
        var integrator = absolute > 0 ? DormandPrince853(absoluteTolerance: absolute) : DormandPrince853()
        integrator.maximumSteps = max(integrator.maximumSteps, samples.multipliedReportingOverflow(by: 100).overflow ? .max : 100 * samples)
        return integrator
    }
}
