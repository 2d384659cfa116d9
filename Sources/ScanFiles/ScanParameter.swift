import Networks

/// The keys that are parameters of a run: each has a value in every candidate, by which expressions may name it.
struct ScanParameter: Hashable, Sendable {
    /// As in a file.
    let name: String
    /// Its place among the values of a candidate.
    let slot: Int
    /// Whether it belongs to the network before its training.
    var isOfNetwork: Bool { slot < Self.ofNetwork.count }

    private static let ofNetwork = [
        "activation", "depth", "width", "widths", "outputs", "bias", "parameterisation", "sigmaW", "sigmaB", "inputs", "weights",
    ]
    private static let ofTraining = [
        "targets", "loss", "degree", "scale", "minimum", "optimiser", "learningRate", "learningRates", "momentum", "momenta", "steps",
    ]
    private static let ofEnsemble = [
        "networks", "starts", "neurons", "stiffness", "inverseTemperature", "weightDecay", "batch", "diffusion", "noise", "stepTime",
        "otherLearningRate", "otherBatch", "otherNeurons", "renewal", "process", "turning", "mirrored", "warmUp", "sites",
        "latticeCoupling",
        "latticeMass", "recordings", "smoothing",
    ]

    /// All, by slot; those that only some update rules have are the last.
    static let all = (ofNetwork + ofTraining + ofEnsemble + UpdateRule.ownParameters.map(\.name)).enumerated().map {
        Self(name: $1, slot: $0)
    }
    /// Those of ensembles.
    static let allOfEnsemble = ofEnsemble.map(place)
    /// What begins with ``targets``.
    static let allOfTraining = all.dropFirst(ofNetwork.count)
    private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

    /// A parameter of an update rule.
    init(_ parameter: UpdateRule.Parameter) { self = Self.byName[parameter.name] ?? Self.learningRate }

    private init(name: String, slot: Int) { (self.name, self.slot) = (name, slot) }

    private static func place(_ name: String) -> Self { byName[name]! }

    static let activation = place("activation"), depth = place("depth"), width = place("width"), widths = place("widths")
    static let outputs = place("outputs"), bias = place("bias"), parameterisation = place("parameterisation")
    static let sigmaW = place("sigmaW"), sigmaB = place("sigmaB"), inputs = place("inputs"), weights = place("weights"),
        targets = place("targets")
    static let loss = place("loss"), degree = place("degree"), scale = place("scale"), minimum = place("minimum")
    static let optimiser = place("optimiser"), learningRate = place("learningRate"), learningRates = place("learningRates")
    static let momentum = place("momentum"), momenta = place("momenta"), steps = place("steps")
    static let networks = place("networks"), starts = place("starts"), neurons = place("neurons"), stiffness = place("stiffness")
    static let inverseTemperature = place("inverseTemperature"), weightDecay = place("weightDecay"), batch = place("batch")
    static let diffusion = place("diffusion"), noise = place("noise"), stepTime = place("stepTime")
    static let otherLearningRate = place("otherLearningRate"), otherBatch = place("otherBatch"), otherNeurons = place("otherNeurons")
    static let renewal = place("renewal"), process = place("process"), turning = place("turning"), mirrored = place("mirrored")
    static let warmUp = place("warmUp"), sites = place("sites"), latticeCoupling = place("latticeCoupling")
    static let latticeMass = place("latticeMass"), recordings = place("recordings"), smoothing = place("smoothing")

    /// What stands for a key that is not given, where that is a number.
    var standard: Double? {
        switch self {
        case .activation: ScanSchema.words["erf"]
        case .depth, .outputs, .bias, .sigmaW, .minimum: 1
        case .width: 512
        case .parameterisation: ScanSchema.words[Parameterisation.ntk.rawValue]
        case .sigmaB: 0.1
        case .loss: ScanSchema.words["power"]
        case .degree: 2
        case .scale: 0.02
        case .optimiser: ScanSchema.words[UpdateRule.heavyBall.name]
        case .momentum, .weightDecay, .turning, .mirrored, .smoothing: 0
        case .latticeCoupling: 0.25
        case .latticeMass: 0.0025
        case .recordings: 16
        case .neurons, .inverseTemperature: 4
        case .stiffness: 1
        case .batch: 8
        case .diffusion: 0.06
        default: Self.standards[name]
        }
    }

    private static let standards: [String: Double] = {
        var standards: [String: Double] = [:]
        for parameter in UpdateRule.ownParameters { if case .value(let value) = parameter.standard { standards[parameter.name] = value } }
        return standards
    }()
}
