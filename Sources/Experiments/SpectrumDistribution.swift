import Arrays
import Duality
import Engines
import Networks
import Runs

/// KS figure 4: the eigenvalues of the tangent kernel on an interval, beside the kernel of one point.
public struct SpectrumDistribution: Experiment {
    /// `figure4`.
    public let id = "figure4"
    public let title = "The spectrum of the tangent kernel on an interval"
    private let scan: EmbeddedScan

    /// The setting in which the mean is the leading mode, and which is drawn.
    static let drawn = IntervalSetting(sigmaB: 1, alpha: 0.1)

    /// The full grid has 2,304 networks; the quick one 384: widths 32 and 128, one seed of four.
    init(quick: Bool, seed: UInt64) throws { scan = try EmbeddedScan("figure4", quick: quick, seed: seed) }

    /// Two runs a network, on the interval and at the points 0 and 1; nothing is trained.
    public var runs: any RunSource { scan }

    /// A network with its spectrum.
    struct Measured: Sendable {
        let run: Run
        let spectrum: KernelSpectrum
        /// Θ₀ at x = 0 and at x = 1.
        let atZero: Double
        let atOne: Double
        /// The mean of the diagonal of Θ, an upper bound of λ₁/N.
        let diagonalMean: Double

        init(interval: RunResult, points: RunResult) throws {
            run = interval.run
            let count = run.inputs.points, kernel = interval.initialKernel
            spectrum = try KernelSpectrum(elements: kernel, points: count, precision: interval.engine.precision)
            atZero = points.initialKernel[0]
            atOne = points.initialKernel[3]
            diagonalMean = (0..<count).reduce(0) { $0 + kernel[$1 * (count + 1)] } / Double(count)
        }

        /// α σ_w/σ_b, which decides whether the mean is the leading mode; infinite without bias.
        var spread: Double { run.halfInterval * run.sigmaW / run.sigmaB }
        /// λ₁/N.
        var leading: Double { spectrum.leadingEigenvalue }
        /// λ₂/λ₁.
        var gap: Double { spectrum.gapRatio ?? .nan }
        /// The mean of all entries of Θ, a lower bound of λ₁/N.
        var mean: Double { spectrum.meanElement }
    }

    /// Histograms of eigenvalues, and where the mean is the leading mode.
    public func report(known: (Run) throws -> RunResult?) throws -> ExperimentReport {
        let results = try scan.results(known: known, experiment: id)
        let intervals = results.filter { $0.run.inputs.points > 2 }, points = results.filter { $0.run.inputs.points == 2 }
        let measured = try Array(zip(intervals, points)).parallelMap { try Measured(interval: $0, points: $1) }
        return ExperimentReport(figures: [try figure(measured)], claims: try judge(measured))
    }
}
