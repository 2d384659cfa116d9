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
        Invariant(name: "the same work twice is the same", measure: repetition),
        Invariant(name: "the outputs of a network are the same alone and in an ensemble") { try batching($0).outputs },
        Invariant(name: "the weights of a network are the same alone and in an ensemble") { try batching($0).weights },
        Invariant(name: "the tangent kernel of a network is the same alone and in an ensemble") { try batching($0).kernels },
        Invariant(name: "a wide network is the same in ensembles of any size", measure: crowds),
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

    /// Each quantity of a job by itself, so that a report says which of them another engine or device gets wrong.
    private typealias Found = (outputs: Deviation, weights: Deviation, kernels: Deviation)

    private static func worst(_ found: [Found]) -> Found {
        (.worst(found.map(\.outputs)), .worst(found.map(\.weights)), .worst(found.map(\.kernels)))
    }

    /// Two members, to the last bit.
    private static func compare(_ one: CollectedResults, _ a: Int, _ other: CollectedResults, _ b: Int) -> Found {
        (
            BoundedValues(one.outputs[a]).compare(other.outputs[b]), BoundedValues(one.weights[a]).compare(other.weights[b]),
            BoundedValues(one.tangentKernels[a][0] ?? []).compare(other.tangentKernels[b][0] ?? [.nan])
        )
    }

    private static let everything = Job(tangentKernel: .gram, finalWeights: true, training: Job.Training(steps: 3))

    private static let repetition: @Sendable (any Engine) throws -> Deviation = { engine in
        let ensemble = try problem().seededEnsemble()
        let once = try CollectedResults(engine, ensemble, everything), again = try CollectedResults(engine, ensemble, everything)
        let found = worst(ensemble.members.indices.map { compare(once, $0, again, $0) })
        return .worst([found.outputs, found.weights, found.kernels])
    }

    private static func batching(_ engine: any Engine) throws -> Found {
        let ensemble = try problem().seededEnsemble(), together = try CollectedResults(engine, ensemble, everything)
        return worst(
            try ensemble.members.indices.map { e in
                let single = try Ensemble(
                    architecture: ensemble.architecture, members: [ensemble.members[e]],
                    inputs: [ensemble.inputs[ensemble.inputs.count == 1 ? 0 : e]])
                return compare(try CollectedResults(engine, single, everything), 0, together, e)
            })
    }

    /// Sizes of which work-groups take tiles, with sums too short to be divided: how large the tiles are follows from how many networks
    /// there are, the order of their sums may not.
    private static let crowds: @Sendable (any Engine) throws -> Deviation = { engine in
        let problem = Problem(
            try Architecture(inputs: 40, widths: [63, 40], outputs: 1, activation: .erf), points: 33, members: 300, sharesInputs: true,
            seed: 9)
        let all = try problem.seededEnsemble(), together = try CollectedResults(engine, all, everything)
        let found = worst(
            try [1, 3, 64].flatMap { count in
                let some = try Ensemble(architecture: all.architecture, members: Array(all.members.prefix(count)), inputs: all.inputs)
                let results = try CollectedResults(engine, some, everything)
                return [0, count - 1].map { compare(results, $0, together, $0) }
            })
        return .worst([found.outputs, found.weights, found.kernels])
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
