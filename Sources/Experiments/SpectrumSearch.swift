import Arrays
import Duality
import Foundation
import Networks

/// The spectra that infinitely wide networks have on an interval, over a grid of hyperparameters, and the settings that come nearest to a
/// wanted one.
struct SpectrumSearch: Sendable {
    /// Hyperparameters of a network without widths, and its points: `points` of them, from −α to α.
    struct Setting: Hashable, Sendable {
        let activation: Activation
        let depth: Int
        let sigmaW: Double
        let sigmaB: Double
        let alpha: Double

        static let points = 16

        func inputs() throws -> Inputs {
            let last = Double(Self.points - 1)
            return try Inputs((0..<Self.points).map { alpha * (2 * Double($0) / last - 1) })
        }

        var label: String {
            "\(activation.name), depth \(depth), σ_w = \(format(sigmaW)), σ_b = \(format(sigmaB)), α = \(format(alpha))"
        }

        private func format(_ value: Double) -> String { String(format: "%.4g", value) }
    }

    /// A setting with what an infinitely wide network has there.
    struct Found: Sendable {
        let setting: Setting
        /// λ_i/λ_1 of the tangent kernel, i = 1 … N.
        let ratios: [Double]
        /// v_i^T K v_i with the NNGP kernel K, the variance at the start of the modes that the tangent kernel has.
        let variances: [Double]
        /// |v_1 · 1|/√N, 1 for a homogeneous leading mode.
        let leadingOverlap: Double
        /// n_s.
        let index: Double
        /// The greatest distance of ln(variance) from the power law; infinite where there is none.
        let residual: Double

        init(_ setting: Setting) throws {
            let kernel = try InfiniteWidthKernel(
                depth: setting.depth, activation: setting.activation, hasBias: setting.sigmaB > 0, sigmaW: setting.sigmaW,
                sigmaB: setting.sigmaB, inputs: setting.inputs())
            let spectrum = try KernelSpectrum(elements: kernel.tangentKernel, points: kernel.points)
            self.setting = setting
            ratios = spectrum.eigenvalues.map { $0 / spectrum.eigenvalues[0] }
            leadingOverlap = abs(spectrum.overlaps[0]) / Double(kernel.points).squareRoot()
            let n = kernel.points
            variances = (0..<n).map { mode -> Double in
                let v = spectrum.vector(mode)
                var sum = 0.0
                for x in 0..<n {
                    for y in 0..<n { sum += v[x] * kernel.nngp[x * n + y] * v[y] }
                }
                return sum
            }
            // The number of a mode tells its wavenumber only where it tells its nodes.
            let isOrdered = (0..<7).allSatisfy { mode in
                let v = spectrum.vector(mode)
                return zip(v, v.dropFirst()).count { $0 * $1 < 0 } == mode
            }
            let law = try isOrdered ? Self.powerLaw(variances) : (index: .nan, residual: .infinity)
            (index, residual) = (law.index, law.residual)
        }

        /// n_s of modes 2 to 7, whose wavenumbers are as 1 to 6: in one dimension the power by logarithm of the wavenumber is k times the
        /// variance, so that n_s − 1 = 1 + d ln(variance)/d ln k. NaN and infinity where rounding is all that a mode has.
        static func powerLaw(_ variances: [Double]) throws -> (index: Double, residual: Double) {
            let modes = Array(variances[1...6])
            guard let least = modes.min(), let most = modes.max(), least > 1e-12 * most else { return (.nan, .infinity) }
            let x = (1...6).map { log(Double($0)) }, y = modes.map { log($0) }
            let line = try Statistics.line(x, y)
            return (2 + line.slope, zip(x, y).map { abs($1 - line.intercept - line.slope * $0) }.max() ?? .infinity)
        }

        /// λ₂/λ₁.
        var gap: Double { ratios[1] }
        /// λ₃/λ₂.
        var nextGap: Double { ratios[2] / ratios[1] }
        /// Whether the accuracy of the kernel is enough for the third eigenvalue.
        var isResolved: Bool { ratios[2] > 10 * setting.activation.dual.accuracy }
        /// Whether the leading mode is the mean.
        var isHomogeneous: Bool { leadingOverlap >= 0.99 }
        /// Whether two modes lead the others by a factor of 20.
        var isTwoFields: Bool { ratios[1] > 1e-6 && nextGap <= 0.05 }
        /// Whether the variances are a power of the wavenumber to 30 %.
        var isPowerLaw: Bool { residual <= 0.3 }
    }

    /// A hierarchy, or what comes nearest to it.
    enum Wanted: CaseIterable {
        /// λ₂/λ₁ as small as can be where the mean leads, on an interval of a Hubble length or more to either side.
        case oneField
        /// λ₂/λ₁ near 1 with λ₃/λ₂ ≤ 0.05.
        case twoFields
        /// The same with biases.
        case twoFieldsWithBias
        /// n_s = −2.
        case red
        /// n_s = 0, as the path of a random walk.
        case randomWalk
        /// n_s = 2, white noise.
        case white

        var name: String {
            switch self {
            case .oneField: "one field"
            case .twoFields: "two fields of equal weight"
            case .twoFieldsWithBias: "two fields with biases"
            case .red: "initial modes with n_s = −2"
            case .randomWalk: "initial modes with n_s = 0"
            case .white: "initial modes with n_s = 2"
            }
        }

        /// n_s where that is wanted.
        var index: Double? {
            switch self {
            case .red: -2
            case .randomWalk: 0
            case .white: 2
            default: nil
            }
        }

        /// How far a setting is from it; nil where it is something else altogether.
        func distance(_ found: Found) -> Double? {
            switch self {
            case .oneField: found.isHomogeneous && found.setting.alpha >= 1 ? found.gap : nil
            case .twoFields: found.isTwoFields ? 1 - found.gap : nil
            case .twoFieldsWithBias: found.isTwoFields && found.setting.sigmaB > 0 ? 1 - found.gap : nil
            case .red, .randomWalk, .white: found.isPowerLaw ? abs(found.index - (index ?? 0)) : nil
            }
        }
    }

    static let activations: [Activation] = [.relu, .erf, .gelu, .sin, .identity, .tanh]
    let found: [Found]

    /// The search, made once: it takes half a minute, and experiments are made anew for each question.
    static let shared = Result { try SpectrumSearch() }

    /// 2,940 settings of the activations whose kernels have closed forms, and 180 of tanh, whose kernels are numerical integrals: a thousand
    /// times the work.
    init() throws {
        var found: [Found] = []
        for activation in Self.activations {
            let isCoarse = activation.dual.accuracy > 0
            let sigmaWs: [Double] = isCoarse ? [0.5, 1, 2, 5] : [0.5, 1, 2.0.squareRoot(), 2, 3, 4, 5]
            let sigmaBs: [Double] = isCoarse ? [0, 0.3, 1] : [0, 0.1, 0.3, 1]
            let alphas: [Double] = isCoarse ? [0.1, 0.3, 1, 3, 10] : [0.1, 0.2, 0.3, 0.5, 1, 3, 10]
            for depth in 1...3 {
                for sigmaW in sigmaWs {
                    for sigmaB in sigmaBs {
                        for alpha in alphas {
                            found.append(
                                try Found(Setting(activation: activation, depth: depth, sigmaW: sigmaW, sigmaB: sigmaB, alpha: alpha)))
                        }
                    }
                }
            }
        }
        self.found = found
    }

    /// The nearest to what is wanted, of one activation or of all; of equals to rounding the first.
    func best(_ wanted: Wanted, _ activation: Activation? = nil) -> Found? {
        let candidates = found.filter { activation == nil || $0.setting.activation == activation }
            .compactMap { one in wanted.distance(one).map { (one, $0) } }
        guard let least = candidates.map(\.1).min() else { return nil }
        return candidates.first { $0.1 <= least + 1e-6 }?.0
    }
}
