/// What a network of a lattice learns from: recordings of a teacher, a network with the same neighbours, that is driven from random states.
///
/// At each step every neuron hears the states x of itself and its neighbours in B recordings and what the teacher's neuron makes of them,
/// y = Σ w̄ x + σ n, and descends its squared error: w ← w − η ⟨(Σ w x − y) x⟩. x and n are standard normal numbers (`LatticeNoise`).
public struct LatticeLesson: Sendable, Hashable {
    /// What is recorded.
    public var teacher: LatticeNetwork
    /// What learns, with its weights at the start.
    public var student: LatticeNetwork
    /// Steps.
    public var steps: Int
    /// B, a multiple of 4.
    public var recordings: Int
    /// η at the start.
    public var learningRate: Double
    /// Whether η falls to 0, linearly over the last third of the steps.
    public var decays: Bool
    /// σ, the noise of recordings.
    public var noise: Double
    /// λ: each weight descends λ/2 Σ (w_s − w_{s'})² over links of neighbours as well. 0 leaves neurons on their own.
    public var smoothing: Double
    /// Key of the random numbers.
    public var seed: UInt64

    /// A lesson.
    /// - Parameter student: Default: x_{t+1} = x_t − x_{t−1}, with no weights from neighbours.
    /// - Throws: `LearningError` for a learning rate at which weights leave every bound, and for sizes that cannot be.
    public init(
        teacher: LatticeNetwork, student: LatticeNetwork? = nil, steps: Int, recordings: Int, learningRate: Double, decays: Bool = true,
        noise: Double, smoothing: Double = 0, seed: UInt64
    ) throws {
        guard recordings > 0, recordings.isMultiple(of: 4), recordings <= 1 << 10 else {
            throw LearningError.outOfRange(
                name: "recordings of a step", value: "\(recordings)", limit: "a multiple of 4 up to 1024", remedy: "take 16")
        }
        guard steps > 0, steps <= 1 << 24 else {
            throw LearningError.outOfRange(name: "steps of a lesson", value: "\(steps)", limit: "1 to 2^24", remedy: "take 1000")
        }
        guard noise >= 0, noise.isFinite, smoothing >= 0, smoothing.isFinite else {
            throw LearningError.outOfRange(
                name: "noise or smoothing of a lesson", value: "\(noise), \(smoothing)", limit: "finite and not negative",
                remedy: "take 0.001")
        }
        let largest = Self.largestRate(teacher.shape, recordings: recordings, smoothing: smoothing)
        guard learningRate > 0, learningRate < largest else {
            throw LearningError.unstable(learningRate: learningRate, largest: largest)
        }
        self.teacher = teacher
        self.student =
            student
            ?? LatticeNetwork(
                shape: teacher.shape,
                weights: (0..<teacher.shape.weightCount).map { [Double](repeating: $0 == 0 ? 1 : 0, count: teacher.shape.sites) })
        self.steps = steps
        self.recordings = recordings
        self.learningRate = learningRate
        self.decays = decays
        self.noise = noise
        self.smoothing = smoothing
        self.seed = seed
    }

    /// The rate from which on weights leave every bound in the mean square.
    ///
    /// With C = ⟨x xᵀ⟩ over B recordings of n normal numbers, E C = 1 and E C² = 1 + (n + 1)/B, so that errors grow by
    /// 1 − 2η + η²(1 + (n + 1)/B) a step; a link's spring adds at most 4dλ to C.
    static func largestRate(_ shape: LatticeShape, recordings: Int, smoothing: Double) -> Double {
        2 / (1 + Double(shape.weightCount + 1) / Double(recordings) + 4 * Double(shape.dimensions) * smoothing)
    }

    /// η of each step.
    package var rates: [Double] {
        (0..<steps).map { decays ? learningRate * min(1, 3 * (1 - Double($0) / Double(steps))) : learningRate }
    }
}
