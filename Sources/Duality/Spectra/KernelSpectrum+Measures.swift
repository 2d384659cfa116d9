#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension KernelSpectrum {
    /// λ_i = N L_i, descending.
    public var kernelEigenvalues: [Double] { eigenvalues.map { $0 * Double(points) } }

    /// λ₁/N, the rate of the mean field (KS eq. 23).
    public var leadingEigenvalue: Double { eigenvalues[0] }

    /// |v₁·1|/√(N·C), 1 where the leading mode is uniform; KS eq. 21 assumes it.
    public var leadingOverlap: Double { abs(overlaps[0]) / Double(order).squareRoot() }

    /// λ₂/λ₁; nil for one mode, and for a kernel without a positive eigenvalue.
    public var gapRatio: Double? { order > 1 && eigenvalues[0] > 0 ? eigenvalues[1] / eigenvalues[0] : nil }

    /// λ_i/λ₁, the mass of each mode in units of the mean field's (KS eq. 24 beside 27); nil without a positive eigenvalue.
    public var massRatios: [Double]? { eigenvalues[0] > 0 ? eigenvalues.map { $0 / eigenvalues[0] } : nil }

    /// Σ_i L_i = tr Θ/N.
    public var trace: Double { eigenvalues.reduce(0, +) }

    /// S = −Σ p_i ln p_i of p_i = λ_i/Σλ, in nats: the von Neumann entropy of Θ/tr Θ. Negative eigenvalues count as 0;
    /// 0 for a kernel of zeros.
    public var entropy: Double {
        let total = positiveSum
        guard total > 0 else { return 0 }
        return eigenvalues.reduce(0) { sum, value in
            let share = max(0, value) / total
            return share > 0 ? sum - share * log(share) : sum
        }
    }

    /// e^S, the effective rank of Roy and Vetterli (2007): m for m equal eigenvalues, 0 for a kernel of zeros.
    public var effectiveRank: Double { positiveSum > 0 ? exp(entropy) : 0 }

    /// (Σλ)²/Σλ² over the positive eigenvalues, which weighs small ones less than `effectiveRank` does; 0 for a kernel of zeros.
    public var participationRatio: Double {
        let largest = eigenvalues[0]
        guard largest > 0 else { return 0 }
        let (sum, squares) = eigenvalues.reduce((0.0, 0.0)) { total, value in
            let share = max(0, value) / largest
            return (total.0 + share, total.1 + share * share)
        }
        return sum * sum / squares
    }

    /// λ₁/λ_n, how much faster the first mode is learned than the last; nil where λ_n does not exceed the noise, so that it is not known.
    /// - Parameter noiseFloor: in units of λ; default that of the spectrum.
    public func conditionNumber(noiseFloor: Double? = nil) -> Double? {
        let least = eigenvalues[order - 1]
        return least > 0 && least * Double(points) > noiseFloor ?? self.noiseFloor * Double(points) ? eigenvalues[0] / least : nil
    }

    /// How many eigenvalues exceed the noise floor; the others say nothing about the network.
    public var significantCount: Int { eigenvalues.reduce(0) { $1 > noiseFloor ? $0 + 1 : $0 } }

    /// −min λ/max |λ|, 0 for a positive semidefinite kernel.
    public var semidefinitenessResidual: Double {
        let (largest, least) = (eigenvalues[0], eigenvalues[order - 1])
        return least < 0 ? -least / max(abs(largest), abs(least)) : 0
    }

    /// What is wrong or special about the kernel; empty for one of full rank.
    public var findings: [KernelFinding] {
        var findings: [KernelFinding] = []
        let scale = max(abs(eigenvalues[0]), abs(eigenvalues[order - 1]))
        guard scale > 0 else { return [.zero] }
        if symmetryResidual > noiseFloor / scale { findings.append(.asymmetric(residual: symmetryResidual)) }
        if eigenvalues[order - 1] < -noiseFloor { findings.append(.indefinite(residual: semidefinitenessResidual)) }
        if significantCount < order { findings.append(.rankDeficient(significant: significantCount, order: order)) }
        return findings
    }

    private var positiveSum: Double { eigenvalues.reduce(0) { $0 + max(0, $1) } }
}

/// What a user of a spectrum should know about its kernel.
public enum KernelFinding: Sendable, Hashable, CustomStringConvertible {
    /// All elements are 0.
    case zero
    /// Elements differ from their mirror images by more than rounding; `residual` is relative to the largest.
    case asymmetric(residual: Double)
    /// An eigenvalue lies below zero by more than the noise floor; `residual` is relative to the largest magnitude.
    case indefinite(residual: Double)
    /// Some eigenvalues are not above the noise floor.
    case rankDeficient(significant: Int, order: Int)

    /// The finding, and what follows.
    public var description: String {
        switch self {
        case .zero:
            "the tangent kernel is 0: no output depends on any parameter here, or its elements are below the smallest number of its "
                + "precision"
        case .asymmetric(let residual):
            "the tangent kernel is not symmetric: elements differ from their mirror images by \(residual) of the largest; "
                + "the modes are those of its lower triangle"
        case .indefinite(let residual):
            "the tangent kernel is indefinite: its least eigenvalue is −\(residual) times the largest in magnitude, which no Gram "
                + "matrix has; check where it comes from, or compute it in float64"
        case .rankDeficient(let significant, let order):
            "\(significant) of \(order) eigenvalues lie above the noise floor; the others say nothing (duplicated points, fewer "
                + "parameters than points, or a spectrum that falls below the rounding of the kernel: compute it in mixed or float64)"
        }
    }
}
