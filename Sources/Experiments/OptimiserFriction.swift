import Duality
import Engines
import Figures
import Foundation
import Networks
import Runs

/// Optimisers by the friction that each mode of a network feels, and whether it is that of one universe.
///
/// With a quadratic loss the modes c_i of a frozen kernel are independent: c_i″ + 3H c_i′ + κ L_i l″ c_i = 0. H(t), and a scale κ(t) of the
/// force that a change of clock would absorb, must be the same for all modes if they are to be fields in one universe.
public struct OptimiserFriction: Experiment {
    /// `optimisers`.
    public let id = "optimisers"
    public let title = "The friction of optimisers, mode by mode"
    private let scan: EmbeddedScan

    /// The full grid has 16 networks of each of two widths and four optimisers; the quick one 8 of the narrower.
    init(quick: Bool, seed: UInt64) throws { scan = try EmbeddedScan("optimisers", quick: quick, seed: seed) }

    public var runs: any RunSource { scan }

    public func report(known: (Run) throws -> RunResult?) throws -> ExperimentReport {
        let trainings = try scan.results(known: known, experiment: id).map { try Training($0) }
        return ExperimentReport(figures: [try figure(trainings)], claims: try judge(trainings))
    }

    /// The modes of a training as oscillators, in windows of time.
    struct Training: Sendable {
        /// Steps of a window, and from one to the next.
        static let window = 10, hop = 5
        /// Modes of which the signal is well above the kernel's drift.
        static let modes = 3

        let rule: UpdateRule
        let width: Int
        let schedule: Schedule
        /// From step to step: √η, or Δt of Born–Infeld.
        let step: Double
        let windows: [ModeFriction]

        init(_ result: RunResult) throws {
            guard let training = result.run.training, let anchor = training.loss.singleAnchor, result.divergedAt == nil else {
                throw ExperimentError.nothingToJudge(experiment: "optimisers", reason: "a run is no finite training of one field")
            }
            (rule, schedule) = (training.schedule.rule, training.schedule)
            width = result.run.architecture.widths.first ?? 0
            let rate = schedule.learningRate(at: 0), isBornInfeld = rule == .bornInfeld, tick = isBornInfeld ? rate : rate.squareRoot()
            step = tick
            let points = result.rows, root = Double(points).squareRoot()
            let spectrum = try FrozenNetwork(result, training).spectrum(result.engine.precision)
            let amplitudes = (0..<Self.modes).map { mode -> [Double] in
                let vector = spectrum.vector(mode)
                return result.losses.indices.map { time in
                    vector.indices.reduce(0) { $0 + vector[$1] * (result.outputs[time * points + $1] - anchor) } / root
                }
            }
            let masses = spectrum.eigenvalues.prefix(Self.modes).map { 2 * training.loss.scale * $0 }
            let first = result.losses[0]
            // (1 + V²/E²)/2 with E = V at the start, of which the momenta begin.
            let scales = result.losses.map { isBornInfeld ? (1 + $0 / first * ($0 / first)) / 2 : 1 }
            windows = stride(from: Self.hop + 1, to: result.losses.count - Self.window, by: Self.hop).map {
                ModeFriction(
                    amplitudes, losses: result.losses, squaredMasses: Array(masses), forceScales: scales, steps: $0..<$0 + Self.window,
                    step: tick)
            }
        }
    }
}

/// The friction of oscillators c″ + 3H c′ + κ m² c = 0 in a window of time, by least squares from central differences.
struct ModeFriction: Sendable {
    /// The middle of the window.
    let time: Double
    /// 3H of each mode with κ = 1, and with a κ that is known.
    let bare: [Double]
    let scaled: [Double]
    /// −d ln V/dt.
    let dilution: Double
    /// The share of Σ c″² that is left by the 3H and κ that are best for all modes together, each mode in units of its m² c.
    let unexplained: Double

    /// - Parameters:
    ///   - amplitudes: c of each mode, by step.
    ///   - forceScales: the κ that is known, by step.
    ///   - steps: from 1 to the last but one.
    ///   - step: from step to step in time.
    init(
        _ amplitudes: [[Double]], losses: [Double], squaredMasses: [Double], forceScales: [Double], steps: Range<Int>, step: Double
    ) {
        time = step * Double(steps.lowerBound + steps.upperBound - 1) / 2
        var (bare, scaled): ([Double], [Double]) = ([], [])
        var all = Products()
        for (c, mass) in zip(amplitudes, squaredMasses) {
            var (own, scaledForce) = (Products(), 0.0)
            for k in steps {
                let acceleration = (c[k + 1] - 2 * c[k] + c[k - 1]) / (step * step), velocity = (c[k + 1] - c[k - 1]) / (2 * step)
                own.add(acceleration, velocity, mass * c[k])
                scaledForce += velocity * forceScales[k] * mass * c[k]
            }
            bare.append(-(own.ab + own.bc) / own.bb)
            scaled.append(-(own.ab + scaledForce) / own.bb)
            all.add(own, weight: 1 / own.cc)
        }
        (self.bare, self.scaled) = (bare, scaled)
        let (before, after) = (losses[steps.lowerBound - 1], losses[steps.upperBound])
        dilution = log(before / after) / (step * Double(steps.count + 1))
        let determinant = all.bb * all.cc - all.bc * all.bc
        let friction = (all.bc * all.ac - all.cc * all.ab) / determinant, force = (all.bc * all.ab - all.bb * all.ac) / determinant
        // At the least squares the rest is Σ c″ (c″ + 3H c′ + κ m² c).
        unexplained = max(0, all.aa + friction * all.ab + force * all.ac) / all.aa
    }

    /// Sums of products of a = c″, b = c′ and c = m² c.
    private struct Products {
        var (aa, ab, ac, bb, bc, cc) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)

        mutating func add(_ a: Double, _ b: Double, _ c: Double) {
            aa += a * a
            ab += a * b
            ac += a * c
            bb += b * b
            bc += b * c
            cc += c * c
        }

        mutating func add(_ other: Products, weight: Double) {
            aa += weight * other.aa
            ab += weight * other.ab
            ac += weight * other.ac
            bb += weight * other.bb
            bc += weight * other.bc
            cc += weight * other.cc
        }
    }
}
