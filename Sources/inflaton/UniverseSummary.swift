import Arrays
import Cosmology
import Report

extension UniverseSolution {
    /// The samples as a table.
    var table: CSVTable {
        get throws { try CSVTable(columns: columnNames, rows: samples.map { $0.values.map { .number($0) } }) }
    }
}

/// What `inflaton universe` says.
struct UniverseSummary: Encodable {
    struct Final: Encodable {
        let t: Double
        let phi: Double
        let velocity: Double
        let eFolds: Double
        let hubble: Double
        let epsilon: Double
        let scaleFactor: Double
        let modes: [Double]
        let largestConstraint: Double

        init(_ solution: UniverseSolution) {
            let last = solution.samples[solution.samples.count - 1]
            t = last.background.time
            phi = last.background.phi
            velocity = last.background.velocity
            eFolds = last.background.eFolds
            hubble = last.background.hubble
            epsilon = last.background.epsilon
            scaleFactor = last.background.scaleFactor
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
        modesOf = universe.modes.isEmpty ? nil : universe.kind.explanation
    }

    func listing(_ universe: Universe, final: Final?, outputs: [String]) -> String {
        var listing = Listing()
        listing.add("potential", "V = \(potential)")
        listing.add("expansion", hubbleLaw)
        listing.add("start", "φ = \(universe.background.phi.plainText), φ′ = \(universe.background.velocity.plainText)")
        for fluid in universe.background.fluids {
            listing.add("fluid", "w = \(fluid.equationOfState.plainText), ρ = \(fluid.density.plainText) at a = 1")
        }
        let end =
            universe.stopAtEpsilon.map { "ε = \($0.plainText)" } ?? "\(universe.clock == .time ? "t" : "N") = \(universe.until.plainText)"
        listing.add("table", "\(samples.number(of: "sample")) to \(end), \(universe.modes.count.number(of: "mode"))")
        if let modesOf { listing.add("modes of", modesOf) }
        if let final {
            listing.add("φ at the end", final.phi)
            listing.add("e-folds", final.eFolds)
            listing.add("ε at the end", final.epsilon)
            listing.add("largest constraint", final.largestConstraint)
        }
        listing.add(outputs: outputs, isWritten: final != nil)
        return listing.text
    }
}
