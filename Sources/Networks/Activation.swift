/// The nonlinearity between two layers: its value and slope for the host, and the same two as OpenCL C for the kernels.
///
/// Each activation is one file under `Activations/` and one entry of ``all``; tests, kernels and the command line iterate over
/// that list. The OpenCL expressions see a scalar or vector `z` of type `REALV`, work component-wise, and must give the value
/// and slope that the closures give.
public struct Activation: Sendable {
    /// The name that users type and that results carry.
    public let name: String
    /// φ(z).
    public let value: @Sendable (Double) -> Double
    /// φ′(z).
    public let slope: @Sendable (Double) -> Double
    /// φ″(z) and φ‴(z); nil for an activation with a kink, which has none everywhere.
    public let higherSlopes: (@Sendable (Double) -> (second: Double, third: Double))?
    /// φ(z) as an OpenCL C expression in `z`.
    public let kernelValue: String
    /// φ′(z) as an OpenCL C expression in `z`.
    public let kernelSlope: String
    /// A bound on |φ′| and on |φ(z)|/|z|, which error bounds use.
    public let lipschitzBound: Double
    /// E[φ(u)φ(v)] and E[φ′(u)φ′(v)] over normal pre-activations, for infinitely wide layers.
    public let dual: DualActivation

    /// All activations, in the order in which the documentation lists them.
    public static let all: [Activation] = [relu, erf, tanh, gelu, sin, identity]

    /// The activation of that name, or nil.
    public static func named(_ name: String) -> Activation? {
        all.first { $0.name == name }
    }
}

extension Activation: Hashable, CustomStringConvertible {
    /// Two activations are the same when their names are.
    public static func == (a: Activation, b: Activation) -> Bool { a.name == b.name }

    public func hash(into hasher: inout Hasher) { hasher.combine(name) }

    public var description: String { name }
}

extension Activation: Codable {
    /// Decodes a name. - Throws: `NetworkError.unknown` for a name that is not registered.
    public init(from decoder: any Decoder) throws {
        let name = try decoder.singleValueContainer().decode(String.self)
        guard let found = Activation.named(name) else {
            throw NetworkError.unknown(kind: "activation", name: name, known: Activation.all.map(\.name))
        }
        self = found
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(name)
    }
}
