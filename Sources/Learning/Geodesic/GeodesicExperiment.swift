import Figures

/// Geodesics of localized states (arXiv:2111.00903, sec. 6), measured: packets on lattices that were trained, beside the geodesics of the metric
/// that is read from their weights.
public struct GeodesicExperiment: LearningExperiment {
    public let name = "geodesic"
    public let title = "Packets on trained lattices against geodesics of the metric in their weights"
    public let claimed = """
        localized states of neurons move on the geodesics of an emergent space-time, whose metric is in the trainable variables
        """
    public var simulated: String {
        """
        networks on lattices whose weights were learned, site by site, from noisy recordings of a teacher that nobody tells them; packets of \
        waves on them, in one dimension and two; geodesics of ds² = M(−dt² + Σdx²/A), A and M from the learned weights; and what a flat metric \
        would say, without which an agreement means nothing
        """
    }

    let options: LearningOptions
    let well, gravity: GeodesicSetting
    /// Lenses, on finer and finer lattices.
    let lenses: [GeodesicSetting]

    /// Noise of recordings, in units of the states that are recorded.
    static let noises = [1e-3, 1e-2, 3e-2]
    /// Lattices that learn for each noise.
    var seeds: Int { options.quick ? 2 : 5 }
    var lineSteps: Int { options.quick ? 1500 : 6000 }
    var lensSteps: Int { options.quick ? 100 : 150 }

    /// The experiment.
    ///
    /// Options: `coupling` A (0.25), `massSquared` M (0.0025 and 0.04) and `width` of the packet (60 sites) of the one-dimensional lattices.
    /// - Throws: `LearningError.outOfRange` for an unstable lattice and a packet wider than a tenth of it.
    public init(_ options: LearningOptions) throws {
        self.options = options
        well = try .well(options)
        gravity = try .gravity(options)
        lenses = try (options.quick ? [1] : [1, 2, 3]).map { try .lens($0) }
        // The width is refused before any work.
        for setting in [well, gravity] {
            _ = try LatticeWave(
                packet: setting.teacher, position: setting.position, momentum: setting.momentum, width: setting.width, coupling: [0.25],
                massSquared: 0.04)
        }
    }

    public func report(on device: LearningDevice) throws -> LearningReport {
        let lattice = try device.lattice()
        var runs: [GeodesicRun] = []
        for (setting, lessons) in try lessons() {
            try device.proceed(
                "geodesic: \(setting.name): packets on \(lessons.count == 1 ? "a lattice" : "\(lessons.count) lattices") of "
                    + "\(setting.teacher.shape.sites) neurons that learned \(lessons[0].steps) steps")
            let students = try device.networks(after: lessons)
            runs += try GeodesicRun.runs(setting, [(setting.teacher, nil)] + zip(students, lessons).map { ($0, $1.noise) }, lattice)
        }
        return LearningReport(
            figure: try figure(runs), claims: try claims(runs),
            notes: [
                "lattices learn from 16 recordings a step at learning rate 0.15, which falls to 0 over the last third",
                "1 + 1 dimensions: A alone makes only null cones, the conformal factor is M",
            ])
    }

    public func processes() throws -> [LearningProcess] { try lessons().flatMap { $0.lessons.map { .lattice($0) } } }

    /// What lattices learn, setting by setting.
    private func lessons() throws -> [(setting: GeodesicSetting, lessons: [LatticeLesson])] {
        func lessons(_ setting: GeodesicSetting, noises: [Double], seeds: Int, steps: Int) throws -> [LatticeLesson] {
            try noises.flatMap { noise in
                try (0..<seeds).map { number in
                    try LatticeLesson(
                        teacher: setting.teacher, steps: steps, recordings: 16, learningRate: 0.15, noise: noise,
                        seed: options.key(.lessons, number))
                }
            }
        }
        var all: [(setting: GeodesicSetting, lessons: [LatticeLesson])] = []
        for setting in [well, gravity] {
            all.append((setting, try lessons(setting, noises: Self.noises, seeds: seeds, steps: lineSteps)))
        }
        for setting in lenses { all.append((setting, try lessons(setting, noises: [Self.noises[0]], seeds: 1, steps: lensSteps))) }
        return all
    }
}
