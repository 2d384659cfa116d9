import Arrays
import Cosmology
import Engines
import Foundation

extension UniverseCommand {
    /// `--spectrum`.
    func runSpectrum(_ background: Background, _ integrator: UniverseIntegrator) throws {
        guard samples >= 2 else {
            throw UniverseError.outOfRange(
                quantity: "samples", value: "\(samples)", limit: "at least 2, the ends of the spectrum", remedy: "Use 200 for a figure.")
        }
        guard span > 0, span.isFinite else {
            throw UniverseError.outOfRange(
                quantity: "span", value: "\(span)", limit: "positive and finite", remedy: "Use 3, a factor of 20 to either side.")
        }
        try HostMemory.require(doubles: [[samples, 24]], for: "a spectrum of \(samples) wavenumbers", remedy: "reduce --samples")
        let outputs = usedFiles.writes
        for path in outputs { try AtomicFile.check(path, overwrite: common.force) }
        let provenance = Provenance(parameters: parameters, engine: nil)
        var summary = SpectrumSummary(potential: background.potential.description, wavenumbers: samples)
        var text = summary.listing(outputs)
        if !common.dryRun {
            let spectrum = try common.console.during("integrating the universe") {
                try InflationSpectrum(background, integrator: integrator)
            }
            let center = try Self.naming("--pivot", of: "e-folds before the end") { () throws(UniverseError) in
                try spectrum.wavenumber(leaving: pivot)
            }
            let points = try common.console.during("integrating \(samples) modes") {
                try Array(0..<samples).parallelMap { index in
                    try Self.naming("--span", of: "wavenumber") { () throws(UniverseError) in
                        try spectrum.point(at: center * exp(span * (2 * Double(index) / Double(samples - 1) - 1)))
                    }
                }
            }
            summary.values = .init(eFolds: spectrum.endEFolds, try spectrum.pivot(at: center))
            let table = try CSVTable(
                columns: ["k", "curvaturePower", "tensorPower"],
                rows: points.map { [.number($0.wavenumber), .number($0.curvature), .number($0.tensor)] })
            summary.columns = try deliver(table, provenance, of: summary.potential)
            text = summary.columns == nil ? summary.listing(outputs) : table.text
        }
        try common.console.finish("universe", provenance: provenance, outputs: outputs, dryRun: common.dryRun, result: summary, text: text)
    }

    /// Says of a quantity that is out of range which option sets it.
    private static func naming<Value>(
        _ option: String, of quantity: String, _ compute: () throws(UniverseError) -> Value
    ) throws(UniverseError) -> Value {
        do throws(UniverseError) { return try compute() } catch .outOfRange(let what, let value, let limit, _) where what == quantity {
            throw .outOfRange(
                quantity: "the \(what) of \(option)", value: value, limit: limit,
                remedy: "Use a smaller \(option), or start inflation earlier by --phi.")
        }
    }
}

/// What `inflaton universe --spectrum` says.
private struct SpectrumSummary: Encodable {
    struct Values: Encodable {
        let eFolds: Double
        let pivot: Double
        let scalarAmplitude: Double
        let scalarIndex: Double
        let running: Double
        let tensorToScalar: Double
        let tensorIndex: Double

        init(eFolds: Double, _ pivot: InflationSpectrum.Pivot) {
            self.eFolds = eFolds
            self.pivot = pivot.wavenumber
            scalarAmplitude = pivot.scalarAmplitude
            scalarIndex = pivot.scalarIndex
            running = pivot.running
            tensorToScalar = pivot.tensorToScalar
            tensorIndex = pivot.tensorIndex
        }
    }

    let potential: String
    let wavenumbers: Int
    var values: Values?
    /// The table itself where it is written to no file.
    var columns: [String: [Double]]?

    func listing(_ outputs: [String]) -> String {
        var listing = Listing()
        listing.add("potential", "V = \(potential)")
        listing.add("spectrum", "\(wavenumbers) wavenumbers")
        if let values {
            listing.add("e-folds of inflation", values.eFolds)
            listing.add("pivot k", values.pivot)
            listing.add("A_s", values.scalarAmplitude)
            listing.add("n_s", values.scalarIndex)
            listing.add("r", values.tensorToScalar)
        }
        listing.add(outputs: outputs, isWritten: values != nil)
        return listing.text
    }
}
