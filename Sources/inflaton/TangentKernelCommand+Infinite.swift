import Arrays
import Duality
import Engines
import Networks

extension TangentKernelCommand {
    /// `inflaton ntk --infinite`.
    func runInfinite() throws {
        let console = common.console
        device.threads.limit()
        let points = try Inputs(NumericArray(contentsOfNPY: files[files.count - 1]))
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
        if !common.dryRun {
            let kernel =
                if let known {
                    try InfiniteWidthKernel(architecture: known, sigmaW: network.sigmaW, sigmaB: network.sigmaB, inputs: points)
                } else {
                    try InfiniteWidthKernel(
                        depth: summary.depth, activation: network.activation, hasBias: summary.hasBias,
                        parameterisation: network.parameterisation, sigmaW: network.sigmaW, sigmaB: network.sigmaB, inputs: points)
                }
            try Interruption.check()
            let spectrum = try KernelSpectrum(elements: kernel.tangentKernel, points: kernel.points)
            let shape = [kernel.points, kernel.points]
            try Interruption.check()
            summary.spectrum = .init(
                spectrum,
                noiseFloor: Double(kernel.points) * max(spectrum.noiseFloor, network.activation.dual.accuracy * spectrum.trace))
            try NumericArchive.write(
                [
                    ("nngp", NumericArray(shape: shape, elements: kernel.nngp), .float64),
                    ("ntk", NumericArray(shape: shape, elements: kernel.tangentKernel), .float64),
                    ("eigenvalues", NumericArray(spectrum.kernelEigenvalues), .float64),
                ], texts: [("provenance", provenance.text)], to: output, overwrite: common.force)
        }
        try console.finish(
            "ntk", provenance: provenance, outputs: [output], dryRun: common.dryRun, result: summary,
            text: summary.listing(network, output: output))
    }

    private func infiniteParameters(_ summary: InfiniteWidthSummary) -> [String: String] {
        [
            "infinite": "true", "weights": files.count == 2 ? files[0] : "none", "inputs": files[files.count - 1],
            "depth": "\(summary.depth)", "bias": "\(summary.hasBias)", "output": output,
        ].merging(network.parameters) { $1 }.merging(["threads": device.parameters["threads"] ?? "all"]) { $1 }
    }
}

/// What `inflaton ntk --infinite` says.
private struct InfiniteWidthSummary: Encodable {
    let points: Int
    let inputs: Int
    let depth: Int
    let hasBias: Bool
    let activation: String
    var spectrum: TangentKernelSummary.Spectrum?

    func listing(_ network: NetworkOptions, output: String) -> String {
        var listing = Listing()
        let bias = hasBias ? "σ_b = \(network.sigmaB)" : "no biases"
        // Without a limit in width the tangent kernel is that of the widths given.
        let width = network.parameterisation == .ntk || depth == 0 ? "infinitely wide" : "mean at the widths of the weights"
        listing.add(
            "network", "\(width), \(inputs) inputs, \(depth) hidden layers of \(activation), σ_w = \(network.sigmaW), \(bias)")
        listing.add("points", "\(points)")
        spectrum?.add(to: &listing)
        listing.add(spectrum == nil ? "would write" : "wrote", output)
        return listing.text
    }
}
