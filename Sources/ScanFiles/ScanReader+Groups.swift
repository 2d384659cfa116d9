import Arrays
import Runs

extension ScanReader {
    /// Groups of keys that vary together.
    mutating func readTogether(_ reading: ScanReading) throws {
        guard case .sequence(let list) = reading.entry.node, !list.isEmpty else {
            throw reading.error(
                reading.entry.node,
                "together is \(ScanReading.kind(reading.entry.node)), but must be a list of groups; for example \(reading.key.example)")
        }
        // One group may stand without its own brackets.
        let groups = list.allSatisfy { $0.mapping != nil } ? [reading.entry.node] : Array(list)
        for group in groups {
            guard case .sequence(let maps) = group, !maps.isEmpty else {
                throw reading.error(
                    group,
                    "a group in together is \(ScanReading.kind(group)), but must be a list of maps; for example \(reading.key.example)")
            }
            try readGroup(Array(maps), reading)
        }
    }

    private mutating func readGroup(_ maps: [ScanNode], _ reading: ScanReading) throws {
        var names: [String] = [], columns: [String: [ScanValue?]] = [:], places: [String: ScanPlace] = [:]
        for (position, node) in maps.enumerated() {
            guard case .mapping(let map) = node else {
                throw reading.error(
                    node, "an element of a group in together is \(ScanReading.kind(node)), but must be a map such as {momentum: 0.9}")
            }
            for pair in map.pairs {
                let (member, value) = (ScanNode.scalar(pair.key), pair.value)
                let text = pair.key.string.split(separator: " ").joined(separator: " ")
                guard let key = ScanSchema.key(text.hasPrefix("let ") ? "let NAME" : text), key.isParameter else {
                    let hint =
                        Self.hint(text, ScanSchema.keys.filter(\.isParameter).map(\.name))
                        ?? "; for a number of your own write 'let \(Excerpt.of(text))'"
                    throw reading.error(
                        member,
                        ScanSchema.key(text) == nil
                            ? "unknown key '\(Excerpt.of(text))' in together\(hint)"
                            : "\(text) cannot stand in together; give it on its own")
                }
                let name = slotName(text), place = document.place(value, of: reading.entry)
                if text != name { try declare(name, place) }
                let element = ScanReading(
                    document: document, entry: reading.entry, key: key, name: name, folder: folder, checkPoints: checkPoints)
                if columns[name] == nil {
                    names.append(name)
                    guard names.count * maps.count <= ScanLimits.nodes else {
                        throw reading.error(
                            member,
                            "a group in together has \(names.count) keys in \(maps.count) maps, but the product must be at most "
                                + "\(ScanLimits.nodes); split the group")
                    }
                    columns[name] = Array(repeating: nil, count: maps.count)
                    places[name] = place
                }
                columns[name]?[position] = try element.value(value)
                files += element.files
            }
        }
        for name in names {
            guard let slot = slots.firstIndex(where: { $0.name == name }), let place = places[name], let column = columns[name] else {
                continue
            }
            try claim(slot, place)
            slots[slot].source = .axis(axes.count, .list(column))
        }
        axes.append(ScanGrid.Axis(names: names, count: maps.count))
    }

    /// How often keys are drawn together.
    mutating func readSamples(_ reading: ScanReading) throws {
        let node = reading.entry.node
        var count: Int, seed: UInt64 = 0
        if node.string != nil {
            count = try reading.count(node, "samples")
        } else {
            let members = try reading.members(node, "samples", known: ScanSchema.members(of: "samples"))
            guard let number = members["count"] else {
                throw reading.error(node, "samples lacks count; write samples: {count: 100, seed: 1}")
            }
            count = try reading.count(number, "samples.count")
            seed = try members["seed"].map { try reading.unsigned($0, "samples.seed") } ?? 0
        }
        samples = (axes.count, seed, reading.entry)
        axes.append(ScanGrid.Axis(names: ["samples"], count: count))
    }

    /// Puts keys that are drawn together on the axis of the samples.
    mutating func settleDraws() throws {
        if let first = joint.first, samples == nil {
            throw slots[first.slot].place.error(
                slots[first.slot].name,
                "\(slots[first.slot].name) is drawn, but how often is not said; give it a count for an axis of its own, or samples for all draws together"
            )
        }
        guard let samples else { return }
        guard !joint.isEmpty else {
            throw document.place(samples.entry.node, of: samples.entry).error(
                "samples",
                "samples is given, but no key is drawn; give one a draw without count, such as sigmaW: {draw: uniform, from: 0.5, to: 2}")
        }
        for (slot, distribution, seed) in joint {
            let draw = ScanDraw(
                key: slots[slot].name, seed: seed ?? samples.seed, distribution: distribution, isInteger: slots[slot].isInteger)
            slots[slot].source = .sample(samples.axis, draw)
        }
    }

    /// The seeds, once the axes are known.
    mutating func seeds(combinations: Int) throws -> ScanSeeds {
        guard let entry = seedEntry, let key = ScanSchema.key("seed") else {
            return ScanSeeds(listed: nil, first: 0, count: 1, strides: [])
        }
        let reading = ScanReading(document: document, entry: entry, key: key, name: "seed", folder: folder, checkPoints: checkPoints)
        switch entry.node {
        case .sequence(let list):
            guard !list.isEmpty else {
                throw reading.error(entry.node, "seed is an empty list, but must have at least one value; give one")
            }
            let seeds = try list.map { try reading.unsigned($0, "seed") }
            return ScanSeeds(listed: seeds, first: 0, count: seeds.count, strides: [])
        case .mapping:
            let members = try reading.members(entry.node, "seed", known: ScanSchema.members(of: "seed"))
            let first = try members["first"].map { try reading.unsigned($0, "seed.first") } ?? 0
            let count = try members["count"].map { try reading.count($0, "seed.count") } ?? 1
            let own = try members["each"].map { try axesWithOwnSeeds($0, reading) } ?? []
            var strides: [(axis: Int, stride: Int)] = [], number = count, overflow = false
            for axis in own.sorted(by: >) {
                strides.append((axis, number))
                (number, overflow) = number.multipliedReportingOverflow(by: axes[axis].count)
                if overflow { break }
            }
            guard !overflow, !first.addingReportingOverflow(UInt64(number)).overflow else {
                throw reading.error(entry.node, "seed.first is \(first), but the last seed must be below 2^64; begin lower")
            }
            return ScanSeeds(listed: nil, first: first, count: count, strides: strides)
        default: return ScanSeeds(listed: [try reading.unsigned(entry.node, "seed")], first: 0, count: 1, strides: [])
        }
    }

    private func axesWithOwnSeeds(_ node: ScanNode, _ reading: ScanReading) throws -> Set<Int> {
        guard case .sequence(let list) = node else {
            switch node.string {
            case "replica"?: return []
            case "run"?: return Set(axes.indices)
            default: throw reading.error(node, "seed.each is \(ScanReading.kind(node)), but must be replica, run, or a list of keys")
            }
        }
        return Set(
            try list.map { element in
                let text = element.string ?? ""
                guard let axis = axes.firstIndex(where: { $0.names.contains(slotName(text)) }) else {
                    let names = axes.flatMap(\.names)
                    throw reading.error(
                        element,
                        "seed.each names '\(Excerpt.of(text))', which is no axis\(Self.hint(text, names) ?? "; axes are \(Excerpt.list(names))")"
                    )
                }
                return axis
            })
    }
}

extension ScanKey {
    /// Whether it has a value in every candidate.
    var isParameter: Bool {
        switch kind {
        case .number, .integer, .flag, .word, .list, .inputs, .targets, .weights: true
        case .text, .seed, .record, .samples, .together, .filter: false
        }
    }
}
