import Arrays
import Duality
import Engines
import Networks
import Runs

/// KS figure 4: the eigenvalues of the tangent kernel on an interval, beside the kernel of one point.
public struct SpectrumDistribution: Experiment {
    /// `figure4`.
    public let id = "figure4"
    /// One line.
    public let title = "The spectrum of the tangent kernel on an interval"
    let quick: Bool
    let seed: UInt64

    static let activations: [Activation] = [.relu, .erf]
    static let depths = [1, 2]
    static let widths = [32, 128, 512]
    static let sigmaWs = [0.5, 1, 1.5, 2]
    static let sigmaBs = [0, 0.1, 0.5, 1]
    static let alphas = [0.1, 1, 3]
    /// The setting in which the mean is the leading mode, and which is drawn.
    static let drawn = (sigmaB: 1.0, alpha: 0.1)

    /// The full grid has 2,304 networks; the quick one 384: widths 32 and 128, one seed of four.
    init(quick: Bool, seed: UInt64) {
        self.quick = quick
        self.seed = seed
    }

    /// One network of the grid: on the interval, and at the points 0 and 1.
    struct Sample: Sendable {
        let sigmaB: Double
        let alpha: Double
        let interval: Run
        let points: Run
        var activation: Activation { interval.architecture.activation }
        /// α σ_w/σ_b, which decides whether the mean is the leading mode; infinite without bias.
        var spread: Double { alpha * interval.sigmaW / sigmaB }
    }

    func samples() throws -> [Sample] {
        var samples: [Sample] = []
        var number: UInt64 = 0
        for activation in Self.activations {
            for depth in Self.depths {
                for width in Self.widths {
                    let architecture = try Architecture(widths: Array(repeating: width, count: depth), activation: activation)
                    for sigmaW in Self.sigmaWs {
                        for sigmaB in Self.sigmaBs {
                            for alpha in Self.alphas {
                                for replica in 0..<4 {
                                    number += 1
                                    guard !quick || replica == 0 && width < 512 else { continue }
                                    func run(_ inputs: Inputs) -> Run {
                                        Run(
                                            architecture: architecture, source: .seed(seed &+ 4_000_000 &+ number), sigmaW: sigmaW,
                                            sigmaB: sigmaB, inputs: inputs)
                                    }
                                    samples.append(
                                        Sample(
                                            sigmaB: sigmaB, alpha: alpha, interval: run(try PointInterval.inputs(alpha: alpha)),
                                            points: run(try Inputs([0, 1]))))
                                }
                            }
                        }
                    }
                }
            }
        }
        return samples
    }

    /// Two runs a network; nothing is trained.
    public func runs(known: (Run) throws -> RunResult?) throws -> [Run] {
        try samples().flatMap { [$0.interval, $0.points] }
    }

    /// A network with its spectrum.
    struct Measured: Sendable {
        let sample: Sample
        let spectrum: KernelSpectrum
        /// Θ₀ at x = 0 and at x = 1.
        let atZero: Double
        let atOne: Double
        /// The mean of the diagonal of Θ, an upper bound of λ₁/N.
        let diagonalMean: Double

        init(_ sample: Sample, interval: RunResult, points: RunResult) throws {
            let count = PointInterval.count, kernel = interval.initialKernel
            self.sample = sample
            spectrum = try KernelSpectrum(elements: kernel, points: count, precision: interval.engine.precision)
            atZero = points.initialKernel[0]
            atOne = points.initialKernel[3]
            diagonalMean = (0..<count).reduce(0) { $0 + kernel[$1 * (count + 1)] } / Double(count)
        }

        /// λ₁/N.
        var leading: Double { spectrum.leadingEigenvalue }
        /// λ₂/λ₁.
        var gap: Double { spectrum.gapRatio ?? .nan }
        /// The mean of all entries of Θ, a lower bound of λ₁/N.
        var mean: Double { spectrum.meanElement }
    }

    /// Histograms of eigenvalues, and where the mean is the leading mode.
    public func report(known: (Run) throws -> RunResult?) throws -> ExperimentReport {
        let samples = try samples()
        let pairs = try samples.compactMap { sample -> (Sample, RunResult, RunResult)? in
            guard let interval = try known(sample.interval), let points = try known(sample.points) else { return nil }
            return (sample, interval, points)
        }
        guard pairs.count == samples.count else {
            throw ExperimentError.missingResults(experiment: id, count: 2 * (samples.count - pairs.count))
        }
        let measured = try pairs.parallelMap { try Measured($0.0, interval: $0.1, points: $0.2) }
        return ExperimentReport(figures: [try figure(measured)], claims: try judge(measured))
    }
}
