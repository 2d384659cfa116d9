import ArgumentParser
import Arrays
import Duality
import Networks
import Runs

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

    func validate() throws {
        if steps < 0 { throw ValidationError("--steps is \(steps), but must be 0 or more.") }
    }

    /// K: of eras what they take.
    var updates: Int { optimiser.eras?.steps(learningRate: learningRate) ?? steps }

    /// Warns of options that do not fit the loss.
    func warnOfUnused(_ console: Console) {
        optimiser.warnOfUnused(console)
        if optimiser.eras != nil { console.warnOfUnused(["--steps"], because: "--eras say how many there are") }
        objective.warnOfUnused(console)
    }

    /// The file of targets; nil where the loss has none.
    var targets: String? { objective.targets }

    /// The targets, read once and for all.
    /// - Throws: the errors of the file.
    func readTargets() throws -> NumericArray? { try objective.readTargets() }

    /// C, as far as minima or targets tell.
    func outputCount(_ targets: NumericArray?) -> Int { objective.outputCount(targets) }

    /// The training of a network with those points and outputs.
    /// - Parameters:
    ///   - targets: what ``readTargets()`` gave.
    ///   - fieldKernel: Θ₀ where the optimiser needs it and no option says it.
    ///   - planckMass: M.
    /// - Throws: `NetworkError`.
    func training(points: Int, outputs: Int, targets: NumericArray?, fieldKernel: Double, planckMass: Double) throws -> Run.Training {
        Run.Training(
            loss: try objective.loss(points: points, outputs: outputs, targets: targets),
            schedule: try schedule(fieldKernel: fieldKernel, planckMass: planckMass), steps: updates)
    }

    private func schedule(fieldKernel: Double, planckMass: Double) throws -> Schedule {
        if let eras = optimiser.eras, let hubble = optimiser.hubble { return try eras.schedule(learningRate: learningRate, hubble: hubble) }
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
        ].merging(objective.parameters) { $1 }.merging(optimiser.parameters) { $1 }
    }
}

extension Prediction: ExpressibleByArgument {}
