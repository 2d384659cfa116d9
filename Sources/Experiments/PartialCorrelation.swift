import Arrays

extension Statistics {
    /// Spearman's partial correlation: that of the ranks of x and y once a straight line in the ranks of z is taken from both,
    /// (ρ_xy − ρ_xz ρ_yz)/√((1 − ρ_xz²)(1 − ρ_yz²)).
    /// - Throws: `StatisticsError`; `.noVariance` also where z orders x or y by itself, so that nothing is left.
    public static func partialSpearmanCorrelation(_ x: [Double], _ y: [Double], given z: [Double]) throws -> Double {
        let (xy, xz, yz) = (try spearmanCorrelation(x, y), try spearmanCorrelation(x, z), try spearmanCorrelation(y, z))
        let left = (1 - xz * xz) * (1 - yz * yz)
        guard left > 0 else { throw StatisticsError.noVariance }
        return min(1, max(-1, (xy - xz * yz) / left.squareRoot()))
    }
}
