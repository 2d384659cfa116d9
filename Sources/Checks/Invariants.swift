import Arrays
import Compute
import Engines
import Networks

/// Properties that hold for every engine whatever the numbers are, and so need no reference.
enum Invariants {
    /// One invariant, and how far an engine deviates from it.
    struct Invariant: Sendable {
        let name: String
        let measure: @Sendable (any Engine) throws -> Deviation

        func run(on engine: any Engine) -> CheckResult {
            CheckResult(name: "invariant: \(name)", precision: engine.description.precision) { try measure(engine) }
        }
    }

    static let all = [
        Invariant(name: "the tangent kernel is symmetric to the last bit", measure: symmetry),
        Invariant(name: "both ways to the tangent kernel agree", measure: methods),
        Invariant(name: "the tangent kernel has no negative eigenvalue", measure: eigenvalues),
        Invariant(name: "a network is the same alone and in an ensemble", measure: batching),
        Invariant(name: "a network of small integers is computed exactly", measure: integers),
    ]

    private static func problem() throws -> Problem { try CheckCatalogue.odd()[0] }

    private static let symmetry: @Sendable (any Engine) throws -> Deviation = { engine in
        let ensemble = try problem().ensemble(), rows = ensemble.rows
        return .worst(
            try TangentKernelMethod.allCases.flatMap { method in
                try CollectedResults(engine, ensemble, Job(outputs: false, tangentKernel: method)).tangentKernels.map { kernels in
                    let kernel = kernels[0] ?? []
                    return BoundedValues(kernel).compare((0..<rows * rows).map { kernel[$0 % rows * rows + $0 / rows] })
                }
            })
    }

    private static let methods: @Sendable (any Engine) throws -> Deviation = { engine in
        let ensemble = try problem().ensemble(), precision = engine.description.precision
        let gram = try CollectedResults(engine, ensemble, Job(outputs: false, tangentKernel: .gram))
        let contraction = try CollectedResults(engine, ensemble, Job(outputs: false, tangentKernel: .jacobian))
        return .worst(
            ensemble.members.indices.map { e in
                let bounds = ErrorBounds(ensemble, member: e, precision: precision)
                let errors = zip(bounds.tangentKernel(.gram).errors, bounds.tangentKernel(.jacobian).errors).map(+)
                return BoundedValues(gram.tangentKernels[e][0] ?? [], errors: errors).compare(contraction.tangentKernels[e][0] ?? [])
            })
    }

    /// By Weyl's theorem rounding moves an eigenvalue by no more than the Frobenius norm of the kernel's error; the eigenvalues' own
    /// rounding comes on top.
    private static let eigenvalues: @Sendable (any Engine) throws -> Deviation = { engine in
        let ensemble = try problem().ensemble(), rows = ensemble.rows
        let found = try CollectedResults(engine, ensemble, Job(outputs: false, tangentKernel: .gram))
        return .worst(
            try ensemble.members.indices.map { e in
                let errors = ErrorBounds(ensemble, member: e, precision: engine.description.precision).tangentKernel(.gram).errors
                let eigen = try SymmetricEigen.eigenvalues(of: found.tangentKernels[e][0] ?? [], order: rows)
                let smallest = eigen.values.min() ?? -.infinity, norm = errors.reduce(0) { $0 + $1 * $1 }.squareRoot()
                return BoundedValues([0], errors: [norm + eigen.noiseFloor]).compare([min(0, smallest)])
            })
    }

    private static let batching: @Sendable (any Engine) throws -> Deviation = { engine in
        let problem = try problem(), ensemble = try problem.seededEnsemble()
        let job = Job(tangentKernel: .gram, finalWeights: true, training: Job.Training(steps: 3))
        let together = try CollectedResults(engine, ensemble, job)
        return .worst(
            try ensemble.members.indices.flatMap { e in
                let alone = try CollectedResults(
                    engine,
                    Ensemble(
                        architecture: ensemble.architecture, members: [ensemble.members[e]],
                        inputs: [ensemble.inputs[ensemble.inputs.count == 1 ? 0 : e]]), job
                )
                return [
                    BoundedValues(alone.outputs[0]).compare(together.outputs[e]),
                    BoundedValues(alone.weights[0]).compare(together.weights[e]),
                    BoundedValues(alone.tangentKernels[0][0] ?? []).compare(together.tangentKernels[e][0] ?? [.nan]),
                ]
            })
    }

    /// With all weights and biases 1 and positive inputs, every unit is h = Σ x + 1 and f = width h + 1. The derivatives are x and 1 by the
    /// weights and the bias of each unit, for all outputs, and h and 1 by those of the read-out, for the own output, so
    /// Θ(x, y) = width (x·y + 1) + (width h(x) h(y) + 1) where the outputs are the same.
    private static let integers: @Sendable (any Engine) throws -> Deviation = { engine in
        let inputs = 5, width = 33, outputs = 3, count = 5, rows = count * outputs
        let architecture = try Architecture(
            inputs: inputs, widths: [width], outputs: outputs, activation: .relu, parameterisation: .standard)
        let member = Ensemble.Member(
            source: .weights(try Weights([Double](repeating: 1, count: architecture.parameterCount), for: architecture)), sigmaW: 1,
            sigmaB: 1)
        let x = (0..<count * inputs).map { Double(1 + $0 % 7) }
        let ensemble = try Ensemble(
            architecture: architecture, members: [member], inputs: [try Inputs(points: count, dimension: inputs, values: x)])
        let h = (0..<count).map { n in x[n * inputs..<(n + 1) * inputs].reduce(1, +) }
        let kernel = (0..<rows * rows).map { index in
            let (n, c) = (index / rows / outputs, index / rows % outputs), (m, d) = (index % rows / outputs, index % rows % outputs)
            let product = (0..<inputs).reduce(0.0) { $0 + x[n * inputs + $1] * x[m * inputs + $1] }
            return Double(width) * (product + 1) + (c == d ? Double(width) * h[n] * h[m] + 1 : 0)
        }
        return .worst(
            try TangentKernelMethod.allCases.flatMap { method in
                let found = try CollectedResults(engine, ensemble, Job(tangentKernel: method))
                return [
                    BoundedValues((0..<rows).map { Double(width) * h[$0 / outputs] + 1 }).compare(found.outputs[0]),
                    BoundedValues(kernel).compare(found.tangentKernels[0][0] ?? []),
                ]
            })
    }
}
