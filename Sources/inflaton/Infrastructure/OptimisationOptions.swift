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

    @Option(
        help: """
            power: s (f − fmin)^n. squared: s (f − y)². double-well: s/4 (f² − v²)², v by --minimum. coupled: s times --coupling, of all \
            outputs.
            """)
    var loss: LossKind = .power

    @Option(parsing: .unconditional, help: "s, the factor of the loss. Default: 0.02, for squared 1.")
    var scale: Double?

    @Option(parsing: .unconditional, help: ArgumentHelp("Where the loss is smallest: one value, or one per output.", valueName: "f[,f…]"))
    var minimum: NumberList = NumberList(values: [1])

    @Option(parsing: .unconditional, help: "n, the degree of the power; even.")
    var degree: Int = 2

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "For coupled: an expression in u1, u2, …, the outputs less --minimum, which has one value each: u1^2 + u2^2 + 0.5*u1*u2.",
            valueName: "expression"))
    var coupling: String?

    @Option(help: "For squared: the targets, an .npy file (N, C) or (N).")
    var targets: String?

    func validate() throws {
        if steps < 0 { throw ValidationError("--steps is \(steps), but must be 0 or more.") }
        let values = [scale].compactMap { $0 }.map { ("--scale", $0) } + minimum.values.map { ("--minimum", $0) }
        for (name, value) in values where !value.isFinite { throw ValidationError("\(name) has \(value), but must be finite.") }
    }

    /// Refuses what does not belong together; what is missing may be in a file.
    func check() throws {
        try optimiser.check()
        if optimiser.hubble != nil, optimiser.rule == .heavyBall, CommandLineText.gives("--momentum") {
            throw ValidationError("--hubble says what the momentum is; give --momentum or --hubble, not both.")
        }
        if loss == .coupled, coupling == nil { throw ValidationError("--loss coupled needs --coupling, an expression in u1, u2, ….") }
        if loss != .coupled, coupling != nil { throw ValidationError("--coupling goes with --loss coupled only; leave it out.") }
        if loss == .squared, targets == nil { throw ValidationError("--loss squared needs --targets Y.npy.") }
        if loss != .squared, targets != nil { throw ValidationError("--targets goes with --loss squared only; use --minimum.") }
    }

    /// K: of eras what they take.
    var updates: Int { optimiser.eras?.steps(learningRate: learningRate) ?? steps }

    /// Warns of options that do not fit the loss.
    func warnOfUnused(_ console: Console) {
        optimiser.warnOfUnused(console)
        if optimiser.eras != nil { console.warnOfUnused(["--steps"], because: "--eras say how many there are") }
        if loss == .squared { console.warnOfUnused(["--minimum"], because: "the loss squared is smallest at --targets") }
        if loss != .power { console.warnOfUnused(["--degree"], because: "the loss \(loss.rawValue) has a degree of its own") }
    }

    /// The file of targets, read once and for all; nil where the loss has none.
    /// - Throws: the errors of the file.
    func readTargets() throws -> NumericArray? { try targets.map { try NumericArray(contentsOfNPY: $0) } }

    /// C, as far as minima or targets tell.
    func outputCount(_ targets: NumericArray?) -> Int {
        guard let targets else { return minimum.values.count }
        return targets.shape.count == 2 ? targets.shape[1] : 1
    }

    /// The training of a network with those points and outputs.
    /// - Parameters:
    ///   - targets: what ``readTargets()`` gave.
    ///   - fieldKernel: Θ₀ where the optimiser needs it and no option says it.
    ///   - planckMass: M.
    ///   - dictionary: by which --hubble is a momentum.
    /// - Throws: `NetworkError`.
    func training(
        points: Int, outputs: Int, targets: NumericArray?, fieldKernel: Double, planckMass: Double, dictionary: DualityDictionary
    ) throws -> Run.Training {
        let shape: LossShape
        var anchors = Loss.Anchors.perOutput(minimum.values)
        switch loss {
        case .power: shape = try .power(degree: degree)
        case .doubleWell: shape = .doubleWell
        case .coupled: shape = .coupled(try Coupling(coupling ?? "", outputs: outputs))
        case .squared:
            shape = .evenPower(2)
            guard let array = targets else { break }
            // As many elements in another shape would be other targets.
            guard array.shape == [points, outputs] || array.shape == [points] && outputs == 1 else {
                throw NetworkError.shapeMismatch(
                    what: "the array of targets", found: "\(array.shape)", expected: "(\(points), \(outputs))",
                    remedy: "give one target for each point and output")
            }
            anchors = .perPoint(array.elements)
        }
        return Run.Training(
            loss: try Loss(shape: shape, scale: scale ?? (loss == .squared ? 1 : 0.02), anchors: anchors),
            schedule: try schedule(fieldKernel: fieldKernel, planckMass: planckMass, dictionary), steps: updates)
    }

    private func schedule(fieldKernel: Double, planckMass: Double, _ dictionary: DualityDictionary) throws -> Schedule {
        if let eras = optimiser.eras, let hubble = optimiser.hubble { return try eras.schedule(learningRate: learningRate, hubble: hubble) }
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
            "learningRate": "\(learningRate)", "momentum": "\(momentum)", "steps": "\(updates)", "loss": loss.rawValue,
            "scale": "\(scale ?? (loss == .squared ? 1 : 0.02))", "minimum": minimum.description, "degree": "\(degree)",
            "targets": targets ?? "none",
        ].merging(optimiser.hubble != nil && optimiser.rule == .heavyBall ? ["momentum": "by hubble"] : [:]) { $1 }.merging(
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
