import Figures
import Foundation
import Networks

/// An ensemble with two weights in a valley around the origin, on chiral data, whose stationary current may turn.
///
///     H = K/2 (S − t)² + ½ |a − w S|²,   t = tanh(w·a),   S ~ N((Kt + w·a)/(K + |w|²), 1/(β(K + |w|²))),   K = β = 4
///
/// Weights descend the mean g of ∂H/∂w over a mini-batch and a part of it that is turned by a right angle, w ← w − η(g + m ig). It is computed on
/// the host, in single precision.
public struct Circulation: Sendable, Hashable {
    /// Networks. Twenty parts of equal size are summed apart, so what is beyond a multiple of 20 is left out.
    public let networks: Int
    /// η, at most ``largestRate``.
    public let learningRate: Double
    /// B: data of a step.
    public let batch: Int
    /// m, a part of the gradient that no landscape has; from −1 to 1.
    public let turning: Double
    /// Whether data are what they are and their mirror image.
    public let isMirrored: Bool
    /// K, the number of steps, those of the warm-up among them.
    public var steps: Int
    /// Steps before angles are summed.
    public var warmUp: Int
    /// Steps after which sums are kept, ascending, 0 and K among them.
    public var recordedSteps: [Int]
    /// The key of the data and of the random numbers.
    public let seed: UInt64
    /// a, of single precision.
    let data: [SIMD2<Float>]

    /// Parts whose scatter gives the standard error.
    public static let parts = 20
    /// Networks at the least: a hundred in each part.
    public static let fewest = 2000
    /// The largest learning rate.
    public static let largestRate = 0.4
    /// Angles are summed in units of 2⁻¹⁶.
    static let scale = 65_536.0
    /// (π 2¹⁶)² of so many steps of a part stay below 2⁶³.
    private static let mostSteps = 200_000_000

    /// An ensemble; see the properties. Default: descent without a turned part, on data of one hand, of 1000 steps, the first quarter of which is
    /// the warm-up, kept at both ends.
    public init(
        networks: Int, learningRate: Double, batch: Int, turning: Double = 0, isMirrored: Bool = false, steps: Int = 1000,
        warmUp: Int? = nil, seed: UInt64
    ) {
        self.networks = networks
        self.learningRate = learningRate
        self.batch = batch
        self.turning = turning
        self.isMirrored = isMirrored
        self.steps = steps
        self.warmUp = warmUp ?? steps / 4
        recordedSteps = steps > 0 ? [0, steps] : [0]
        self.seed = seed
        data = ChiralData.points(seed, mirrored: isMirrored)
    }

    /// What sets it apart from others of an experiment.
    var name: String {
        "B = \(batch), η = \(learningRate)" + (turning != 0 ? ", antisymmetric mixing \(turning)" : "")
            + (isMirrored ? ", mirrored data" : "")
    }

    /// The same for the mark of an axis: what alone is not as usual.
    /// - Parameter rate: the usual learning rate.
    func shortName(usual rate: Double) -> String {
        if isMirrored { return "mirror" }
        if turning != 0 { return "m = \(turning)" }
        return learningRate == rate ? "B = \(batch)" : "\(Claim.number(learningRate / rate))η"
    }

    /// The data, point by point.
    package var numbersOfData: [Double] { data.flatMap { [Double($0.x), Double($0.y)] } }

    /// Refuses what cannot be computed or says nothing, before any work.
    /// - Throws: `LearningError`.
    public func check() throws(LearningError) {
        guard networks >= Self.fewest else {
            throw .tooFewNetworks(
                count: networks, needed: Self.fewest, purpose: "a mean angular velocity with an error from twenty parts")
        }
        try LearningError.require(networks <= 1 << 28, "the number of networks", "\(networks)", "at most \(1 << 28)", "use several seeds")
        try LearningError.require(
            learningRate > 0 && learningRate <= Self.largestRate, "the learning rate", "\(learningRate)",
            "positive and at most \(Self.largestRate), beyond which weights leap over the valley", "use 0.05")
        try LearningError.require((1...4096).contains(batch), "the mini-batch", "\(batch)", "from 1 to 4096", "use 1")
        try LearningError.require(abs(turning) <= 1, "the turned part of the gradient", "\(turning)", "from -1 to 1", "use 0.2")
        try LearningError.require(steps: steps, warmUp: warmUp)
        try LearningError.require(
            networks / Self.parts <= Self.mostSteps / (steps - warmUp), "the number of steps after the warm-up", "\(steps - warmUp)",
            "at most \(Self.mostSteps / (networks / Self.parts)) of so many networks", "use several seeds")
    }

    /// What becomes of it: sums of angles and of their squares.
    /// - Throws: what `device.proceed` throws.
    func computed(on device: LearningDevice) throws -> ProcessRecord {
        try ProcessRecord(
            moving: (0..<Self.parts).map { CirculationPart(self, number: $0) }, recordedSteps: recordedSteps, networks: networks, on: device
        )
    }
}

/// A twentieth of the networks.
private struct CirculationPart: ProcessPart {
    let setting: Circulation
    /// The number of its first network, by which random numbers are drawn.
    let first: Int
    private var weights: [SIMD2<Float>]
    private var turns = 0
    private var squares = 0
    private(set) var isFinite = true

    init(_ setting: Circulation, number: Int) {
        let each = setting.networks / Circulation.parts, first = number * each
        self.setting = setting
        self.first = first
        weights = (0..<each).map { place in
            let words = TrainingNoise.block(
                seed: setting.seed, network: UInt32(truncatingIfNeeded: first + place), step: 0, block: 0, .start)
            let pair = TrainingNoise.normals(words.x, words.y)
            return SIMD2(pair.0, pair.1)
        }
    }

    var numbers: [Double] { [Double(turns), Double(squares)] }

    mutating func advance(_ steps: Range<Int>) {
        let eta = Float(setting.learningRate), turning = Float(setting.turning), warmUp = setting.warmUp
        for place in weights.indices where isFinite {
            var w = weights[place]
            let network = UInt32(truncatingIfNeeded: first + place)
            for step in steps {
                let g = gradient(w, network, UInt32(truncatingIfNeeded: step))
                let next = w - eta * (g + SIMD2(-g.y, g.x) * turning)
                if step >= warmUp {
                    // Double, whose last place no rounding to 2⁻¹⁶ sees, whatever library made it.
                    let (a, b) = (SIMD2<Double>(w), SIMD2<Double>(next))
                    let angle = atan2(a.x * b.y - a.y * b.x, a.x * b.x + a.y * b.y) * Circulation.scale
                    guard angle.isFinite else {
                        w = next
                        break
                    }
                    let whole = Int(angle.rounded())
                    turns += whole
                    squares += whole * whole  // bounded: see Circulation.check
                }
                w = next
            }
            weights[place] = w
            isFinite = w.x.isFinite && w.y.isFinite
        }
    }

    private func gradient(_ w: SIMD2<Float>, _ network: UInt32, _ step: UInt32) -> SIMD2<Float> {
        let k: Float = 4, inverse = 1 / (k + (w * w).sum()), spread = (inverse * 0.25).squareRoot(), data = setting.data
        var g = SIMD2<Float>(0, 0)
        for b in stride(from: 0, to: setting.batch, by: 2) {
            let words = TrainingNoise.block(
                seed: setting.seed, network: network, step: step, block: UInt32(truncatingIfNeeded: b / 2), .training)
            let pair = TrainingNoise.normals(words.x, words.y)
            for half in 0..<min(2, setting.batch - b) {
                let a = data[TrainingNoise.place(half == 0 ? words.z : words.w, of: data.count)], z = (w * a).sum()
                let t = TrainingNoise.tangent(z), s = (k * t + z) * inverse + spread * (half == 0 ? pair.0 : pair.1)
                let outer: Float = k * (s - t) * (1 - t * t)
                g -= a * outer + (a - w * s) * s
            }
        }
        return g / Float(setting.batch)
    }
}
