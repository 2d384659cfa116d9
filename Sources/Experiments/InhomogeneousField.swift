import Arrays
import Duality
import Engines
import Figures
import Networks
import Runs

/// A network trained on an interval with η = 1/9 and γ = 0, where the paper's H is 1, beside the predictions of its mean field and its
/// modes.
struct InhomogeneousField: Sendable {
    /// Strong bias and a short interval, where the paper's claims are made; a longer interval; and weak bias, where they fail.
    static let settings = [(1, 0.1), (1, 0.5), (0.3, 0.5)].map { IntervalSetting(sigmaB: $0.0, alpha: $0.1) }

    let run: Run
    let setting: IntervalSetting
    let dynamics: ModeDynamics
    /// |Θ(T) − Θ(0)|/|Θ(0)|.
    let kernelDrift: Double
    /// The arithmetic mean predicted with λ₁/N by the corrected dictionary and by the paper's, and with the mean of the kernel.
    let corrected: ModeComparison
    let paper: ModeComparison
    let meanKernel: ModeComparison
    /// |error| of the arithmetic mean at the end by the null model, friction without inertia, that knows what the field knows: λ₁/N
    /// and the mean at the start.
    let nullMeanError: Double
    /// |error| of the arithmetic mean at the end by field and null model that both know the whole kernel, point by point.
    let wholeKernelMeanErrors: (corrected: Double, null: Double)
    /// f̄_pred(T) − ⟨f⟩(T) by the corrected dictionary with the mean of the diagonal of the kernel in the place of λ₁/N.
    let diagonalMeanDifference: Double
    /// The modes by the frozen recursion: KS eq. 24 as printed, and with its source.
    let homogeneous: ModeComparison
    let sourced: ModeComparison
    /// How the coordinates c_i = (1/√N) Σ_x v_i(x) f(x) of the whole field moved: trained, and as the two equations predict.
    let motions: (trained: [ModeMotion], homogeneous: [ModeMotion], sourced: [ModeMotion])
    /// How they would move if all had the eigenvalue λ₁, as all long waves of a universe have one mass: what a mode does that is not
    /// frozen.
    let unfrozen: [ModeMotion]
    /// Greatest distance of the mean field from that of the full frozen system, without and with back-reaction.
    let backReaction: (without: Double, with: Double)
    /// The same from the trained mean.
    let trainedBackReaction: (without: Double, with: Double)

    init(_ result: RunResult) throws {
        guard let training = result.run.training else {
            throw ExperimentError.nothingToJudge(experiment: "an inhomogeneous field", reason: "the run has no training")
        }
        run = result.run
        setting = IntervalSetting(sigmaB: run.sigmaB, alpha: run.halfInterval)
        let network = try FrozenNetwork(result, training)
        let spectrum = try network.spectrum(result.engine.precision)
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
        /// The mean as one point with that kernel.
        func endDifference(_ prediction: Prediction, kernel: Double) throws -> Double {
            let point = try FrozenNetwork(
                output: arithmetic.mean[0], tangentKernel: kernel, loss: training.loss, schedule: training.schedule,
                steps: training.steps)
            return try prediction.trajectory(of: point).values.last! - arithmetic.mean.last!
        }
        nullMeanError = abs(try endDifference(.null, kernel: spectrum.leadingEigenvalue))
        func wholeKernelError(_ prediction: Prediction) throws -> Double {
            let predicted = try prediction.trajectory(of: network)
            return abs(try Statistics.mean(predicted.outputs(at: predicted.steps)) - arithmetic.mean.last!)
        }
        wholeKernelMeanErrors = (try wholeKernelError(.corrected), try wholeKernelError(.null))
        let count = network.points
        diagonalMeanDifference = try endDifference(
            .corrected, kernel: (0..<count).reduce(0) { $0 + network.tangentKernel[$1 * (count + 1)] } / Double(count))

        let trained = try dynamics.modes(of: result.outputs)
        let printed = try dynamics.predict(dictionary: nil, modes: .homogeneous), full = try dynamics.predict(dictionary: nil)
        homogeneous = try ModeComparison(predicted: printed, trained: trained)
        sourced = try ModeComparison(predicted: full, trained: trained)
        motions = (trained.motions(.coordinate), printed.motions(.coordinate), full.motions(.coordinate))

        var equal = [Double](repeating: 0, count: count * count)
        for index in 0..<count { equal[index * (count + 1)] = spectrum.leadingEigenvalue * Double(count) }
        unfrozen = try dynamics.modes(
            of: Prediction.frozen.trajectory(of: FrozenNetwork(result, training, kernel: equal)).values
        ).motions(.coordinate)

        let frozen = try dynamics.modes(of: Prediction.frozen.trajectory(of: network).values)
        let hartree = try dynamics.predict(dictionary: nil, backReaction: true)
        backReaction = (
            try ModeComparison(predicted: full, trained: frozen).greatestMeanError,
            try ModeComparison(predicted: hartree, trained: frozen).greatestMeanError
        )
        trainedBackReaction = (sourced.greatestMeanError, try ModeComparison(predicted: hartree, trained: trained).greatestMeanError)
    }

    /// |error of the null model| / travel.
    var nullMeanErrorOverTravel: Double { nullMeanError / corrected.travel }

    /// ‖error of eq. 24‖ / ‖error with its source‖ over all modes but the leading one, at the end.
    var gainOfSource: Double { homogeneous.modesEndError / sourced.modesEndError }

    /// The fields of all trainings that stayed finite, in order.
    static func all(_ results: [RunResult]) throws -> [InhomogeneousField] {
        try results.filter { $0.divergedAt == nil }.parallelMap { try InhomogeneousField($0) }
    }

    /// The columns that say which training a row is.
    static func columns(_ fields: [InhomogeneousField]) -> [(name: String, values: CSVTable.Column)] {
        fields.map(\.run).columns + [
            ("sigmaB", .numbers(fields.map(\.setting.sigmaB))), ("alpha", .numbers(fields.map(\.setting.alpha))),
            ("degree", .integers(fields.map(\.run.degree))),
        ]
    }
}
