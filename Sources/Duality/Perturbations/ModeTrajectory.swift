/// Mean field and modes of a network at each step.
public struct ModeTrajectory: Sendable, Hashable {
    /// f̄ at k = 0…K.
    public let mean: [Double]
    /// δ_i = v_i·(f − f̄), (K + 1, N) in row-major order; the order of the modes is that of the spectrum.
    public let perturbations: [Double]
    /// u_i, as the spectrum has them.
    let overlaps: [Double]

    /// How the amplitude of a mode is counted, with w_i = √N v_i, so that (1/N) Σ w_i w_j = δ_ij.
    public enum Amplitude: String, Sendable, Hashable, Codable, CaseIterable {
        /// (1/N) Σ_x w_i(x) (f(x) − f̄) = δ_i/√N, of the field beside its mean.
        case perturbation
        /// c_i = (1/N) Σ_x w_i(x) f(x) = (δ_i + u_i f̄)/√N, of the whole field. It takes part in the mean's travel where the
        /// mode has a mean, u_i ≠ 0.
        case coordinate
    }

    init(mean: [Double], perturbations: [Double], overlaps: [Double]) {
        self.mean = mean
        self.perturbations = perturbations
        self.overlaps = overlaps
    }

    /// N, the number of modes.
    public var modes: Int { overlaps.count }

    /// K.
    public var steps: Int { mean.count - 1 }

    /// δ_i at each step; modes count from 0.
    public func perturbation(_ mode: Int) -> [Double] { (0..<mean.count).map { perturbations[$0 * modes + mode] } }

    /// δ_i of all modes after step k.
    public func perturbations(at step: Int) -> [Double] { Array(perturbations[step * modes..<(step + 1) * modes]) }

    /// The amplitude of one mode in the w-basis at each step; modes count from 0.
    public func amplitude(_ mode: Int, _ kind: Amplitude = .perturbation) -> [Double] {
        mean.indices.map { amplitude(mode, kind, at: $0) }
    }

    /// |f̄(T) − f̄(0)|.
    public var travel: Double { abs(mean[steps] - mean[0]) }

    /// max over t of |f̄(t) − f̄(0)|; infinite if the mean is not finite.
    public var greatestTravel: Double {
        mean.reduce(0) { $1.isFinite ? max($0, abs($1 - mean[0])) : .infinity }
    }

    /// |A_i(T) − A_i(0)| of each mode's amplitude, beside what it is compared with; the first is the leading mode.
    public func motions(_ kind: Amplitude = .perturbation) -> [ModeMotion] {
        (0..<modes).map {
            ModeMotion(
                change: abs(amplitude($0, kind, at: steps) - amplitude($0, kind, at: 0)), initial: abs(amplitude($0, kind, at: 0)),
                travel: travel)
        }
    }

    private func amplitude(_ mode: Int, _ kind: Amplitude, at step: Int) -> Double {
        let shift = kind == .coordinate ? overlaps[mode] * mean[step] : 0
        return (perturbations[step * modes + mode] + shift) / Double(modes).squareRoot()
    }
}
