import Arrays
import Engines
import Networks

extension TangentKernelCommand {
    /// `inflaton ntk --top`: the largest eigenvalues by products with vectors, and the trace, without the kernel.
    func runTop(_ count: Int, _ ensemble: Ensemble, on engine: any Engine) throws {
        let console = common.console
        console.warnOfUnused(["--method"], because: "with --top the kernel is not formed")
        console.warnOfUnused(["--no-eigenvalues"], because: "--top asks for some")
        let rows = ensemble.rows, kept = min(count, rows), steps = min(rows, LanczosEigen.mostProducts(kept))
        let operation = try TangentOperator(ensemble)
        let tiles = try KernelTiles(ensemble, and: nil, .init(method: .gram, trace: true, diagonal: true), on: engine)
        let vectors = HostMemory.bytes(ofDoubles: [[steps + 4, rows]])
        try HostMemory.require(
            doubles: [[steps + 4, rows], [operation.hostBytes / 8]], for: "\(steps) vectors of \(rows) numbers",
            remedy: "ask for fewer eigenvalues with --top, or use fewer points")
        var summary = TangentKernelSummary(
            ensemble, network, method: method,
            memory: .init(
                deviceBytes: tiles.memory.deviceBytes, hostBytes: max(tiles.memory.hostBytes, vectors.plus(operation.hostBytes))))
        let provenance = Provenance(parameters: parameters, engine: engine.description)
        if !common.dryRun {
            let outputs = try tiles.outputs(proceed: Interruption.check)
            var trace = 0.0
            try tiles.evaluate(proceed: Interruption.check) { trace += $0.values.reduce(0, +) }
            guard trace.isFinite else { throw overflow(at: "its diagonal", engine.description.precision) }
            let progress = console.progress("eigenvalues", of: steps, unit: "products")
            let found = try LanczosEigen(order: rows, largest: kept) { products in
                progress.update(products)
                try Interruption.check()
            } apply: {
                try operation.apply($0, proceed: Interruption.check)
            }
            progress.finish()
            let top = TangentKernelSummary.Top(found, trace: trace)
            if !found.isConverged {
                console.warn(
                    "after \(found.products) products the eigenvalues are known to \(top.residuals.max() ?? 0) alone, more than 1e-9 of the "
                        + "largest; ask for fewer, or for their kernel")
            }
            summary.top = top
            try NumericArchive.write(
                [
                    ("outputs", outputs, .float64), ("eigenvalues", NumericArray(found.values), .float64),
                    ("residuals", NumericArray(found.residuals), .float64), ("trace", NumericArray(scalar: trace), .float64),
                ], texts: [("provenance", provenance.text)], to: output, overwrite: common.force)
        }
        try console.finish(
            "ntk", provenance: provenance, outputs: [output], dryRun: common.dryRun, result: summary,
            text: summary.listing(engine: engine.description, output: output, dryRun: common.dryRun))
    }
}

extension TangentKernelSummary {
    /// The upper end of a spectrum.
    struct Top: Encodable {
        let eigenvalues: [Double]
        /// ‖Θv − λv‖.
        let residuals: [Double]
        let trace: Double
        /// What the eigenvalues are of the trace.
        let shareOfTrace: Double
        let products: Int
        let converged: Bool

        init(_ found: LanczosEigen, trace: Double) {
            eigenvalues = found.values
            residuals = found.residuals
            self.trace = trace
            shareOfTrace = trace > 0 ? found.values.reduce(0, +) / trace : 0
            products = found.products
            converged = found.isConverged
        }

        func add(to listing: inout Listing) {
            for (place, value) in eigenvalues.enumerated().prefix(10) {
                let error = residuals[place] > 0 ? "± \(NumberText.rounded(residuals[place]))" : "to rounding"
                listing.add("eigenvalue λ\(NumberText.subscripted(place + 1))", "\(NumberText.rounded(value, digits: 10)) \(error)")
            }
            if eigenvalues.count > 10 { listing.add("", "\(eigenvalues.count - 10) more in the file") }
            listing.add("trace", "\(NumberText.rounded(trace, digits: 10)), of which \(NumberText.rounded(100 * shareOfTrace)) % are these")
            listing.add("products with Θ", "\(products), in float64 on the host\(converged ? "" : ", not converged")")
        }
    }
}
