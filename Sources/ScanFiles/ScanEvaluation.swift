import Engines
import Expressions
import Networks
import Runs

/// The values of one candidate, computed as they are asked for.
struct ScanEvaluation {
    let grid: ScanGrid
    /// The combination of positions, without the replica.
    let combination: Int
    let replica: Int
    /// Values of formulas, by slot.
    private var numbers: [Double?]
    /// The network before its training, once it is known; parameters and measured quantities are those of it.
    var network: Run?
    /// The run as a whole, which filters ask about.
    var run: Run?
    /// The result of ``network``.
    var start: RunResult?
    private var quantities: QuantityValues?

    init(_ grid: ScanGrid, combination: Int, replica: Int) {
        self.grid = grid
        self.combination = combination
        self.replica = replica
        numbers = grid.hasFormulas ? Array(repeating: nil, count: grid.slots.count) : []
    }

    func position(_ axis: Int) -> Int { combination / grid.axes[axis].stride % grid.axes[axis].count }

    /// What stands for a key; nil if nothing does.
    func value(_ slot: Int) -> ScanValue? {
        switch grid.sources[slot] {
        case .absent: nil
        case .constant(let value): value
        case .axis(let axis, let column): column.value(position(axis))
        case .sample(let axis, let draw): .number(draw.value(position(axis)))
        }
    }

    /// Whether a key has a value.
    func has(_ slot: Int) -> Bool {
        switch grid.sources[slot] {
        case .absent: false
        case .axis(let axis, .list(let values)): values[position(axis)] != nil
        default: true
        }
    }

    /// The number that stands for a key, within its limit; nil if nothing stands for it.
    mutating func number(_ slot: Int) throws -> Double? {
        guard let value = value(slot) else { return nil }
        let number: Double
        switch value {
        case .number(let known): number = known
        case .expression(let formula):
            if let known = numbers[slot] { return known }
            number = try self.value(formula, of: grid.slots[slot].name)
        case .numbers, .inputs, .targets, .weights: return nil
        }
        if !grid.slots[slot].accepts(number), let problem = grid.slots[slot].problem(number) { throw problem }
        if grid.hasFormulas { numbers[slot] = number }
        return number
    }

    /// The number that stands for a parameter, or what stands there by default.
    mutating func number(_ parameter: ScanParameter) throws -> Double? { try number(parameter.slot) ?? parameter.standard }

    /// The number that stands for a parameter which has a default.
    mutating func integer(_ parameter: ScanParameter) throws -> Int { Int(try number(parameter) ?? 0) }

    /// A formula that stands for a key.
    mutating func value(_ formula: ScanFormula, of key: String) throws -> Double {
        try formula.expression.valueByIndex { (index: Int) throws -> Double in
            guard let value = try number(formula.references[index]) else {
                throw ScanRefusal.impossible(
                    key: key,
                    "\(key) = \(formula.expression) names \(formula.expression.variables[index]), which this network does not have before its "
                        + "training is described; name something else")
            }
            return value
        }
    }

    /// Whether a filter is true. What does not exist makes it false.
    mutating func isTrue(_ filter: ScanFormula) throws -> Bool {
        let value = try filter.expression.valueByIndex { (index: Int) throws -> Double in try number(filter.references[index]) ?? .nan }
        return value < 0 || value > 0
    }

    private mutating func number(_ reference: ScanReference) throws -> Double? {
        switch reference {
        case .slot(let slot): try number(slot) ?? (slot < ScanParameter.all.count ? ScanParameter.all[slot].standard : nil)
        case .constant(let value): value
        case .replica: Double(replica)
        case .seed: Double(grid.seeds.seed(self))
        case .quantity(let quantity): try measured(quantity)
        }
    }

    /// A quantity of the run, or of the network while that is all there is.
    mutating func measured(_ quantity: Quantity) throws -> Double? {
        guard let network else { return nil }
        if quantity.stage == .parameters { return quantity.value(of: run ?? network) }
        // What is measured of a network before its training has no meaning for a process.
        guard network.process == nil else { return nil }
        guard let start else { throw ScanRefusal.unmeasured }
        // What is known of the network is not all that is known of the run.
        guard run == nil else {
            if quantitiesOfRun == nil { quantitiesOfRun = QuantityValues(run ?? network, start: start) }
            return quantitiesOfRun?[quantity]
        }
        if quantities == nil { quantities = QuantityValues(network, start: start) }
        return quantities?[quantity]
    }
    private var quantitiesOfRun: QuantityValues?
}
