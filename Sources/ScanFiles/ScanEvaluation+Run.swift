import Arrays
import Engines
import Networks
import Runs

extension ScanEvaluation {
    /// The shape of the network.
    mutating func architecture(dimension: Int) throws -> Architecture {
        let activation = ScanSchema.namesOfWords[try integer(.activation)].flatMap(Activation.named) ?? .erf
        let parameterisation = ScanSchema.namesOfWords[try integer(.parameterisation)].flatMap(Parameterisation.init(rawValue:)) ?? .ntk
        if let weights {
            for key in [ScanParameter.width, .depth, .widths, .outputs, .bias] where has(key.slot) {
                throw ScanRefusal.impossible(
                    key: key.name,
                    "\(key.name) and weights cannot both be given: the network is that of \(Excerpt.of(weights.path)); leave \(key.name) out"
                )
            }
            return try weights.architecture(dimension: dimension, activation: activation, parameterisation: parameterisation)
        }
        let widths: [Int]
        if case .numbers(let listed)? = value(ScanParameter.widths.slot) {
            try exclude(.depth, .width, with: .widths, "either the widths of all layers, or their number and one width")
            guard listed.count <= ScanLimits.layers else {
                throw ScanRefusal.outOfRange("widths", "a list of \(listed.count)", "of at most \(ScanLimits.layers)", "use fewer layers")
            }
            widths = listed.map { Int($0) }
        } else {
            let (width, depth) = (try integer(.width), try integer(.depth))
            try require(RunMemory(depth: depth), key: "depth")
            guard depth <= ScanLimits.layers else {
                throw ScanRefusal.outOfRange("depth", "\(depth)", "at most \(ScanLimits.layers)", "use a smaller depth")
            }
            widths = Array(repeating: width, count: depth)
        }
        do {
            return try Architecture(
                inputs: dimension, widths: widths, outputs: try integer(.outputs), hasBias: try integer(.bias) == 1,
                activation: activation, parameterisation: parameterisation)
        } catch let error as NetworkError {
            throw ScanRefusal.impossible(key: has(ScanParameter.widths.slot) ? "widths" : "width", "\(error)")
        }
    }

    /// The initial weights of a file; nil where they are drawn.
    var weights: ScanWeights? { if case .weights(let weights)? = value(ScanParameter.weights.slot) { weights } else { nil } }

    /// C.
    mutating func outputs() throws -> Int { try weights?.architecture.outputs ?? integer(.outputs) }

    /// Refuses what does not fit this machine before it is made.
    func require(_ memory: RunMemory, key: String) throws {
        guard memory.bytes > grid.availableBytes else { return }
        do { try memory.plan.require(for: "a run", available: grid.availableBytes) } catch {
            throw ScanRefusal.doesNotFit(key: key, "\(key): \(error)")
        }
    }

    /// Refuses a run that does not fit this machine, or records more than a store is for.
    func require(_ run: Run) throws {
        let memory = RunMemory(run)
        try require(memory, key: memory.key)
        for (part, count, limit) in [
            ("trajectory", memory.recorded, ScanLimits.recordedSteps), ("kernels", memory.kernels, ScanLimits.kernels),
        ] where count > limit {
            let reason = part == "trajectory" && !run.recording.predictions.isEmpty ? ", all for record.predictions" : ""
            throw ScanRefusal.impossible(
                key: "record",
                "record.\(part) takes \(count) of \(run.steps) steps\(reason), but a run may record at most \(limit); use every "
                    + "\((run.steps / limit).plus(1)), or fewer steps")
        }
    }

    /// N and d, before there are points.
    func shapeOfInputs() -> (points: Int, dimension: Int) {
        if case .inputs(let inputs)? = value(ScanParameter.inputs.slot) { inputs.shape } else { (1, weights?.architecture.inputs ?? 1) }
    }

    /// The length of the lists that a schedule is made of; 1 for a constant one.
    func lengthOfSchedule() -> Int {
        [ScanParameter.learningRates, .momenta].map { key in
            if case .numbers(let values)? = value(key.slot) { values.count } else { 1 }
        }.max() ?? 1
    }

    /// The points.
    mutating func inputs() throws -> Inputs {
        let shape = shapeOfInputs()
        try require(RunMemory(points: shape.points, dimension: shape.dimension, kernels: grid.hasKernels ? 1 : 0), key: "inputs")
        guard shape.points <= ScanLimits.points else {
            throw ScanRefusal.outOfRange("inputs", "\(shape.points) points", "at most \(ScanLimits.points)", "use fewer points")
        }
        switch value(ScanParameter.inputs.slot) {
        case .inputs(.fixed(let inputs))?: return inputs
        case .inputs(.circle(let count, let radius))?: return try ScanInputs.circle(count: count, radius: radius)
        case .inputs(.interval(let count, let from, let to))?:
            let ends = (try value(from, of: "inputs"), try value(to, of: "inputs"))
            guard ends.0.isFinite, ends.1.isFinite else {
                throw ScanRefusal.outOfRange(
                    "inputs", "an interval from \(ends.0.scanText) to \(ends.1.scanText)", "finite", "check what its ends are computed from"
                )
            }
            do throws(NetworkError) { return try ScanInputs.interval(count: count, from: ends.0, to: ends.1) } catch {
                // Ends so far apart that their middle or their distance is no number.
                throw ScanRefusal.impossible(key: "inputs", "inputs: \(error)")
            }
        default:
            return try Inputs(points: 1, dimension: shape.dimension, values: Array(repeating: 1, count: shape.dimension))
        }
    }

    /// Keys that say the same thing in two ways.
    private func exclude(_ keys: ScanParameter..., with other: ScanParameter, _ remedy: String) throws {
        for key in keys where has(key.slot) {
            throw ScanRefusal.impossible(key: key.name, "\(key.name) and \(other.name) cannot both be given; give \(remedy)")
        }
    }

    /// Whether the candidate is trained.
    func isTrained() throws -> Bool {
        if has(ScanParameter.learningRate.slot) || has(ScanParameter.learningRates.slot) { return true }
        guard let given = ScanParameter.allOfTraining.first(where: { has($0.slot) }) else { return false }
        throw ScanRefusal.impossible(
            key: given.name,
            "\(given.name) is given, but learningRate is not, so nothing would be trained; give learningRate, or leave \(given.name) out")
    }

    /// What is minimised.
    mutating func loss(points: Int, outputs: Int) throws -> Loss {
        let form = ScanSchema.namesOfWords[try integer(.loss)] ?? "power", isPower = form == "power"
        let shape: LossShape
        if isPower {
            shape = .evenPower(try integer(.degree))
        } else {
            guard !has(ScanParameter.degree.slot) else {
                throw ScanRefusal.impossible(
                    key: "degree",
                    "degree is given, but the loss is \(form), which has none; leave degree out, or put both in one group of together")
            }
            if form == "coupled" {
                guard let coupling = grid.coupling else {
                    throw ScanRefusal.impossible(
                        key: "coupling", "the loss is coupled, but coupling is not given; give an expression, such as u1^2 + u2^2")
                }
                shape = .coupled(try Coupling(coupling, outputs: outputs))
            } else {
                shape = .doubleWell
            }
        }
        let anchors: Loss.Anchors
        var scale = try number(.scale) ?? 0.02
        switch (value(ScanParameter.targets.slot), value(ScanParameter.minimum.slot)) {
        case (.targets(let targets)?, nil):
            guard form != "doubleWell" else {
                throw ScanRefusal.impossible(
                    key: "targets",
                    "targets is given, but the loss is doubleWell, whose minima are the same everywhere; give minimum instead")
            }
            anchors = try targets.anchors(points: points, outputs: outputs)
            if !has(ScanParameter.scale.slot) { scale = 1 }
        case (.some, .some): throw ScanRefusal.impossible(key: "minimum", "minimum and targets cannot both be given; give one of them")
        case (_, .numbers(let minima)?):
            guard minima.count == outputs else {
                throw ScanRefusal.outOfRange(
                    "minimum", "a list of \(minima.count)", "one number, or \(outputs)", "give one minimum for each output")
            }
            anchors = .perOutput(minima)
        default: anchors = .perOutput([try number(.minimum) ?? 1])
        }
        return try Loss(shape: shape, scale: scale, anchors: anchors)
    }

    /// An update rule with the values of its parameters, and K.
    mutating func schedule() throws -> ScanSchedule {
        guard try isTrained() else { throw ScanRefusal.impossible(key: "learningRate", "learningRate is not given; give it to train") }
        let rule = ScanSchema.namesOfWords[try integer(.optimiser)].flatMap(UpdateRule.named) ?? .heavyBall
        try refuseOthers(than: rule)
        let given = try number(.steps).map { Int($0) }
        guard rule == .heavyBall, grid.eras == nil else {
            let values = try rule.parameters.map { [try value(of: $0, rule)] }
            if let eras = grid.eras { return try schedule(eras, rule, values, steps: given) }
            return ScanSchedule(schedule: try Schedule(rule, values: values), steps: try given ?? missingSteps())
        }
        let rates = try constantOrListed(.learningRate, .learningRates), momenta = try constantOrListed(.momentum, .momenta)
        let lengths = [(rates, ScanParameter.learningRates), (momenta, .momenta)].filter { $0.0.count > 1 || has($0.1.slot) }
        let steps = try given ?? lengths.first?.0.count ?? missingSteps()
        for (values, key) in lengths where values.count != steps {
            throw ScanRefusal.impossible(
                key: key.name,
                "\(key.name) has \(values.count) values, but must have \(steps), one for each step; give as many, or leave steps out")
        }
        guard !lengths.isEmpty else {
            return ScanSchedule(schedule: try Schedule(learningRate: rates[0], momentum: momenta[0]), steps: steps)
        }
        func filled(_ values: [Double]) -> [Double] { values.count == 1 ? Array(repeating: values[0], count: steps) : values }
        return ScanSchedule(schedule: try Schedule(learningRates: filled(rates), momenta: filled(momenta)), steps: steps)
    }

    /// The schedule of eras, which say how many steps there are.
    private func schedule(_ eras: EraList, _ rule: UpdateRule, _ values: [[Double]], steps: Int?) throws -> ScanSchedule {
        guard rule == .deSitter else {
            throw ScanRefusal.impossible(
                key: "eras",
                "eras is given, but the optimiser is \(rule.name); eras begin with an H: use optimiser: de-sitter, or leave eras out"
            )
        }
        guard steps == nil else {
            throw ScanRefusal.impossible(key: "steps", "steps is given, but eras say how many there are; leave steps out")
        }
        do throws(NetworkError) {
            let schedule = try eras.schedule(learningRate: values[0][0], hubble: values[1][0])
            return ScanSchedule(schedule: schedule, steps: schedule.learningRates.count)
        } catch { throw ScanRefusal.impossible(key: "eras", "eras: \(error)") }
    }

    private func missingSteps() throws -> Int {
        throw ScanRefusal.impossible(
            key: "learningRate", "learningRate is given, but steps is not; give the number of updates, such as steps: 200")
    }

    /// Refuses keys that are parameters of other rules.
    private func refuseOthers(than rule: UpdateRule) throws {
        let own = Set(rule.parameters.map(\.name)).union(rule == .heavyBall ? ["learningRates", "momenta"] : [])
        for key in [ScanParameter.learningRates, .momentum, .momenta] + UpdateRule.ownParameters.map(ScanParameter.init)
        where has(key.slot) && !own.contains(key.name) {
            let known = rule.parameters.map(\.name).joined(separator: ", ")
            throw ScanRefusal.impossible(
                key: key.name,
                "\(key.name) is given, but the optimiser \(rule.name) has the parameters \(known) only; leave \(key.name) out, or put both in one "
                    + "group of together")
        }
    }

    /// A parameter of the rule, which is measured where it is what the network says.
    private mutating func value(of parameter: UpdateRule.Parameter, _ rule: UpdateRule) throws -> Double {
        if let given = try number(ScanParameter(parameter)) { return given }
        guard case .leadingEigenvalue = parameter.standard else {
            throw ScanRefusal.impossible(
                key: "optimiser", "the optimiser \(rule.name) needs \(parameter.name), \(parameter.title), which is not given; give it")
        }
        guard let quantity = Quantity.find("leadingEigenvalue"), let measured = try measured(quantity), parameter.limits.allow(measured)
        else {
            throw ScanRefusal.impossible(
                key: "optimiser",
                "\(parameter.name), \(parameter.title), is that of the network before its training, which has none that is "
                    + "\(parameter.limits.description); give \(parameter.name)")
        }
        return measured
    }

    /// Whether the grid has rules that measure the network for a parameter that is not given.
    static func measuresForRules(_ grid: ScanGrid) -> Bool {
        let names = grid.slots[ScanParameter.optimiser.slot].listed.compactMap { value -> String? in
            if case .number(let word) = value { ScanSchema.namesOfWords[Int(word)] } else { nil }
        }
        return names.compactMap(UpdateRule.named).contains { rule in
            rule.parameters.contains { $0.standard == .leadingEigenvalue && grid.slots[ScanParameter($0).slot].isAbsent }
        }
    }

    private mutating func constantOrListed(_ one: ScanParameter, _ list: ScanParameter) throws -> [Double] {
        guard case .numbers(let values)? = value(list.slot) else { return [try number(one) ?? 0] }
        try exclude(one, with: list, "one value for all steps, or a list")
        return values
    }
}

/// A schedule with its length.
struct ScanSchedule: Sendable {
    let schedule: Schedule
    let steps: Int
}
