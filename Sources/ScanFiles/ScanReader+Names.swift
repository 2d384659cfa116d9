import Arrays
import Expressions
import Runs

extension ScanReader {
    /// An expression, or a list of them.
    mutating func readFilters(_ reading: ScanReading) throws {
        let node = reading.entry.node
        if case .sequence(let list) = node, list.isEmpty {
            throw reading.error(node, "where is an empty list, but must have at least one expression; give one, or remove the line")
        }
        let list = node.elements ?? [node]
        guard list.count <= ScanLimits.keys else {
            throw reading.error(
                node, "where has \(list.count) expressions, but may have \(ScanLimits.keys); join some of them with and")
        }
        for element in list {
            filters.append((try reading.formula(element, "where", isFilter: true), document.place(element, of: reading.entry)))
        }
    }

    /// Gives all names in expressions a meaning, and refuses those that cannot have one.
    mutating func resolveNames() throws {
        let known = KnownNames(slots)
        for slot in slots.indices {
            let key = slots[slot].name, place = slots[slot].place
            let source = try slots[slot].resolved { try references($0, key: key, place, known) }
            slots[slot].source = source
        }
        try refuseCycles()
        for parameter in ScanParameter.all where parameter.isOfNetwork {
            if let quantity = quantity(behind: slots[parameter.slot].formulas) {
                throw slots[parameter.slot].place.error(
                    parameter.name,
                    "\(parameter.name) depends on \(quantity.name), which is known only of a finished network; compute it from other keys")
            }
        }
    }

    /// What the names of keys stand for, found once.
    private struct KnownNames {
        let slots: [String: Int]
        let areNumeric: [Bool]

        init(_ slots: [ScanGrid.Slot]) {
            self.slots = Dictionary(slots.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
            areNumeric = slots.map(\.isNumeric)
        }
    }

    private func references(
        _ formula: ScanFormula, key: String, _ place: ScanPlace, _ known: KnownNames
    ) throws -> [ScanReference] {
        var references: [ScanReference] = []
        for name in formula.expression.variables {
            guard let reference = try reference(name, key: key, place, known) else {
                throw place.error(
                    key,
                    "\(key): unknown name '\(Excerpt.of(name))' in '\(Excerpt.of(formula.expression.text))'\(hint(toName: name))")
            }
            references.append(reference)
        }
        return references
    }

    private func hint(toName name: String) -> String {
        let known = slots.map(\.name) + Quantity.all.filter { $0.stage != .final }.map(\.name) + ["replica", "seed"]
        return Self.hint(name, known) ?? "; Documentation/ScanFile.md lists the names"
    }

    private func reference(_ name: String, key: String, _ place: ScanPlace, _ known: KnownNames) throws -> ScanReference? {
        // The loss is a word among the keys and a number among the quantities.
        if name != "loss", let slot = known.slots[name] {
            if !slots[slot].isAbsent {
                if known.areNumeric[slot] { return .slot(slot) }
                if let quantity = quantity(name) { return quantity }
                throw place.error(key, "\(key) names \(name), which is no number; name another key")
            }
            if slot < ScanParameter.all.count, case let parameter = ScanParameter.all[slot], let standard = parameter.standard,
                !isSuperseded(parameter)
            {
                return .constant(standard)
            }
            guard let quantity = quantity(name) else {
                throw place.error(key, "\(key) names \(name), which is not given; give \(name), or remove it from the expression")
            }
            return quantity
        }
        if name == "replica" { return .replica }
        if name == "seed" { return .seed }
        if let word = ScanSchema.wordsInExpressions[name] { return .constant(word) }
        guard let quantity = Quantity.find(name) else { return nil }
        if quantity.stage == .final {
            throw place.error(
                key,
                "\(key) names \(name), which is known only after the training; filter by it when you plot or export the results instead")
        }
        return .quantity(quantity)
    }

    private func quantity(_ name: String) -> ScanReference? {
        Quantity.find(name).flatMap { $0.stage == .final ? nil : .quantity($0) }
    }

    /// Whether another key stands for it, so that its default does not count.
    private func isSuperseded(_ parameter: ScanParameter) -> Bool {
        let others: [ScanParameter] =
            switch parameter {
            case .width, .depth: [.widths, .weights]
            case .outputs, .bias: [.weights]
            case .momentum: [.momenta]
            case .learningRate: [.learningRates]
            case .scale, .minimum: [.targets]
            default: []
            }
        return others.contains { !slots[$0.slot].isAbsent }
    }

    /// Slots that the formulas of a slot name.
    private func named(by formulas: [ScanFormula]) -> [Int] {
        formulas.flatMap(\.references).compactMap { if case .slot(let slot) = $0 { slot } else { nil } }
    }

    /// Refuses keys that are computed from themselves, and chains that are too long: a value is computed by recursion along them.
    private func refuseCycles() throws {
        let others = slots.map { Set(named(by: $0.formulas)).sorted() }
        /// Keys that each is computed through, itself among them; nil until it is known.
        var lengths: [Int?] = Array(repeating: nil, count: slots.count)
        for root in slots.indices where lengths[root] == nil {
            // Where it stands, with how many of the keys that it names have been looked at.
            var path: [(slot: Int, next: Int)] = [(root, 0)], onPath: Set<Int> = [root]
            while let (slot, next) = path.last {
                guard next < others[slot].count else {
                    let length = 1 + (others[slot].map { lengths[$0] ?? 0 }.max() ?? 0)
                    guard length <= ScanLimits.chain else {
                        throw slots[slot].place.error(
                            slots[slot].name,
                            "\(Excerpt.of(slots[slot].name)) is computed through a chain of \(length) keys, but at most \(ScanLimits.chain) may "
                                + "depend on each other; put some of their expressions together")
                    }
                    lengths[slot] = length
                    onPath.remove(slot)
                    path.removeLast()
                    continue
                }
                path[path.count - 1].next += 1
                let other = others[slot][next]
                if onPath.contains(other) {
                    let start = path.firstIndex { $0.slot == other } ?? 0
                    let cycle = Excerpt.list((path[start...].map(\.slot) + [other]).map { slots[$0].name }, separator: " → ")
                    let name = Excerpt.of(slots[other].name)
                    throw slots[other].place.error(
                        slots[other].name, "\(name) depends on itself (\(cycle)); give one of these keys a number")
                }
                if lengths[other] == nil {
                    path.append((other, 0))
                    onPath.insert(other)
                }
            }
        }
    }

    /// A quantity that formulas depend on, by themselves or through other keys.
    private func quantity(behind formulas: [ScanFormula]) -> Quantity? {
        var pending = formulas, seen: Set<Int> = []
        while let formula = pending.popLast() {
            for reference in formula.references {
                switch reference {
                case .quantity(let quantity): return quantity
                case .slot(let slot): if seen.insert(slot).inserted { pending += slots[slot].formulas }
                case .constant, .replica, .seed: break
                }
            }
        }
        return nil
    }

    /// The filters on parameters alone, and those that ask about the run.
    func sortedFilters() throws -> (early: [ScanFormula], late: [ScanFormula]) {
        var early: [ScanFormula] = [], late: [ScanFormula] = []
        let known = KnownNames(slots)
        for (formula, place) in filters {
            var resolved = formula
            resolved.references = try references(formula, key: "where", place, known)
            if quantity(behind: [resolved]) == nil { early.append(resolved) } else { late.append(resolved) }
        }
        return (early, late)
    }
}

extension ScanGrid.Slot {
    /// Whether expressions may name it.
    var isNumeric: Bool {
        !listed.contains { value in
            switch value {
            case .numbers, .inputs, .targets, .weights: true
            case .number, .expression: false
            }
        }
    }
}
