import Checks
import Compute
import Engines
import Networks
import Testing

/// The golden trajectories of full-batch heavy ball; train_p06 has a learning rate and a momentum for every step.
@Suite struct GoldenTrainingTests {
    private func job(_ golden: Golden, _ method: TangentKernelMethod) throws -> Job {
        let steps = try golden.meta.steps.orThrow("steps")
        return Job(tangentKernel: method, finalWeights: true, training: Job.Training(steps: steps, kernelSteps: [steps]))
    }

    /// 1e-10 relative to the range of each trajectory (for weights and kernels: to their largest element), the tolerance agreed with
    /// the makers of the files, whose own re-derivation agrees to 1e-14.
    @Test(arguments: Golden.trainings, TestEngine.double)
    func float64AgreesWithTheFiles(_ name: String, _ kind: TestEngine) throws {
        let golden = try Golden(name), steps = try golden.meta.steps.orThrow("steps")
        for method in TangentKernelMethod.allCases {
            let found = try CollectedResults(kind.engine(), golden.ensemble(), job(golden, method))
            func check(_ values: [Double], _ expected: [Double], relativeTo range: Double, _ what: String) {
                let worst = distance(values, expected)
                #expect(worst <= 1e-10 * range, "\(what): \(worst) of \(range)")
            }
            let outputs = try golden.values("f"), losses = try golden.values("loss"), weights = try golden.finalWeights()
            check(found.outputs[0], outputs, relativeTo: (outputs.max() ?? 0) - (outputs.min() ?? 0), "outputs")
            check(found.losses[0], losses, relativeTo: (losses.max() ?? 0) - (losses.min() ?? 0), "losses")
            check(found.weights[0], weights, relativeTo: size(weights), "weights")
            let first = try golden.kernel("ntk_init"), last = try golden.kernel("ntk_final")
            check(found.tangentKernels[0][0] ?? [], first, relativeTo: size(first), "kernel before")
            check(found.tangentKernels[0][steps] ?? [], last, relativeTo: size(last), "kernel after")
        }
    }

    /// Every number within the bounds of TrajectoryBounds, which must themselves be small against what the training does.
    @Test(arguments: Golden.trainings, TestEngine.openCL)
    func everyPrecisionIsWithinItsBound(_ name: String, _ kind: TestEngine) throws {
        let golden = try Golden(name), ensemble = try golden.ensemble(), steps = try golden.meta.steps.orThrow("steps")
        let method = TangentKernelMethod.gram
        let found = try CollectedResults(kind.engine(), ensemble, job(golden, method))
        let bounds = try TrajectoryBounds(ensemble, member: 0, precision: kind.precision, steps: steps, kernel: method)
        let own = try TrajectoryBounds(ensemble, member: 0, precision: .float64, steps: steps, kernel: method)
        func check(
            _ found: [Double], _ expected: [Double], _ bound: [BoundedValues], _ file: [BoundedValues], range: Double, _ what: String
        ) {
            let errors = zip(bound.flatMap(\.errors), file.flatMap(\.errors)).map(+)
            let deviation = BoundedValues(expected, errors: errors).compare(found)
            #expect(deviation.isWithinBound, "\(what): \(deviation)")
            let loosest = errors.max() ?? .infinity
            #expect(loosest < 0.05 * range, "\(what): bound \(loosest) for a range of \(range)")
        }
        let outputs = try golden.values("f"), losses = try golden.values("loss"), last = try golden.kernel("ntk_final")
        check(found.outputs[0], outputs, bounds.outputs, own.outputs, range: (outputs.max() ?? 0) - (outputs.min() ?? 0), "outputs")
        check(found.losses[0], losses, bounds.losses, own.losses, range: size(losses), "losses")
        let weights = try golden.finalWeights()
        check(found.weights[0], weights, [bounds.weights], [own.weights], range: size(weights), "weights")
        let kernelBound = try bounds.tangentKernel.orThrow("kernel"), ownBound = try own.tangentKernel.orThrow("kernel")
        check(found.tangentKernels[0][steps] ?? [], last, [kernelBound], [ownBound], range: size(last), "kernel after")
    }
}
