import ArgumentParser
import Arrays
import Networks

/// What is minimised.
struct LossOptions: ParsableArguments {
    @Option(
        help: """
            power: s (f − fmin)^n. squared: s (f − y)². double-well: s/4 (f² − v²)², v by --minimum. coupled, of evolve: s times --coupling, of \
            all outputs.
            """)
    var loss: LossKind = .power

    @Option(parsing: .unconditional, help: "s, the factor of the loss. Default: 0.02, for squared 1.")
    var scale: Double?

    @Option(parsing: .unconditional, help: ArgumentHelp("Where the loss is smallest: one value, or one per output.", valueName: "f[,f…]"))
    var minimum: NumberList = NumberList(values: [1])

    @Option(parsing: .unconditional, help: "n, the degree of the power; even.")
    var degree: Int = 2

    @Option(help: "For squared: the targets, an .npy file (N, C) or (N).")
    var targets: String?

    /// s.
    private var factor: Double { scale ?? (loss == .squared ? 1 : 0.02) }

    func validate() throws {
        let values = [scale].compactMap { $0 }.map { ("--scale", $0) } + minimum.values.map { ("--minimum", $0) }
        for (name, value) in values where !value.isFinite { throw ValidationError("\(name) has \(value), but must be finite.") }
    }

    /// Refuses what does not belong together; what is missing may be in a file.
    func check() throws {
        if loss == .squared, targets == nil { throw ValidationError("--loss squared needs --targets Y.npy.") }
        if loss != .squared, targets != nil { throw ValidationError("--targets goes with --loss squared only; use --minimum.") }
    }

    /// Warns of options that do not fit the loss.
    func warnOfUnused(_ console: Console) {
        if loss == .squared { console.warnOfUnused(["--minimum"], because: "the loss squared is smallest at --targets") }
        if loss != .power { console.warnOfUnused(["--degree"], because: "the loss \(loss.rawValue) has a degree of its own") }
    }

    /// The file of targets, read once and for all; nil where the loss has none.
    /// - Throws: the errors of the file.
    func readTargets() throws -> NumericArray? { try targets.map { try NumericArray(contentsOfNPY: $0) } }

    /// C, as far as minima or targets tell.
    func outputCount(_ targets: NumericArray?) -> Int {
        guard let targets else { return minimum.values.count }
        return targets.shape.count == 2 ? targets.shape[1] : 1
    }

    /// The loss of a network with those points and outputs.
    /// - Parameters:
    ///   - array: what ``readTargets()`` gave.
    ///   - coupling: W of a coupled one.
    /// - Throws: `NetworkError`.
    func loss(points: Int, outputs: Int, targets array: NumericArray?, coupling: String? = nil) throws -> Loss {
        let shape: LossShape
        var anchors = Loss.Anchors.perOutput(minimum.values)
        switch loss {
        case .power: shape = try .power(degree: degree)
        case .doubleWell: shape = .doubleWell
        case .coupled: shape = .coupled(try Coupling(coupling ?? "", outputs: outputs))
        case .squared:
            shape = .evenPower(2)
            guard let array else { break }
            // As many elements in another shape would be other targets.
            guard array.shape == [points, outputs] || array.shape == [points] && outputs == 1 else {
                throw NetworkError.shapeMismatch(
                    what: "the array of targets", found: "\(array.shape)", expected: "(\(points), \(outputs))",
                    remedy: "give one target for each point and output")
            }
            anchors = .perPoint(array.elements)
        }
        return try Loss(shape: shape, scale: factor, anchors: anchors)
    }

    /// For the provenance.
    var parameters: [String: String] {
        [
            "loss": loss.rawValue, "scale": "\(factor)", "minimum": minimum.description, "degree": "\(degree)",
            "targets": targets ?? "none",
        ]
    }
}
