import ArgumentParser
import Arrays
import Duality
import Networks
import Runs
import ScanFiles

/// What is minimised, and how.
struct OptimisationOptions: ParsableArguments {
    @Option(parsing: .unconditional, help: "η.")
    var learningRate: Double = 0.01

    @Option(parsing: .unconditional, help: "γ; 0 is plain gradient descent.")
    var momentum: Double = 0.9

    @OptionGroup var optimiser: OptimiserOptions

    @Option(parsing: .unconditional, help: "K, the number of updates.")
    var steps: Int = 500

    @OptionGroup var objective: LossOptions

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "For coupled: an expression in u1, u2, …, the outputs less --minimum, which has one value each: u1^2 + u2^2 + 0.5*u1*u2.",
            valueName: "expression"))
    var coupling: String?

    func validate() throws {
        if steps < 0 { throw ValidationError("--steps is \(steps), but must be 0 or more.") }
    }

    /// Refuses what does not belong together; what is missing may be in a file.
    func check() throws {
        try optimiser.check()
        if optimiser.hubble != nil, optimiser.rule == .heavyBall, CommandLineText.gives("--momentum") {
            throw ValidationError("--hubble says what the momentum is; give --momentum or --hubble, not both.")
        }
        if objective.loss == .coupled, coupling == nil {
            throw ValidationError("--loss coupled needs --coupling, an expression in u1, u2, ….")
        }
        if objective.loss != .coupled, coupling != nil { throw ValidationError("--coupling goes with --loss coupled only; leave it out.") }
        try objective.check()
    }

    /// K: of eras what they take.
    var updates: Int { optimiser.eras?.steps(learningRate: learningRate) ?? steps }

    /// Warns of options that do not fit the loss.
    func warnOfUnused(_ console: Console) {
        optimiser.warnOfUnused(console)
        if optimiser.eras != nil { console.warnOfUnused(["--steps"], because: "--eras say how many there are") }
        objective.warnOfUnused(console)
    }

    /// The training of a network with those points and outputs.
    /// - Parameters:
    ///   - targets: what ``LossOptions/readTargets()`` gave.
    ///   - fieldKernel: Θ₀ where the optimiser needs it and no option says it.
    ///   - planckMass: M.
    ///   - dictionary: by which --hubble is a momentum.
    /// - Throws: `NetworkError`.
    func training(
        points: Int, outputs: Int, targets: NumericArray?, fieldKernel: Double, planckMass: Double, dictionary: DualityDictionary
    ) throws -> Run.Training {
        return Run.Training(
            loss: try objective.loss(points: points, outputs: outputs, targets: targets, coupling: coupling),
            schedule: try schedule(fieldKernel: fieldKernel, planckMass: planckMass, dictionary), steps: updates)
    }

    private func schedule(fieldKernel: Double, planckMass: Double, _ dictionary: DualityDictionary) throws -> Schedule {
        if let eras = optimiser.eras, let hubble = optimiser.hubble {
            do { return try eras.schedule(learningRate: learningRate, hubble: hubble) } catch { throw ValidationError("--eras: \(error)") }
        }
        let momentum =
            try optimiser.rule == .heavyBall
            ? optimiser.hubble.map { try dictionary.momentum(hubble: $0, learningRate: learningRate) } ?? self.momentum : self.momentum
        let given = optimiser.given.merging(["learningRate": learningRate, "momentum": momentum, "planckMass": planckMass]) { $1 }
        return try Schedule(
            optimiser.rule,
            values: optimiser.rule.parameters.map { parameter in
                if let value = given[parameter.name] { return [value] }
                switch parameter.standard {
                case .value(let value): return [value]
                case .leadingEigenvalue: return [fieldKernel]
                case .none:
                    throw ValidationError(
                        "--optimiser \(optimiser.rule.name) needs \(OptimiserOptions.option(parameter)), \(parameter.title); give it.")
                }
            })
    }

    /// For the provenance.
    var parameters: [String: String] {
        [
            "learningRate": "\(learningRate)", "momentum": "\(momentum)", "steps": "\(updates)",
        ].merging(objective.parameters) { $1 }.merging(
            optimiser.hubble != nil && optimiser.rule == .heavyBall ? ["momentum": "by hubble"] : [:]
        ) { $1 }.merging(
            coupling.map { ["coupling": $0] } ?? [:]
        ) { $1 }.merging(optimiser.parameters) { $1 }
    }
}

/// `--loss`.
enum LossKind: String, ExpressibleByArgument, CaseIterable {
    case power
    case squared
    case doubleWell = "double-well"
    case coupled
}

/// Numbers separated by commas.
struct NumberList: ExpressibleByArgument, CustomStringConvertible {
    let values: [Double]

    init(values: [Double]) { self.values = values }

    init?(argument: String) {
        guard let values = Numbers.list(argument), !values.isEmpty else { return nil }
        self.values = values
    }

    var description: String { values.map { "\($0)" }.joined(separator: ",") }
    var defaultValueDescription: String { description }
}

extension Prediction: ExpressibleByArgument {}
