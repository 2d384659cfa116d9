import Duality
import Synchronization

/// What quantities say of the modes of a kernel before the training: a few numbers, so that who knows them solves no eigenproblem.
package struct ModeNumbers: Sendable, Hashable {
    /// L₁ = λ₁/N.
    package let leadingEigenvalue: Double
    /// λ₂/λ₁; nil without a positive eigenvalue.
    package let gapRatio: Double?
    /// |v₁·1|/√(N·C).
    package let uniformity: Double
    /// S of the shares of the eigenvalues, in nats.
    package let entropy: Double
    /// e^S.
    package let effectiveRank: Double

    init(_ spectrum: KernelSpectrum) {
        leadingEigenvalue = spectrum.leadingEigenvalue
        gapRatio = spectrum.gapRatio
        uniformity = spectrum.leadingOverlap
        entropy = spectrum.entropy
        effectiveRank = spectrum.effectiveRank
    }

    /// The quantities that they are, in the order of ``init(stored:)``.
    package static let quantities = ["leadingEigenvalue", "gapRatio", "uniformity", "entropy", "effectiveRank"]

    /// What a store has of ``quantities``; nil where any is missing that a kernel with modes has.
    package init?(stored values: [Double?]) {
        guard values.count == Self.quantities.count, let leading = values[0], values[1] != nil || leading <= 0, let uniformity = values[2],
            let entropy = values[3], let rank = values[4]
        else { return nil }
        (leadingEigenvalue, gapRatio, self.uniformity, self.entropy, effectiveRank) = (leading, values[1], uniformity, entropy, rank)
    }
}

/// The numbers of one kernel's modes, for all copies of a result: measured when they are first asked for, unless a store had them.
package final class KnownModes: Sendable {
    private let state: Mutex<(numbers: ModeNumbers?, measured: Int)>

    init(_ numbers: ModeNumbers?) { state = Mutex((numbers, 0)) }

    var numbers: ModeNumbers? { state.withLock { $0.numbers } }

    /// How often the eigenproblem was solved for them.
    package var timesMeasured: Int { state.withLock { $0.measured } }

    func measured(_ spectrum: KernelSpectrum) {
        state.withLock { state in
            state.numbers = ModeNumbers(spectrum)
            state.measured += 1
        }
    }
}
