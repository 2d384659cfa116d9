import Arrays
import Duality
import Engines
import Figures
import Networks
import Runs

/// The tangent kernel of one network at some steps of its training: how far it moved, and which of its eigenvalues drive the loss.
public struct KernelEvolution: Sendable {
    /// The training, with kernels at ``steps``.
    public let result: RunResult
    /// The steps of the kernels, ascending; the first is 0 and the last K.
    public let steps: [Int]
    /// What each kernel says.
    public let moments: [Moment]
    /// λ_i of each kernel, descending, (steps, N·C); NaN where a kernel is not finite.
    public let eigenvalues: [Double]
    /// p_i of each kernel (`SpectralPosition`), (steps, N·C); NaN where nothing drives the loss.
    public let shares: [Double]
    /// The size below which eigenvalues of each kernel are noise, in units of λ.
    let noiseFloors: [Double]

    /// One kernel. What is nil is not known: the kernel is not finite, or nothing drives the loss any more.
    public struct Moment: Sendable, Hashable, Encodable {
        /// The updates before it.
        public let step: Int
        /// The loss there.
        public let loss: Double
        /// λ₁.
        public var largestEigenvalue: Double?
        /// λ₁/λ_n; nil also where λ_n does not exceed the noise floor.
        public var conditionNumber: Double?
        /// λ₁ over the noise floor, which the condition number exceeds where λ_n is below that.
        public var leastConditionNumber: Double?
        /// e^S of the shares λ_i/Σλ.
        public var effectiveRank: Double?
        /// |Θ(t) − Θ(0)|/|Θ(0)|, Frobenius norms.
        public var drift: Double?
        /// ⟨Θ(t), Θ(0)⟩/(|Θ(t)| |Θ(0)|), 1 for a kernel that has changed in size alone.
        public var alignment: Double?
        /// Λ, the driving eigenvalue.
        public var drivingEigenvalue: Double?
        /// Λ/λ₁.
        public var spectralPosition: Double?
        /// Σ_i i p_i, counted from 1.
        public var drivingMode: Double?
    }

    /// Measures the kernels of a training, one eigenproblem after the other.
    /// - Parameters:
    ///   - result: with outputs and losses at every step, and kernels.
    ///   - proceed: called before each kernel with the number that is done; what it throws ends the work.
    /// - Throws: `ExperimentError` for a run without training or kernels; `DualityError`.
    public init(_ result: RunResult, proceed: (_ done: Int) throws -> Void = { _ in }) throws {
        let steps = result.run.kernelSteps, order = result.rows, size = order * order
        guard let training = result.run.training, !steps.isEmpty, result.kernels.count == steps.count * size else {
            throw ExperimentError.nothingToJudge(experiment: "evolve", reason: "the run has no training or no tangent kernels")
        }
        let points = result.run.inputs.points, outputs = result.run.architecture.outputs
        let anchors = try training.loss.anchors(points: points, outputs: outputs)
        let start = result.kernels[..<size]
        var moments: [Moment] = [], eigenvalues: [Double] = [], shares: [Double] = [], floors: [Double] = []
        let unknown = [Double](repeating: .nan, count: order)
        for (index, step) in steps.enumerated() {
            try proceed(index)
            let kernel = result.kernels[index * size..<(index + 1) * size]
            var moment = Moment(step: step, loss: result.losses[step])
            guard kernel.allSatisfy(\.isFinite) else {
                moments.append(moment)
                eigenvalues += unknown
                shares += unknown
                floors.append(.nan)
                continue
            }
            let spectrum = try KernelSpectrum(
                elements: Array(kernel), points: points, outputs: outputs, precision: result.engine.precision)
            let floor = spectrum.noiseFloor * Double(points), largest = spectrum.kernelEigenvalues[0]
            moment.largestEigenvalue = largest
            moment.conditionNumber = spectrum.conditionNumber()
            moment.leastConditionNumber = moment.conditionNumber == nil && floor > 0 ? largest / floor : nil
            moment.effectiveRank = spectrum.effectiveRank
            moment.drift = Comparison.relativeChange(from: start, to: kernel).ifFinite
            moment.alignment = Self.alignment(kernel, start)
            let position = SpectralPosition(spectrum, slopes: training.loss.slopes(result.outputs(at: step), anchors: anchors))
            moment.drivingEigenvalue = position?.drivingEigenvalue
            moment.spectralPosition = position?.position
            moment.drivingMode = position?.drivingMode
            moments.append(moment)
            eigenvalues += spectrum.kernelEigenvalues
            shares += position?.shares ?? unknown
            floors.append(floor)
        }
        self.result = result
        self.steps = steps
        self.moments = moments
        self.eigenvalues = eigenvalues
        self.shares = shares
        noiseFloors = floors
    }

    /// The cosine of two matrices as vectors; nil where one is 0 or not finite.
    private static func alignment(_ left: ArraySlice<Double>, _ right: ArraySlice<Double>) -> Double? {
        let scales = [left, right].map { $0.reduce(0) { max($0, abs($1)) } }
        guard scales[0] > 0, scales[1] > 0 else { return nil }
        var product = 0.0, squares = (0.0, 0.0)
        for (a, b) in zip(left, right) {
            let (a, b) = (a / scales[0], b / scales[1])
            product += a * b
            squares.0 += a * a
            squares.1 += b * b
        }
        return (product / (squares.0.squareRoot() * squares.1.squareRoot())).ifFinite
    }

    /// The arrays of `kernels.npz`: `steps` (T), `ntk` (T, N, N) or (T, N, N, C, C), `eigenvalues` and `shares` (T, N·C), and `outputs`
    /// (T, N, C).
    public func arrays() throws -> [(name: String, array: NumericArray, type: ElementType)] {
        let count = steps.count, points = result.run.inputs.points, outputs = result.run.architecture.outputs
        let size = result.rows * result.rows
        let kernels =
            try outputs == 1
            ? result.kernels
            : (0..<count).flatMap {
                try TangentKernel(
                    points: points, outputs: outputs, elements: Array(result.kernels[$0 * size..<($0 + 1) * size])
                ).blocks.elements
            }
        return [
            ("steps", NumericArray(steps.map(Double.init)), .float64),
            (
                "ntk", try NumericArray(shape: [count, points, points] + (outputs == 1 ? [] : [outputs, outputs]), elements: kernels),
                .float64
            ), ("eigenvalues", try NumericArray(shape: [count, result.rows], elements: eigenvalues), .float64),
            ("shares", try NumericArray(shape: [count, result.rows], elements: shares), .float64),
            (
                "outputs", try NumericArray(shape: [count, points, outputs], elements: steps.flatMap { result.outputs(at: $0) }), .float64
            ),
        ]
    }

    /// The table `kernels.csv`, a row a kernel: ``Moment``, then the eigenvalues up to ``mostColumns`` of them.
    public func table() throws -> CSVTable {
        func cell(_ value: Double?) -> CSVTable.Cell { value.map { .number($0) } ?? .empty }
        let kept = min(result.rows, Self.mostColumns)
        let names = [
            "step", "loss", "largestEigenvalue", "conditionNumber", "effectiveRank", "drift", "alignment", "drivingEigenvalue",
            "spectralPosition", "drivingMode",
        ]
        return try CSVTable(
            columns: names + (1...kept).map { "eigenvalue_\($0)" },
            rows: moments.enumerated().map { index, moment in
                [
                    .integer(moment.step), .number(moment.loss), cell(moment.largestEigenvalue), cell(moment.conditionNumber),
                    cell(moment.effectiveRank), cell(moment.drift), cell(moment.alignment), cell(moment.drivingEigenvalue),
                    cell(moment.spectralPosition), cell(moment.drivingMode),
                ] + (0..<kept).map { .number(eigenvalues[index * result.rows + $0]) }
            })
    }

    /// Eigenvalues of a row of ``table()`` at the most; `kernels.npz` has all.
    public static let mostColumns = 64
}
