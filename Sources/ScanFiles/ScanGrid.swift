import Runs

/// The axes of a scan and what its keys are along them. A candidate is a combination of positions on the axes, and a replica.
final class ScanGrid: Sendable {
    /// First one for each ``ScanParameter``, then those of `let`.
    let slots: [Slot]
    /// What stands for each slot, apart, because that is all that most questions need.
    let sources: [Source]
    let axes: [Axis]
    let seeds: ScanSeeds
    /// Whether numbers have to be remembered while a candidate is made.
    let hasFormulas: Bool
    /// Whether runs have tangent kernels.
    let hasKernels: Bool
    /// Memory of this machine that a run may take.
    let availableBytes: Int
    /// The expression of coupled losses.
    let coupling: String?
    /// The eras of `de-sitter`.
    let eras: EraList?

    /// An axis with its keys. The last varies fastest.
    struct Axis: Sendable {
        let names: [String]
        let count: Int
        /// Combinations from one position to the next.
        var stride = 1
    }

    /// A key with what it is.
    struct Slot: Sendable {
        let name: String
        var source: Source = .absent
        var place: ScanPlace
        let limit: ScanLimit
        let isInteger: Bool
    }

    enum Source: Sendable {
        case absent
        case constant(ScanValue)
        case axis(Int, ScanColumn)
        /// Drawn anew at every position of that axis.
        case sample(Int, ScanDraw)
    }

    init(slots: [Slot], axes: [Axis], seeds: ScanSeeds, hasKernels: Bool, availableBytes: Int, coupling: String?, eras: EraList?) {
        self.coupling = coupling
        self.eras = eras
        self.slots = slots
        sources = slots.map(\.source)
        self.axes = axes
        self.seeds = seeds
        self.hasKernels = hasKernels
        self.availableBytes = availableBytes
        hasFormulas = slots.contains { !$0.formulas.isEmpty }
    }
}

extension ScanGrid.Slot {
    var listed: [ScanValue] {
        switch source {
        case .absent, .sample: []
        case .constant(let value): [value]
        case .axis(_, let column): column.listed
        }
    }

    /// All formulas that stand for it or are part of it.
    var formulas: [ScanFormula] {
        listed.flatMap { value -> [ScanFormula] in
            switch value {
            case .expression(let formula): [formula]
            case .inputs(.interval(_, let from, let to)): [from, to]
            default: []
            }
        }
    }

    /// The greatest number that may stand for it; nil where there is none, or where it shows only when candidates are made.
    var greatest: Double? {
        func number(_ value: ScanValue) -> Double? { if case .number(let number) = value { number } else { nil } }
        switch source {
        case .absent, .sample, .axis(_, .draw): return nil
        case .axis(_, .range(let range)): return max(range.value(0), range.value(range.count - 1))
        case .constant, .axis(_, .list):
            let numbers = listed.compactMap(number)
            return numbers.count == listed.count ? numbers.max() : nil
        }
    }

    var axis: Int? {
        switch source {
        case .absent, .constant: nil
        case .axis(let axis, _), .sample(let axis, _): axis
        }
    }

    /// Whether its values are spaced or drawn in their logarithm.
    var isLogarithmic: Bool {
        switch source {
        case .axis(_, .range(let range)): if case .log = range.spacing { true } else { false }
        case .axis(_, .draw(let draw)), .sample(_, let draw): if case .logUniform = draw.distribution { true } else { false }
        case .absent, .constant, .axis(_, .list): false
        }
    }

    /// Whether a number may stand for it.
    func accepts(_ value: Double) -> Bool { value.isFinite && limit.holds(value) && (!isInteger || value == value.rounded()) }

    func problem(_ value: Double) -> ScanRefusal? { limit.problem(name, value, isInteger: isInteger) }

    var isAbsent: Bool { if case .absent = source { true } else { false } }

    /// Its source, with what the names in every formula stand for.
    func resolved(_ references: (ScanFormula) throws -> [ScanReference]) throws -> ScanGrid.Source {
        switch source {
        case .constant(let value): return .constant(try value.resolved(references))
        case .axis(let axis, .list(let values)):
            var resolved: [ScanValue?] = []
            resolved.reserveCapacity(values.count)
            for value in values { resolved.append(try value?.resolved(references)) }
            return .axis(axis, .list(resolved))
        case .absent, .axis, .sample: return source
        }
    }
}
