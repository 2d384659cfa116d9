import Arrays
import Figures
import Networks

extension LatticeComparison {
    func judge(_ fields: [Field]) throws -> Claim {
        let groups = Dictionary(grouping: fields) { [$0.points, $0.width] }
        func least(_ fields: [Field], _ ratio: (Field) -> Double) throws -> Double {
            let groups = Dictionary(grouping: fields) { [$0.points, $0.width] }
            return try groups.values.map { try Statistics.median($0.map(ratio)) }.min() ?? .nan
        }
        guard let narrow = fields.min(by: { $0.width < $1.width }) else {
            throw ExperimentError.nothingToJudge(experiment: id, reason: "there is no training")
        }
        let tick = narrow.trained.tick
        func training(_ points: Int) -> Int { SimulationCost.training(narrow.architecture, points: points) }
        func number(_ points: Int?) -> String { points.map(String.init) ?? "no number" }
        let recursion = SimulationCost.firstPoints {
            SimulationCost.recursion(points: $0) > SimulationCost.lattice(sites: $0, hasGradient: true)
        }
        let kernel = SimulationCost.firstPoints { SimulationCost.recursion(points: $0) > training($0) }
        // Light takes 2/H(N − 1) between sites.
        let light = SimulationCost.firstPoints { points in
            let shortest = min(tick, 2 / (Self.hubble * Double(points - 1)))
            return Double(SimulationCost.lattice(sites: points, hasGradient: true)) * tick / shortest > Double(training(points))
        }
        let far = try Statistics.median(fields.map(\.distanceFromCoupled)), time = try least(fields, \.timeRatio)
        return .judged(
            id, "Training a network is a cheaper simulation than a lattice",
            "least median ratio of operations, over those of the cheapest lattice that is no less exact ≤ 1; \(groups.count) sizes, \(fields.count) networks",
            try Estimate(fields, .logarithmic, within: { AnyHashable([$0.points, $0.width]) }) { try least($0, \.operationRatio) },
            .atMost(1),
            detail: """
                measured time: at least \(Claim.number(time)) times the lattice's. Both costs grow as N, so that no potential and no number of points \
                changes that at one step h. The recursion of the frozen kernel, whose cost grows as N^2, costs more than the lattice from N = \
                \(number(recursion)) on and more than training width \(narrow.width) from N = \(number(kernel)) on. Where sites are so near that \
                light sets the lattice's step, from N = \(number(light)) on an interval of 2/H, it costs more than training width \(narrow.width); but \
                what asks for that step is k^2/a^2, which a network does not have: it is \(Claim.number(far)) of φ_0 from the lattice with it
                """)
    }

    func figure(_ fields: [Field]) throws -> Figure {
        let counts = Set(fields.map(\.points)).sorted()
        func panel(_ points: Int, _ title: String, _ label: String, _ cost: (Simulation) -> Double) throws -> Panel {
            let own = fields.filter { $0.points == points }
            func curve(_ name: String, _ style: LineStyle, colour: Int, _ part: (Field) -> [Simulation]) throws -> Layer {
                let all = own.map(part)
                func medians(_ value: (Simulation) -> Double) throws -> [Double] {
                    try all[0].indices.map { place in try Statistics.median(all.map { value($0[place]) }) }
                }
                return .line(
                    Line(x: try medians(cost), y: try medians(\.error), name: name, style: style, colour: colour, marksPoints: true))
            }
            let widths = Dictionary(grouping: own, by: \.width).sorted { $0.key < $1.key }.map(\.value)
            let trained = Line(
                x: try widths.map { try Statistics.median($0.map { cost($0.trained) }) },
                y: try widths.map { try Statistics.median($0.map(\.trained.error)) }, name: "trained, by width", style: .solid,
                marksPoints: true)
            return Panel(
                title: title, x: Axis(label, scale: .log10), y: Axis("error", scale: .log10),
                layers: [
                    .line(trained), try curve("frozen recursion", .dashed, colour: 1, \.recursions),
                    try curve("lattice, no k^2/a^2", .dotted, colour: 2, \.lattices.local),
                    try curve("lattice, k^2/a^2", .dashDotted, colour: 3, \.lattices.coupled),
                ])
        }
        let widths = Set(fields.map(\.width)).sorted().map(String.init).joined(separator: ", ")
        return Figure(
            id: id, title: "What a simulation costs, and what it is worth",
            caption: """
                A field of mass 1 on N points over 2 e-folds of a universe of constant H: the distance from the exact solution of each way's own \
                equation against its operations, and against its time on one thread in plain Swift. Networks of widths \(widths) with h = 0.1, \
                medians over networks; recursions and lattices with steps from 0.5 to 0.025, where light between sites allows.
                """,
            panels: try counts.map { try panel($0, "N = \($0)", "operations") { Double($0.operations) } }
                + counts.map { try panel($0, "", "time in s", \.seconds) },
            arrangement: .grid(columns: counts.count), data: try table(fields))
    }

    private func table(_ fields: [Field]) throws -> CSVTable {
        var rows: [(field: Field, name: String, simulation: Simulation)] = []
        for field in fields {
            rows.append((field, "network", field.trained))
            rows += field.recursions.map { (field, "frozen", $0) }
            rows += field.lattices.local.map { (field, "lattice", $0) }
            rows += field.lattices.coupled.map { (field, "latticeWithGradient", $0) }
        }
        return try CSVTable(byColumn: [
            ("simulation", .words(rows.map(\.name))), ("points", .integers(rows.map(\.field.points))),
            ("width", .integers(rows.map(\.field.width))),
            ("step", .numbers(rows.map(\.simulation.tick))), ("operations", .integers(rows.map(\.simulation.operations))),
            ("seconds", .numbers(rows.map(\.simulation.seconds))), ("error", .numbers(rows.map(\.simulation.error))),
        ])
    }
}
