import Arrays
import Duality
import Engines
import Networks
import Scans

/// A network trained on an interval, beside the predictions of its mean field and its modes.
struct InhomogeneousField: Sendable {
    let sample: InhomogeneousGrid.Sample
    let dynamics: ModeDynamics
    /// |Θ(T) − Θ(0)|/|Θ(0)|.
    let kernelDrift: Double
    /// The arithmetic mean predicted with λ₁/N by the corrected dictionary and by the paper's, and with the mean of the kernel.
    let corrected: ModeComparison
    let paper: ModeComparison
    let meanKernel: ModeComparison
    /// The arithmetic mean by the null model, friction without inertia.
    let null: ModeComparison
    /// The modes by the frozen recursion: KS eq. 24 as printed, and with its source.
    let homogeneous: ModeComparison
    let sourced: ModeComparison
    /// How the coordinates c_i = (1/√N) Σ_x v_i(x) f(x) of the whole field moved: trained, and as the two equations predict.
    let motions: (trained: [ModeMotion], homogeneous: [ModeMotion], sourced: [ModeMotion])
    /// Greatest distance of the mean field from that of the full frozen system, without and with back-reaction.
    let backReaction: (without: Double, with: Double)

    init(_ sample: InhomogeneousGrid.Sample, _ result: RunResult) throws {
        guard let training = sample.run.training else {
            throw ExperimentError.nothingToJudge(experiment: "an inhomogeneous field", reason: "the run has no training")
        }
        self.sample = sample
        let network = try FrozenNetwork(result, training)
        let spectrum = try KernelSpectrum(
            elements: result.initialKernel, points: network.points, precision: result.engine.precision)
        let dynamics = try ModeDynamics(network: network, spectrum: spectrum)
        self.dynamics = dynamics
        kernelDrift = Comparison.relativeChange(from: result.initialKernel[...], to: result.finalKernel[...])

        let arithmetic = try dynamics.modes(of: result.outputs, meanField: .arithmetic)
        func mean(_ dictionary: DualityDictionary, _ meanField: MeanField) throws -> ModeComparison {
            try ModeComparison(predicted: dynamics.predict(dictionary: dictionary, meanField: meanField), trained: arithmetic)
        }
        corrected = try mean(.corrected, .arithmetic)
        paper = try mean(.paper, .arithmetic)
        meanKernel = try mean(.corrected, .meanKernel)
        null = try ModeComparison(
            predicted: dynamics.modes(of: Prediction.null.trajectory(of: network).values, meanField: .arithmetic), trained: arithmetic)

        let trained = try dynamics.modes(of: result.outputs)
        let printed = try dynamics.predict(dictionary: nil, modes: .homogeneous), full = try dynamics.predict(dictionary: nil)
        homogeneous = try ModeComparison(predicted: printed, trained: trained)
        sourced = try ModeComparison(predicted: full, trained: trained)
        motions = (trained.motions(.coordinate), printed.motions(.coordinate), full.motions(.coordinate))

        let frozen = try dynamics.modes(of: Prediction.frozen.trajectory(of: network).values)
        let hartree = try dynamics.predict(dictionary: nil, backReaction: true)
        backReaction = (
            try ModeComparison(predicted: full, trained: frozen).greatestMeanError,
            try ModeComparison(predicted: hartree, trained: frozen).greatestMeanError
        )
    }

    /// ‖error of eq. 24‖ / ‖error with its source‖ over all modes but the leading one, at the end.
    var gainOfSource: Double { homogeneous.modesEndError / sourced.modesEndError }

    /// The fields of all trainings of a grid, in its order.
    /// - Throws: `ExperimentError.missingResults`.
    static func all(_ grid: InhomogeneousGrid, known: (Run) throws -> RunResult?, experiment: String) throws -> [InhomogeneousField] {
        let samples = try grid.samples()
        let pairs = try samples.compactMap { sample in try known(sample.run).map { (sample, $0) } }
        guard pairs.count == samples.count else {
            throw ExperimentError.missingResults(experiment: experiment, count: samples.count - pairs.count)
        }
        return try pairs.filter { $0.1.divergedAt == nil }.parallelMap { try InhomogeneousField($0.0, $0.1) }
    }
}
