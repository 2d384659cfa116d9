/// A named number of a run: what filters and derived parameters may use, and the columns that a store has and a plot can draw.
///
/// Names are kept in stores and scan files and do not change. The dictionaries' M is 1.
public struct Quantity: Sendable {
    /// The name, which may have two parts separated by a dot.
    public let name: String
    /// Its symbol or formula, if there is one.
    public let symbol: String?
    /// What it is, in one line, and where it has no value.
    public let meaning: String
    /// What it needs to be known.
    public let stage: Stage
    /// Its place in ``all``.
    public let index: Int

    /// What has to be known of a run before a quantity has its value.
    public enum Stage: String, Sendable, Hashable, Codable, CaseIterable, Comparable {
        /// Nothing but the run.
        case parameters
        /// Outputs and tangent kernel of the network before its training.
        case initial
        /// The training.
        case final

        /// Earlier stages are less.
        public static func < (left: Stage, right: Stage) -> Bool { left.order < right.order }

        private var order: Int { self == .parameters ? 0 : self == .initial ? 1 : 2 }
    }

    /// How a quantity of one stage is described and measured.
    struct Definition<Subject> {
        let name: String
        let symbol: String?
        let meaning: String
        let measure: @Sendable (Subject) -> Double?

        init(_ name: String, _ symbol: String?, _ meaning: String, _ measure: @escaping @Sendable (Subject) -> Double?) {
            self.name = name
            self.symbol = symbol
            self.meaning = meaning
            self.measure = measure
        }
    }

    /// Every quantity, by stage.
    public static let all: [Quantity] = {
        var all: [Quantity] = []
        func append<Subject>(_ definitions: [Definition<Subject>], _ stage: Stage) {
            for definition in definitions {
                all.append(
                    Quantity(
                        name: definition.name, symbol: definition.symbol, meaning: definition.meaning, stage: stage, index: all.count))
            }
        }
        append(parameterDefinitions, .parameters)
        append(initialDefinitions, .initial)
        append(finalDefinitions, .final)
        append(processDefinitions, .final)
        return all
    }()

    private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

    /// The quantity of that name, or nil.
    public static func find(_ name: String) -> Quantity? { byName[canonical(name)] }

    /// The quantity of that name.
    /// - Throws: `QuantityError.unknown` with the nearest name there is.
    public static func named(_ name: String) throws(QuantityError) -> Quantity {
        guard let quantity = find(name) else {
            throw .unknown(name: name, nearest: NearestName.findPart(name, among: all.lazy.map(\.name)))
        }
        return quantity
    }

    /// The value of a quantity of the stage `parameters`, without measuring any other; nil where it has no meaning, and for the later
    /// stages.
    public func value(of run: Run) -> Double? {
        index < Self.parameterDefinitions.count ? Self.parameterDefinitions[index].measure(run)?.unlessNaN : nil
    }
}

extension Double {
    /// Nil for NaN: the number is not there.
    var unlessNaN: Double? { isNaN ? nil : self }
}
