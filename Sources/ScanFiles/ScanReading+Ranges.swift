import Arrays
import Runs

extension ScanReading {
    /// `{from, to, count}`, `{from, to, step}` or `{draw, …}`.
    func range(_ node: ScanNode) throws -> Values {
        if let mapping = node.mapping, mapping["draw"] != nil { return try draw(node) }
        let members = try members(node, name, known: ["from", "to", "count", "step", "spacing", "draw"])
        guard let from = try members["from"].map({ try constant($0, "\(name).from") }),
            let to = try members["to"].map({ try constant($0, "\(name).to") })
        else { throw error(node, "\(name) lacks from or to; write {from: 0.1, to: 1, count: 10}") }
        for (part, end) in [("from", from), ("to", to)] {
            if case .impossible(_, let problem)? = key.kind.limit?.problem("\(name).\(part)", end, isInteger: false) {
                throw error(members[part] ?? node, problem)
            }
        }
        let count: Int
        var spacing = ScanRange.Spacing.linear
        switch (members["count"], members["step"]) {
        case (let number?, nil):
            count = try self.count(number, "\(name).count")
            guard count > 1 || from == to else {
                throw error(
                    number,
                    "\(name).count is 1, but must be at least 2 to reach from \(from.scanText) to \(to.scanText); give from alone, or more")
            }
        case (nil, let number?):
            let step = try constant(number, "\(name).step")
            guard step != 0, (to - from) / step >= 0 else {
                throw error(
                    number, "\(name).step is \(step.scanText), but must lead from \(from.scanText) to \(to.scanText); change its sign")
            }
            // A step that meets the end but for rounding meets it.
            let steps = ((to - from) / step + 1e-9).rounded(.down)
            guard steps < Double(Int32.max) else {
                throw error(
                    number,
                    "\(name).step is \(step.scanText), which makes \(steps) values, but at most 2147483647 can be; use a larger step")
            }
            count = Int(steps) + 1
            spacing = .step(step)
        default: throw error(node, "\(name) must have either count or step; write {from: 0.1, to: 1, count: 10}")
        }
        if let word = members["spacing"] {
            switch word.string {
            case "linear"?: break
            case "log"?:
                guard members["step"] == nil else {
                    throw error(word, "\(name).spacing is log, but step is for linear ranges; give count instead")
                }
                guard from > 0, to > 0 else {
                    throw error(
                        node,
                        "\(name) reaches from \(from.scanText) to \(to.scanText), but both must be positive for log; use linear spacing")
                }
                spacing = .log
            default: throw error(word, "\(name).spacing is \(Self.kind(word)), but must be one of linear, log")
            }
        }
        return .axis(.range(ScanRange(from: from, to: to, count: count, spacing: spacing, isInteger: key.kind.isInteger)), count: count)
    }

    private func draw(_ node: ScanNode) throws -> Values {
        let members = try members(node, name, known: ["draw", "from", "to", "mean", "deviation", "count", "seed"])
        func number(_ part: String) throws -> Double {
            guard let value = members[part] else { throw error(node, "\(name) lacks \(part), which this draw needs") }
            return try constant(value, "\(name).\(part)")
        }
        let distribution: ScanDraw.Distribution
        switch members["draw"]?.string {
        case "uniform"?, "logUniform"?:
            let from = try number("from"), to = try number("to"), isLog = members["draw"]?.string == "logUniform"
            guard from <= to, !isLog || from > 0 else {
                throw error(
                    node,
                    "\(name) is drawn from \(from.scanText) to \(to.scanText), but must ascend\(isLog ? " from above 0" : ""); change from or to"
                )
            }
            for (part, end) in [("from", from), ("to", to)] {
                if case .impossible(_, let problem)? = key.kind.limit?.problem("\(name).\(part)", end, isInteger: key.kind.isInteger) {
                    throw error(members[part] ?? node, problem)
                }
            }
            try forbid(["mean", "deviation"], in: members, for: isLog ? "logUniform" : "uniform")
            distribution = isLog ? .logUniform(from: from, to: to) : .uniform(from: from, to: to)
        case "normal"?:
            let deviation = try number("deviation")
            guard deviation >= 0 else {
                throw error(node, "\(name).deviation is \(deviation.scanText), but must be 0 or more; change its sign")
            }
            try forbid(["from", "to"], in: members, for: "normal")
            distribution = .normal(mean: try number("mean"), deviation: deviation)
        default:
            throw error(node, "\(name).draw is \(members["draw"].map(Self.kind) ?? ""), but must be one of uniform, logUniform, normal")
        }
        let seed = try members["seed"].map { try unsigned($0, "\(name).seed") }
        guard let number = members["count"] else { return .joint(distribution, seed: seed) }
        let count = try self.count(number, "\(name).count")
        return .axis(
            .draw(ScanDraw(key: name, seed: seed ?? 0, distribution: distribution, isInteger: key.kind.isInteger)), count: count)
    }

    private func forbid(_ parts: [String], in members: [String: ScanNode], for draw: String) throws {
        for part in parts {
            if let node = members[part] {
                throw error(
                    node, "\(name).\(part) does not go with draw: \(draw); use \(draw == "normal" ? "mean and deviation" : "from and to")")
            }
        }
    }
}
