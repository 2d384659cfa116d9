import Arrays
import Cosmology
import Engines

extension UniverseCommand {
    /// `--fields`.
    func runFields(_ phi: [Double], _ integrator: UniverseIntegrator) throws {
        let columns = 4 * phi.count + 8 + 2 * mode.count * phi.count * phi.count
        // The integration's states, the samples, the table's cells and its text.
        try HostMemory.require(
            doubles: [[max(0, samples), 6, columns], [phi.count, phi.count]], for: "a table of \(samples) samples of \(phi.count) fields",
            remedy: "reduce --samples or the number of fields")
        let law = hubble.law(planckMass: planckMass)
        let space = try kernel.map { try FieldSpace(kernel: $0.values) } ?? .flat(phi.count)
        guard space.count == phi.count else {
            throw UniverseError.outOfRange(
                quantity: "the number of elements of --kernel", value: "\(space.kernel.count)",
                limit: "\(phi.count * phi.count) for \(phi.count) fields", remedy: "Give Θ row by row.")
        }
        let shape = try potential.potential(
            fields: phi.count, scale: scale, minimum: minimum, degree: degree, vacuumEnergy: vacuum, parameters: parameter)
        let universe = try FieldUniverse(
            space: space, potential: shape, hubble: law, phi: phi, velocity: velocity.values(shape, space, law, phi: phi), fluids: fluid,
            scaleFactor: scaleFactor, modes: mode, kind: modes, clock: clock)
        let outputs = usedFiles.writes
        for path in outputs { try AtomicFile.check(path, overwrite: common.force) }
        let provenance = Provenance(parameters: parameters, engine: nil)
        var summary = FieldUniverseSummary(universe, samples: samples)
        var text = summary.listing(universe, end: end, outputs: outputs)
        if !common.dryRun {
            let solution = try common.console.during("integrating the universe") {
                try advised { () throws(UniverseError) in
                    try universe.solve(until: until, samples: samples, stopAtEpsilon: stopAtEpsilon, integrator: integrator)
                }
            }
            let table = try CSVTable(
                columns: FieldSample.columnNames(fields: phi.count, modes: mode.count),
                rows: solution.map { $0.values.map { .number($0) } })
            summary.final = .init(solution)
            summary.columns = try deliver(table, provenance, of: summary.potential)
            text = summary.columns == nil ? summary.listing(universe, end: end, outputs: outputs) : table.text
        }
        try common.console.finish("universe", provenance: provenance, outputs: outputs, dryRun: common.dryRun, result: summary, text: text)
    }

    private var end: String { stopAtEpsilon.map { "ε = \($0)" } ?? "\(clock == .time ? "t" : "N") = \(until)" }
}

/// What `inflaton universe --fields` says.
private struct FieldUniverseSummary: Encodable {
    struct Final: Encodable {
        let t: Double
        let phi: [Double]
        let velocity: [Double]
        let eFolds: Double
        let hubble: Double
        let epsilon: Double
        let scaleFactor: Double
        let modes: [Double]
        let largestTurnRate: Double
        let largestConstraint: Double

        init(_ samples: [FieldSample]) {
            let last = samples[samples.count - 1]
            t = last.time
            phi = last.phi
            velocity = last.velocity
            eFolds = last.eFolds
            hubble = last.hubble
            epsilon = last.epsilon
            scaleFactor = last.scaleFactor
            modes = last.modes
            largestTurnRate = samples.reduce(0) { max($0, $1.turnRate) }
            largestConstraint = samples.reduce(0) { max($0, abs($1.constraint)) }
        }
    }

    let potential: String
    let hubbleLaw: String
    /// Θ, (C, C).
    let kernel: [Double]
    let samples: Int
    /// What the modes are perturbations of; absent without modes.
    let modesOf: String?
    var final: Final?
    /// The table itself where it is written to no file.
    var columns: [String: [Double]]?

    init(_ universe: FieldUniverse, samples: Int) {
        potential = universe.potential.description
        hubbleLaw = universe.hubble.description
        kernel = universe.space.kernel
        self.samples = samples
        modesOf = universe.modes.isEmpty ? nil : universe.kind.explanation
    }

    func listing(_ universe: FieldUniverse, end: String, outputs: [String]) -> String {
        func list(_ values: [Double]) -> String { "(" + values.map { "\($0)" }.joined(separator: ", ") + ")" }
        var listing = Listing()
        listing.add("potential", "V = \(potential)")
        listing.add("metric", "the inverse of Θ = \(list(kernel))")
        listing.add("expansion", hubbleLaw)
        listing.add("start", "φ = \(list(universe.phi)), φ′ = \(list(universe.velocity))")
        for fluid in universe.fluids { listing.add("fluid", "w = \(fluid.equationOfState), ρ = \(fluid.density) at a = 1") }
        listing.add("table", "\(samples.number(of: "sample")) to \(end), \(universe.modes.count.number(of: "mode"))")
        if let modesOf { listing.add("modes of", modesOf) }
        if let final {
            listing.add("φ at the end", list(final.phi))
            listing.add("e-folds", final.eFolds)
            listing.add("ε at the end", final.epsilon)
            listing.add("largest turn rate", final.largestTurnRate)
            listing.add("largest constraint", final.largestConstraint)
        }
        listing.add(outputs: outputs, isWritten: final != nil)
        return listing.text
    }
}
