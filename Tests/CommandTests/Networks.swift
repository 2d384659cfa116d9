import Arrays
import Foundation
import TestSupport
import Testing

/// A 2–3–1 network and three points, small numbers.
struct SmallNetwork {
    var first = try? NumericArray(shape: [2, 3], elements: [0.5, -1, 0.25, 1, 0.75, -0.5])
    var bias = try? NumericArray(shape: [3], elements: [0.1, 0.2, -0.3])
    var second = try? NumericArray(shape: [3, 1], elements: [1, -2, 0.5])
    var readOutBias = try? NumericArray(shape: [1], elements: [0.4])
    var points = try? NumericArray(shape: [3, 2], elements: [1, 0, 0.5, -0.5, -1, 2])

    /// Writes `w.npz` and `x.npy`, and gives the command line that reads them, on the reference engine, which starts at once.
    func command(in folder: TemporaryFolder, output: String = "out.npz") throws -> [String] {
        let arrays = [("W1", first), ("b1", bias), ("W2", second), ("b2", readOutBias)]
            .compactMap { name, array in array.map { (name: name, array: $0, type: ElementType.float64) } }
        try NumericArchive.write(arrays, to: folder.file("w.npz"), overwrite: true)
        try #require(points).writeNPY(to: folder.file("x.npy"), overwrite: true)
        return ["ntk", folder.file("w.npz"), folder.file("x.npy"), "-o", folder.file(output), "--device", "reference"]
    }
}

/// Weights and inputs of a golden file as the command wants them, and the options that describe the network.
struct GoldenNetwork {
    let archive: NumericArchive
    let activation: String
    let sigmaW: Double
    let sigmaB: Double

    init(_ name: String) throws {
        archive = try NumericArchive(path: fixture("golden/\(name).npz"))
        let text = try archive.text("meta")
        let meta = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        activation = try #require(meta["act"] as? String)
        sigmaW = try #require(meta["sigma_w"] as? Double)
        sigmaB = try #require(meta["sigma_b"] as? Double)
    }

    func command(in folder: TemporaryFolder) throws -> [String] {
        let layers = archive.names.filter { ($0.hasPrefix("W") || $0.hasPrefix("b")) && Int($0.dropFirst()) != nil }
        let arrays = try layers.map { (name: $0, array: try archive.array($0), type: ElementType.float64) }
        try NumericArchive.write(arrays, to: folder.file("w.npz"))
        try archive.array("x").writeNPY(to: folder.file("x.npy"))
        return [
            "ntk", folder.file("w.npz"), folder.file("x.npy"), "-o", folder.file("out.npz"), "--activation", activation,
            "--sigma-w", "\(sigmaW)", "--sigma-b", "\(sigmaB)",
        ]
    }
}

/// A training of the golden files, by neural-tangents, as the command wants it.
struct GoldenTraining {
    let archive: NumericArchive
    let activation: String
    private let meta: [String: Any]

    init(_ name: String) throws {
        archive = try NumericArchive(path: fixture("golden/train_\(name).npz"))
        meta = try #require(try JSONSerialization.jsonObject(with: Data(archive.text("meta").utf8)) as? [String: Any])
        activation = try #require(meta["act"] as? String)
    }

    /// Writes `w.npz` and `x.npy`, and gives the command line that trains in float64 into `out`.
    func command(in folder: TemporaryFolder) throws -> [String] {
        let loss = try #require(meta["loss"] as? [String: Any])
        let minima = (loss["fmin"] as? [Double]) ?? [(loss["fmin"] ?? loss["v"]) as? Double ?? .nan]
        let names = archive.names.filter { $0.first == "W" || $0.first == "b" }.filter { Int($0.dropFirst()) != nil }
        try NumericArchive.write(
            names.map { ($0, try archive.array($0), .float64) }, to: folder.file("w.npz"), overwrite: true)
        try archive.array("x").writeNPY(to: folder.file("x.npy"), overwrite: true)
        let shape =
            loss["kind"] as? String == "double_well"
            ? ["--loss", "double-well"] : ["--degree", "\(loss["n"] as? Int ?? 2)"]
        return [
            "evolve", "--weights", folder.file("w.npz"), "--inputs", folder.file("x.npy"), "--activation", activation,
            "--sigma-w", "\(try #require(meta["sigma_w"] as? Double))", "--sigma-b", "\(try #require(meta["sigma_b"] as? Double))",
            "--scale", "\(try #require(loss["s"] as? Double))", "--minimum=\(minima.map { "\($0)" }.joined(separator: ","))",
            "--learning-rate", "\(try archive.array("eta").elements[0])", "--momentum", "\(try archive.array("gamma").elements[0])",
            "--steps", "\(try archive.array("eta").elements.count)", "--precision", "float64", "-o", folder.file("out"),
        ] + shape
    }
}

/// max |a − b| / max |b|.
func relativeError(_ a: NumericArray, _ b: NumericArray) throws -> Double {
    try #require(a.shape == b.shape)
    let scale = b.elements.reduce(0) { max($0, abs($1)) }
    return zip(a.elements, b.elements).reduce(0) { max($0, abs($1.0 - $1.1)) } / max(scale, .leastNormalMagnitude)
}
