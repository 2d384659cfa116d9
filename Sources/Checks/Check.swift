import Compute
import Engines
import Networks

/// One comparison of an engine with the reference: a quantity of a problem, and the bound on how far apart rounding can bring them.
public struct Check: Sendable, Hashable, Codable {
    /// What is compared.
    public enum Quantity: String, Sendable, Hashable, Codable, CaseIterable {
        /// The weights that the engine draws from seeds.
        case initialWeights
        /// f.
        case outputs
        /// df/dθ.
        case jacobian
        /// Θ by Gram matrices.
        case kernelByGram
        /// Θ by contraction of Jacobians.
        case kernelByJacobian
        /// f and L at every step of a training, and the weights that are left.
        case training
    }

    public let problem: Problem
    public let quantity: Quantity

    public init(_ problem: Problem, _ quantity: Quantity) {
        self.problem = problem
        self.quantity = quantity
    }

    /// What the engine computes for this check.
    public var job: Job {
        switch quantity {
        case .initialWeights: Job(outputs: false, finalWeights: true)
        case .outputs: Job()
        case .jacobian: Job(outputs: false, jacobian: true)
        case .kernelByGram: Job(outputs: false, tangentKernel: .gram)
        case .kernelByJacobian: Job(outputs: false, tangentKernel: .jacobian)
        case .training: Job(finalWeights: true, training: Job.Training(steps: problem.steps))
        }
    }

    /// Quantity and problem on one line.
    public var name: String { "\(quantity.rawValue): \(problem)" }

    /// Computes the quantity with the engine and compares it with the reference engine.
    ///
    /// The bound is the sum of the engine's and the reference's own (``ErrorBounds``, ``TrajectoryBounds``). An error that either
    /// engine throws is a failed check with its message, not a thrown error.
    public func run(on engine: any Engine) -> CheckResult {
        CheckResult(name: name, precision: engine.description.precision) { try deviation(of: engine) }
    }

    /// The worst element of all members.
    /// - Throws: what the engines throw.
    public func deviation(of engine: any Engine) throws -> Deviation {
        let precision = engine.description.precision
        guard quantity != .initialWeights else { return try deviationOfInitialWeights(engine, precision) }
        let ensemble = try problem.ensemble()
        let found = try CollectedResults(engine, ensemble, job), expected = try CollectedResults(ReferenceEngine(), ensemble, job)
        var worst: Deviation?
        func compare(_ values: [Double], with reference: [Double], _ bounds: BoundedValues, _ own: BoundedValues) {
            // The reference's numbers, between which and the engine's both bounds may lie.
            let deviation = BoundedValues(reference, errors: zip(bounds.errors, own.errors).map(+)).compare(values)
            if deviation.ratio > worst?.ratio ?? -1 { worst = deviation }
        }
        for member in ensemble.members.indices {
            let bounds = ErrorBounds(ensemble, member: member, precision: precision)
            let own = ErrorBounds(ensemble, member: member, precision: .float64)
            switch quantity {
            case .initialWeights: break
            case .outputs: compare(found.outputs[member], with: expected.outputs[member], bounds.outputs(), own.outputs())
            case .jacobian: compare(found.jacobians[member], with: expected.jacobians[member], bounds.jacobian(), own.jacobian())
            case .kernelByGram, .kernelByJacobian:
                let method: TangentKernelMethod = quantity == .kernelByGram ? .gram : .jacobian
                compare(
                    found.tangentKernels[member][0] ?? [], with: expected.tangentKernels[member][0] ?? [],
                    bounds.tangentKernel(method), own.tangentKernel(method))
            case .training:
                let bounds = try TrajectoryBounds(ensemble, member: member, precision: precision, steps: problem.steps)
                let own = try TrajectoryBounds(ensemble, member: member, precision: .float64, steps: problem.steps)
                compare(found.outputs[member], with: expected.outputs[member], .joined(bounds.outputs), .joined(own.outputs))
                compare(found.losses[member], with: expected.losses[member], .joined(bounds.losses), .joined(own.losses))
                compare(found.weights[member], with: expected.weights[member], bounds.weights, own.weights)
                // No problem of the catalogue diverges; one that does on one side only has no step to compare.
                guard let last = expected.lastFinite[member], last.step >= 0 else { continue }
                let same = found.lastFinite[member].flatMap { $0.step == last.step ? $0.outputs : nil } ?? []
                compare(same, with: last.outputs, bounds.outputs[last.step], own.outputs[last.step])
            }
        }
        return worst ?? Deviation(measured: .infinity, bound: 0, ratio: .infinity, scale: 0, index: 0)
    }

    /// Both sides draw scale · √(−2 log a) · cos b with the same a and b. Relative to its value the logarithm may be off by 3 units in
    /// the last place (6u), whose half counts under the root, the root by u, the cosine or sine by 4 units (8u), and two products by u
    /// each: 14u. The host's functions are no worse, and float adds the roundings of scale and result.
    private func deviationOfInitialWeights(_ engine: any Engine, _ precision: Precision) throws -> Deviation {
        let ensemble = try problem.seededEnsemble()
        let found = try CollectedResults(engine, ensemble, job), expected = try CollectedResults(ReferenceEngine(), ensemble, job)
        let double = Arithmetic(.float64).gamma(28), single = precision == .float64 ? 0 : Arithmetic(precision).gamma(3)
        var worst = Deviation(measured: 0, bound: 0, ratio: 0, scale: 0, index: 0)
        for member in ensemble.members.indices {
            let values = expected.weights[member]
            let errors = values.map { (double + single) * abs($0) + Arithmetic(precision).smallest }
            let deviation = BoundedValues(values, errors: errors).compare(found.weights[member])
            if deviation.ratio >= worst.ratio { worst = deviation }
        }
        return worst
    }
}

extension BoundedValues {
    /// Arrays one after the other.
    static func joined(_ parts: [BoundedValues]) -> BoundedValues {
        BoundedValues(parts.flatMap(\.values), errors: parts.flatMap(\.errors))
    }
}
