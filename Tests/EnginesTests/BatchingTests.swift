import Checks
import Compute
import Engines
import Networks
import Testing

/// A network is the same to the last bit whatever it is computed with: alone, in an ensemble, in any split of it.
@Suite struct BatchingTests {
    private func problem() throws -> Problem {
        try Problem(
            Architecture(inputs: 3, widths: [17, 9], outputs: 2, activation: .erf), points: 5, members: 7, sharesInputs: false, steps: 6,
            seed: 11)
    }

    private let job = Job(jacobian: true, tangentKernel: .gram, finalWeights: true, training: Job.Training(steps: 6, kernelSteps: [3, 6]))

    /// The members one by one, in ensembles of one.
    private func alone(_ ensemble: Ensemble, _ engine: any Engine, _ job: Job) throws -> [CollectedResults] {
        try ensemble.members.indices.map { e in
            try CollectedResults(
                engine,
                Ensemble(
                    architecture: ensemble.architecture, members: [ensemble.members[e]],
                    inputs: [ensemble.inputs[ensemble.inputs.count == 1 ? 0 : e]]),
                job)
        }
    }

    private func member(_ results: CollectedResults, _ e: Int) -> CollectedResults {
        var part = results
        part.outputs = [results.outputs[e]]
        part.losses = [results.losses[e]]
        part.lastFinite = [results.lastFinite[e]]
        part.jacobians = [results.jacobians[e]]
        part.tangentKernels = [results.tangentKernels[e]]
        part.weights = [results.weights[e]]
        return part
    }

    @Test(arguments: TestEngine.allCases, [true, false])
    func theBatchDoesNotMatter(_ kind: TestEngine, _ seeded: Bool) throws {
        let problem = try problem(), ensemble = try seeded ? problem.seededEnsemble() : problem.ensemble()
        let together = try CollectedResults(kind.engine(), ensemble, job)
        #expect(Set(together.weights.map { $0[0] }).count == 7, "the members do not differ")
        for (e, single) in try alone(ensemble, kind.engine(), job).enumerated() {
            #expect(identical(member(together, e), single), "member \(e)")
        }
        guard kind != .reference else { return }
        let plan = try kind.engine().plan(ensemble.shape, job)
        for size in [1, 2, 3, 5] {
            let engine = try TestEngine.make(kind.precision, memoryLimit: plan.fixedBytes + size * plan.bytesPerMember)
            #expect(try engine.plan(ensemble.shape, job).membersPerBatch == size)
            #expect(identical(try CollectedResults(engine, ensemble, job), together), "batches of \(size)")
        }
    }

    /// Shared points are the same as a copy of them for every member.
    @Test(arguments: TestEngine.openCL)
    func sharedPointsAreEveryonesPoints(_ kind: TestEngine) throws {
        var problem = try problem()
        problem.sharesInputs = true
        let shared = try problem.ensemble()
        let own = try Ensemble(
            architecture: shared.architecture, members: shared.members,
            inputs: Array(repeating: shared.inputs[0], count: shared.members.count))
        #expect(identical(try CollectedResults(kind.engine(), shared, job), try CollectedResults(kind.engine(), own, job)))
    }

    /// Jacobians streamed in blocks of rows are the same to the last bit, and so are records flushed step by step.
    @Test(arguments: TestEngine.openCL)
    func smallBlocksChangeNothing(_ kind: TestEngine) throws {
        let ensemble = try problem().ensemble()
        let whole = try CollectedResults(kind.engine(), ensemble, job)
        #expect(whole.jacobianBlocks == 7)
        let rowBytes = kind.precision.elementBytes * ensemble.architecture.parameterCount
        for rows in [1, 3, 4] {
            let engine = try TestEngine.make(kind.precision, blockBytes: rows * rowBytes)
            let found = try CollectedResults(engine, ensemble, job)
            #expect(found.jacobianBlocks == 7 * ((10 + rows - 1) / rows))
            #expect(identical(found, whole), "blocks of \(rows) rows")
        }
    }

    /// The contraction in blocks of units sums in another order, so it is the same within the bound of the sum; blocks that fall on
    /// vectors and blocks that do not.
    @Test(arguments: TestEngine.openCL)
    func contractionInBlocksIsWithinItsBound(_ kind: TestEngine) throws {
        let ensemble = try problem().ensemble(), job = Job(outputs: false, tangentKernel: .jacobian)
        let reference = try CollectedResults(ReferenceEngine(), ensemble, job)
        let whole = try CollectedResults(kind.engine(), ensemble, job)
        var orders = 0
        for bytes in [1, 2000, 6000, 20000] {
            let engine = try TestEngine.make(kind.precision, blockBytes: bytes)
            let found = try CollectedResults(engine, ensemble, job)
            if !identical(found, whole) { orders += 1 }
            for e in ensemble.members.indices {
                let bound = ErrorBounds(ensemble, member: e, precision: kind.precision).tangentKernel(.jacobian)
                let own = ErrorBounds(ensemble, member: e, precision: .float64).tangentKernel(.jacobian)
                let expected = BoundedValues(reference.tangentKernels[e][0] ?? [], errors: zip(bound.errors, own.errors).map(+))
                let deviation = expected.compare(found.tangentKernels[e][0] ?? [])
                #expect(deviation.isWithinBound, "blocks of \(bytes) bytes, member \(e): \(deviation)")
            }
        }
        #expect(orders > 0, "the block size was not used")
    }

    /// The answer of `deliver` stops the work.
    @Test(arguments: TestEngine.allCases)
    func falseStopsTheWork(_ kind: TestEngine) throws {
        var blocks = 0
        try kind.engine().run(problem().ensemble(), job) { _ in
            blocks += 1
            return blocks < 3
        }
        #expect(blocks == 3)
    }

    /// Where a device has no 64-bit arithmetic the host draws the weights: the same ones but for the last place of a logarithm and a cosine,
    /// which a number rounded to float shows once in thousands.
    @Test(arguments: TestEngine.openCL)
    func theHostDrawsTheSameWeights(_ kind: TestEngine) throws {
        for parameterisation in Parameterisation.allCases {
            let architecture = try Architecture(
                inputs: 5, widths: [33, 40], outputs: 2, activation: .erf, parameterisation: parameterisation)
            let ensemble = try Problem(architecture, points: 2, members: 2).seededEnsemble(), job = Job(finalWeights: true)
            let device = try CollectedResults(kind.engine(), ensemble, job)
            let engine = try TestEngine.make(kind.precision, choice: KernelChoice(drawsOnHost: true))
            let host = try CollectedResults(engine, ensemble, job), unit = kind.precision.unitRoundoff
            for member in ensemble.members.indices {
                let pairs = zip(host.weights[member], device.weights[member])
                // A few units of double, or one of float where those are at the edge of two.
                #expect(pairs.allSatisfy { abs($0 - $1) <= (kind.precision == .float64 ? 16 : 2) * unit * abs($1) + 1e-15 })
                let other = pairs.count { $0 != $1 }
                #expect(kind.precision == .float64 || other < host.weights[member].count / 500, "\(other)")
                #expect(host.weights[member].contains { $0 != 0 })
            }
        }
    }
}
