import Arrays
import Engines
import Expressions
import Networks
import Runs

/// Turns a document into a scan.
struct ScanReader {
    let document: ScanDocument
    /// The folder of the file, which paths are relative to.
    let folder: String
    var slots: [ScanGrid.Slot]
    var axes: [ScanGrid.Axis] = []
    var name = ""
    var details = ""
    /// The expression of coupled losses.
    var coupling: String?
    /// The eras of `de-sitter`.
    var eras: EraList?
    /// Keys that are drawn together, with what is drawn; ``samples`` says how often.
    var joint: [(slot: Int, distribution: ScanDraw.Distribution, seed: UInt64?)] = []
    var samples: (axis: Int, seed: UInt64, entry: ScanDocument.Entry)?
    var seedEntry: ScanDocument.Entry?
    var filters: [(formula: ScanFormula, place: ScanPlace)] = []
    var recording = Recording()
    var tangentKernel: TangentKernelMethod? = .gram
    /// What was read from files, by path.
    var files: [(path: String, digest: Digest)] = []

    /// Memory of this machine that a run may take.
    let availableBytes: Int

    init(_ document: ScanDocument, folder: String, availableBytes: Int) {
        self.document = document
        self.folder = folder
        self.availableBytes = availableBytes
        let place = ScanPlace(source: document.source, line: nil)
        slots = ScanSchema.parameters.map {
            ScanGrid.Slot(name: $0.name, place: place, limit: $0.kind.limit ?? .any, isInteger: $0.kind.isInteger)
        }
    }

    /// Reads all keys, and checks what they say together.
    /// - Throws: `ScanFileError`; `FileError` and `NumericArrayError` for arrays that cannot be read.
    mutating func scan() throws -> Scan {
        // Names first, so that expressions may name what stands below them.
        for entry in document.entries { try declare(entry) }
        // Whether there are kernels, before points are read for them.
        for entry in document.entries where entry.key == "record" { try read(entry) }
        for entry in document.entries where entry.key != "record" { try read(entry) }
        try checkCoupling()
        try checkEras()
        try checkSeed()
        try checkRecordedSteps()
        try settleDraws()
        let count = try countCombinations()
        let seeds = try seeds(combinations: count)
        let (candidates, overflow) = count.multipliedReportingOverflow(by: seeds.count)
        guard !overflow, candidates <= Int(Int32.max) else { throw tooMany(overflow ? "more than 2^63" : "\(candidates)") }
        try resolveNames()
        let grid = ScanGrid(
            slots: slots, axes: axes, seeds: seeds, hasKernels: tangentKernel != nil, availableBytes: availableBytes, coupling: coupling,
            eras: eras)
        let (early, late) = try sortedFilters()
        let scan = try Scan(
            name: name, details: details, grid: grid, early: early, late: late, recording: recording, tangentKernel: tangentKernel,
            count: candidates, places: places)
        if let error = try scan.refusalOfAll() { throw error }
        return scan
    }

    /// Refuses an expression for a loss that nothing chooses.
    private func checkCoupling() throws {
        guard coupling != nil, let place = places["coupling"], !document.entries.contains(where: { ["loss", "together"].contains($0.key) })
        else { return }
        throw place.error("coupling", "coupling is given, but the loss is power; add loss: coupled, or leave coupling out")
    }

    /// Refuses eras of an optimiser that has none.
    private func checkEras() throws {
        guard eras != nil, let place = places["eras"], !document.entries.contains(where: { ["optimiser", "together"].contains($0.key) })
        else { return }
        throw place.error("eras", "eras is given, but the optimiser is heavy-ball; add optimiser: de-sitter and hubble, or leave eras out")
    }

    /// Refuses seeds of weights that are not drawn.
    private func checkSeed() throws {
        guard let entry = seedEntry, !slots[ScanParameter.weights.slot].isAbsent else { return }
        throw document.place(entry.node, of: entry).error(
            "seed", "seed and weights cannot both be given: the weights are those of a file; leave seed out, or weights")
    }

    /// Where each key was given; the file itself under the empty name.
    private var places: [String: ScanPlace] {
        var places = ["": ScanPlace(source: document.source, line: nil)]
        for slot in slots where !slot.isAbsent { places[slot.name] = slot.place }
        for entry in document.entries { places[entry.key] = document.place(entry.node, of: entry) }
        return places
    }

    /// Makes a slot for a number of the user's own.
    private mutating func declare(_ entry: ScanDocument.Entry) throws {
        guard entry.key.hasPrefix("let ") else { return }
        try declare(String(entry.key.dropFirst(4)), document.place(entry.node, of: entry))
    }

    mutating func declare(_ name: String, _ place: ScanPlace) throws {
        guard let expression = try? Expressions.Expression(name), expression.variables == [name], !name.contains(".") else {
            let text = Excerpt.of(name)
            throw place.error("let \(text)", "'\(text)' in 'let \(text)' is no name; use letters, digits and _, beginning with a letter")
        }
        guard ScanSchema.key(name) == nil, Quantity.find(name) == nil, ScanSchema.wordsInExpressions[name] == nil, name != "replica" else {
            throw place.error("let \(name)", "'\(name)' in 'let \(name)' has a meaning already; choose another name")
        }
        guard !slots.contains(where: { $0.name == name }) else { return }
        guard slots.count < ScanLimits.keys else {
            throw place.error(
                "let \(name)",
                "the scan has more than \(ScanLimits.keys) keys, with let \(Excerpt.of(name)); remove some, or split the file")
        }
        slots.append(ScanGrid.Slot(name: name, place: place, limit: .any, isInteger: false))
    }

    private mutating func read(_ entry: ScanDocument.Entry) throws {
        let place = document.place(entry.node, of: entry)
        guard let key = ScanSchema.key(entry.key.hasPrefix("let ") ? "let NAME" : entry.key) else {
            let known = ScanSchema.keys.map(\.name) + ScanSchema.maps.flatMap { map in map.members.map { "\(map.key).\($0.name)" } }
            throw (entry.override ?? ScanPlace(source: document.source, line: entry.line))
                .error(
                    entry.key,
                    "unknown key '\(Excerpt.of(entry.key))'\(Self.hint(entry.key, known) ?? "; for a number of your own write 'let \(Excerpt.of(entry.key))'")"
                )
        }
        let reading = ScanReading(
            document: document, entry: entry, key: key, name: slotName(entry.key), folder: folder, checkPoints: checkPoints)
        if case .scalar(let scalar) = entry.node, scalar.string.isEmpty {
            throw place.error(entry.key, "\(entry.key) has no value; give one, or remove the line")
        }
        switch key.kind {
        case .text:
            switch key.name {
            case "name": name = try reading.word(entry.node)
            case "coupling": coupling = try reading.word(entry.node)
            case "eras":
                let text = try reading.word(entry.node)
                guard let read = EraList(text) else {
                    throw place.error(
                        "eras",
                        "eras is '\(Excerpt.of(text))', but must be fluids with their times, such as de-sitter:5,radiation:20; a fluid is "
                            + Schedule.Era.named.map(\.name).joined(separator: ", ") + ", or a w of at least -1, and a time positive")
                }
                eras = read
            default: details = try reading.word(entry.node)
            }
        case .seed: seedEntry = entry
        case .samples: try readSamples(reading)
        case .together: try readTogether(reading)
        case .filter: try readFilters(reading)
        case .record: (recording, tangentKernel) = try reading.recording()
        default:
            guard let slot = slots.firstIndex(where: { $0.name == reading.name }) else { return }
            let values = try reading.values(entry.node)
            files += reading.files
            try assign(values, to: slot, place)
        }
    }

    /// Refuses points that would be refused for every candidate.
    func checkPoints(_ shape: [Int]) throws {
        let memory = RunMemory(points: shape[0], dimension: shape.count == 2 ? shape[1] : 1, kernels: tangentKernel == nil ? 0 : 1)
        try memory.plan.require(for: "a run", available: availableBytes)
    }

    /// Refuses a step that is to be recorded and that no run reaches. Runs record those that they reach.
    private func checkRecordedSteps() throws {
        guard let entry = document.entries.first(where: { $0.key == "record" }),
            let reached = slots[ScanParameter.steps.slot].greatest
        else { return }
        for (part, selection) in [("trajectory", recording.trajectory), ("kernels", recording.kernels)] {
            guard let problem = selection.refusal("record.\(part)", upTo: reached) else { continue }
            throw document.place(entry.node, of: entry).error("record", problem)
        }
    }

    private mutating func assign(_ values: ScanReading.Values, to slot: Int, _ place: ScanPlace) throws {
        try claim(slot, place)
        switch values {
        case .one(let value): slots[slot].source = .constant(value)
        case .axis(let column, let count):
            slots[slot].source = .axis(axes.count, column)
            axes.append(ScanGrid.Axis(names: [slots[slot].name], count: count))
        case .joint(let distribution, let seed): joint.append((slot, distribution, seed))
        }
    }

    /// Takes a key, which may be given in one place only.
    mutating func claim(_ slot: Int, _ place: ScanPlace) throws {
        let name = slots[slot].name
        guard slots[slot].isAbsent, !joint.contains(where: { $0.slot == slot }) else {
            let other = slots[slot].place.line.map { "line \($0)" } ?? slots[slot].place.source
            throw place.error(
                name, "\(name) is given here and in \(other); remove it from one of them, or override the group in 'together'")
        }
        slots[slot].place = place
    }

    func slotName(_ key: String) -> String { key.hasPrefix("let ") ? String(key.dropFirst(4)) : key }

    static func hint(_ name: String, _ known: some Sequence<String>) -> String? {
        NearestName.find(name, among: known).map { "; did you mean '\(Excerpt.of($0))'?" }
    }

    private mutating func countCombinations() throws -> Int {
        var count = 1
        for index in axes.indices.reversed() {
            axes[index].stride = count
            let (product, overflow) = count.multipliedReportingOverflow(by: axes[index].count)
            guard !overflow else { throw tooMany("more than 2^63") }
            count = product
        }
        return count
    }

    private func tooMany(_ count: String) -> ScanFileError {
        let sizes = Excerpt.list(axes.map { "\(Excerpt.list($0.names, longest: 3, separator: "+")) \($0.count)" })
        return ScanPlace(source: document.source, line: nil).error(
            nil, "the scan has \(count) candidates (\(sizes)), but must have at most 2147483647; shorten an axis, or split the file")
    }
}
