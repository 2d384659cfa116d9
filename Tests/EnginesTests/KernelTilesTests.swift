import Arrays
import Checks
import Compute
import Engines
import Networks
import OpenCL
import Testing

/// Parts of tangent kernels, and kernels in tiles, against the whole kernel of the reference engine.
@Suite struct KernelTilesTests {
    /// Whole points that begin and end no tile, one point, and all.
    private static let parts = [
        KernelRectangle(rows: 0..<70, columns: 0..<70), .init(rows: 3..<5, columns: 60..<61), .init(rows: 69..<70, columns: 0..<70),
        .init(rows: 10..<50, columns: 20..<33), .init(rows: 0..<1, columns: 1..<70),
    ]

    /// In units of the largest element: sums of less than 200 terms at a few roundings each.
    private func tolerance(_ engine: any Engine) -> Double { engine.description.precision == .float64 ? 1e-13 : 5e-5 }

    private func whole(_ ensemble: Ensemble, _ member: Int) throws -> [Double] {
        try CollectedResults(ReferenceEngine(), ensemble, Job(outputs: false, tangentKernel: .gram)).tangentKernels[member][0] ?? []
    }

    private func check(_ engine: any Engine, outputs: Int, _ method: TangentKernelMethod) throws {
        let architecture = try Architecture(inputs: 3, widths: [40, 35], outputs: outputs, activation: .erf)
        let ensemble = try Problem(architecture, points: 70, members: 2, seed: 5).ensemble(), order = 70 * outputs
        let kernels = try [0, 1].map { try whole(ensemble, $0) }
        var seen: [KernelRectangle] = []
        try engine.run(ensemble, Job(outputs: false, tangentKernel: method, kernelRectangles: Self.parts)) { block in
            guard case .kernelRectangle(let members, let part, let values) = block else { return true }
            if members.lowerBound == 0 { seen.append(part) }
            let columns = part.columns.count * outputs, length = part.rows.count * outputs * columns
            for (place, member) in members.enumerated() {
                let expected = (0..<part.rows.count * outputs).flatMap { row in
                    let start = (part.rows.lowerBound * outputs + row) * order + part.columns.lowerBound * outputs
                    return kernels[member][start..<start + columns]
                }
                let found = Array(values[place * length..<(place + 1) * length])
                #expect(distance(found, expected) < tolerance(engine) * (kernels[member].max() ?? 0), "\(part)")
            }
            return true
        }
        #expect(seen == Self.parts)
    }

    @Test(arguments: TestEngine.allCases, [TangentKernelMethod.gram, .jacobian])
    func parts(_ kind: TestEngine, _ method: TangentKernelMethod) throws {
        for outputs in [1, 3] { try check(kind.engine(), outputs: outputs, method) }
    }

    /// The kernels of GPUs: work-groups with small and large tiles, and tensor cores emulated.
    @Test(arguments: [
        (TestEngine.float32, 32, false), (.float32, 128, false), (.float32, 128, true), (.float64, 64, false), (.mixed, 128, false),
    ])
    func partsByGroups(_ kind: TestEngine, _ tileRows: Int, _ splits: Bool) throws {
        let engine = try TestEngine.make(kind.precision, choice: KernelChoice(kind: .gpu, tileRows: tileRows, splitsProducts: splits))
        for outputs in [1, 3] { try check(engine, outputs: outputs, .gram) }
        try check(engine, outputs: 1, .jacobian)
    }

    @Test func refusesPartsThatAreNone() throws {
        let ensemble = try Problem(Architecture(widths: [4], activation: .erf), points: 3).ensemble()
        for part in [KernelRectangle(rows: 0..<4, columns: 0..<1), .init(rows: 0..<0, columns: 0..<1), .init(rows: -1..<1, columns: 0..<1)]
        {
            #expect(throws: EngineError.self) {
                try ReferenceEngine().run(ensemble, Job(tangentKernel: .gram, kernelRectangles: [part])) { _ in true }
            }
        }
        #expect(throws: EngineError.self) {
            try ReferenceEngine().run(ensemble, Job(kernelRectangles: [.init(rows: 0..<1, columns: 0..<1)])) { _ in true }
        }
    }

    /// Groups of a few points, of one or two sets, whose tiles hold every element once; networks of one output added up one after another.
    @Test(arguments: [TestEngine.reference, .float64, .float32], [1, 3])
    func groupsOfPoints(_ kind: TestEngine, _ outputs: Int) throws {
        let engine = try kind.engine(), architecture = try Architecture(inputs: 2, widths: [9, 6], outputs: outputs, activation: .tanh)
        let problem = try Problem(architecture, points: 23, seed: 2).ensemble(), all = problem.inputs[0], order = 23 * outputs
        let kernel = try whole(problem, 0), largest = kernel.max() ?? 0
        for (split, trace, diagonal) in [
            (23, false, false), (23, true, false), (23, false, true), (23, true, true), (14, false, false), (14, true, false),
        ] {
            for memory in [1, 1 << 30] {
                let first = try Inputs(points: split, dimension: 2, values: Array(all.values[..<(2 * split)]))
                let second =
                    split == 23 ? nil : try Inputs(points: 23 - split, dimension: 2, values: Array(all.values[(2 * split)...]))
                let ensemble = try Ensemble(architecture: architecture, members: problem.members, inputs: [first])
                var request = KernelTiles.Request(trace: trace, diagonal: diagonal, memory: memory)
                request.fewestPoints = 6
                let tiles = try KernelTiles(ensemble, and: second, request, on: engine)
                #expect(tiles.memory.pointsAtATime == (memory == 1 ? 6 : 23))
                let pair = trace ? 1 : outputs, across = second?.points ?? split, offset = second == nil ? 0 : split
                var found = [Double](repeating: .nan, count: (diagonal ? split : split * across) * pair * pair)
                try tiles.evaluate { tile in
                    let columns = tile.columns ?? 0..<1
                    for (row, n) in tile.rows.enumerated() {
                        for (column, m) in columns.enumerated() {
                            for e in 0..<pair * pair {
                                let place = ((diagonal ? n : n * across + m) * pair * pair) + e
                                #expect(found[place].isNaN)
                                found[place] = tile.values[(row * columns.count + column) * pair * pair + e]
                            }
                        }
                    }
                }
                func element(_ n: Int, _ m: Int, _ i: Int, _ j: Int) -> Double {
                    kernel[(n * outputs + i) * order + (offset + m) * outputs + j]
                }
                var expected: [Double] = []
                for n in 0..<split {
                    for m in diagonal ? n..<n + 1 : 0..<across {
                        if trace {
                            expected.append((0..<outputs).reduce(0) { $0 + element(n, m, $1, $1) })
                        } else {
                            for place in 0..<outputs * outputs { expected.append(element(n, m, place / outputs, place % outputs)) }
                        }
                    }
                }
                #expect(
                    distance(found, expected) < tolerance(engine) * largest * Double(outputs), "\(split) \(trace) \(diagonal) \(memory)")
            }
        }
    }

    /// Θ v by passes, against Θ.
    @Test(arguments: Activation.all, [1, 3]) func productsWithVectors(_ activation: Activation, _ outputs: Int) throws {
        for (hasBias, widths) in [(true, [9, 6]), (false, [5]), (true, [])] {
            for parameterisation in Parameterisation.allCases {
                let architecture = try Architecture(
                    inputs: 2, widths: widths, outputs: outputs, hasBias: hasBias, activation: activation,
                    parameterisation: parameterisation)
                let ensemble = try Problem(architecture, points: 13, seed: 4).ensemble(), order = 13 * outputs
                let kernel = try whole(ensemble, 0), vector = (0..<order).map { Double($0 * 37 % 11) - 5 }
                let expected = (0..<order).map { row in (0..<order).reduce(0) { $0 + kernel[row * order + $1] * vector[$1] } }
                let found = try TangentOperator(ensemble).apply(vector)
                #expect(distance(found, expected) < 1e-13 * (kernel.max() ?? 0) * 5 * Double(order))
            }
        }
    }
}
