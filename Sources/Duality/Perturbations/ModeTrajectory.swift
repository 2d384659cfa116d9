import Arrays

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Mean fields and modes of a network at each step.
public struct ModeTrajectory: Sendable, Hashable {
    /// f̄_a at k = 0…K, (K + 1, C) in row-major order.
    public let mean: [Double]
    /// δ_i = v_i·(f − f̄), (K + 1, N·C) in row-major order; the order of the modes is that of the spectrum.
    public let perturbations: [Double]
    /// C.
    public let outputs: Int
    /// u_ia, (N·C, C).
    let overlaps: [Double]

    /// How the amplitude of a mode is counted, with w_i = √N v_i, so that (1/N) Σ w_i w_j = δ_ij.
    public enum Amplitude: String, Sendable, Hashable, Codable, CaseIterable {
        /// (1/N) Σ_x w_i(x) (f(x) − f̄) = δ_i/√N, of the field beside its mean.
        case perturbation
        /// c_i = (1/N) Σ_x w_i(x) f(x) = (δ_i + Σ_a u_ia f̄_a)/√N, of the whole field. It takes part in the mean's travel where the
        /// mode has a mean, u_i ≠ 0.
        case coordinate
    }

    init(mean: [Double], perturbations: [Double], overlaps: [Double], outputs: Int) {
        self.mean = mean
        self.perturbations = perturbations
        self.overlaps = overlaps
        self.outputs = outputs
    }

    /// N·C, the number of modes.
    public var modes: Int { overlaps.count / outputs }

    /// K + 1.
    var rows: Int { mean.count / outputs }

    /// K.
    public var steps: Int { rows - 1 }

    /// f̄_a at each step; outputs count from 0.
    public func mean(ofOutput output: Int) -> [Double] { (0..<rows).map { mean[$0 * outputs + output] } }

    /// δ_i at each step; modes count from 0.
    public func perturbation(_ mode: Int) -> [Double] { (0..<rows).map { perturbations[$0 * modes + mode] } }

    /// δ_i of all modes after step k.
    public func perturbations(at step: Int) -> [Double] { Array(perturbations[step * modes..<(step + 1) * modes]) }

    /// The amplitude of one mode in the w-basis at each step; modes count from 0.
    public func amplitude(_ mode: Int, _ kind: Amplitude = .perturbation) -> [Double] {
        (0..<rows).map { amplitude(mode, kind, at: $0) }
    }

    /// |f̄(T) − f̄(0)|, of several outputs the length of that vector.
    public var travel: Double { travel(at: steps) }

    /// max over t of |f̄(t) − f̄(0)|; infinite if the mean is not finite.
    public var greatestTravel: Double { (0..<rows).reduce(0) { max($0, travel(at: $1)) } }

    private func travel(at row: Int) -> Double { distance(to: self, at: row, from: 0) }

    /// |f̄(t_k) − ḡ(t_j)|, infinite where it is not a number.
    func distance(to other: ModeTrajectory, at row: Int, from otherRow: Int) -> Double {
        let distance = (0..<outputs).reduce(0) { hypot($0, mean[row * outputs + $1] - other.mean[otherRow * outputs + $1]) }
        return distance.orInfinite
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
        let shift = kind == .coordinate ? (0..<outputs).reduce(0) { $0 + overlaps[mode * outputs + $1] * mean[step * outputs + $1] } : 0
        return (perturbations[step * modes + mode] + shift) / Double(modes / outputs).squareRoot()
    }
}
