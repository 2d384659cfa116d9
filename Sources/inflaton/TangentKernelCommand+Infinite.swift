import Arrays
import Duality
import Engines
import Networks

extension TangentKernelCommand {
    /// `inflaton ntk --infinite`.
    func runInfinite() throws {
        let console = common.console
        device.threads.limit()
        let points = try Inputs(NumericArray(contentsOfNPY: files[files.count - 1]) { shape in try checkSize(shape.first ?? 0) })
        let known =
            try files.count == 2
            ? Weights.read(
                NumericArchive(path: files[0]), activation: network.activation, parameterisation: network.parameterisation
            ).architecture : nil
        try AtomicFile.check(output, overwrite: common.force)
        console.warnOfUnused(["--method"], because: "kernels of infinite width have closed forms")
        if let known { network.warnOfUnused(known, isInfinite: true, console) }
        var summary = InfiniteWidthSummary(
            points: points.points, inputs: points.dimension, depth: known?.depth ?? depth ?? 0,
            hasBias: known?.hasBias ?? (network.sigmaB != 0), activation: network.activation.name)
        let provenance = Provenance(parameters: infiniteParameters(summary), engine: nil)
        try HostMemory.require(
            doubles: memory(points), for: "the pair of kernels of \(points.points) points",
            remedy: "use fewer points")
        summary.memory = .init(hostBytes: HostMemory.bytes(ofDoubles: memory(points)))
        if !common.dryRun {
            let kernel = try console.during("computing the kernels of infinite width of \(points.points) points") {
                if let known {
                    try InfiniteWidthKernel(architecture: known, sigmaW: network.sigmaW, sigmaB: network.sigmaB, inputs: points)
                } else {
                    try InfiniteWidthKernel(
                        depth: summary.depth, activation: network.activation, hasBias: summary.hasBias,
                        parameterisation: network.parameterisation, sigmaW: network.sigmaW, sigmaB: network.sigmaB, inputs: points)
                }
            }
            try Interruption.check()
            let shape = [kernel.points, kernel.points]
            var arrays: [(name: String, array: NumericArray, type: ElementType)] = [
                ("nngp", try NumericArray(shape: shape, elements: kernel.nngp), .float64),
                ("ntk", try NumericArray(shape: shape, elements: kernel.tangentKernel), .float64),
            ]
            if !noEigenvalues {
                let spectrum = try console.during("diagonalising the kernel of \(kernel.points) rows (--no-eigenvalues leaves that out)") {
                    try KernelSpectrum(elements: kernel.tangentKernel, points: kernel.points)
                }
                try Interruption.check()
                summary.spectrum = .init(
                    spectrum,
                    noiseFloor: Double(kernel.points) * max(spectrum.noiseFloor, network.activation.dual.accuracy * spectrum.trace))
                arrays.append(("eigenvalues", NumericArray(spectrum.kernelEigenvalues), .float64))
            }
            try console.during("writing \(output)") {
                try NumericArchive.write(arrays, texts: [("provenance", provenance.text)], to: output, overwrite: common.force)
            }
        }
        try console.finish(
            "ntk", provenance: provenance, outputs: [output], dryRun: common.dryRun, result: summary,
            text: summary.listing(network, output: output, dryRun: common.dryRun))
    }

    /// Numbers that are held at the peak: three matrices of a layer and of the next, whose rows are kept beside them until it is whole. With
    /// eigenvalues the two kernels, a copy, eigenvectors twice and LAPACK's workspace of two more are as many.
    private func memory(_ points: Inputs) -> [[Int]] {
        [[8, points.points, points.points], [2, points.points, points.dimension]]
    }

    private func infiniteParameters(_ summary: InfiniteWidthSummary) -> [String: String] {
        [
            "infinite": "true", "eigenvalues": "\(!noEigenvalues)", "weights": files.count == 2 ? files[0] : "none",
            "inputs": files[files.count - 1],
            "depth": "\(summary.depth)", "bias": "\(summary.hasBias)", "output": output,
        ].merging(network.parameters) { $1 }.merging(["threads": device.parameters["threads"] ?? "all"]) { $1 }
    }
}

/// What `inflaton ntk --infinite` says.
private struct InfiniteWidthSummary: Encodable {
    struct Memory: Encodable { let hostBytes: Int }

    let points: Int
    let inputs: Int
    let depth: Int
    let hasBias: Bool
    let activation: String
    var memory: Memory?
    var spectrum: TangentKernelSummary.Spectrum?

    func listing(_ network: NetworkOptions, output: String, dryRun: Bool) -> String {
        var listing = Listing()
        let bias = hasBias ? "σ_b = \(network.sigmaB)" : "no biases"
        // Without a limit in width the tangent kernel is that of the widths given.
        let width = network.parameterisation == .ntk || depth == 0 ? "infinitely wide" : "mean at the widths of the weights"
        listing.add(
            "network", "\(width), \(inputs) inputs, \(depth) hidden layers of \(activation), σ_w = \(network.sigmaW), \(bias)")
        listing.add("points", "\(points)")
        if let memory { listing.add("memory", "\(NumberText.bytes(memory.hostBytes)) host") }
        spectrum?.add(to: &listing)
        listing.add(dryRun ? "would write" : "wrote", output)
        return listing.text
    }
}
