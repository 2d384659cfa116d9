import Cosmology
import Duality
import Networks
import Runs

extension SideBySide {
    /// The arguments of `inflaton universe` by which it integrates the predicted field of all outputs on one point, with a row for each step of
    /// the training; nil where the prediction is no field in a universe that the command knows: several points, which have perturbations,
    /// recursions, the null model, the fourth order, and optimisers with an H of their own that changes.
    public func universeArguments() throws -> [String]? {
        guard network.points == 1, training.steps > 0, result.divergedAt == nil else { return nil }
        let step = training.schedule.learningRate(at: 0).squareRoot()
        let rows = ["--until", "\(Double(training.steps) * step)", "--samples", "\(training.steps + 1)"]
        if network.fields == 1 { return try singleField().map { $0 + rows } }
        guard let (universe, _) = try network.fieldUniverse(prediction, planckMass: planckMass) else { return nil }
        return Self.arguments(universe, network) + rows
    }

    /// V = F Θ₀ l(f) + V₀ of one output.
    private func singleField() throws -> [String]? {
        let loss = training.loss, kernel = network.tangentKernel[0], output = network.outputs[0], anchor = network.anchors[0]
        var (force, kick, vacuum) = (1.0, 0.0, 0.0)
        let law: [String]
        switch prediction {
        case .paper, .corrected, .exact, .friedmann:
            guard let dictionary = prediction.dictionary else { return nil }
            let terms = try dictionary.terms(
                learningRate: training.schedule.learningRate(at: 0), momentum: training.schedule.momentum(at: 0), planckMass: planckMass,
                curvature: kernel * loss.shape.curvature(output, anchor: anchor, scale: loss.scale))
            guard let friction = terms.friction, let factor = terms.forceFactor else { return nil }
            (force, kick) = (factor, terms.initialVelocityFactor ?? 0)
            if prediction == .friedmann {
                vacuum = terms.vacuumEnergy ?? 0
                law = ["friedmann", "--planck-mass", "\(planckMass)"]
            } else {
                law = ["\(friction / 3)"]
            }
        case .universe:
            switch try Expansion(training.schedule) {
            case .constant(let rate): law = ["\(rate)"]
            case .friedmann(let mass, let constant, let fieldKernel):
                // Of a field whose kinetic energy is ½f′²: all energies times Θ/Θ₀.
                vacuum = constant * kernel / fieldKernel
                law = ["friedmann", "--planck-mass", "\(mass * (kernel / fieldKernel).squareRoot())"]
            default: return nil
            }
        default: return nil
        }
        let shape: [String]
        switch loss.shape {
        case .evenPower(let degree): shape = ["power", "--degree", "\(degree)"]
        case .doubleWell: shape = ["double-well"]
        case .coupled: return nil
        }
        let velocity = -kick * kernel * loss.shape.slope(output, anchor: anchor, scale: loss.scale)
        return ["--potential"] + shape + ["--scale", "\(force * kernel * loss.scale)", "--minimum", "\(anchor)"]
            + (vacuum == 0 ? [] : ["--vacuum", "\(vacuum)"]) + ["--phi", "\(output)", "--velocity", "\(velocity)", "--hubble"] + law
    }

    /// Several fields with their potential as an expression.
    private static func arguments(_ universe: FieldUniverse, _ network: FrozenNetwork) -> [String] {
        func list(_ values: [Double]) -> String { values.map { "\($0)" }.joined(separator: ",") }
        func field(_ index: Int) -> String { "phi\(index + 1)" }
        func displaced(_ index: Int) -> String {
            let anchor = network.anchors[index]
            return anchor == 0 ? field(index) : "(\(field(index)) \(anchor < 0 ? "+" : "-") \(abs(anchor)))"
        }
        let scale = network.loss.scale, fields = 0..<network.fields
        var potential: String
        switch network.loss.shape {
        case .evenPower(let degree):
            potential = "\(scale)*(" + fields.map { "\(displaced($0))^\(degree)" }.joined(separator: " + ") + ")"
        case .doubleWell:
            potential =
                "\(scale)/4*("
                + fields.map { "(\(field($0))^2 - \(network.anchors[$0] * network.anchors[$0]))^2" }.joined(separator: " + ") + ")"
        case .coupled(let coupling): potential = "\(scale)*(\(coupling.text(displaced)))"
        }
        // V₀ of the Friedmann law, which stands in the potential.
        let vacuum = universe.potential.value(at: network.outputs) - network.loss.total(network.outputs, anchors: network.anchors)
        let law: [String]
        switch universe.hubble {
        case .constant(let rate): law = ["\(rate)"]
        case .friedmann(let mass):
            potential += " + \(vacuum)"
            law = ["friedmann", "--planck-mass", "\(mass)"]
        }
        return [
            "--fields", list(network.outputs), "--kernel", list(universe.space.kernel), "--potential", potential, "--velocity",
            list(universe.velocity), "--hubble",
        ] + law
    }
}

extension FieldPotential {
    fileprivate func value(at phi: [Double]) -> Double { phi.withUnsafeBufferPointer { value(at: $0) } }
}
