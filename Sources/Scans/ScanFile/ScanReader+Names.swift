import Yams

extension ScanReader {
    /// An expression, or a list of them.
    mutating func readFilters(_ reading: ScanReading) throws {
        let node = reading.entry.node
        if case .sequence(let list) = node, list.isEmpty {
            throw reading.error(node, "where is an empty list, but must have at least one expression; give one, or remove the line")
        }
        for element in node.sequence.map({ Array($0) }) ?? [node] {
            filters.append((try reading.formula(element), document.place(element, of: reading.entry)))
        }
    }

    /// Gives all names in expressions a meaning, and refuses those that cannot have one.
    mutating func resolveNames() throws {
        for slot in slots.indices {
            var resolved = slots[slot]
            let key = resolved.name, place = resolved.place
            try resolved.resolve { try references($0, key: key, place) }
            slots[slot] = resolved
        }
        try refuseCycles()
        for parameter in ScanParameter.allCases where parameter.isOfNetwork {
            if let quantity = quantity(behind: slots[parameter.slot].formulas) {
                throw slots[parameter.slot].place.error(
                    parameter.name,
                    "\(parameter.name) depends on \(quantity.name), which is known only of a finished network; compute it from other keys")
            }
        }
    }

    private func references(_ formula: ScanFormula, key: String, _ place: ScanPlace) throws -> [ScanReference] {
        var references: [ScanReference] = []
        for name in formula.expression.variables {
            guard let reference = try reference(name, key: key, place) else {
                throw place.error(key, "\(key): unknown name '\(name)' in '\(formula.expression)'\(hint(toName: name))")
            }
            references.append(reference)
        }
        return references
    }

    private func hint(toName name: String) -> String {
        let known = slots.map(\.name) + Quantity.all.filter { $0.stage != .final }.map(\.name) + ["replica", "seed"]
        return Self.hint(name, known) ?? "; see the list of names on the schema page"
    }

    private func reference(_ name: String, key: String, _ place: ScanPlace) throws -> ScanReference? {
        // The loss is a word among the keys and a number among the quantities.
        if name != "loss", let slot = slots.firstIndex(where: { $0.name == name }) {
            if !slots[slot].isAbsent {
                if slots[slot].isNumeric { return .slot(slot) }
                if let quantity = quantity(name) { return quantity }
                throw place.error(key, "\(key) names \(name), which is no number; name another key")
            }
            if let parameter = ScanParameter(rawValue: slot), let standard = parameter.standard, !isSuperseded(parameter) {
                return .constant(standard)
            }
            guard let quantity = quantity(name) else {
                throw place.error(key, "\(key) names \(name), which is not given; give \(name), or remove it from the expression")
            }
            return quantity
        }
        if name == "replica" { return .replica }
        if name == "seed" { return .seed }
        if let word = ScanSchema.words[name] { return .constant(word) }
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
            case .width, .depth: [.widths]
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

    private func refuseCycles() throws {
        var isDone = Set<Int>()
        func visit(_ slot: Int, _ path: [Int]) throws {
            if let start = path.firstIndex(of: slot) {
                let cycle = (path[start...] + [slot]).map { slots[$0].name }.joined(separator: " → ")
                throw slots[slot].place.error(
                    slots[slot].name, "\(slots[slot].name) depends on itself (\(cycle)); give one of these keys a number")
            }
            guard !isDone.contains(slot) else { return }
            for other in named(by: slots[slot].formulas) { try visit(other, path + [slot]) }
            isDone.insert(slot)
        }
        for slot in slots.indices { try visit(slot, []) }
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
        for (formula, place) in filters {
            var resolved = formula
            resolved.references = try references(formula, key: "where", place)
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
            case .numbers, .inputs, .targets: true
            case .number, .expression: false
            }
        }
    }
}
