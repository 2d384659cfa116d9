import Arrays
import Duality
import Engines
import Foundation
import Networks
import Runs

/// Parametric resonance: with a quartic loss and no friction the oscillating mean of the outputs pumps modes with
/// 1/3 < λ_i/λ_1 < 1, as an inflaton does after inflation when it preheats.
public struct Resonance: Experiment, RunSource {
    /// `resonance`.
    public let id = "resonance"
    public let title = "Parametric resonance of perturbation modes"
    let quick: Bool
    private let seed: UInt64
    private let samples: [Sample]

    static let sigmaW = 1.0
    static let sigmaB = 0.5
    /// x₀ of the points ±x₀. λ₂/λ₁ at infinite width is 0.205, 0.487, 0.684 and 0.872: one in the stable region and three in the
    /// band, away from its edges at 1/3 and 1.
    static let positions = [0.28, 0.45, 0.55, 0.64]
    static let widths = [256, 2048]
    static let momenta = [1.0, 0.98]
    static let scale = 0.25
    /// Where the mean starts, above the minimum.
    static let amplitude = 0.5
    /// Where the second mode starts: small enough that it stays a perturbation while it grows by 10⁵.
    static let perturbation = 1e-6
    /// ω√η. The recursion shifts frequencies by (ω√η)²/24 of themselves.
    static let timeStep = 0.1
    /// Growth is fitted to periods 1 to 5; the first, numbered 0, holds the decaying solution too.
    static let fitted = 1..<6
    static let steps = Int((Floquet.period * Double(fitted.upperBound) / timeStep).rounded(.up)) + 1
    /// H at the start in an era of radiation, in units of ω: a grows to 3.3.
    static let rate = 0.05
    /// What aφ starts with more than at rest: its velocity is H, so that A⁴ = 1 + 2(H/ω)².
    static let radiationAmplitude = pow(1 + 2 * rate * rate, 0.25)
    /// Conformal time ωτ until all periods are over, and the steps of cosmic time t with a = √(1 + 2Ht), τ = (a − 1)/H, until then.
    static let conformalTime = Double(steps) * timeStep / radiationAmplitude
    static let radiationSteps = Int(((pow(1 + rate * conformalTime, 2) - 1) / (2 * rate) / timeStep).rounded(.up)) + 2
    /// The part of the band that is judged, and the stable part.
    static let judgedBand = 0.45...0.9
    static let largestStableRatio = 0.25

    /// The full grid has 32 networks, four seeds of each width and position, trained at momentum 1 and, for the greater width, at
    /// 0.98 and in an era of radiation; the quick one takes one seed.
    init(quick: Bool, seed: UInt64) {
        self.quick = quick
        self.seed = seed
        samples = Self.widths.flatMap { width in
            Self.positions.flatMap { position in
                (0..<(quick ? 1 : 4)).flatMap { replica in
                    (width == Self.widths.last ? Self.momenta.map { .momentum($0) } + [.radiation] : [.momentum(1)]).map {
                        Sample(position: position, width: width, replica: replica, course: $0)
                    }
                }
            }
        }
    }

    /// A place in the grid.
    struct Sample: Sendable {
        let position: Double
        let width: Int
        let replica: Int
        let course: Course
    }

    /// How a network is trained.
    enum Course: Sendable, Equatable {
        /// By heavy ball, 1 without friction.
        case momentum(Double)
        /// By the optimiser `fluid` in the universe of radiation.
        case radiation
    }

    /// The experiment itself: no scan file gives weights, or a target for each point that follows from what was measured there.
    public var runs: any RunSource { self }

    /// The number of trainings.
    public var count: Int { samples.count }

    /// A training, once its network is known.
    public func candidate(at index: Int, known: (Run) throws -> RunResult?) throws -> Candidate {
        let sample = samples[index]
        let (architecture, weights) = try Weights.mirrored(
            seed: seed &+ 7_000_000 &+ UInt64(sample.replica), width: sample.width, activation: .erf)
        let network = Run(
            architecture: architecture, source: .weights(weights), sigmaW: Self.sigmaW, sigmaB: Self.sigmaB,
            inputs: try Inputs([sample.position, -sample.position]))
        guard let start = try known(network) else { return .needs(network) }
        return .run(try trained(network, after: start, sample.course))
    }

    /// The training that starts in mode 1 with a little of mode 2: targets are the initial outputs less that. Its learning rate is
    /// that of `timeStep`, and the first update half of it, which starts an oscillator from rest to second order.
    private func trained(_ initial: Run, after start: RunResult, _ course: Course) throws -> Run {
        let kernel = start.initialKernel
        let frequency = Floquet.frequency(
            scale: Self.scale, leadingEigenvalue: (kernel[0] + kernel[1]) / 2, amplitude: Self.amplitude)
        let learningRate = (Self.timeStep / frequency) * (Self.timeStep / frequency)
        let small = Self.perturbation / 2.0.squareRoot()
        let targets = [start.outputs[0] - Self.amplitude - small, start.outputs[1] - Self.amplitude + small]
        var run = initial
        run.training = Run.Training(
            loss: try Loss(shape: .evenPower(4), scale: Self.scale, anchors: .perPoint(targets)),
            schedule: try Self.schedule(course, learningRate: learningRate, frequency: frequency),
            steps: course == .radiation ? Self.radiationSteps : Self.steps)
        return run
    }

    private static func schedule(_ course: Course, learningRate: Double, frequency: Double) throws -> Schedule {
        switch course {
        case .momentum(let momentum):
            try Schedule(
                learningRates: [learningRate / 2] + Array(repeating: learningRate, count: steps - 1),
                momenta: Array(repeating: momentum, count: steps))
        // H = 1/2t.
        case .radiation: try Schedule(.fluid, values: [[learningRate], [1.0 / 3], [0.5 / (rate * frequency)]])
        }
    }

    /// The second mode over time, its growth against λ₂/λ₁, and the claims.
    public func report(known: (Run) throws -> RunResult?) throws -> ExperimentReport {
        let modes = try zip(samples, results(known: known, experiment: id)).filter { $0.1.divergedAt == nil }.map { try Mode($0, $1) }
        return ExperimentReport(figures: [try figure(modes)], claims: try judge(modes))
    }

    /// The second mode of a training, beside what the frozen kernel and Floquet's theorem say.
    struct Mode: Sendable {
        let sample: Sample
        /// λ₂/λ₁.
        let massRatio: Double
        let floquet: Double
        /// c₂ = (g(x₀) − g(−x₀))/√2 at each step; a c₂ at equal steps of conformal time in an expanding universe, in the time in which aφ has
        /// the amplitude 1.
        let trained: [Double]
        let frozen: [Double]
        let trainedGrowth: GrowthFit
        let frozenGrowth: GrowthFit
        let kernelDrift: Double

        init(_ sample: Sample, _ result: RunResult) throws {
            guard let training = result.run.training else {
                throw ExperimentError.nothingToJudge(experiment: "resonance", reason: "the run has no training")
            }
            self.sample = sample
            let kernel = result.initialKernel
            massRatio = (kernel[0] - kernel[1]) / (kernel[0] + kernel[1])
            kernelDrift = Comparison.relativeChange(from: kernel[...], to: result.finalKernel[...])
            floquet = try Floquet.exponent(massRatio: massRatio)
            let network = try FrozenNetwork(result, training)
            let anchors = network.anchors
            func difference(_ outputs: [Double]) -> [Double] {
                (0..<outputs.count / 2).map {
                    ((outputs[2 * $0] - anchors[0]) - (outputs[2 * $0 + 1] - anchors[1])) / 2.0.squareRoot()
                }
            }
            func course(_ outputs: [Double]) -> [Double] {
                let mode = difference(outputs)
                return sample.course == .radiation ? Resonance.conformal(mode) : mode
            }
            trained = course(result.outputs)
            frozen = course(try Prediction.frozen.trajectory(of: network).values)
            func growth(_ mode: [Double]) throws -> GrowthFit {
                try GrowthFit(
                    amplitude: mode, timeStep: Resonance.timeStep, period: Floquet.period, periods: Resonance.fitted)
            }
            trainedGrowth = try growth(trained)
            frozenGrowth = try growth(frozen)
        }

        /// The greatest amplitude of all periods in units of the first.
        static func rise(_ fit: GrowthFit) -> Double { fit.peaks.max()! / fit.peaks[0] }
        /// Whether it is trained without expansion or friction.
        var isFree: Bool { sample.course == .momentum(1) }
        var isInBand: Bool { Resonance.judgedBand.contains(massRatio) }
        var isJudged: Bool { isFree && isInBand }
        var isStable: Bool { massRatio < Resonance.largestStableRatio }
        var momentum: Double { if case .momentum(let momentum) = sample.course { momentum } else { .nan } }
    }

    /// a c₂ in conformal time, in steps of `timeStep` of the time in which aφ has the amplitude 1.
    static func conformal(_ mode: [Double]) -> [Double] {
        let scaled = mode.enumerated().map { step, value in value * (1 + 2 * rate * timeStep * Double(step)).squareRoot() }
        return (0...steps).map { step in
            let a = 1 + rate * Double(step) * timeStep / radiationAmplitude
            return Perturbations.EraResonance.interpolated(scaled, at: (a * a - 1) / (2 * rate) / timeStep)
        }
    }
}

extension Weights {
    /// A network with one hidden layer that is even under x → −x: two halves with opposite input weights and otherwise equal ones.
    ///
    /// Its tangent kernel on the points ±x has the exact eigenvectors (1, 1) and (1, −1), so that the second mode has no mean and
    /// nothing but the resonance can move it.
    /// - Parameter width: that of the whole network; even.
    static func mirrored(seed: UInt64, width: Int, activation: Activation) throws -> (architecture: Architecture, weights: Weights) {
        let whole = try Architecture(widths: [width], activation: activation)
        let half = try Architecture(widths: [width / 2], activation: activation)
        let layers = half.layers
        let values = Weights(seed: seed, sigmaW: 1, sigmaB: 1, for: half).values
        func part(_ layer: Int, row: Int) -> [Double] {
            let start = layers[layer].offset + row * layers[layer].fanOut
            return Array(values[start..<start + layers[layer].fanOut])
        }
        let input = part(0, row: 0), bias = part(0, row: 1)
        let output = Array(values[layers[1].offset..<layers[1].offset + layers[1].fanIn])
        let all = input + input.map { -$0 } + bias + bias + output + output + part(1, row: layers[1].fanIn)
        return (whole, try Weights(all, for: whole))
    }
}
