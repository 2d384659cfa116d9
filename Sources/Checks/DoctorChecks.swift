import Engines
import Networks

/// What `doctor` checks on every engine.
public enum DoctorChecks {
    /// Every quantity on a network of every activation.
    /// - Throws: `NetworkError` if a problem's sizes do not fit.
    public static func all() throws -> [Check] {
        try Activation.all.enumerated().flatMap { index, activation in
            let architecture = try Architecture(
                inputs: 3, widths: [33, 17], outputs: 2, hasBias: index % 3 != 2, activation: activation)
            let problem = Problem(architecture, points: 5, members: 3, sharesInputs: index.isMultiple(of: 2), seed: UInt64(index + 1))
            return Check.Quantity.allCases.map { Check(problem, $0) }
        }
    }

    /// The reference engine as its own judge: kernels by the other of the two methods, so that those checks compare two computations.
    public static var reference: any Engine { CrossedReferenceEngine() }
}

/// The reference engine, which computes tangent kernels by the method that was not asked for.
private struct CrossedReferenceEngine: Engine {
    private let engine = ReferenceEngine()

    var description: EngineDescription { engine.description }

    func plan(_ shape: EnsembleShape, _ job: Job) throws -> MemoryPlan { try engine.plan(shape, crossed(job)) }

    func run(_ ensemble: Ensemble, _ job: Job, deliver: (Block) throws -> Bool) throws {
        try engine.run(ensemble, crossed(job), deliver: deliver)
    }

    private func crossed(_ job: Job) -> Job {
        var job = job
        job.tangentKernel = job.tangentKernel.map { $0 == .gram ? .jacobian : .gram }
        return job
    }
}
