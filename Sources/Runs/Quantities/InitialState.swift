import Arrays
import Duality
import Engines
import Networks

/// A network before its training: what the quantities of that stage are measured of.
struct InitialState {
    let run: Run
    /// f(0), (N, C); nil if it is missing.
    let outputs: ArraySlice<Double>?
    /// Θ(0), (N·C, N·C); nil if none was computed or kept.
    let kernel: ArraySlice<Double>?
    /// The same, which owns its modes.
    let matrix: SymmetricMatrix?
    /// The modes of the kernel; nil for one field, where their numbers are known, and where the eigenproblem is not solved.
    let spectrum: KernelSpectrum?
    /// What quantities say of them.
    let modes: ModeNumbers?
    /// ⟨Σ_c l(f_c)⟩ and l″ averaged over points and outputs; nil without training.
    let loss: (mean: Double, curvature: Double)?
    /// Λ/N: what several quantities are of, at N² operations.
    let drivingEigenvalue: Double?

    /// - Parameter needsSpectrum: whether the modes are needed themselves, and not only their numbers.
    init(_ run: Run, _ start: RunResult, needsSpectrum: Bool) {
        self.run = run
        let rows = run.inputs.points * run.architecture.outputs, elements = rows * rows
        outputs = start.outputs.count >= rows ? start.outputs[..<rows] : nil
        kernel = start.kernels.count >= elements ? start.kernels[..<elements] : nil
        matrix = kernel.map { SymmetricMatrix(Array($0), order: rows) }
        let known = start.knownModes.numbers
        spectrum =
            rows > 1 && (needsSpectrum || known == nil)
            ? matrix.flatMap {
                try? KernelSpectrum($0, points: run.inputs.points, outputs: run.architecture.outputs, precision: start.engine.precision)
            } : nil
        if let spectrum { start.knownModes.measured(spectrum) }
        modes = spectrum.map(ModeNumbers.init) ?? known
        loss = outputs.flatMap { Self.loss(run, $0) }
        if let kernel, let outputs {
            drivingEigenvalue = run.drivingEigenvalue(kernel, outputs)
        } else {
            drivingEigenvalue = nil
        }
    }

    private static func loss(_ run: Run, _ outputs: ArraySlice<Double>) -> (mean: Double, curvature: Double)? {
        guard let loss = run.training?.loss else { return nil }
        let points = run.inputs.points
        if outputs.count == 1, let anchor = loss.singleAnchor {
            let output = outputs[outputs.startIndex]
            return (
                loss.shape.value(output, anchor: anchor, scale: loss.scale), loss.shape.curvature(output, anchor: anchor, scale: loss.scale)
            )
        }
        guard let anchors = try? loss.anchors(points: points, outputs: run.architecture.outputs) else { return nil }
        return (loss.total(outputs, anchors: anchors) / Double(points), loss.meanCurvature(outputs, anchors: anchors))
    }

    /// Why quantities of the kernel have no values though it was computed; nil where they have.
    var kernelFailure: String? {
        guard let kernel, modes == nil, let place = kernel.firstIndex(where: { !$0.isFinite }) else { return nil }
        return "the tangent kernel at the start is not finite at row \(place / order), column \(place % order); use smaller inputs or "
            + "weights, record.method: jacobian, or a higher precision"
    }

    /// L₁ = λ₁/N; Θ₀ for one field.
    var leadingEigenvalue: Double? { order == 1 ? kernel?.first : modes?.leadingEigenvalue }

    /// N·C, the number of fields.
    var order: Int { run.inputs.points * run.architecture.outputs }

    /// A property of the modes, or what it is for one field with that kernel.
    func modes(_ property: (ModeNumbers) -> Double?, oneField: (_ kernel: Double) -> Double?) -> Double? {
        if let modes { return property(modes) }
        guard order == 1, let kernel = kernel?.first, kernel.isFinite else { return nil }
        return oneField(kernel)
    }

    /// L₁ ⟨l⟩, Θ₀ l(f₀) for one field: the potential without V₀.
    var potential: Double? {
        guard let leadingEigenvalue, let loss else { return nil }
        return VacuumDomination.potential(leadingEigenvalue: leadingEigenvalue, meanLoss: loss.mean)
    }

    /// The potential over V₀.
    func vacuumRatio(_ dictionary: DualityDictionary) -> Double? {
        guard let potential, let vacuum = run.terms(dictionary)?.vacuumEnergy else { return nil }
        return VacuumDomination.ratio(potential: potential, vacuumEnergy: vacuum)
    }

    /// The largest η at which V₀ is κ = 10 times the potential.
    func largestLearningRate(_ dictionary: DualityDictionary) -> Double? {
        guard let potential, let schedule = run.training?.schedule, schedule.rule == .heavyBall else { return nil }
        return try? VacuumDomination.largestLearningRate(dictionary, potential: potential, momentum: schedule.momenta[0], dominance: 10)
    }
}

extension Run {
    /// The eigenvalue over N that drives the loss (`SpectralPosition`) of a kernel and the outputs beside it; nil without training, and where
    /// the loss has no slope.
    func drivingEigenvalue(_ kernel: ArraySlice<Double>, _ outputs: ArraySlice<Double>) -> Double? {
        guard let loss = training?.loss else { return nil }
        if outputs.count == 1, let output = outputs.first, let anchor = loss.singleAnchor, let kernel = kernel.first {
            // Of one field, of which there may be a million runs.
            let slope = loss.shape.slope(output, anchor: anchor, scale: loss.scale)
            return slope != 0 && slope.isFinite && kernel > 0 && kernel.isFinite ? kernel : nil
        }
        guard let anchors = try? loss.anchors(points: inputs.points, outputs: architecture.outputs) else {
            return nil
        }
        return SpectralPosition.drivingEigenvalue(kernel: kernel, slopes: loss.slopes(outputs, anchors: anchors))
            .map { $0 / Double(inputs.points) }
    }
}
