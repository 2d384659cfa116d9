import Checks
import Compute
import Engines
import Networks
import OpenCL
import Testing

/// Products of matrices by work-groups that share tiles in local memory, as GPUs take them.
@Suite struct GroupTileTests {
    /// Widths that fill no tile, two outputs, a first layer that leaves the second one unaligned, several inputs; points from the fewest
    /// that are taken so to more than a tile. Of one activation, which has no part in the tiles, so that few programs are built.
    static let problems = [
        problem(inputs: 3, [150, 70], points: 70), problem(inputs: 40, [33, 201], points: 16),
        problem(inputs: 2, [2, 45, 64], outputs: 2, points: 17),
        problem(inputs: 40, [33, 45], points: 258),
    ]

    private static func problem(inputs: Int, _ widths: [Int], outputs: Int = 1, points: Int) -> Problem {
        let architecture = try! Architecture(inputs: inputs, widths: widths, outputs: outputs, activation: .relu)
        return Problem(architecture, points: points, members: 2, seed: 3)
    }

    private let job = Job(tangentKernel: .gram)

    /// Every sum is formed in the same order by work-groups with any tile and by work-items, and is within the bounds.
    @Test(arguments: [
        (TestEngine.float32, 0), (.float32, 1), (.float32, 2), (.float64, 0), (.float64, 2), (.mixed, 0), (.float32, 3), (.mixed, 3),
    ])
    func tilesDoNotChangeABit(_ kind: TestEngine, _ index: Int) throws {
        let problem = Self.problems[index], ensemble = try problem.ensemble()
        let apart = try TestEngine.make(kind.precision, choice: KernelChoice(kind: .gpu, tileRows: 0))
        let expected = try CollectedResults(apart, ensemble, job)
        for tileRows in [32, 128] {
            let engine = try TestEngine.make(kind.precision, choice: KernelChoice(kind: .gpu, tileRows: tileRows))
            #expect(identical(try CollectedResults(engine, ensemble, job), expected), "\(tileRows)")
        }
        let deviation = try Check(problem, .kernelByGram).deviation(of: apart)
        #expect(deviation.isWithinBound, "\(deviation)")
    }

    /// As exact as float, with two TF32 numbers for a factor: the bound for float holds. With one these would be 3 to 110 times it.
    @Test(arguments: problems)
    func splitProductsAreWithinTheBoundsForFloat(_ problem: Problem) throws {
        let ensemble = try problem.ensemble()
        let all = try [32, 128].map { tileRows in
            let engine = try TestEngine.make(.float32, choice: KernelChoice(kind: .gpu, tileRows: tileRows, splitsProducts: true))
            let deviation = try Check(problem, .kernelByGram).deviation(of: engine)
            #expect(deviation.isWithinBound, "\(deviation)")
            // Of another arithmetic than the multiply-adders'.
            let plain = try TestEngine.make(.float32, choice: KernelChoice(kind: .gpu, tileRows: tileRows))
            let results = try CollectedResults(engine, ensemble, job)
            #expect(!identical(results, try CollectedResults(plain, ensemble, job)))
            return results
        }
        #expect(identical(all[0], all[1]))
    }

    /// A wide layer is divided into the largest tiles, a narrow one into smaller ones, and too short sums into none. So many members keep
    /// any device busy.
    @Test func groupsAreThoseOfTheTiles() throws {
        let launches = try [(150, 70), (40, 20), (40, 15), (31, 70), (40, 300)].map { width, points in
            let engine = try TestEngine.make(.float32, choice: KernelChoice(kind: .gpu))
            let architecture = try Architecture(inputs: 3, widths: [width, width], outputs: 1, activation: .relu)
            let ensemble = try Problem(architecture, points: points, members: 256).seededEnsemble()
            return try engine.context.profile { try engine.run(ensemble, Job(tangentKernel: .gram)) { _ in true } }
        }
        func groups(_ kernel: String, _ index: Int) -> Set<Int> {
            Set(launches[index].filter { $0.kernel == kernel }.map { $0.local.reduce(1, *) })
        }
        // Work-items by themselves are in groups of 64. Input layers have no tiles, and long sums of few outputs or points are divided.
        for kernel in ["forward", "backward"] {
            #expect(groups(kernel, 0).contains(128))
        }
        #expect(groups("tangent", 4) == [128] && groups("tangent_slices", 0) == [32] && groups("tangent", 0).isEmpty)
        #expect(groups("forward", 0) == [32, 64, 128] && groups("backward", 0) == [64, 128])
        #expect(groups("tangent", 1) == [64] && groups("forward", 1).contains(128))
        #expect(groups("forward", 2) == [64] && groups("forward", 3) == [64])
    }

    /// A weight that is not a number, and one that is infinite, reach every result that they reach in the reference engine.
    @Test(arguments: [Double.nan, .infinity], [false, true])
    func whatIsNotFiniteStaysSo(_ value: Double, _ splits: Bool) throws {
        let problem = Self.problems[0], ensemble = try problem.ensemble(), sound = ensemble.members[0]
        guard case .weights(var weights) = sound.source else {
            Issue.record("no weights are given")
            return
        }
        weights.values[problem.architecture.layers[1].offset + 5 * 70 + 69] = value
        let broken = Ensemble.Member(
            source: .weights(weights), sigmaW: sound.sigmaW, sigmaB: sound.sigmaB, loss: sound.loss, schedule: sound.schedule)
        let changed = try Ensemble(
            architecture: problem.architecture, members: [broken, ensemble.members[1]], inputs: ensemble.inputs)
        let engine = try TestEngine.make(.float32, choice: KernelChoice(kind: .gpu, splitsProducts: splits))
        let found = try CollectedResults(engine, changed, job), expected = try CollectedResults(ReferenceEngine(), changed, job)
        #expect(expected.outputs[0].allSatisfy { !$0.isFinite })
        for (found, expected) in [
            (found.outputs[0], expected.outputs[0]), (found.tangentKernels[0][0] ?? [], expected.tangentKernels[0][0] ?? []),
        ] {
            #expect(zip(found, expected).allSatisfy { !$0.isFinite || $1.isFinite } && found.count == expected.count)
        }
        #expect(identical(found.outputs[1], try CollectedResults(engine, ensemble, job).outputs[1]))
    }
}
