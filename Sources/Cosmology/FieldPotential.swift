import Expressions

/// The potential V(φ_1, …, φ_C) of several fields.
public enum FieldPotential: Sendable, Hashable, CustomStringConvertible {
    /// Σ_a V_a(φ_a): fields that see each other by their metric and the expansion only.
    case sum([Potential])
    /// s W(φ − φ_0) + V₀ with a function W of all fields.
    case function(ScalarFunction, scale: Double, origin: [Double], vacuumEnergy: Double)

    /// One expression of all fields.
    public static func coupled(_ formula: PotentialFormula) -> FieldPotential {
        .function(formula.function, scale: 1, origin: formula.function.arguments.map { _ in 0 }, vacuumEnergy: 0)
    }

    /// C.
    public var count: Int {
        switch self {
        case .sum(let parts): parts.count
        case .function(let function, _, _, _): function.arguments.count
        }
    }

    /// The formula with its numbers.
    public var description: String {
        switch self {
        case .sum(let parts):
            Set(parts).count == 1 && parts.count > 1
                ? "Σ_a V(φ_a), V = \(parts[0])" : parts.enumerated().map { "V_\($0 + 1) = \($1)" }.joined(separator: ", ")
        case .function(let function, let scale, let origin, let vacuum):
            scale == 1 && vacuum == 0 && origin.allSatisfy { $0 == 0 }
                ? function.description : "\(scale) (\(function)) from \(origin) + \(vacuum)"
        }
    }

    /// V.
    public func value(at phi: UnsafeBufferPointer<Double>) -> Double {
        switch self {
        case .sum(let parts):
            var sum = 0.0
            for a in parts.indices { sum += parts[a].value(at: phi[a]) }
            return sum
        case .function(let function, let scale, let origin, let vacuum):
            return Self.shifted(phi, by: origin) { scale * function.value(at: $0) + vacuum }
        }
    }

    /// ∂V/∂φ_a.
    public func writeGradient(at phi: UnsafeBufferPointer<Double>, into gradient: UnsafeMutableBufferPointer<Double>) {
        switch self {
        case .sum(let parts): for a in parts.indices { gradient[a] = parts[a].slope(at: phi[a]) }
        case .function(let function, let scale, let origin, _):
            Self.shifted(phi, by: origin) { function.writeGradient(at: $0, into: gradient) }
            for a in gradient.indices { gradient[a] *= scale }
        }
    }

    /// ∂²V/∂φ_a∂φ_b, (C, C).
    public func writeHessian(at phi: UnsafeBufferPointer<Double>, into hessian: UnsafeMutableBufferPointer<Double>) {
        switch self {
        case .sum(let parts):
            hessian.update(repeating: 0)
            for a in parts.indices { hessian[a * parts.count + a] = parts[a].curvature(at: phi[a]) }
        case .function(let function, let scale, let origin, _):
            Self.shifted(phi, by: origin) { function.writeHessian(at: $0, into: hessian) }
            for index in hessian.indices { hessian[index] *= scale }
        }
    }

    private static func shifted<Result>(
        _ phi: UnsafeBufferPointer<Double>, by origin: [Double], _ body: (UnsafeBufferPointer<Double>) -> Result
    ) -> Result {
        withUnsafeTemporaryAllocation(of: Double.self, capacity: origin.count) { u in
            for a in origin.indices { u[a] = phi[a] - origin[a] }
            return body(UnsafeBufferPointer(u))
        }
    }
}
