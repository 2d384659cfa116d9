import Arrays
import Duality
import Networks
import Runs

/// A row of the dictionary: a quantity, its symbol, and what each dictionary says of it.
public struct DictionaryRow: Sendable, Equatable, Encodable {
    /// The quantity in words.
    public let quantity: String
    /// Its symbol or formula.
    public let symbol: String
    /// Its value by dictionary, in the order of ``DictionaryTable/dictionaries``; nil where a dictionary states none.
    public let values: [Double?]
}

/// What each dictionary makes of one training.
public struct DictionaryTable: Sendable, Equatable, Encodable {
    public let dictionaries: [DualityDictionary]
    public let rows: [DictionaryRow]
    /// How the leading mode moves.
    public let regime: Regime
    /// Why a dictionary states nothing, in its own words.
    public let remarks: [String]

    private enum CodingKeys: String, CodingKey { case dictionaries, rows, regime, remarks }
}

extension SideBySide {
    /// The dictionaries side by side, for the leading mode of the kernel at the start of the training.
    /// - Throws: `DualityError`.
    public func dictionaryTable() throws -> DictionaryTable {
        let learningRate = training.schedule.learningRate(at: 0), momentum = training.schedule.momentum(at: 0)
        let leading = try network.leadingEigenvalue()
        let potential = try network.potential()
        // l″ where the training starts, averaged over the points.
        let curvature = training.loss.meanCurvature(network.outputs, anchors: network.anchors)
        var terms: [DualityDictionary: DictionaryTerms] = [:]
        var remarks: [String] = []
        for dictionary in DualityDictionary.allCases {
            do {
                if dictionary == .exact, !training.loss.shape.isQuadratic { throw DualityError.notQuadratic(loss: training.loss.shape) }
                terms[dictionary] = try dictionary.terms(
                    learningRate: learningRate, momentum: momentum, planckMass: planckMass, curvature: leading * curvature)
            } catch {
                remarks.append("\(dictionary.rawValue): \(error)")
            }
        }
        let dictionaries = DualityDictionary.allCases
        func row(_ quantity: String, _ symbol: String, _ value: (DictionaryTerms) throws -> Double?) -> DictionaryRow {
            let values = dictionaries.map { name -> Double? in
                do {
                    return try terms[name].flatMap(value)
                } catch {
                    remarks.append("\(name.rawValue), \(quantity): \(error)")
                    return nil
                }
            }
            return DictionaryRow(quantity: quantity, symbol: symbol, values: values)
        }
        func same(_ quantity: String, _ symbol: String, _ value: Double?) -> DictionaryRow {
            DictionaryRow(quantity: quantity, symbol: symbol, values: dictionaries.map { _ in value })
        }
        let stable = try RegimeBounds(momentum: momentum).largestStableLearningRate(curvature: leading * curvature)
        let rows = [
            same("learning rate", "η", learningRate), same("momentum", "γ", momentum),
            same("tangent kernel", network.points == 1 && network.fields == 1 ? "Θ₀" : "L₁ = λ₁/N", leading),
            row("time of a step", "√η", \.timeStep), row("friction", "3H", \.friction), row("Hubble rate", "H", \.hubble),
            row("Hubble time", "1/H", \.hubbleTime), row("force factor", "F", \.forceFactor),
            row("rate of the first-order flow", "−ln(1 − ηL₁l″)/√η") { terms in
                if case .firstOrder(let rate) = terms.dynamics { rate } else { nil }
            },
            row("vacuum energy, in time t√F", "V₀ = 3M²H²/F", \.vacuumEnergy), same("potential at the start", "Θ₀ l(f₀)", potential),
            row("vacuum domination", "Θ₀ l(f₀)/V₀") { terms in
                terms.vacuumEnergy.map { VacuumDomination.ratio(potential: potential, vacuumEnergy: $0) }
            },
            row("largest η with V₀ > 10 Θ₀ l(f₀)", "η_max") { terms in
                // The exact one has another V₀ at every learning rate.
                terms.dictionary == .exact || terms.friction == nil
                    ? nil
                    : try VacuumDomination.largestLearningRate(
                        terms.dictionary, potential: potential, momentum: momentum, planckMass: planckMass)
            },
            same("largest stable η", "2(1 + γ)/L₁l″", stable.ifFinite),
        ]
        return DictionaryTable(
            dictionaries: dictionaries, rows: rows,
            regime: try Regime(stepCurvature: learningRate * leading * curvature, momentum: momentum), remarks: remarks)
    }
}
