import Networks

/// N equally spaced points in an interval of α Hubble lengths to either side of 0. With the paper's dictionary η = 1/9, γ = 0 gives
/// H = 1, so lengths are in units of 1.
enum PointInterval {
    /// The number of points in the experiments.
    static let count = 20

    /// The points from −α to α.
    static func inputs(alpha: Double) throws -> Inputs {
        try Inputs((0..<count).map { alpha * (2 * Double($0) / Double(count - 1) - 1) })
    }
}
