import Arrays
import Compute
import Duality
import Engines
import Networks
import Runs

extension TangentKernelCommand {
    /// Whether the matrix's eigenvalues belong to the result.
    var wantsEigenvalues: Bool { !noEigenvalues && with == nil && !diagonal }

    /// Rows up to which a kernel of one set is made whole also without its eigenvalues, in four copies of together 256 MiB: in one piece
    /// with the kernel that has them, to the last bit.
    private static let fewRows = 2896

    /// Whether a kernel of so many rows is made tile by tile.
    func usesTiles(rows: Int) -> Bool { with != nil || trace || diagonal || noEigenvalues && !jacobian && rows > Self.fewRows }

    /// The kernel in tiles, which go to the file as they are made, or into memory where eigenvalues are wanted.
    func runTiles(_ ensemble: Ensemble, on engine: any Engine) throws {
        let console = common.console, precision = engine.description.precision
        let second = try with.map { try secondInputs($0, dimension: ensemble.architecture.inputs) }
        let tiles = try KernelTiles(ensemble, and: second, .init(method: method, trace: trace, diagonal: diagonal), on: engine)
        let points = ensemble.points, outputs = ensemble.architecture.outputs
        let shape = (diagonal ? [points] : [points, second?.points ?? points]) + (trace ? [] : [outputs, outputs])
        let fileBytes = shape.reduce(8) { $0.times($1) }
        var summary = TangentKernelSummary(
            ensemble, network, method: method,
            memory: .init(
                deviceBytes: tiles.memory.deviceBytes,
                hostBytes: tiles.memory.hostBytes.plus(wantsEigenvalues ? HostMemory.bytes(ofDoubles: [[6, points, points]]) : 0),
                fileBytes: fileBytes, freeDiskBytes: try StreamedArchive.freeBytes(at: output)))
        summary.points2 = second?.points
        let provenance = Provenance(parameters: parameters, engine: engine.description)
        try StreamedArchive.requireSpace(for: shape, at: output)
        if !common.dryRun {
            var largest = 0.0
            let progress = console.progress("tangent kernel", of: fileBytes / 8, unit: "elements")
            var done = 0
            func evaluate(_ take: (_ values: [Double], _ place: Int, _ run: Int, _ step: Int) throws -> Void) throws {
                try tiles.evaluate(proceed: Interruption.check) { tile in
                    largest = max(largest, try largestElement(of: tile, shape, precision))
                    let pair = trace ? 1 : outputs * outputs, across = diagonal ? 1 : shape[1]
                    // Rows of a tile are so long, and so far from each other in the file.
                    let run = (tile.columns?.count ?? tile.rows.count) * pair
                    try take(tile.values, (tile.rows.lowerBound * across + (tile.columns?.lowerBound ?? 0)) * pair, run, across * pair)
                    done += tile.values.count
                    progress.update(done)
                }
            }
            let found =
                try [tiles.outputs(proceed: Interruption.check)]
                + (second == nil ? [] : [tiles.outputs(ofSecond: true, proceed: Interruption.check)])
            let members = zip(["outputs", "outputs2"], found).map { ($0, NumericArchive.Member.numbers($1, .float64)) }
            let text = [("provenance", NumericArchive.Member.text(provenance.text))]
            if wantsEigenvalues {
                var elements = [Double](repeating: 0, count: points * points)
                try evaluate { values, place, run, step in
                    for row in 0..<values.count / run {
                        elements.replaceSubrange(place + row * step..<place + row * step + run, with: values[row * run..<(row + 1) * run])
                    }
                }
                progress.finish()
                let spectrum = try console.during("diagonalising the kernel of \(points) rows (--no-eigenvalues leaves that out)") {
                    try KernelSpectrum(elements: elements, points: points, precision: precision)
                }
                try Interruption.check()
                summary.spectrum = .init(spectrum)
                for finding in spectrum.findings where finding != .zero { console.warn("\(finding)") }
                let kernel = [("ntk", NumericArchive.Member.numbers(try NumericArray(shape: shape, elements: elements), .float64))]
                let rest = TangentKernelSummary.arrays(of: spectrum).map { ($0.name, NumericArchive.Member.numbers($0.array, $0.type)) }
                try NumericArchive.write(members: members + kernel + rest + text, to: output, overwrite: common.force)
            } else {
                try StreamedArchive.write(
                    "ntk", shape: shape, to: output, overwrite: common.force,
                    reserving: found.reduce(1 << 20) { $0.plus($1.elements.count.times(8)) }
                ) { archive in
                    try evaluate { values, place, run, step in
                        try values.withUnsafeBufferPointer { values in
                            for row in 0..<values.count / run {
                                try archive.write(
                                    UnsafeBufferPointer(rebasing: values[row * run..<(row + 1) * run]), at: place + row * step)
                            }
                        }
                    }
                    progress.finish()
                    return members + text
                }
            }
            warnOfUnderflow(
                largest: largest, outputsAreZero: !found.contains { $0.elements.contains { $0 != 0 } }, precision, console)
        }
        try console.finish(
            "ntk", provenance: provenance, outputs: [output], dryRun: common.dryRun, result: summary,
            text: summary.listing(engine: engine.description, output: output, dryRun: common.dryRun))
    }

    /// The points of `--with`, with an error that says of which file it speaks.
    func secondInputs(_ path: String, dimension: Int) throws -> Inputs {
        do {
            return try Inputs(
                NumericArray(contentsOfNPY: path) { shape in
                    guard let count = shape.first, count > 0, shape.count <= 2, (shape.count == 2 ? shape[1] : 1) != dimension else {
                        return
                    }
                    throw NetworkError.shapeMismatch(
                        what: "the array of inputs", found: shape.shapeText, expected: "(M, \(dimension))",
                        remedy: "the points of --with have as many columns as the others")
                })
        } catch let error as NetworkError {
            throw FileError.malformed(path: path, reason: "\(error)")
        }
    }

    /// The largest element of a tile.
    /// - Throws: `FileError.malformed` for one that is not finite.
    private func largestElement(of tile: KernelTiles.Tile, _ shape: [Int], _ precision: Precision) throws -> Double {
        var largest = 0.0, isFinite = true
        for value in tile.values {
            largest = max(largest, abs(value))
            isFinite = isFinite && value.isFinite
        }
        guard !isFinite, let place = tile.values.firstIndex(where: { !$0.isFinite }) else { return largest }
        let pair = tile.values.count / tile.rows.count / (tile.columns?.count ?? 1)
        let across = tile.columns?.count ?? 1, row = tile.rows.lowerBound + place / pair / across
        let column = tile.columns.map { $0.lowerBound + place / pair % across } ?? row
        throw overflow(at: "points \(row) and \(column)", precision)
    }
}
