/// The form of the loss l(f; s, m), with m the anchor: value and derivatives for the host, the first two as OpenCL C.
///
/// A loss of each output by itself has a value, a slope and a curvature of one output. They are NaN for a coupled one, whose outputs belong
/// together: `total`, `writeSlopes` and `writeCurvatures` are for all.
///
/// The OpenCL expressions see scalars `f`, `m` and `s` of type `REAL`, the output `c` and `U(b)`, f − m of output b of the same point.
public enum LossShape: Sendable, Hashable, Codable, CustomStringConvertible {
    /// s (f − m)^n, even n ≥ 2 (KS eq. 28). Degree 2 with targets as anchors is the squared error.
    case evenPower(Int)
    /// s/4 (f² − m²)²: minima at ±m.
    case doubleWell
    /// s W(f − m), of all outputs of a point together.
    case coupled(Coupling)

    /// s (f − m)^n.
    /// - Throws: `NetworkError.outOfRange` unless n is even and between 2 and 16.
    public static func power(degree: Int) throws(NetworkError) -> LossShape {
        guard degree >= 2, degree <= 16, degree.isMultiple(of: 2) else {
            throw .outOfRange(
                what: "the degree of the loss", value: "\(degree)", limit: "an even number from 2 to 16",
                remedy: "odd powers have no minimum; use 2 or 4")
        }
        return .evenPower(degree)
    }

    /// One example of each kind, for tests and checks.
    public static let examples: [LossShape] = [.evenPower(2), .evenPower(4), .evenPower(6), .doubleWell]

    /// l.
    public func value(_ f: Double, anchor m: Double, scale s: Double) -> Double {
        switch self {
        case .evenPower(let n): s * power(f - m, n)
        case .doubleWell: 0.25 * s * (f * f - m * m) * (f * f - m * m)
        case .coupled: .nan
        }
    }

    /// l′ = dl/df.
    public func slope(_ f: Double, anchor m: Double, scale s: Double) -> Double {
        switch self {
        case .evenPower(let n): s * Double(n) * power(f - m, n - 1)
        case .doubleWell: s * f * (f * f - m * m)
        case .coupled: .nan
        }
    }

    /// l″.
    public func curvature(_ f: Double, anchor m: Double, scale s: Double) -> Double {
        switch self {
        case .evenPower(let n): s * Double(n * (n - 1)) * power(f - m, n - 2)
        case .doubleWell: s * (3 * f * f - m * m)
        case .coupled: .nan
        }
    }

    /// Whether l is quadratic, so that the dynamics with a frozen kernel is linear.
    public var isQuadratic: Bool { self == .evenPower(2) }

    /// l as an OpenCL C expression.
    public var kernelValue: String {
        switch self {
        case .evenPower(let n): "(s * \(Self.product("(f - m)", n)))"
        case .doubleWell: "((REAL)0.25 * s * (f * f - m * m) * (f * f - m * m))"
        case .coupled(let coupling): coupling.kernelValue
        }
    }

    /// l′ as an OpenCL C expression.
    public var kernelSlope: String {
        switch self {
        case .evenPower(let n): "(s * (REAL)\(n) * \(Self.product("(f - m)", n - 1)))"
        case .doubleWell: "(s * f * (f * f - m * m))"
        case .coupled(let coupling): coupling.kernelSlope
        }
    }

    /// The formula with its degree.
    public var description: String {
        switch self {
        case .evenPower(let n): "s (f - f_min)^\(n)"
        case .doubleWell: "s/4 (f^2 - v^2)^2"
        case .coupled(let coupling): "s (\(coupling)), u = f - f_min"
        }
    }

    private func power(_ u: Double, _ n: Int) -> Double {
        var result = 1.0
        for _ in 0..<n { result *= u }
        return result
    }

    private static func product(_ factor: String, _ n: Int) -> String {
        "(" + Array(repeating: factor, count: n).joined(separator: " * ") + ")"
    }
}
