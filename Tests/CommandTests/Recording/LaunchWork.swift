import Foundation

/// What a launch has to do, as its kernel divides it: from the sizes that it is given and the tiles that its source is compiled for.
struct LaunchWork {
    /// Multiply-adds and the like, each counted as two, padding of tiles included.
    var operations = 0.0
    /// Bytes that its groups ask the second cache for: every operand once for every tile that needs it.
    var requestedBytes = 0.0
    /// Times that a work-item waits for memory, one after the other, if it asks for four vectors at a time.
    var rounds = 0.0
    /// Work-groups that have something to do, and the work-items of all of them that have.
    var groups = 0, items = 0

    /// - Throws: for a kernel that is not known here.
    init(_ launch: LaunchRecord.Launch, _ source: LaunchRecord.Source) throws {
        let numbers = Numbers(launch: launch, source: source), members = Double(launch.global.count > 1 ? launch.global[1] : 1)
        groups = launch.groups
        items = launch.groups * launch.groupSize
        switch launch.kernel {
        case "forward":
            multiply(
                numbers, units: numbers["fanOut"], vectors: numbers["panels"], length: numbers["fanIn"], members: members)
        case "backward":
            let rows = numbers["points"] * numbers["rowsPerPoint"]
            multiply(
                numbers, units: numbers["fanIn"], vectors: (rows / numbers.width).rounded(.up), length: numbers["fanOut"], members: members)
        case "update":
            let vectors = numbers["outStride"] / numbers.width
            multiply(numbers, units: numbers["fanIn"], vectors: vectors, length: numbers["points"], members: members)
            // Weights and states, each way.
            requestedBytes += members * numbers["fanIn"] * numbers["outStride"] * 4 * 2 * (1 + numbers.macro("STATES"))
            rounds += 1
        case "tangent", "tangent_slices": contract(launch, numbers, members: members)
        case "loss":
            let rows = numbers["points"] * numbers["outputs"], together = max(1, numbers.macro("ITEMS"))
            let rounds = (rows / together).rounded(.up) + together.squareRoot().rounded()
            setItems(launch, busy: numbers["members"] * together, rounds: together > 1 ? rounds : rows, of: 1)
        case "tangent_finish":
            let tile = numbers.macro("TILE"), side = (numbers["rows"] / tile).rounded(.up)
            setItems(launch, busy: side * (side + 1) / 2 * tile * tile, rounds: numbers["parts"] / 4 + 1, of: members)
        case "jacobian":
            let isFlat = numbers.macro("FLAT") == 1
            operations = (isFlat ? numbers["units"] * members : Double(groups)) * numbers["columns"]
            requestedBytes = 8 * operations
            rounds = 1 + (isFlat ? 1 : (numbers["columns"] / numbers.width / Double(launch.groupSize)).rounded(.up) / 4)
        case "unit_sensitivities":
            setItems(launch, busy: (numbers["rows"] / numbers.width).rounded(.up), rounds: numbers["outputs"], of: members)
        case "train_resident":
            // From registers; a step has 6 barriers, and 4 a round and matrix, each a fifth as long as a wait for memory. Once a launch the
            // weights and states are read and written.
            let steps = numbers["steps"], matrices = numbers.macro("DEPTH") - 1, width = numbers.macro("WIDTH")
            let turns = (numbers.macro("POINTS") / numbers.macro("ROUND")).rounded(.up), states = numbers.macro("STATES")
            operations = Double(groups) * steps * matrices * width * width * (6 * numbers.macro("POINTS") + 4)
            let outside = numbers.macro("RESIDENT_STATES") == 1 ? 0 : steps * matrices * width * width * 8 * states
            let bytes = numbers["weightMemberStride"] * 8 * (1 + states) + outside
            requestedBytes = Double(groups) * bytes
            rounds = steps * (6 + 4 * turns * matrices) / 5 + bytes / (64 * Double(launch.groupSize))
        default: throw CocoaError(.featureUnsupported, userInfo: [NSLocalizedDescriptionKey: "no cost is known of \(launch.kernel)"])
        }
    }

    /// A work-item for each of `busy` things.
    private mutating func setItems(_ launch: LaunchRecord.Launch, busy: Double, rounds: Double, of members: Double) {
        items = Int(min(busy * members, Double(items)))
        groups = min(groups, (Int(busy) + launch.groupSize - 1) / launch.groupSize * Int(members))
        self.rounds = rounds
        operations = 2 * rounds * busy * members
        requestedBytes = 16 * operations
    }

    /// A product as `product.clh` divides it.
    private mutating func multiply(_ numbers: Numbers, units: Double, vectors: Double, length: Double, members: Double) {
        let width = numbers.width
        func product(rows: Double, columns: Double, tiles: Double, length: Double) {
            operations += 2 * rows * columns * length * tiles * members
            requestedBytes += 4 * (rows + columns) * length * tiles * members
        }
        if numbers.macro("GROUPED") == 1 {
            let rows = numbers.macro("TILE_M"), columns = numbers.macro("TILE_N")
            let parts = numbers.has("parts") ? max(1, numbers["parts"]) : 1
            let tiles = (units / rows).rounded(.up) * (vectors * width / columns).rounded(.up) * parts
            product(rows: rows, columns: columns, tiles: tiles, length: (length / parts).rounded(.up))
            rounds = (length / parts / 16).rounded(.up) + 1
            return
        }
        let rows = numbers.macro("UNITS"), panels = numbers.macro("PANELS")
        if numbers.macro("GROUPED") == 2 {
            let slices = numbers.macro("SLICES"), across = numbers.macro("ACROSS")
            let tiles = (units / rows / across).rounded(.up) * (vectors / panels).rounded(.up)
            product(rows: rows * across, columns: panels * width, tiles: tiles, length: length)
            // Sums of the slices are exchanged twice.
            rounds = (length / slices / 4).rounded(.up) + 2
            return
        }
        let chunk = numbers["chunk"], together = min(chunk, vectors)
        let tiles = (units / rows).rounded(.up) * (vectors / chunk).rounded(.up)
        if numbers.macro("ROWWISE") == 1 {
            // The vectors of a group are beside each other, and it asks for their units once.
            let beside = min(Double(numbers.launch.groupSize), vectors)
            product(rows: rows, columns: beside * width, tiles: tiles / beside, length: length)
        } else {
            product(rows: rows, columns: together * width, tiles: tiles, length: length)
        }
        let launched = Double(numbers.launch.global[0]), busy = min(launched, tiles)
        items = Int(busy * members)
        groups = Int((busy / Double(numbers.launch.groupSize)).rounded(.up) * members)
        rounds = (tiles / busy).rounded(.up) * (together / panels).rounded(.up) * (length / 4).rounded(.up)
    }

    /// The lower triangle of two products of a matrix with its transpose.
    private mutating func contract(_ launch: LaunchRecord.Launch, _ numbers: Numbers, members: Double) {
        let rows = numbers["rows"], width = numbers.width, lengths = [numbers["inputLength"], numbers["length"]]
        let length = lengths[0] + lengths[1]
        if launch.kernel == "tangent_slices" {
            let tile = numbers.macro("TILE"), slices = numbers.macro("SLICES"), side = (rows / tile).rounded(.up)
            let parts = numbers["parts"], tiles = side * (side + 1) / 2 * members
            operations = 2 * tile * tile * length * tiles
            requestedBytes = 8 * tile * length * tiles
            // Sums of the slices are exchanged twice.
            rounds = lengths.reduce(0) { $0 + ($1 / parts / slices / 4).rounded(.up) } + 4
        } else if numbers.macro("GROUPED") == 1 {
            let tile = numbers.macro("TILE_M"), side = (rows / tile).rounded(.up), tiles = side * (side + 1) / 2 * members
            operations = 2 * tile * tile * length * tiles
            requestedBytes = 8 * tile * length * tiles
            rounds = lengths.reduce(0) { $0 + ($1 < 32 ? $1 / 4 : $1 / 16).rounded(.up) } + 1
        } else {
            let height = numbers.macro("ROWS"), columns = numbers.macro("PANELS") * width, side = (rows / columns).rounded(.up)
            let tiles = side * (side + 1) / 2 * (columns / height), busy = min(Double(numbers.launch.global[0]), tiles)
            operations = 2 * height * columns * length * tiles * members
            requestedBytes = 4 * (height + columns) * length * tiles * members
            items = Int(busy * members)
            groups = Int((busy / Double(numbers.launch.groupSize)).rounded(.up) * members)
            rounds = (tiles / busy).rounded(.up) * lengths.reduce(0) { $0 + ($1 / 4).rounded(.up) }
        }
    }
}

extension LaunchWork {
    /// Arguments and macros of a launch as numbers.
    struct Numbers {
        let launch: LaunchRecord.Launch
        let source: LaunchRecord.Source

        func has(_ name: String) -> Bool { launch[name]?.integer != nil }
        subscript(_ name: String) -> Double { Double(launch[name]?.integer ?? 0) }
        /// The first definition, which is the one that counts; 0 without any.
        func macro(_ name: String) -> Double {
            guard let range = source.text.range(of: "#define \(name) ") else { return 0 }
            return Double(source.text[range.upperBound...].prefix { $0.isNumber }) ?? 0
        }
        var width: Double { max(1, macro("VW")) }
    }
}
