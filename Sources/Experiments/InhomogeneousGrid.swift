import Engines
import Figures
import Networks
import Runs

/// The networks of KS figures 5 and 6: trained on an interval with η = 1/9 and γ = 0, where the paper's H is 1.
struct InhomogeneousGrid: Sendable {
    let quick: Bool
    let seed: UInt64

    static let activations: [Activation] = [.relu, .erf]
    static let depths = [1, 2]
    static let widths = [32, 128, 512]
    static let sigmaWs = [0.5, 1, 1.5]
    static let losses = [(2, 0.05, 2.0), (4, 0.005, 3)]
    static let learningRate = 1.0 / 9
    static let steps = 100

    /// Bias and interval.
    struct Setting: Hashable, Sendable {
        let sigmaB: Double
        let alpha: Double
        var label: String { "σ_b = \(Claim.number(sigmaB)), α = \(Claim.number(alpha))" }
    }

    /// Strong bias and a short interval, where the paper's claims are made; a longer interval; and weak bias, where they fail.
    static let settings = [(1, 0.1), (1, 0.5), (0.3, 0.5)].map { Setting(sigmaB: $0.0, alpha: $0.1) }

    /// One training.
    struct Sample: Sendable {
        let setting: Setting
        let degree: Int
        let run: Run
        var activation: Activation { run.architecture.activation }
        var width: Int { run.architecture.widths[0] }
    }

    /// The full grid has 720 trainings (four seeds, two at width 512); the quick one 144: one seed, no width 32.
    func samples() throws -> [Sample] {
        var samples: [Sample] = []
        var number: UInt64 = 0
        for activation in Self.activations {
            for depth in Self.depths {
                for width in Self.widths {
                    let architecture = try Architecture(widths: Array(repeating: width, count: depth), activation: activation)
                    for sigmaW in Self.sigmaWs {
                        for setting in Self.settings {
                            for (degree, scale, minimum) in Self.losses {
                                for replica in 0..<4 {
                                    number += 1
                                    guard replica < (width == 512 ? 2 : 4), !quick || replica == 0 && width > 32 else { continue }
                                    let training = Run.Training(
                                        loss: try .power(degree: degree, scale: scale, minimum: minimum),
                                        schedule: try Schedule(learningRate: Self.learningRate), steps: Self.steps)
                                    let run = Run(
                                        architecture: architecture, source: .seed(seed &+ 5_000_000 &+ number), sigmaW: sigmaW,
                                        sigmaB: setting.sigmaB, inputs: try PointInterval.inputs(alpha: setting.alpha), training: training)
                                    samples.append(Sample(setting: setting, degree: degree, run: run))
                                }
                            }
                        }
                    }
                }
            }
        }
        return samples
    }
}
