import Foundation

/// A lattice whose weights vary from site to site, and a packet that is let go on it.
struct GeodesicSetting: Sendable {
    /// What it is called.
    let name: String
    /// What is recorded for a student to learn.
    let teacher: LatticeNetwork
    /// Where the packet begins, its wave number in radians a site, and its width in sites.
    let position, momentum: [Double]
    let width: Double
    /// How long it is followed.
    let steps: Int
    /// Over how many sites learned weights are smoothed before a metric is read from them.
    let smoothing: Double

    /// A packet that meets a well of slow waves on a line of 2048 sites: A = 0.25(1 − b/2), b = exp(−((s − N/2)/0.12N)²), M = 0.0025,
    /// k_0 = 0.15.
    static func well(_ options: LearningOptions) throws -> GeodesicSetting {
        try line("well", options, massSquared: 0.0025, momentum: 0.15, position: 0.2, steps: 2600) { coupling, mass, s in
            let distance = (s - 0.5) / 0.12
            return (coupling * (1 - 0.5 * exp(-distance * distance)), mass)
        }
    }

    /// A packet that is released at rest where mass falls towards a place: A = 0.25, M = 0.04(1 − cos(2π(s/N − 0.45))/2), k_0 = 0.
    static func gravity(_ options: LearningOptions) throws -> GeodesicSetting {
        try line("gravity", options, massSquared: 0.04, momentum: 0, position: 0.7, steps: 2400) { coupling, mass, s in
            (coupling, mass * (1 - 0.5 * cos(2 * .pi * (s - 0.45))))
        }
    }

    /// - Parameter field: A and M at a place from 0 to 1, given those of the setting.
    private static func line(
        _ name: String, _ options: LearningOptions, massSquared: Double, momentum: Double, position: Double, steps: Int,
        _ field: (_ coupling: Double, _ mass: Double, _ place: Double) -> (Double, Double)
    ) throws -> GeodesicSetting {
        let count = 2048, shape = try LatticeShape([count])
        let fields = (0..<count).map {
            field(options.coupling ?? 0.25, options.massSquared ?? massSquared, Double($0) / Double(count))
        }
        return GeodesicSetting(
            name: name, teacher: try LatticeNetwork(shape: shape, coupling: fields.map(\.0), massSquared: fields.map(\.1)),
            position: [position * Double(count)], momentum: [momentum], width: options.width ?? 60, steps: steps, smoothing: 6)
    }

    /// A beam that passes a lens at a distance, on 448 f by 320 f sites: A = 0.2(1 − 0.3 exp(−r²/2R²)), R = 56 f, M = 0.002, k_0 = 0.4 f^(−1/3) along
    /// the first axis, 42 f off the lens, σ = 14 f^(2/3).
    ///
    /// The waves of a lattice lag behind a particle by k²/8 of their way, and a beam whose width diffraction keeps least is of the square
    /// R²/(kR) and feels as much of the lens's curvature, 1/kR. With k ~ f^(−1/3) both fall alike, as f^(−2/3); with k fixed the
    /// first would stay, with k ~ 1/f the second.
    static func lens(_ factor: Int) throws -> GeodesicSetting {
        let f = Double(factor), radius = 56 * f, middle = (x: 224 * f, y: 160 * f)
        let shape = try LatticeShape([448 * factor, 320 * factor])
        let coupling = (0..<shape.sites).map { site in
            let x = Double(shape.coordinate(site, axis: 0)) - middle.x, y = Double(shape.coordinate(site, axis: 1)) - middle.y
            return 0.2 * (1 - 0.3 * exp(-(x * x + y * y) / (2 * radius * radius)))
        }
        let mass = [Double](repeating: 0.002, count: shape.sites)
        return GeodesicSetting(
            name: "lens \(shape.length)", teacher: try LatticeNetwork(shape: shape, coupling: coupling, massSquared: mass),
            position: [70 * f, middle.y + 42 * f], momentum: [0.4 / cbrt(f), 0], width: 14 * cbrt(f * f), steps: 650 * factor,
            smoothing: 3 * f)
    }

    /// Its sites, for a sentence.
    var size: String { teacher.shape.sizes.map { "\($0)" }.joined(separator: "·") }
}
