import Duality

/// The quantities of one run, as far as they are known; what several of them need is computed once.
///
/// A value is nil where it has no meaning for the run, where it is not known yet, and where it is not a number.
public struct QuantityValues: Sendable {
    /// One value for each of `Quantity.all`, in its order.
    public let values: [Double?]
    /// Why predictions that the run records have no values: refused for its loss or schedule, or not integrated.
    public let predictionFailures: [Prediction: DualityError]
    /// Why the quantities of a kernel that was computed have no values: it is not finite.
    public let kernelFailure: String?
    /// The modes of the kernel at the start, of which several quantities are; nil for one field, and where there are none.
    package let spectrum: KernelSpectrum?
    /// Why numbers of a process are missing.
    private let processFailures: [String]

    /// What is known before anything is computed: the parameters.
    public init(_ run: Run) {
        var values = Self.start()
        Self.append(Quantity.parameterDefinitions, run, &values)
        self.values = Self.padded(values)
        predictionFailures = [:]
        kernelFailure = nil
        spectrum = nil
        processFailures = []
    }

    /// What is known before the training: the parameters, and what outputs and kernel at the start say.
    /// - Parameters:
    ///   - run: with its training.
    ///   - start: a result of the same network, which may have no training; of it only outputs and kernel at step 0 are used.
    public init(_ run: Run, start: RunResult) {
        var values = Self.start()
        Self.append(Quantity.parameterDefinitions, run, &values)
        let initial = InitialState(run, start, needsSpectrum: false)
        Self.append(Quantity.initialDefinitions, initial, &values)
        self.values = Self.padded(values)
        predictionFailures = [:]
        kernelFailure = initial.kernelFailure
        spectrum = initial.spectrum
        processFailures = []
    }

    /// All quantities.
    ///
    /// Predictions are those of the run's recording; they need the outputs of every step and the kernel at the start, and cost what
    /// integrating them costs. Several fields cost an eigenproblem.
    public init(_ result: RunResult) {
        var values = Self.start()
        Self.append(Quantity.parameterDefinitions, result.run, &values)
        if let process = ProcessState(result) {
            values += [Double?](repeating: nil, count: Quantity.initialDefinitions.count)
            values += Quantity.finalDefinitions.map { process.shared[$0.name]?.unlessNaN }
            Self.append(Quantity.processDefinitions, process, &values)
            self.values = values
            (predictionFailures, kernelFailure, spectrum, processFailures) = ([:], nil, nil, process.failures)
            return
        }
        let initial = InitialState(result.run, result, needsSpectrum: true)
        Self.append(Quantity.initialDefinitions, initial, &values)
        let final = FinalState(result, initial)
        Self.append(Quantity.finalDefinitions, final, &values)
        self.values = Self.padded(values)
        predictionFailures = final.failures
        kernelFailure = initial.kernelFailure
        spectrum = initial.spectrum
        processFailures = []
    }

    /// What has no values though it was asked for, with the reason, as the column `predictionFailures` of a store names it.
    package var failures: [String] {
        (predictionFailures.map { "\($0.key.rawValue): \($0.value)" } + [kernelFailure].compactMap { $0.map { "kernel: \($0)" } }
            + processFailures).sorted()
    }

    public subscript(_ quantity: Quantity) -> Double? { values[quantity.index] }

    /// The value of a quantity by its name.
    /// - Throws: `QuantityError.unknown`.
    public func value(_ name: String) throws(QuantityError) -> Double? { self[try Quantity.named(name)] }

    private static func start() -> [Double?] {
        var values: [Double?] = []
        values.reserveCapacity(Quantity.all.count)
        return values
    }

    private static func padded(_ values: [Double?]) -> [Double?] {
        values + [Double?](repeating: nil, count: Quantity.all.count - values.count)
    }

    private static func append<Subject>(_ definitions: [Quantity.Definition<Subject>], _ subject: Subject, _ values: inout [Double?]) {
        for index in definitions.indices { values.append(definitions[index].measure(subject)?.unlessNaN) }
    }
}
