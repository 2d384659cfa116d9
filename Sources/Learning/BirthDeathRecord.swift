/// The energy of networks that are born and die, and their density beside the ground state of Schrödinger's operator.
package struct BirthDeathRecord: Sendable {
    /// The lowest level by LAPACK on a grid, and of the ensemble.
    package let exact: Double
    package let energy: Double
    package let standardError: Double
    /// The level of one harmonic well.
    package let harmonic: Double
    /// Shares of the bins, of the ensemble and of ψ_0; of the ensemble none where counts were not kept.
    let shares: [Double]
    package let ground: [Double]
    /// The number of networks of the first island at the kept steps.
    let numbers: [Double]

    /// - Throws: `LearningError.notFinite` where all networks of an island died, or were too many; `SymmetricEigenError`.
    package init(_ record: ProcessRecord, of process: BirthDeath) throws {
        guard record.lastFinite == process.steps else {
            throw LearningError.notFinite(what: "the number of networks, of which none is left or too many,")
        }
        let islands = BirthDeath.islands, last = process.recordedSteps.count - 1, count = Double(process.steps - process.warmUp)
        let energies = record.rows(last, parts: islands, numbers: 2).map { $0[$0.startIndex + 1] / BirthDeath.scale / count }
        (energy, standardError) = energies.meanOfParts
        numbers = (0...last).map { record.outputs[$0 * islands * 2] }
        let landscape = try GroundState(process.network, diffusion: process.diffusion), bins = BirthDeath.bins
        (exact, harmonic, ground) = (landscape.energy, landscape.harmonic, landscape.shares(bins))
        let counts = (0..<bins.count).map { bin in
            stride(from: bin, to: record.counts.count, by: bins.count).reduce(0.0) { $0 + record.counts[$1] }
        }
        let all = counts.reduce(0, +)
        shares = all > 0 ? counts.map { $0 / all } : []
    }

    /// Of the density to ψ_0; nil where counts were not kept.
    package var totalVariation: Double? { shares.isEmpty ? nil : DensityComparison.totalVariation(shares, ground) }
}
