import ArgumentParser
import Arrays
import Cosmology
import Engines

struct UniverseCommand: FileCommand {
    static let configuration = CommandConfiguration(
        commandName: "universe", abstract: "The cosmology alone: a scalar field and its perturbations in an expanding universe.",
        discussion: """
            φ″ + 3Hφ′ + V′(φ) = 0 in cosmic time. The table has the columns t, phi, velocity, eFolds, hubble, constraint (how far the \
            solution violates a law that it was not made with, over the density at that time), and mode1, mode2, … for every --mode.

            Modes are those of a test field: the metric is not perturbed. At constant H a mode 1,0 is the derivative of φ(t) by φ(0); \
            with the Friedmann law it is not, since a neighbouring background has another H.

            Each number is integrated to --tolerance of itself, however far it decays. What adds up is the phase of oscillations, by at \
            most a tolerance for each step.
            """)

    @Option(help: "power: V = s (φ − φm)^n + V0. double-well: V = s/4 (φ² − φm²)² + V0.")
    var potential: PotentialShape = .power

    @Option(parsing: .unconditional, help: "s, the factor of the potential.")
    var scale: Double = 0.5

    @Option(parsing: .unconditional, help: "φm, where the potential is smallest.")
    var minimum: Double = 0

    @Option(parsing: .unconditional, help: "n, the degree of the power; even.")
    var degree: Int = 2

    @Option(parsing: .unconditional, help: "V0, the vacuum energy.")
    var vacuum: Double = 0

    @Option(parsing: .unconditional, help: "φ at t = 0.")
    var phi: Double = 1

    @Option(parsing: .unconditional, help: "φ′ at t = 0.")
    var velocity: Double = 0

    @Option(parsing: .unconditional, help: "friedmann: H² = (φ′²/2 + V)/(3M²); or a number: a constant H.")
    var hubble: HubbleLaw = .friedmann

    @Option(parsing: .unconditional, help: "M, the reduced Planck mass in the units of φ; of the Friedmann law only.")
    var planckMass: Double = 1

    @Option(parsing: .unconditional, help: "The last time; the first is 0.")
    var until: Double = 20

    @Option(parsing: .unconditional, help: "Rows of the table, equally spaced from the first time to the last.")
    var samples: Int = 201

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "A perturbation d″ + 3Hd′ + (k²/a² + r V″) d = 0 of a test field with d = 1, d′ = 0 at t = 0; may be repeated.",
            valueName: "r,k"))
    var mode: [PerturbationMode] = []

    @Option(parsing: .unconditional, help: "What a step may err in each number, relative to it; from 1e-13 to 1e-3.")
    var tolerance: Double = UniverseIntegrator.standard.tolerance

    @Option(parsing: .unconditional, help: "Steps after which the integration gives up and says how many it takes.")
    var maxSteps: Int = UniverseIntegrator.standard.maximumSteps

    @Option(name: .shortAndLong, help: "The .csv file to write. Default: standard output.")
    var output: String?

    @OptionGroup var common: CommonOptions

    var usedFiles: CommandFiles { .init(writes: output.map(CommandFiles.table) ?? []) }

    func run() throws {
        let console = common.console
        if potential == .doubleWell { console.warnOfUnused(["--degree"], because: "the double well has degree 4") }
        if case .constant = hubble { console.warnOfUnused(["--planck-mass"], because: "a constant H does not depend on M") }
        if output == nil { console.warnOfUnused(["--force"], because: "without --output no file is written") }
        let universe = try Universe(
            potential: potential.potential(scale: scale, minimum: minimum, degree: degree, vacuumEnergy: vacuum),
            hubble: hubble.law(planckMass: planckMass), phi: phi, velocity: velocity, until: until, samples: samples, modes: mode)
        let integrator = try UniverseIntegrator(tolerance: tolerance, maximumSteps: maxSteps)
        // The integration's states, the samples, the table's cells and its text.
        try HostMemory.require(
            doubles: [[samples, 40 + 12 * mode.count]], for: "a table of \(samples) samples", remedy: "reduce --samples")
        let outputs = usedFiles.writes
        for path in outputs { try AtomicFile.check(path, overwrite: common.force) }
        let provenance = Provenance(parameters: parameters, engine: nil)
        var summary = UniverseSummary(universe)
        var text = summary.listing(universe, final: nil, outputs: outputs)
        if !common.dryRun {
            let solution = try Self.solve(universe, integrator)
            let table = try solution.table
            summary.final = .init(solution)
            if let output {
                try table.write(to: output, overwrite: common.force)
                try AtomicFile.write(provenance.document, to: outputs[1], overwrite: common.force)
                text = summary.listing(universe, final: summary.final, outputs: outputs)
            } else {
                summary.columns = Dictionary(uniqueKeysWithValues: table.columns.map { ($0, table.numbers($0) ?? []) })
                text = table.text
            }
        }
        try console.finish("universe", provenance: provenance, outputs: outputs, dryRun: common.dryRun, result: summary, text: text)
    }

    /// Integrates; of what may be changed where that takes too many steps, the options' names are said.
    private static func solve(_ universe: Universe, _ integrator: UniverseIntegrator) throws(UniverseError) -> UniverseSolution {
        do throws(UniverseError) {
            return try universe.solve(integrator: integrator)
        } catch .stopped(let reason, let remedy) {
            guard case .tooManySteps(_, _, _, let needed) = reason else { throw .stopped(reason, remedy: remedy) }
            // More steps than anybody waits for are no advice.
            let more = needed < 100_000_000_000 ? "--max-steps \(needed), " : ""
            throw .stopped(reason, remedy: "Use \(more)a larger --tolerance or a smaller --until.")
        }
    }

    private var parameters: [String: String] {
        var parameters = [
            "potential": potential.rawValue, "scale": "\(scale)", "minimum": "\(minimum)", "degree": "\(degree)", "vacuum": "\(vacuum)",
            "phi": "\(phi)", "velocity": "\(velocity)", "hubble": hubble.description, "planckMass": "\(planckMass)", "until": "\(until)",
            "samples": "\(samples)", "modes": mode.map { "\($0.massRatio),\($0.wavenumber)" }.joined(separator: " "),
            "tolerance": "\(tolerance)", "maxSteps": "\(maxSteps)",
        ]
        if !mode.isEmpty { parameters["modesOf"] = PerturbationMode.kind }
        return parameters
    }
}

/// `--potential`.
enum PotentialShape: String, ExpressibleByArgument, CaseIterable {
    case power
    case doubleWell = "double-well"

    /// The potential of this shape. The double well has degree 4, whatever `degree` says.
    func potential(scale: Double, minimum: Double, degree: Int, vacuumEnergy: Double) throws(UniverseError) -> Potential {
        switch self {
        case .power: try .power(scale: scale, minimum: minimum, degree: degree, vacuumEnergy: vacuumEnergy)
        case .doubleWell: try .doubleWell(scale: scale, minimum: minimum, vacuumEnergy: vacuumEnergy)
        }
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

extension UniverseSolution {
    /// The samples as a table.
    fileprivate var table: CSVTable {
        get throws { try CSVTable(columns: columnNames, rows: samples.map { $0.values.map { .number($0) } }) }
    }
}

/// What `inflaton universe` says.
private struct UniverseSummary: Encodable {
    struct Final: Encodable {
        let t: Double
        let phi: Double
        let velocity: Double
        let eFolds: Double
        let hubble: Double
        let modes: [Double]
        let largestConstraint: Double

        init(_ solution: UniverseSolution) {
            let last = solution.samples[solution.samples.count - 1]
            t = last.background.time
            phi = last.background.phi
            velocity = last.background.velocity
            eFolds = last.background.eFolds
            hubble = last.background.hubble
            modes = last.modes
            largestConstraint = solution.samples.reduce(0) { max($0, abs($1.background.constraint)) }
        }
    }

    let potential: String
    let hubbleLaw: String
    let samples: Int
    /// What the modes are perturbations of; absent without modes.
    let modesOf: String?
    var final: Final?
    /// The table itself where it is written to no file.
    var columns: [String: [Double]]?

    init(_ universe: Universe) {
        potential = universe.background.potential.description
        hubbleLaw = universe.background.hubble.description
        samples = universe.samples
        modesOf = universe.modes.isEmpty ? nil : PerturbationMode.kind
    }

    func listing(_ universe: Universe, final: Final?, outputs: [String]) -> String {
        var listing = Listing()
        listing.add("potential", "V = \(potential)")
        listing.add("expansion", hubbleLaw)
        listing.add("start", "φ = \(universe.background.phi), φ′ = \(universe.background.velocity)")
        listing.add("table", "\(samples) samples to t = \(universe.until), \(universe.modes.count) modes")
        if let modesOf { listing.add("modes of", modesOf) }
        if let final {
            listing.add("φ at the end", final.phi)
            listing.add("e-folds", final.eFolds)
            listing.add("largest constraint", final.largestConstraint)
        }
        for output in outputs { listing.add(final == nil ? "would write" : "wrote", output) }
        return listing.text
    }
}
