import ArgumentParser
import Cosmology
import Expressions

extension Clock: ExpressibleByArgument {}
extension PerturbationKind: ExpressibleByArgument {}

/// `--potential`: the name of a shape, or an expression.
enum PotentialOption: ExpressibleByArgument, CustomStringConvertible {
    case power
    case doubleWell
    case expression(String)

    init(argument: String) {
        self =
            switch argument {
            case "power": .power
            case "double-well": .doubleWell
            default: .expression(argument)
            }
    }

    var description: String {
        switch self {
        case .power: "power"
        case .doubleWell: "double-well"
        case .expression(let text): text
        }
    }

    var defaultValueDescription: String { description }

    /// The potential of C fields: the sum of this shape over them, an expression in `phi` among them, or an expression of `phi1`, `phi2`, …; V₀
    /// counts once.
    func potential(
        fields: Int, scale: Double, minimum: Double, degree: Int, vacuumEnergy: Double, parameters: [NamedNumber]
    ) throws -> FieldPotential {
        if case .expression(let text) = self, !Self.isOfOneField(text) {
            let numbers = try Self.numbers(parameters)
            do throws(UniverseError) {
                return .coupled(try PotentialFormula(text, fields: fields, parameters: numbers))
            } catch .badFormula(let reason) {
                throw UniverseError.badFormula(
                    "--potential: \(reason). Or use power or double-well; values are given by --parameter name=value.")
            }
        }
        return .sum(
            try (0..<fields).map {
                try potential(
                    scale: scale, minimum: minimum, degree: degree, vacuumEnergy: $0 == 0 ? vacuumEnergy : 0, parameters: parameters)
            })
    }

    /// Whether an expression names the one field.
    private static func isOfOneField(_ text: String) -> Bool {
        (try? Expressions.Expression(text))?.names.contains(PotentialFormula.fieldName) ?? false
    }

    private static func numbers(_ parameters: [NamedNumber]) throws -> [String: Double] {
        var numbers: [String: Double] = [:]
        for parameter in parameters where numbers.updateValue(parameter.value, forKey: parameter.name) != nil {
            throw ValidationError("--parameter gives '\(parameter.name)' twice. Give it once.")
        }
        return numbers
    }

    /// The potential of this shape. The double well has degree 4, whatever `degree` says; an expression has none of these numbers.
    func potential(
        scale: Double, minimum: Double, degree: Int, vacuumEnergy: Double, parameters: [NamedNumber]
    ) throws -> Potential {
        switch self {
        case .power: return try .power(scale: scale, minimum: minimum, degree: degree, vacuumEnergy: vacuumEnergy)
        case .doubleWell: return try .doubleWell(scale: scale, minimum: minimum, vacuumEnergy: vacuumEnergy)
        case .expression(let text):
            let numbers = try Self.numbers(parameters)
            do throws(UniverseError) {
                return .formula(try PotentialFormula(text, parameters: numbers))
            } catch .badFormula(let reason) {
                throw UniverseError.badFormula(
                    "--potential: \(reason). Or use power or double-well; values are given by --parameter name=value.")
            }
        }
    }
}

/// `--parameter`.
struct NamedNumber: ExpressibleByArgument {
    let name: String
    let value: Double

    init?(argument: String) {
        let parts = argument.split(separator: "=", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, let number = Numbers.optional(parts[1]) else { return nil }
        name = String(parts[0])
        value = number
    }
}

/// `--velocity`.
enum VelocityOption: ExpressibleByArgument, CustomStringConvertible {
    case slowRoll
    /// φ′ of one field, or of each of several.
    case values([Double])

    init?(argument: String) {
        if argument == "slow-roll" {
            self = .slowRoll
        } else if let list = NumberList(argument: argument) {
            self = .values(list.values)
        } else {
            return nil
        }
    }

    var description: String {
        switch self {
        case .slowRoll: "slow-roll"
        case .values(let values): NumberList(values: values).description
        }
    }

    var defaultValueDescription: String { description }

    /// φ′ at the start. Of slow roll −V′/3H, H² = V/3M², or the constant H.
    func value(_ potential: Potential, _ hubble: Hubble, phi: Double) throws -> Double {
        switch self {
        case .slowRoll: return -potential.slope(at: phi) / (3 * (try Self.slowRollRate(hubble, potential: potential.value(at: phi))))
        case .values(let values):
            guard values.count == 1 else {
                throw ValidationError(
                    "--velocity has \(values.count) numbers, but there is one field. Several fields are given by --fields.")
            }
            return values[0]
        }
    }

    /// φ_a′ at the start. Of slow roll −ΘV′/3H.
    func values(_ potential: FieldPotential, _ space: FieldSpace, _ hubble: Hubble, phi: [Double]) throws -> [Double] {
        switch self {
        case .slowRoll:
            var slope = phi
            let height = phi.withUnsafeBufferPointer { phi in
                slope.withUnsafeMutableBufferPointer { potential.writeGradient(at: phi, into: $0) }
                return potential.value(at: phi)
            }
            let rate = try Self.slowRollRate(hubble, potential: height)
            return phi.indices.map { a in
                -slope.indices.reduce(0) { $0 + space.kernel[a * phi.count + $1] * slope[$1] } / (3 * rate)
            }
        case .values(let values): return values == [0] ? phi.map { _ in 0 } : values
        }
    }

    private static func slowRollRate(_ hubble: Hubble, potential: Double) throws -> Double {
        let rate =
            switch hubble {
            case .constant(let rate): rate
            case .friedmann(let planckMass): (potential / 3).squareRoot() / planckMass
            }
        guard rate > 0 else {
            throw ValidationError("--velocity is slow-roll, but must be a number where V(φ) or H is not positive.")
        }
        return rate
    }
}

/// `--hubble`.
enum HubbleLaw: ExpressibleByArgument, CustomStringConvertible {
    case friedmann
    case constant(Double)

    init?(argument: String) {
        if argument == "friedmann" {
            self = .friedmann
        } else if let rate = Numbers.optional(argument) {
            self = .constant(rate)
        } else {
            return nil
        }
    }

    var description: String {
        switch self {
        case .friedmann: "friedmann"
        case .constant(let rate): "\(rate)"
        }
    }

    var defaultValueDescription: String { description }

    func law(planckMass: Double) -> Hubble {
        switch self {
        case .friedmann: .friedmann(planckMass: planckMass)
        case .constant(let rate): .constant(rate)
        }
    }
}

extension PerturbationMode: ExpressibleByArgument {
    /// A mode from `r,k`.
    public init?(argument: String) { try? self.init(text: argument) }

    /// - Throws: `Numbers.Failure`, `UniverseError`.
    init(text: String) throws {
        let (massRatio, wavenumber) = try Numbers.pair(
            text, "a mode is two numbers r,k, such as 1,0: its squared mass in units of V″, and its wavenumber")
        try self.init(massRatio: massRatio, wavenumber: wavenumber)
    }
}

extension Fluid: ExpressibleByArgument {
    /// A fluid from `w,rho`.
    public init?(argument: String) { try? self.init(text: argument) }

    /// - Throws: `Numbers.Failure`, `UniverseError`.
    init(text: String) throws {
        let (equationOfState, density) = try Numbers.pair(
            text, "a fluid is two numbers w,rho, such as 1/3,100: its pressure over its density, and that at a = 1")
        try self.init(equationOfState: equationOfState, density: density)
    }
}
