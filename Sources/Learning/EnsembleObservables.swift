import Arrays

/// The numbers of an ensemble that was trained: what the columns of a store say of it.
package struct EnsembleObservables: Sendable {
    /// Slope of the drift against −F′ with its standard error, and what is left of it over its noise floor; nil but for descent of
    /// one setting.
    package private(set) var drift: (slope: Double, error: Double, residual: Double)?
    /// Root mean square of D/D_theory − 1; nil but for descent of
    /// one setting.
    package private(set) var diffusionError: Double?
    /// The greatest total variation between the densities and the Fokker–Planck equation, and what sampling alone gives; nil but for descent of
    /// one setting.
    package private(set) var totalVariation: (value: Double, floor: Double)?
    /// χ with its standard error, and what is left of the accelerations; nil of fewer than five densities.
    package private(set) var quantumness: (chi: Double, error: Double, residual: Double)?
    /// Why numbers are missing that such an ensemble has.
    package private(set) var failures: [String] = []

    package init(_ training: EnsembleTraining, _ record: EnsembleRecord) {
        func attempt(_ what: String, _ body: () throws -> Void) {
            do { try body() } catch { failures.append("\(what): \(error)") }
        }
        if training.isDescent, training.alternative == nil {
            attempt("density") {
                let found = try DensityComparison(training, record)
                drift = (found.slope.value, found.slope.error, found.residual / found.floor)
                diffusionError = found.diffusionResidual
                totalVariation = (found.worst, found.samplingFloor)
            }
        }
        if EnsembleMeter.canRead(training) {
            attempt("chi") {
                let found = try EnsembleMeter("this run", training, record)
                quantumness = (found.whole.value, found.standardError, found.whole.residual)
            }
        }
    }
}

extension EnsembleRecord {
    /// Mean and variance of the weights from each density by the centres of their bins, (counts, densities, 2), and the mean of F, (counts). What
    /// is counted after weights were not finite any more is NaN.
    package func moments(of training: EnsembleTraining) -> (moments: [Double], freeEnergies: [Double]) {
        let centres = training.bins.centres, energies = centres.map { training.network.freeEnergy(at: $0) }
        var moments: [Double] = [], freeEnergies: [Double] = []
        let shares = training.starts.indices.map { self.shares($0) }
        for (record, step) in training.recordedSteps.enumerated() {
            guard step <= lastFinite else {
                moments += [Double](repeating: .nan, count: 2 * shares.count)
                freeEnergies.append(.nan)
                continue
            }
            var energy = 0.0
            for density in shares {
                let p = density[record]
                func mean(_ value: (Int) -> Double) -> Double { p.indices.reduce(0) { $0 + p[$1] * value($1) } }
                let middle = mean { centres[$0] }
                moments += [middle, mean { (centres[$0] - middle) * (centres[$0] - middle) }]
                energy += mean { energies[$0] } / Double(shares.count)
            }
            freeEnergies.append(energy)
        }
        return (moments, freeEnergies)
    }
}
