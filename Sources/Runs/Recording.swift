import Duality

/// What is kept of a run, besides its first and last state.
public struct Recording: Sendable, Hashable, Codable {
    /// Steps at which outputs and losses are kept.
    public var trajectory: StepSelection
    /// Steps at which the tangent kernel is computed, in a run that computes kernels at all.
    public var kernels: StepSelection
    /// Whether a store keeps the eigenvalues of these kernels.
    public var spectra: Bool
    /// Whether a store keeps the coordinates of the outputs in the eigenmodes of the kernel at the start, at the steps of `trajectory`.
    public var modes: Bool
    /// Whether a store keeps the kernels themselves.
    public var matrices: Bool
    /// Predictions that are set beside the training.
    public var predictions: [Prediction]

    /// What is kept. Default: first and last state, and nothing else.
    public init(
        trajectory: StepSelection = .ends, kernels: StepSelection = .ends, spectra: Bool = false, modes: Bool = false,
        matrices: Bool = false, predictions: [Prediction] = []
    ) {
        self.trajectory = trajectory
        self.kernels = kernels
        self.spectra = spectra
        self.modes = modes
        self.matrices = matrices
        self.predictions = predictions
    }

    /// Steps at which outputs and losses are computed for the host: those that are kept or, for a prediction, all.
    var computedTrajectory: StepSelection { predictions.isEmpty ? trajectory : .every(1) }

    /// Outputs and losses at every step, and the kernels at the start and at the end: what the experiments judge.
    public static let everyStep = Recording(trajectory: .every(1), matrices: true)
}

/// Some of the steps 0…K of a training. The first and the last always belong to them.
public enum StepSelection: Sendable, Hashable, Codable {
    /// 0 and K.
    case ends
    /// 0, n, 2n, … and K; n ≥ 1.
    case every(Int)
    /// 0, those listed that are not beyond K, and K.
    case at([Int])

    /// What people write: `ends`, `all`, or `every N` with N ≥ 1; nil for other words.
    public init?(words: [String]) {
        switch (words.first, words.count) {
        case ("ends"?, 1): self = .ends
        case ("all"?, 1): self = .every(1)
        case ("every"?, 2):
            guard let number = Int(words[1]), number >= 1 else { return nil }
            self = .every(number)
        default: return nil
        }
    }

    /// The steps in ascending order, each once; only 0 where there is no training (K = 0).
    public func steps(upTo last: Int) -> [Int] {
        switch self {
        case .ends: return last == 0 ? [0] : [0, last]
        case .every(let stride):
            var steps = Array(Swift.stride(from: 0, through: last, by: max(1, stride)))
            if steps.last != last { steps.append(last) }
            return steps
        case .at(let listed): return Set(listed.filter { $0 > 0 && $0 < last } + [0, last]).sorted()
        }
    }

    /// Why a listed step cannot be recorded; nil where each is reached.
    /// - Parameters:
    ///   - name: what the selection is called where it is given.
    ///   - last: K, or the greatest of several.
    public func refusal(_ name: String, upTo last: Double) -> String? {
        guard case .at(let listed) = self, let step = listed.max(), Double(step) > last else { return nil }
        return "\(name) has the step \(step), but no run has more than \(Int(last)) steps; remove it, or train for longer"
    }

    /// How many ``steps(upTo:)`` gives, without making them where they follow from a rule.
    public func count(upTo last: Int) -> Int {
        switch self {
        case .ends: return last == 0 ? 1 : 2
        case .every(let stride):
            let stride = max(1, stride)
            return last / stride + (last % stride == 0 ? 1 : 2)
        case .at: return steps(upTo: last).count
        }
    }
}
