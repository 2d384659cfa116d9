import Duality
import Engines
import Learning
import Networks

extension Quantity {
    /// What is known before anything is computed.
    static let parameterDefinitions: [Definition<Run>] =
        general.map(\.ofNetworks)
        + UpdateRule.ownParameters.filter { own in !general.contains { $0.name == own.name } }
        .map { parameter in
            let rules = UpdateRule.all.filter { $0.parameters.contains(parameter) }.map(\.name).joined(separator: ", ")
            let name = parameter.name
            return .init(name, parameter.symbol, "Of the optimisers \(rules): \(parameter.title); none of others") {
                $0.training?.schedule.value(name)
            }
        } + processParameters

    private static let general: [Definition<Run>] = [
        .init("width", "n", "Units of the first hidden layer; none for a linear model") { $0.architecture.widths.first.map(Double.init) },
        .init("depth", nil, "Number of hidden layers") { Double($0.architecture.depth) },
        .init("parameterCount", "P", "Number of weights and biases") { Double($0.architecture.parameterCount) },
        .init("inputDimension", "d", "Coordinates of a point") { Double($0.inputs.dimension) },
        .init("points", "N", "Number of points") { Double($0.inputs.points) },
        .init("outputs", "C", "Number of outputs of the network") { Double($0.architecture.outputs) },
        .init("sigmaW", "σ_w", "Scale of the weights") { $0.sigmaW },
        .init("sigmaB", "σ_b", "Scale of the biases") { $0.sigmaB },
        .init("seed", nil, "Seed of the weights, rounded beyond 2^53; none for given weights") {
            if case .seed(let seed) = $0.source { Double(seed) } else { nil }
        },
        .init("learningRate", "η", "Learning rate of the first step; none without training") {
            switch $0.process {
            case .circulation(let circulation)?: circulation.learningRate
            case .lattice(let lesson)?: lesson.learningRate
            case .ensemble?, .birthDeath?, nil: $0.training?.schedule.learningRates[0]
            }
        },
        .init("momentum", "γ", "Momentum of the first step; none without training and of optimisers without one") {
            $0.training?.schedule.value("momentum")
        },
        .init("scale", "s", "Factor of the loss; none without training") { $0.training?.loss.scale },
        .init("minimum", "f_min", "Where the loss is least, v for a double well; none without training or with several") {
            $0.training?.loss.singleAnchor
        },
        .init("degree", "n", "Power of the loss; none without training or for a double well") {
            if case .evenPower(let degree)? = $0.training?.loss.shape { Double(degree) } else { nil }
        },
        .init("steps", "K", "Steps of training, 0 without") { Double($0.steps) },
        .init("timeStep", "√η", "Time of one step; none without training") { $0.training?.schedule.learningRates[0].squareRoot() },
        .init(
            "hubble", "H = (1 − γ)/(3√η)",
            "Hubble rate by the paper's dictionary, or that of the optimiser de-sitter; none of other optimisers and without training"
        ) { $0.terms(.paper)?.hubble ?? $0.training?.schedule.value("hubble") },
        .init("friction", "3H = (1 − γ)/√η", "Friction by the paper's dictionary; none without training") { $0.terms(.paper)?.friction },
        .init("vacuumEnergy", "V₀ = (1 − γ)²/(3η)", "Vacuum energy by the paper's dictionary, M = 1; none without training") {
            $0.terms(.paper)?.vacuumEnergy
        },
        .init("corrected.hubble", "H = 2(1 − γ)/(3(1 + γ)√η)", "Hubble rate by the corrected dictionary; none without training") {
            $0.terms(.corrected)?.hubble
        },
        .init("corrected.friction", "3H = 2(1 − γ)/((1 + γ)√η)", "Friction by the corrected dictionary; none without training") {
            $0.terms(.corrected)?.friction
        },
        .init(
            "corrected.vacuumEnergy", "V₀ = 2(1 − γ)²/(3(1 + γ)η)",
            "Vacuum energy by the corrected dictionary, M = 1, in time t√(2/(1 + γ)); none without training"
        ) { $0.terms(.corrected)?.vacuumEnergy },
    ]
}

extension Run {
    /// What a dictionary says of the first step of heavy ball; nil without training.
    func terms(_ dictionary: DualityDictionary) -> DictionaryTerms? {
        guard let schedule = training?.schedule, schedule.rule == .heavyBall else { return nil }
        return try? dictionary.terms(learningRate: schedule.learningRates[0], momentum: schedule.momenta[0])
    }
}

extension Loss {
    /// The value that all outputs are compared with; nil where there are several.
    package var singleAnchor: Double? {
        switch anchors {
        case .perOutput(let values), .perPoint(let values): values.count == 1 ? values[0] : nil
        }
    }
}
