import Arrays
import Figures
import Networks

/// What of "Einstein's equations for the entire network" (arXiv:2111.00903, sec. 7) can be computed: the algebra, Λ as a multiplier, and the
/// spectrum of the metrics of learned lattices in three dimensions of space. It does not establish them.
public struct EinsteinExperiment: LearningExperiment {
    public let name = "einstein"
    public let title = "Einstein's equations for a whole network: not established"
    public let claimed = """
        the production of entropy by a whole network is the Einstein–Hilbert action, the number of its neurons has the cosmological constant \
        as its multiplier, and gravity is dual to quantum mechanics
        """
    public var simulated: String {
        """
        the algebra of the action; universes of fixed volume; and what can be measured: how the metrics of \(lattices) learned lattices of \
        24³ neurons vary, beside lattices of independent weights (null) and lattices trained to be smooth (positive control)
        """
    }

    let options: LearningOptions
    let shape: LatticeShape
    let teacher: LatticeNetwork

    /// Lattices that learn; as many have independent weights.
    var lattices: Int { options.quick ? 6 : 24 }
    /// Lattices that learn to be smooth.
    var smooth: Int { options.quick ? 6 : 12 }
    static let noise = 0.02
    static let recordings = 8
    static let steps = 120
    /// λ of the springs between weights of neighbours, with a rate and steps for which longest waves settle: η λ k² ≥ 0.0055 a step.
    static let smoothing = 400.0
    static let smoothRate = 2e-4
    static let smoothSteps = 600
    /// Λ of the universes.
    static let lambdas = [0.1, 0.3, 0.6, 1.0, 1.5]

    /// The experiment.
    ///
    /// Options: `coupling` A (0.1) and `massSquared` M (0.1) of the teacher.
    /// - Throws: `LearningError.outOfRange` for an unstable lattice.
    public init(_ options: LearningOptions) throws {
        self.options = options
        shape = try LatticeShape([24, 24, 24])
        teacher = try LatticeNetwork(shape: shape, coupling: options.coupling ?? 0.1, massSquared: options.massSquared ?? 0.1)
    }

    /// What was measured.
    struct Findings {
        /// Of lattices that learned, of independent weights, and of those that learned to be smooth.
        let learned, independent, smoothed: [MetricSpectrum]
        let ratios: [Double]
        let ratioResidual: Double
        let formDeviation: Double
        /// dS/dN of neighbouring universes around each Λ.
        let slopes: [(lambda: Double, slope: Double)]
        let universe: Minisuperspace
    }

    public func report(on device: LearningDevice) throws -> LearningReport {
        let lattice = try device.lattice()
        try device.proceed("einstein: algebra, and universes of fixed volume")
        let (ratios, residual) = try Curvature.isotropicCoefficients()
        let slopes = Self.lambdas.map { ($0, Minisuperspace.slope(from: $0 - 0.005, to: $0 + 0.005)) }
        try device.proceed("einstein: \(lattices) lattices of \(shape.sites) neurons learn")
        let students = try lattice.train(
            (0..<lattices).map { number in
                try LatticeLesson(
                    teacher: teacher, steps: Self.steps, recordings: Self.recordings, learningRate: 0.12, decays: false, noise: Self.noise,
                    seed: options.key(.metrics, number))
            })
        try device.proceed("einstein: \(smooth) lattices learn to be smooth")
        let smoothed = try lattice.train(
            (0..<smooth).map { number in
                try LatticeLesson(
                    teacher: teacher, student: teacher, steps: Self.smoothSteps, recordings: Self.recordings, learningRate: Self.smoothRate,
                    decays: false, noise: Self.noise, smoothing: Self.smoothing, seed: options.key(.metrics, lattices + number))
            })
        try device.proceed("einstein: spectra")
        let spread = students[0].distance(to: teacher) / Double(shape.weightCount).squareRoot()
        let independent = try Array(0..<lattices).parallelMap { MetricSpectrum(independentLattice($0, spread: spread)) }
        let findings = Findings(
            learned: try students.parallelMap { MetricSpectrum($0) }, independent: independent,
            smoothed: try smoothed.parallelMap { MetricSpectrum($0) }, ratios: ratios, ratioResidual: residual,
            formDeviation: MetricForm.deviation(), slopes: slopes, universe: Minisuperspace(lambda: 0.3))
        return LearningReport(
            figure: try figure(findings), claims: try claims(findings),
            notes: ["Einstein's equations: not established; testable only by spectra of the metric in three dimensions of space"])
    }

    /// The teacher with a normal number of that size on every weight.
    private func independentLattice(_ number: Int, spread: Double) -> LatticeNetwork {
        var network = teacher
        let seed = options.key(.independent, number)
        for w in network.weights.indices {
            for site in 0..<shape.sites {
                network.weights[w][site] += spread * WeightStream.normal(seed: seed, layer: w, stream: .weight, index: site)
            }
        }
        return network
    }
}
