import ArgumentParser
import Arrays
import Cosmology
import Engines
import Experiments
import Figures
import Report

struct UniverseCommand: FileCommand {
    static let configuration = CommandConfiguration(
        commandName: "universe", abstract: "The cosmology alone: a scalar field and its perturbations in an expanding universe.",
        discussion: """
            φ″ + 3Hφ′ + V′(φ) = 0 in cosmic time. The table has the columns t, phi, velocity, eFolds, hubble, constraint (how far the \
            solution violates a law that it was not made with, over the density at that time), epsilon = −H′/H², scaleFactor, and mode1, \
            mode2, … for every --mode.

            Modes are those of a test field unless --modes gauge-invariant adds what the metric does. A network's modes are dual to the \
            test field. At constant H a mode 1,0 of it is the derivative of φ(t) by φ(0); with the Friedmann law it is not, since a \
            neighbouring background has another H.

            With --fields several fields roll at once, with the kinetic energy ½ Σ Θ⁻¹_ab φ_a′φ_b′ that --kernel gives them: the columns are \
            phi1, …, velocity1, … in the place of phi and velocity, turnRate, how fast the direction of motion turns, and for each --mode \
            and each field b that its perturbation starts in mode1_b_1, …, its fields. What the outputs of a network on one point are dual \
            to is such a universe.

            With --spectrum the table is that of the perturbations which the vacuum leaves behind, one row a wavenumber: k, \
            curvaturePower (P_R), tensorPower (P_h, both polarisations); A_s, n_s and r at the pivot are in the summary.

            Each number is integrated to --tolerance of itself, however far it decays. What adds up is the phase of oscillations, by at \
            most a tolerance for each step. A potential with V0 < 0 may turn the expansion into a contraction, which ends in a \
            singularity. An expression that is no number where the field comes ends the command with 65.
            """)

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "power: V = s (φ − φm)^n + V0. double-well: V = s/4 (φ² − φm²)² + V0. Or V as an expression in phi, such as "
                + "'L^4*(1 - exp(-sqrt(2/3)*phi))^2', in the language of scan files; of several fields the sum over them, or an expression "
                + "in phi1, phi2, ….", valueName: "potential"))
    var potential: PotentialOption = .power

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("The value of a name in an expression for the potential; may be repeated.", valueName: "name=value"))
    var parameter: [NamedNumber] = []

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

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("φ′ at t = 0, of several fields one each; slow-roll: −V′/3H with the H of V alone.", valueName: "velocity"))
    var velocity: VelocityOption = .values([0])

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Several fields, in the place of --phi: each one's value at t = 0.", valueName: "φ1,φ2,…"))
    var fields: NumberList?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "For --fields: Θ row by row, the inverse of the metric on the space of fields. Default: 1 on the diagonal.",
            valueName: "Θ11,Θ12,…"))
    var kernel: NumberList?

    @Option(parsing: .unconditional, help: "friedmann: H² = (φ′²/2 + V)/(3M²); or a number: a constant H.")
    var hubble: HubbleLaw = .friedmann

    @Option(parsing: .unconditional, help: "M, the reduced Planck mass in the units of φ; of the Friedmann law only.")
    var planckMass: Double = 1

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "A fluid of pressure w ρ, w > −1, and density rho at a = 1 beside the field: it dilutes as a^{−3(1+w)}; may be repeated.",
            valueName: "w,rho"), transform: { try Fluid(text: $0) })
    var fluid: [Fluid] = []

    @Option(parsing: .unconditional, help: "a at t = 0.")
    var scaleFactor: Double = 1

    @Option(parsing: .unconditional, help: "The last time, or number of e-folds; the first is 0.")
    var until: Double = 20

    @Option(help: "What --until counts and rows are spaced in: time, or e-folds, which integrates by them.")
    var clock: Clock = .time

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "End where ε = −H′/H² rises to this, 1 at the end of inflation: the last row is that event, which must come before --until.",
            valueName: "X"))
    var stopAtEpsilon: Double?

    @Option(
        parsing: .unconditional,
        help: "Rows of the table, equally spaced from the first time to the last; of a spectrum in ln k.")
    var samples: Int = 201

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "A perturbation d″ + 3Hd′ + (k²/a² + r V″) d = 0 of a test field with d = 1, d′ = 0 at t = 0; may be repeated.",
            valueName: "r,k"), transform: { try PerturbationMode(text: $0) })
    var mode: [PerturbationMode] = []

    @Option(
        help: """
            What modes are perturbations of: test-field; or gauge-invariant, V″ − (a³φ′²/H)′/(a³M²) in the place of V″ (Mukhanov–Sasaki, \
            flat slices), of a field alone with the Friedmann law.
            """)
    var modes: PerturbationKind = .testField

    @Flag(
        help: "The power spectra of curvature and gravitational waves, from the start until ε rises to 1, in the place of the background.")
    var spectrum = false

    @Option(parsing: .unconditional, help: "E-folds before the end at which the pivot of a spectrum leaves the horizon, k = aH.")
    var pivot: Double = 55

    @Option(parsing: .unconditional, help: "How far a spectrum reaches to either side of the pivot, in ln k.")
    var span: Double = 3

    @Option(parsing: .unconditional, help: "What a step may err in each number, relative to it; from 1e-13 to 1e-3.")
    var tolerance: Double = UniverseIntegrator.standard.tolerance

    @Option(parsing: .unconditional, help: "Steps after which the integration gives up and says how many it takes.")
    var maxSteps: Int = UniverseIntegrator.standard.maximumSteps

    @Option(name: .shortAndLong, help: "The .csv file to write. Default: standard output.")
    var output: String?

    @Flag(help: "Draw the table as well: an .svg, a .png and a .pdf file beside --output.")
    var plot = false

    @Option(help: "The line above the picture of --plot; x_0, x_{ab} and x^2 are sub- and superscripts.")
    var title: String?

    @OptionGroup var common: CommonOptions

    var usedFiles: CommandFiles { .init(writes: (output.map(CommandFiles.table) ?? []) + pictures) }

    /// The files of --plot: SVG, PNG, PDF.
    private var pictures: [String] {
        guard plot, let output else { return [] }
        let stem = output.hasSuffix(".csv") ? String(output.dropLast(4)) : output
        return ["svg", "png", "pdf"].map { "\(stem).\($0)" }
    }

    func run() throws {
        try OutputEnding.check(output, [".csv"])
        let console = common.console
        warn(console)
        let integrator = try UniverseIntegrator(tolerance: tolerance, maximumSteps: maxSteps)
        if let fields { return try runFields(fields.values, integrator) }
        let background = try background
        if spectrum { return try runSpectrum(background, integrator) }
        let universe = try Universe(
            background: background, until: until, samples: samples, modes: mode, kind: modes, clock: clock, stopAtEpsilon: stopAtEpsilon)
        // The integration's states, the samples, the table's cells and its text.
        try HostMemory.require(
            doubles: [[samples, 48 + 12 * mode.count]], for: "a table of \(samples) samples", remedy: "reduce --samples")
        let outputs = usedFiles.writes
        for path in outputs { try AtomicFile.check(path, overwrite: common.force) }
        let provenance = Provenance(parameters: parameters, engine: nil)
        var summary = UniverseSummary(universe)
        var text = summary.listing(universe, final: nil, outputs: outputs)
        if !common.dryRun {
            let solution = try console.during("integrating the universe") {
                try advised { () throws(UniverseError) in try universe.solve(integrator: integrator) }
            }
            let table = try solution.table
            summary.final = .init(solution)
            summary.columns = try deliver(table, provenance, of: summary.potential)
            text = summary.columns == nil ? summary.listing(universe, final: summary.final, outputs: outputs) : table.text
        }
        try console.finish("universe", provenance: provenance, outputs: outputs, dryRun: common.dryRun, result: summary, text: text)
    }

    func validate() throws {
        if plot, output == nil { throw ValidationError("--plot draws beside the table; give --output OUT.csv, or leave it out.") }
        if title != nil, !plot { throw ValidationError("--title is that of the picture; give --plot as well, or leave it out.") }
        guard fields != nil else {
            if kernel != nil { throw ValidationError("--kernel is that of several fields; give --fields, or leave it out.") }
            return
        }
        if spectrum { throw ValidationError("--spectrum is that of one field; leave out --fields, or --spectrum.") }
    }

    private func warn(_ console: Console) {
        if fields != nil { console.warnOfUnused(["--phi"], because: "--fields says where the fields start") }
        if case .doubleWell = potential { console.warnOfUnused(["--degree"], because: "the double well has degree 4") }
        if case .expression = potential {
            console.warnOfUnused(["--scale", "--minimum", "--degree", "--vacuum"], because: "the potential is an expression")
        } else {
            console.warnOfUnused(["--parameter"], because: "the potential is no expression")
        }
        if case .constant = hubble { console.warnOfUnused(["--planck-mass"], because: "a constant H does not depend on M") }
        if mode.isEmpty { console.warnOfUnused(["--modes"], because: "without --mode there are none") }
        if spectrum {
            console.warnOfUnused(
                ["--until", "--clock", "--stop-at-epsilon", "--mode", "--modes"],
                because: "a spectrum is that of gauge-invariant modes at the end of inflation")
        } else {
            console.warnOfUnused(["--pivot", "--span"], because: "without --spectrum there is no pivot")
        }
        if output == nil { console.warnOfUnused(["--force"], because: "without --output no file is written") }
    }

    /// Writes a table with its provenance and its picture; without --output gives its columns, to be shown instead.
    func deliver(_ table: CSVTable, _ provenance: Provenance, of potential: String) throws -> [String: [Double]]? {
        guard let output else {
            return Dictionary(uniqueKeysWithValues: table.columns.map { ($0, table.numbers($0) ?? []) })
        }
        try table.write(to: output, overwrite: common.force)
        try AtomicFile.write(provenance.document, to: usedFiles.writes[1], overwrite: common.force)
        guard plot else { return nil }
        _ = try common.console.write(
            SVGRenderer().render(figure(of: table, potential)), to: pictures, calling: "\(pictures[1]) or \(pictures[2])",
            overwrite: common.force)
        return nil
    }

    private var background: Background {
        get throws {
            let shape = try potential.potential(
                scale: scale, minimum: minimum, degree: degree, vacuumEnergy: vacuum, parameters: parameter)
            let law = hubble.law(planckMass: planckMass)
            return try Background(
                potential: shape, hubble: law, phi: phi, velocity: velocity.value(shape, law, phi: phi), fluids: fluid,
                scaleFactor: scaleFactor)
        }
    }

    /// Integrates; of what may be changed where that takes too many steps, the options' names are said.
    func advised<Solution>(_ solve: () throws(UniverseError) -> Solution) throws(UniverseError) -> Solution {
        do throws(UniverseError) {
            return try solve()
        } catch .eventNotReached(let epsilon, let until, let last, _) {
            throw .eventNotReached(
                epsilon: epsilon, until: until, last: last,
                remedy: "Use a larger --until, a smaller --stop-at-epsilon, or a --phi from which inflation ends sooner.")
        } catch .stopped(let reason, let remedy) {
            guard case .tooManySteps(_, _, _, let needed) = reason.kind else { throw .stopped(reason, remedy: remedy) }
            if case .inEFolds = reason, stopAtEpsilon == nil, case .friedmann = hubble.law(planckMass: planckMass) {
                throw .stopped(
                    reason,
                    remedy:
                        "After inflation the oscillations of a field are ever faster in e-folds: use --stop-at-epsilon 1, which ends with "
                        + "inflation, or a smaller --until.")
            }
            // More steps than anybody waits for, some minutes, are no advice.
            let more = needed < 1_000_000_000 ? "--max-steps \(needed), " : ""
            throw .stopped(reason, remedy: "Use \(more)a larger --tolerance or a smaller --until.")
        }
    }

    var parameters: [String: String] {
        var parameters = [
            "potential": potential.description, "scale": "\(scale)", "minimum": "\(minimum)", "degree": "\(degree)", "vacuum": "\(vacuum)",
            "phi": "\(phi)", "velocity": velocity.description, "hubble": hubble.description, "planckMass": "\(planckMass)",
            "until": "\(until)",
            "samples": "\(samples)", "modes": mode.map { "\($0.massRatio),\($0.wavenumber)" }.joined(separator: " "),
            "tolerance": "\(tolerance)", "maxSteps": "\(maxSteps)", "clock": clock.rawValue, "scaleFactor": "\(scaleFactor)",
        ]
        if !mode.isEmpty { parameters["modesOf"] = modes.explanation }
        if !parameter.isEmpty { parameters["parameters"] = parameter.map { "\($0.name)=\($0.value)" }.joined(separator: " ") }
        if !fluid.isEmpty { parameters["fluids"] = fluid.map { "\($0.equationOfState),\($0.density)" }.joined(separator: " ") }
        if let stopAtEpsilon { parameters["stopAtEpsilon"] = "\(stopAtEpsilon)" }
        if let fields { parameters.merge(["fields": fields.description, "kernel": kernel?.description ?? "identity"]) { $1 } }
        if spectrum { parameters.merge(["pivot": "\(pivot)", "span": "\(span)"]) { $1 } }
        return parameters
    }
}
