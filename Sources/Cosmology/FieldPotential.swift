import Expressions

/// The potential V(φ_1, …, φ_C) of several fields.
public enum FieldPotential: Sendable, Hashable, CustomStringConvertible {
    /// Σ_a V_a(φ_a): fields that see each other by their metric and the expansion only.
    case sum([Potential])
    /// One expression of all fields.
    case coupled(PotentialFormula)

    /// C.
    public var count: Int {
        switch self {
        case .sum(let parts): parts.count
        case .coupled(let formula): formula.function.arguments.count
        }
    }

    /// The formula with its numbers.
    public var description: String {
        switch self {
        case .sum(let parts):
            Set(parts).count == 1 && parts.count > 1
                ? "Σ_a V(φ_a), V = \(parts[0])" : parts.enumerated().map { "V_\($0 + 1) = \($1)" }.joined(separator: ", ")
        case .coupled(let formula): formula.description
        }
    }

    /// V.
    public func value(at phi: UnsafeBufferPointer<Double>) -> Double {
        switch self {
        case .sum(let parts):
            var sum = 0.0
            for a in parts.indices { sum += parts[a].value(at: phi[a]) }
            return sum
        case .coupled(let formula): return formula.function.value(at: phi)
        }
    }

    /// ∂V/∂φ_a.
    public func writeGradient(at phi: UnsafeBufferPointer<Double>, into gradient: UnsafeMutableBufferPointer<Double>) {
        switch self {
        case .sum(let parts): for a in parts.indices { gradient[a] = parts[a].slope(at: phi[a]) }
        case .coupled(let formula): formula.function.writeGradient(at: phi, into: gradient)
        }
    }

    /// ∂²V/∂φ_a∂φ_b, (C, C).
    public func writeHessian(at phi: UnsafeBufferPointer<Double>, into hessian: UnsafeMutableBufferPointer<Double>) {
        switch self {
        case .sum(let parts):
            hessian.update(repeating: 0)
            for a in parts.indices { hessian[a * parts.count + a] = parts[a].curvature(at: phi[a]) }
        case .coupled(let formula): formula.function.writeHessian(at: phi, into: hessian)
        }
    }
}
