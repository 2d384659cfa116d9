import Arrays
import Engines
import Foundation
import Networks

/// One file of Tests/Fixtures/golden, made with neural_tangents and JAX in float64.
struct Golden {
    /// What the `meta` string of a file says.
    struct Meta: Decodable {
        struct LossDescription: Decodable {
            let kind: String
            let n: Int?
            let s: Double
            let fmin: Minimum?
            let v: Double?
        }
        enum Minimum: Decodable {
            case one(Double)
            case many([Double])

            init(from decoder: any Decoder) throws {
                let container = try decoder.singleValueContainer()
                if let value = try? container.decode(Double.self) {
                    self = .one(value)
                } else {
                    self = .many(try container.decode([Double].self))
                }
            }

            var values: [Double] {
                switch self {
                case .one(let value): [value]
                case .many(let values): values
                }
            }
        }
        let act: String
        let widths: [Int]
        let bias: Bool
        let d_in: Int
        let d_out: Int
        let N: Int
        let sigma_w: Double
        let sigma_b: Double
        let loss: LossDescription?
        let steps: Int?
    }

    static let networks = (1...12).map { String(format: "net_p%02d", $0) }
    static let trainings = (1...8).map { String(format: "train_p%02d", $0) }

    let archive: NumericArchive
    let meta: Meta
    let architecture: Architecture
    let weights: Weights
    let inputs: Inputs

    init(_ name: String) throws {
        archive = try NumericArchive(path: Self.folder.appending(path: name + ".npz").path)
        meta = try JSONDecoder().decode(Meta.self, from: Data(archive.text("meta").utf8))
        let activation = try Activation.named(meta.act).orThrow(meta.act)
        (architecture, weights) = try Weights.read(archive, activation: activation, parameterisation: .ntk)
        inputs = try Inputs(archive.array("x"))
    }

    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Fixtures/golden").standardized

    func values(_ name: String) throws -> [Double] { try archive.array(name).elements }

    /// Θ of the file, (N, N, C, C), in the order of an engine's, (N·C, N·C).
    func kernel(_ name: String = "ntk") throws -> [Double] {
        let n = meta.N, c = meta.d_out, given = try values(name)
        var result = [Double](repeating: 0, count: given.count)
        for i in 0..<n {
            for j in 0..<n {
                for a in 0..<c {
                    for b in 0..<c {
                        result[(i * c + a) * n * c + j * c + b] = given[((i * n + j) * c + a) * c + b]
                    }
                }
            }
        }
        return result
    }

    /// The weights after training, in flat order.
    func finalWeights() throws -> [Double] {
        try architecture.layers.flatMap { layer in
            try values("W\(layer.index + 1)_final") + (layer.hasBias ? values("b\(layer.index + 1)_final") : [])
        }
    }

    func ensemble() throws -> Ensemble {
        try Ensemble(
            architecture: architecture,
            members: [
                Ensemble.Member(
                    source: .weights(weights), sigmaW: meta.sigma_w, sigmaB: meta.sigma_b, loss: try loss(),
                    schedule: meta.loss == nil ? nil : try Schedule(learningRates: values("eta"), momenta: values("gamma")))
            ], inputs: [inputs])
    }

    private func loss() throws -> Loss? {
        guard let given = meta.loss else { return nil }
        if given.kind == "double_well" {
            return try Loss(shape: .doubleWell, scale: given.s, anchors: .perOutput([given.v.orThrow("v")]))
        }
        return try Loss(
            shape: .power(degree: given.n.orThrow("n")), scale: given.s, anchors: .perOutput(given.fmin.orThrow("fmin").values))
    }
}

struct Missing: Error { let what: String }

extension Optional {
    func orThrow(_ what: String) throws -> Wrapped {
        guard let self else { throw Missing(what: what) }
        return self
    }
}
