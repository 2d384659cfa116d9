import ArgumentParser
import Networks
import ScanFiles

/// How a step moves the weights: an update rule, and the parameters that only some rules have.
struct OptimiserOptions: ParsableArguments {
    @Option(help: "heavy-ball; friedmann, whose friction is 3H of its own energy; fluid, de-sitter, nesterov, adam or born-infeld.")
    var optimiser: UpdateRule = .heavyBall

    @Option(parsing: .unconditional, help: "For friedmann: Λ, the energy density of the vacuum. Default: 0.")
    var cosmologicalConstant: Double?

    @Option(parsing: .unconditional, help: "For friedmann: Θ₀. Default: λ₁/N of the kernel at the start.")
    var fieldKernel: Double?

    @Option(parsing: .unconditional, help: "For fluid: w, above -1; 0 is matter, 0.3333 radiation, 1 kination.")
    var equationOfState: Double?

    @Option(parsing: .unconditional, help: "For fluid: the cosmic time at step 0. Default: 0, the beginning of time.")
    var cosmicTime: Double?

    @Option(
        parsing: .unconditional,
        help: "H: of de-sitter, or of heavy-ball in the place of --momentum, which then follows from it by the dictionary.")
    var hubble: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "For de-sitter: eras one after the other with a and H continuous, from --hubble on, each a fluid (de-sitter, matter, radiation, "
                + "kination, curvature, or w) for a time t = k√η, such as de-sitter:5,radiation:20,matter:20; they say how many steps there are.",
            valueName: "fluid:t,…"))
    var eras: EraList?

    @Option(parsing: .unconditional, help: "For adam: β₁. Default: 0.9.")
    var beta1: Double?

    @Option(parsing: .unconditional, help: "For adam: β₂. Default: 0.999.")
    var beta2: Double?

    @Option(parsing: .unconditional, help: "For adam: ε. Default: 1e-8.")
    var epsilon: Double?

    @Option(parsing: .unconditional, help: "For born-infeld: δE, the energy beyond the first loss. Default: 0.")
    var energyExcess: Double?

    @Option(parsing: .unconditional, help: "For born-infeld: ΔV, the least loss that is expected. Default: 0.")
    var lossFloor: Double?

    var rule: UpdateRule { optimiser }

    /// What was given, by the names of parameters.
    var given: [String: Double] {
        [
            "cosmologicalConstant": cosmologicalConstant, "fieldKernel": fieldKernel, "equationOfState": equationOfState,
            "cosmicTime": cosmicTime, "hubble": rule == .heavyBall ? nil : hubble, "beta1": beta1, "beta2": beta2, "epsilon": epsilon,
            "energyExcess": energyExcess,
            "lossFloor": lossFloor,
        ].compactMapValues { $0 }
    }

    /// Whether the network has to be measured before its schedule is known.
    var measuresNetwork: Bool { rule.parameters.contains { $0.standard == .leadingEigenvalue && given[$0.name] == nil } }

    /// Refuses what does not belong together; parameters of a file may belong to its optimiser.
    func check() throws {
        if eras != nil, rule != .deSitter {
            throw ValidationError(
                "--eras begin with an H and a learning rate; use --optimiser de-sitter and --hubble, or leave --eras out.")
        }
        let own = Set(rule.parameters.map(\.name))
        for parameter in UpdateRule.ownParameters {
            guard let value = given[parameter.name] else { continue }
            let option = Self.option(parameter)
            guard own.contains(parameter.name) else {
                let others = UpdateRule.all.filter { $0.parameters.contains(parameter) }.map(\.name).joined(separator: " or ")
                throw ValidationError(
                    "\(option) is \(parameter.title) of --optimiser \(others), but the optimiser is \(rule.name); leave it out.")
            }
            guard parameter.limits.allow(value) else {
                throw ValidationError("\(option) is \(value), but must be \(parameter.limits.description); \(parameter.remedy).")
            }
        }
    }

    /// Warns of options that the rule does not know.
    func warnOfUnused(_ console: Console) {
        guard rule != .heavyBall else { return }
        console.warnOfUnused(["--momentum"], because: "the optimiser \(rule.name) has a friction of its own")
    }

    /// The option of a parameter, `--equation-of-state`.
    static func option(_ parameter: UpdateRule.Parameter) -> String {
        "--" + parameter.name.reduce(into: "") { $0 += $1.isUppercase ? "-" + $1.lowercased() : String($1) }
    }

    /// For the provenance.
    var parameters: [String: String] {
        given.mapValues { "\($0)" }.merging(["optimiser": rule.name]) { $1 }.merging(hubble.map { ["hubble": "\($0)"] } ?? [:]) { $1 }
            .merging(eras.map { ["eras": $0.description] } ?? [:]) { $1 }
    }
}

extension EraList: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}

extension UpdateRule: ExpressibleByArgument {
    public init?(argument: String) {
        guard let rule = Self.named(argument) else { return nil }
        self = rule
    }

    public static var allValueStrings: [String] { all.map(\.name) }
    public static var defaultCompletionKind: CompletionKind { .list(allValueStrings) }
    public var defaultValueDescription: String { name }
}
