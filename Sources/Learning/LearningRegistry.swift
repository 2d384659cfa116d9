import Figures

/// The experiments on the theory of learning, by the names that users type.
public enum LearningRegistry {
    /// All names, in the order of the theory's claims.
    public static let names = [
        "fokker-planck", "quantumness", "spectrum", "schrodinger", "circulation", "lorentz", "geodesic", "einstein",
    ]

    /// The experiment of that name; nil if there is none.
    /// - Throws: `LearningError` where the options cannot be, or the experiment is not written.
    public static func named(_ name: String, _ options: LearningOptions) throws -> (any LearningExperiment)? {
        guard names.contains(name) else { return nil }
        guard let experiment = try written(name, options) else { throw LearningError.notWritten(name) }
        return experiment
    }

    /// One line for every experiment.
    private static func written(_ name: String, _ options: LearningOptions) throws -> (any LearningExperiment)? {
        switch name {
        case "fokker-planck": try FokkerPlanckExperiment(options)
        case "spectrum": try SpectrumExperiment(options)
        case "quantumness": try QuantumnessExperiment(options)
        case "schrodinger": try SchrodingerExperiment(options)
        case "circulation": try CirculationExperiment(options)
        case "lorentz": try LorentzExperiment(options)
        case "geodesic": try GeodesicExperiment(options)
        case "einstein": try EinsteinExperiment(options)
        default: nil
        }
    }

    /// The names of the experiments that are written.
    package static func written(_ options: LearningOptions) -> [String] {
        names.filter { (try? written($0, options)) != nil }
    }

    /// The processes that the experiments take from runs; some may be the same.
    package static func processes(_ options: LearningOptions) throws -> [LearningProcess] {
        try names.flatMap { try written($0, options)?.processes() ?? [] }
    }

    /// Every experiment, one after another: the figures, and the claims with what is not tested among them.
    /// - Throws: what an experiment throws.
    package static func all(_ options: LearningOptions, on device: LearningDevice) throws -> (figures: [Figure], claims: [Claim]) {
        var figures: [Figure] = [], claims: [Claim] = []
        for name in names {
            guard let experiment = try written(name, options) else {
                claims.append(untested(name))
                continue
            }
            try device.proceed("\(name): \(experiment.title)")
            let report = try experiment.report(on: device)
            figures.append(report.figure)
            claims += report.claims
        }
        return (figures, claims)
    }

    /// What stands in the report of all in the place of an experiment that is not written.
    static func untested(_ name: String) -> Claim {
        Claim(
            figure: name, claim: "The experiment \(name)", criterion: "none yet", measured: nil, bound: .atMost(0), basis: .untested,
            failureWord: Claim.ofTheory)
    }
}

extension Claim {
    /// What a claim of a theory does that is not met.
    static let ofTheory = "fails"
}
