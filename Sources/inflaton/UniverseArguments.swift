import ArgumentParser
import Cosmology

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

    /// The potential of this shape. The double well has degree 4, whatever `degree` says; an expression has none of these numbers.
    func potential(
        scale: Double, minimum: Double, degree: Int, vacuumEnergy: Double, parameters: [NamedNumber]
    ) throws -> Potential {
        switch self {
        case .power: return try .power(scale: scale, minimum: minimum, degree: degree, vacuumEnergy: vacuumEnergy)
        case .doubleWell: return try .doubleWell(scale: scale, minimum: minimum, vacuumEnergy: vacuumEnergy)
        case .expression(let text):
            var numbers: [String: Double] = [:]
            for parameter in parameters where numbers.updateValue(parameter.value, forKey: parameter.name) != nil {
                throw ValidationError("--parameter gives '\(parameter.name)' twice. Give it once.")
            }
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
        guard parts.count == 2, !parts[0].isEmpty, let number = Double(parts[1]) else { return nil }
        name = String(parts[0])
        value = number
    }
}

/// `--velocity`.
enum VelocityOption: ExpressibleByArgument, CustomStringConvertible {
    case slowRoll
    case value(Double)

    init?(argument: String) {
        if argument == "slow-roll" {
            self = .slowRoll
        } else if let velocity = Double(argument) {
            self = .value(velocity)
        } else {
            return nil
        }
    }

    var description: String {
        switch self {
        case .slowRoll: "slow-roll"
        case .value(let velocity): "\(velocity)"
        }
    }

    var defaultValueDescription: String { description }

    /// φ′ at the start. Of slow roll −V′/3H, H² = V/3M², or the constant H.
    func value(_ potential: Potential, _ hubble: Hubble, phi: Double) throws -> Double {
        guard case .slowRoll = self else {
            if case .value(let velocity) = self { return velocity }
            return 0
        }
        let rate =
            switch hubble {
            case .constant(let rate): rate
            case .friedmann(let planckMass): (potential.value(at: phi) / 3).squareRoot() / planckMass
            }
        guard rate > 0 else {
            throw ValidationError("--velocity is slow-roll, but must be a number where V(φ) or H is not positive.")
        }
        return -potential.slope(at: phi) / (3 * rate)
    }
}

/// `--hubble`.
enum HubbleLaw: ExpressibleByArgument, CustomStringConvertible {
    case friedmann
    case constant(Double)

    init?(argument: String) {
        if argument == "friedmann" {
            self = .friedmann
        } else if let rate = Double(argument) {
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
    public init?(argument: String) {
        let numbers = argument.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
        guard numbers.count == 2, let ratio = numbers[0], let wavenumber = numbers[1] else { return nil }
        try? self.init(massRatio: ratio, wavenumber: wavenumber)
    }
}

extension Fluid: ExpressibleByArgument {
    /// A fluid from `w,rho`.
    public init?(argument: String) {
        let numbers = argument.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
        guard numbers.count == 2, let equation = numbers[0], let density = numbers[1] else { return nil }
        try? self.init(equationOfState: equation, density: density)
    }
}
