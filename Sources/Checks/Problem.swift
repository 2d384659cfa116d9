import Engines
import Networks

/// Networks to compute, made from a few sizes and a seed: the same everywhere, so that its description reproduces it.
public struct Problem: Sendable, Hashable, Codable {
    public var architecture: Architecture
    /// N.
    public var points: Int
    /// E. Members differ in weights, σ, loss scale, anchors, learning rates and momenta.
    public var members: Int
    /// Whether all members see the same points.
    public var sharesInputs: Bool
    /// The loss that is minimised.
    public var lossShape: LossShape
    /// K, the updates of a training.
    public var steps: Int
    /// From which all numbers follow.
    public var seed: UInt64

    /// A problem. Default: one member, points of its own, quadratic loss, four steps.
    public init(
        _ architecture: Architecture, points: Int, members: Int = 1, sharesInputs: Bool = false, lossShape: LossShape = .evenPower(2),
        steps: Int = 4, seed: UInt64 = 1
    ) {
        self.architecture = architecture
        self.points = points
        self.members = members
        self.sharesInputs = sharesInputs
        self.lossShape = lossShape
        self.steps = steps
        self.seed = seed
    }

    /// The networks with given weights: standard normal numbers from the host's stream, rounded to float so that all precisions start
    /// from the same ones.
    /// - Throws: `NetworkError` for sizes that do not fit.
    public func ensemble() throws -> Ensemble {
        let outputs = architecture.outputs
        let sets = try (0..<(sharesInputs ? 1 : members)).map { set in
            try Inputs(
                points: points, dimension: architecture.inputs,
                values: (0..<points * architecture.inputs).map { number(1000 + set, $0) })
        }
        let list = try (0..<members).map { e in
            let sigmaW = 0.8 + 0.2 * Double((3 * e + Int(seed % 4)) % 5), sigmaB = architecture.hasBias ? 0.1 + 0.25 * Double(e % 3) : 0
            let drawn = Weights(seed: seed &* 64 &+ UInt64(e), sigmaW: sigmaW, sigmaB: sigmaB, for: architecture)
            // High powers make steep losses; a smaller factor keeps their training stable for outputs up to about 20.
            let steepness =
                switch lossShape {
                case .evenPower(let degree): 0.3 / (0..<degree - 2).reduce(1.0) { product, _ in 20 * product }
                case .doubleWell, .coupled: 0.3 / 400
                }
            let loss = try Loss(
                shape: lossShape, scale: steepness * (1 + 0.5 * Double(e % 3)),
                anchors: e % 2 == 0
                    ? .perOutput((0..<outputs).map { 0.25 + 0.5 * Double($0 + e % 3) })
                    : .perPoint((0..<points * outputs).map { number(2000 + e, $0) }))
            let rate = 0.02 * Double(1 + e % 3), momentum = [0, 0.9, 0.5, 0][e % 4]
            let schedule =
                e % 4 == 3
                ? try Schedule(
                    learningRates: (0..<max(1, steps)).map { rate / Double($0 + 1) },
                    momenta: (0..<max(1, steps)).map { Double($0 % 2) * 0.5 })
                : try Schedule(learningRate: rate, momentum: momentum)
            return Ensemble.Member(
                source: .weights(try Weights(drawn.values.map { Double(Float($0)) }, for: architecture)), sigmaW: sigmaW, sigmaB: sigmaB,
                loss: loss, schedule: schedule)
        }
        return try Ensemble(architecture: architecture, members: list, inputs: sets)
    }

    /// The same networks with weights that the engine draws.
    /// - Throws: as ``ensemble()``.
    public func seededEnsemble() throws -> Ensemble {
        let given = try ensemble()
        let members = given.members.enumerated().map { e, member in
            Ensemble.Member(
                source: .seed(seed &* 64 &+ UInt64(e)), sigmaW: member.sigmaW, sigmaB: member.sigmaB, loss: member.loss,
                schedule: member.schedule)
        }
        return try Ensemble(architecture: architecture, members: members, inputs: given.inputs)
    }

    private func number(_ layer: Int, _ index: Int) -> Double {
        Double(Float(WeightStream.normal(seed: seed, layer: layer, stream: .weight, index: index)))
    }
}

extension Problem: CustomStringConvertible {
    /// All that the initialiser takes, on one line.
    public var description: String {
        let a = architecture
        return
            "\(a.activation) d=\(a.inputs) widths=\(a.widths) C=\(a.outputs) bias=\(a.hasBias ? "yes" : "no") \(a.parameterisation.rawValue) "
            + "N=\(points) E=\(members) inputs=\(sharesInputs ? "shared" : "own") loss=\(lossShape) K=\(steps) seed=\(seed)"
    }
}

extension Problem {
    /// A problem of unusual shape that follows from its number: sizes around vector and tile boundaries, all activations, losses and
    /// parameterisations.
    public static func random(
        _ number: UInt64, activations: [Activation] = Activation.all, lossShapes: [LossShape] = LossShape.examples
    ) throws -> Problem {
        var position = 0
        func choose<Element>(_ list: [Element]) -> Element {
            position += 1
            let word = Philox.block(
                key: (UInt32(truncatingIfNeeded: number), UInt32(truncatingIfNeeded: number >> 32)),
                counter: (UInt32(position), 0, 0, 0x7368_6170)
            ).0
            return list[Int(word) % list.count]
        }
        let sizes = [1, 3, 5, 9, 16, 17, 33]
        let depth = choose([0, 1, 1, 2, 2, 3])
        let widths = (0..<depth).map { _ in choose(sizes) }
        let architecture = try Architecture(
            inputs: choose([1, 2, 3, 5, 8, 17]), widths: widths, outputs: choose([1, 1, 2, 3, 5]), hasBias: choose([true, true, false]),
            activation: choose(activations), parameterisation: choose(Parameterisation.allCases))
        return Problem(
            architecture, points: choose([1, 3, 5, 6, 7, 9]), members: choose([1, 2, 3, 5, 7]), sharesInputs: choose([true, false]),
            lossShape: choose(lossShapes), steps: choose([1, 2, 5]), seed: number)
    }
}
