import Figures

/// A claim of the theory of learning (arXiv:2111.00903) as a measurement on ensembles of networks.
///
/// An experiment is a value made of ``LearningOptions``; whatever of these cannot be is refused when it is made, before any work.
public protocol LearningExperiment: Sendable {
    /// What users type, one of ``LearningRegistry/names``; also the id of its figure, which names files.
    var name: String { get }
    /// One line.
    var title: String { get }
    /// What the theory says, in a sentence or two.
    var claimed: String { get }
    /// What is trained or moved to find out, and with what it is compared.
    var simulated: String { get }
    /// The ensembles that it takes from ``LearningDevice/source`` where there is one: those that can be runs of a scan.
    func ensembles() throws -> [EnsembleTraining]
    /// All that it takes from runs, these ensembles among them.
    func processes() throws -> [LearningProcess]

    /// Does the work.
    /// - Throws: `LearningError`; errors of the device; what `device.proceed` throws.
    func report(on device: LearningDevice) throws -> LearningReport
}

extension LearningExperiment {
    /// None.
    public func ensembles() -> [EnsembleTraining] { [] }
    /// Its ensembles.
    public func processes() throws -> [LearningProcess] { try ensembles().map { .ensemble($0) } }
}

/// What an experiment has to show.
public struct LearningReport: Sendable {
    /// What is shown, with the numbers behind it.
    public var figure: Figure
    /// The measurements, each with its criterion, standard error and control.
    public var claims: [Claim]
    /// Numbers that every run says, such as the ratio of fast to slow dynamics; a line each.
    public var notes: [String]

    public init(figure: Figure, claims: [Claim], notes: [String] = []) {
        self.figure = figure
        self.figure.theory = .learning
        self.claims = claims
        self.notes = notes
    }
}

/// What a user may choose of an experiment. Where nothing is chosen, an experiment has the sizes that its page states.
public struct LearningOptions: Sendable, Hashable {
    /// Fewer networks or shorter runs, as stated in the criteria.
    public var quick: Bool
    /// The first key of the random streams.
    public var seed: UInt64
    /// Networks of an ensemble; nil for the experiment's own number.
    public var networks: Int?
    /// η; nil for the experiment's own.
    public var learningRate: Double?
    /// λ of the loss λw²/2; nil for the experiment's own.
    public var weightDecay: Double?
    /// Whether parts run that are known to break down.
    public var experimental: Bool
    /// A, M and the width of a source or packet in sites, of networks on lattices; nil for the experiment's own.
    public var coupling, massSquared, width: Double?

    public init(
        quick: Bool = false, seed: UInt64 = 0, networks: Int? = nil, learningRate: Double? = nil, weightDecay: Double? = nil,
        experimental: Bool = false, coupling: Double? = nil, massSquared: Double? = nil, width: Double? = nil
    ) {
        self.quick = quick
        self.seed = seed
        self.networks = networks
        self.learningRate = learningRate
        self.weightDecay = weightDecay
        self.experimental = experimental
        self.coupling = coupling
        self.massSquared = massSquared
        self.width = width
    }
}
