import Arrays
import Duality
import Engines
import Networks

extension TangentKernelCommand {
    /// `inflaton ntk --infinite`.
    func runInfinite() throws {
        let console = common.console
        device.threads.limit()
        let points = try Inputs(path: files[files.count - 1]) { shape in
            if with == nil, !diagonal { try checkSize(shape.first ?? 0) }
        }
        let second = try with.map { try secondInputs($0, dimension: points.dimension) }
        let known =
            try files.count == 2
            ? Weights.read(
                NumericArchive(path: files[0]), activation: network.activation, parameterisation: network.parameterisation
            ).architecture : nil
        try AtomicFile.check(output, overwrite: common.force)
        console.warnOfUnused(["--method"], because: "kernels of infinite width have closed forms")
        if let known {
            network.warnOfUnused(known, isInfinite: true, console)
            network.warnOfUnstated(console)
        }
        var summary = InfiniteWidthSummary(
            points: points.points, points2: second?.points, inputs: points.dimension, depth: known?.depth ?? infiniteWidth.depth ?? 0,
            hasBias: infiniteWidth.hasBias(known, network), activation: network.activation.name,
            parameterisation: network.parameterisation, sigmaW: network.sigmaW, sigmaB: network.sigmaB)
        let provenance = Provenance(parameters: infiniteParameters(summary), engine: nil)
        let all = try second.map { try Inputs.joined(points, $0) } ?? points, memory = memory(all)
        try HostMemory.require(doubles: memory, for: "the pair of kernels of \(all.points) points", remedy: "use fewer points")
        summary.memory = .init(hostBytes: HostMemory.bytes(ofDoubles: memory))
        if !common.dryRun {
            let kernels = try console.during("computing the kernels of infinite width of \(all.points) points") {
                try infiniteKernels(points, second, known)
            }
            try Interruption.check()
            var arrays: [(name: String, array: NumericArray, type: ElementType)] = [
                ("nngp", kernels.nngp, .float64), ("ntk", kernels.ntk, .float64),
            ]
            if wantsEigenvalues {
                let spectrum = try console.during("diagonalising the kernel of \(points.points) rows (--no-eigenvalues leaves that out)") {
                    try KernelSpectrum(elements: kernels.ntk.elements, points: points.points)
                }
                try Interruption.check()
                let floor = Double(points.points) * max(spectrum.noiseFloor, network.activation.dual.accuracy * spectrum.trace)
                summary.spectrum = .init(spectrum, noiseFloor: floor)
                arrays += TangentKernelSummary.arrays(of: spectrum, noiseFloor: floor)
            }
            try console.during("writing \(output)") {
                try NumericArchive.write(arrays, texts: [("provenance", provenance.text)], to: output, overwrite: common.force)
            }
        }
        try console.finish(
            "ntk", provenance: provenance, outputs: [output], dryRun: common.dryRun, result: summary,
            text: summary.listing(output: output, dryRun: common.dryRun))
    }

    /// The kernels of one set of points, their diagonals, or the kernels between two sets.
    private func infiniteKernels(
        _ points: Inputs, _ second: Inputs?, _ known: Architecture?
    ) throws -> (nngp: NumericArray, ntk: NumericArray) {
        func kernel(_ inputs: Inputs) throws -> InfiniteWidthKernel {
            try infiniteWidth.kernel(
                known, network, inputs, common.console.progress("kernels of infinite width", of: 1, unit: "pairs of points"))
        }
        if diagonal {
            let progress = common.console.progress("kernels of infinite width", of: points.points, unit: "points")
            defer { progress.finish() }
            let each = try (0..<points.points).map { point in
                progress.update(point)
                return try infiniteWidth.kernel(known, network, points.points(point..<point + 1))
            }
            return (NumericArray(each.map { $0.nngp[0] }), NumericArray(each.map { $0.tangentKernel[0] }))
        }
        guard let second else {
            let kernel = try kernel(points), shape = [points.points, points.points]
            return (try NumericArray(shape: shape, elements: kernel.nngp), try NumericArray(shape: shape, elements: kernel.tangentKernel))
        }
        let all = try kernel(Inputs.joined(points, second)), shape = [points.points, second.points]
        func between(_ elements: [Double]) throws -> NumericArray {
            try NumericArray(
                shape: shape,
                elements: (0..<points.points).flatMap { elements[$0 * all.points + points.points..<($0 + 1) * all.points] })
        }
        return (try between(all.nngp), try between(all.tangentKernel))
    }

    /// Numbers that are held at the peak: three matrices of a layer and of the next, whose rows are kept beside them until it is whole. With
    /// eigenvalues the two kernels, a copy, eigenvectors twice and LAPACK's workspace of two more are as many. Kernels between two sets are
    /// parts of those of both together.
    private func memory(_ points: Inputs) -> [[Int]] {
        [diagonal ? [8, points.points] : [8, points.points, points.points], [2, points.points, points.dimension]]
    }

    private func infiniteParameters(_ summary: InfiniteWidthSummary) -> [String: String] {
        [
            "infinite": "true", "eigenvalues": "\(wantsEigenvalues)", "weights": files.count == 2 ? files[0] : "none",
            "inputs": files[files.count - 1], "with": with ?? "none", "diagonal": "\(diagonal)",
            "depth": "\(summary.depth)", "bias": "\(summary.hasBias)", "output": output,
        ].merging(network.parameters) { $1 }.merging(["threads": device.parameters["threads"] ?? "all"]) { $1 }
    }
}

/// What `inflaton ntk --infinite` says.
private struct InfiniteWidthSummary: Encodable {
    struct Memory: Encodable { let hostBytes: Int }

    let points: Int
    /// M, of the points of --with.
    let points2: Int?
    let inputs: Int
    let depth: Int
    let hasBias: Bool
    let activation: String
    let parameterisation: Parameterisation
    let sigmaW: Double
    let sigmaB: Double
    var memory: Memory?
    var spectrum: TangentKernelSummary.Spectrum?

    func listing(output: String, dryRun: Bool) -> String {
        var listing = Listing()
        let bias = hasBias ? "σ_b = \(sigmaB)" : "no biases"
        // Without a limit in width the tangent kernel is that of the widths given.
        let width = parameterisation == .ntk || depth == 0 ? "infinitely wide" : "mean at the widths of the weights"
        listing.add("network", "\(width), \(inputs) inputs, \(depth) hidden layers of \(activation), σ_w = \(sigmaW), \(bias)")
        listing.add("parameterisation", parameterisation.rawValue)
        listing.add("points", points2.map { "\(points) and \($0)" } ?? "\(points)")
        if let memory { listing.add("memory", "\(NumberText.bytes(memory.hostBytes)) host") }
        spectrum?.add(to: &listing)
        listing.add(outputs: [output], isWritten: !dryRun)
        return listing.text
    }
}
