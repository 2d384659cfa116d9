extension DormandPrince853 {
    /// The default tolerances for a solution of that size: an absolute tolerance of 1e-14 is nothing to a field of size 1, and
    /// everything to one of 1e-14. Sizes above 1 keep it.
    public static func resolving(_ size: Double) -> DormandPrince853 {
        let absolute = 1e-14 * min(1, size)
        return absolute > 0 ? DormandPrince853(absoluteTolerance: absolute) : DormandPrince853()
    }
}
