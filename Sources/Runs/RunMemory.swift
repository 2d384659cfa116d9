import Arrays
import Duality
import Engines
import Networks

/// What one run takes of the host's memory while it is computed and stored, from its sizes alone: points, schedules and lists of steps
/// need not be there yet. What networks take while they are trained is the engine's to say (`Engine.plan`).
package struct RunMemory: Sendable, Hashable {
    /// N.
    var points = 1
    /// d.
    var dimension = 1
    /// C.
    var outputs = 1
    /// Hidden layers.
    var depth = 1
    /// K.
    var steps = 0
    /// Steps at which outputs and losses are computed.
    package var recorded = 1
    /// Kernels that are computed.
    package var kernels = 0
    /// Predictions that are set beside the training.
    var predictions = 0
    /// Initial weights that are given, not drawn.
    var weights = 0
    /// Weights of which a prediction takes the gradient on the host.
    var differentiated = 0
    /// Numbers of the Jacobian that a prediction takes.
    var jacobian = 0

    /// Numbers that are counted of an ensemble.
    var counted = 0

    /// Copies of a result at the peak: as the engine delivers it, in the result of the run, and as the store writes it.
    private static let copies = 3
    /// Bytes of a layer: its width, its description, its line in the identity, and the arrays that these are made in.
    private static let bytesPerLayer = 256

    package init(points: Int = 1, dimension: Int = 1, outputs: Int = 1, depth: Int = 1, kernels: Int = 0) {
        self.points = points
        self.dimension = dimension
        self.outputs = outputs
        self.depth = depth
        self.kernels = kernels
    }

    package init(_ run: Run) {
        points = run.inputs.points
        dimension = run.inputs.dimension
        outputs = run.architecture.outputs
        depth = run.architecture.depth
        steps = run.steps
        recorded = run.recording.computedTrajectory.count(upTo: steps)
        kernels = run.tangentKernel == nil ? 0 : run.recording.kernels.count(upTo: steps)
        predictions = run.recording.predictions.count
        differentiated = run.recording.predictions.contains { $0.needsCouplings } ? run.architecture.parameterCount : 0
        if let rule = run.training?.schedule.rule, run.recording.predictions.contains(where: { $0.needsJacobian(rule) }) {
            jacobian = run.inputs.points.times(run.architecture.outputs, run.architecture.parameterCount)
        }
        if case .weights(let given) = run.source { weights = given.values.count }
        if let process = run.process { add(ProcessKey(process)) }
    }

    /// Adds what a process takes besides.
    mutating func add(_ process: ProcessKey) { counted = process.counted }

    /// N · C.
    private var rows: Int { points.times(outputs) }
    private var bytesOfPoints: Int { points.times(dimension, 8, 2) }
    private var bytesOfLayers: Int { depth.plus(1).times(Self.bytesPerLayer) }
    /// The steps' numbers, and outputs and loss at each.
    private var bytesOfOutputs: Int { recorded.times(rows.plus(2), 8, Self.copies) }
    private var bytesOfKernels: Int { kernels.times(rows, rows, 8).times(Self.copies).plus(kernels.times(8, Self.copies)) }
    /// As they are given, and as they are handed to the device.
    private var bytesOfWeights: Int { weights.times(8, 2) }
    private var bytesOfCounts: Int { counted.times(8, Self.copies) }
    private var bytesOfPredictions: Int {
        predictions.times(steps.plus(1), rows, 8).times(Self.copies).plus(differentiated.times(8, FiniteWidthCouplings.arraysOfWeights))
            .plus(jacobian.times(8, Self.copies))
    }

    /// All of them; `Int.max` where the sizes overflow.
    package var bytes: Int {
        bytesOfPoints.plus(bytesOfLayers).plus(bytesOfWeights).plus(bytesOfOutputs).plus(bytesOfKernels).plus(bytesOfCounts)
            .plus(bytesOfPredictions)
    }

    /// Bytes that it adds to a batch: what it is made from, and its result.
    var bytesInBatch: Int { bytesOfPoints.plus(bytesOfLayers).plus(bytesOfOutputs.plus(bytesOfKernels).plus(bytesOfCounts) / Self.copies) }

    /// What takes how much, and what would take less.
    package var plan: HostMemoryPlan {
        HostMemoryPlan([
            .init(points.number(of: "point"), bytes: bytesOfPoints, remedy: "use fewer points"),
            .init(depth.number(of: "hidden layer"), bytes: bytesOfLayers, remedy: "use a smaller depth"),
            .init(weights.number(of: "given weight"), bytes: bytesOfWeights, remedy: "use a smaller network"),
            .init(
                "outputs of \(rows.number(of: "row")) at \(recorded.number(of: "step"))", bytes: bytesOfOutputs,
                remedy: recorded > 2 ? "record fewer steps, such as trajectory: ends" : "use fewer points or outputs"),
            .init(
                "\(kernels == 1 ? "the tangent kernel" : "\(kernels) tangent kernels") of \(rows.number(of: "row"))", bytes: bytesOfKernels,
                remedy: kernels > 2 ? "record fewer kernels, such as kernels: ends" : "use fewer points or outputs, or kernels: none"),
            .init(
                counted.number(of: "number that the process counts", "numbers that the process counts"), bytes: bytesOfCounts,
                remedy: "record fewer steps, such as trajectory: every 100"),
            .init(
                predictions.number(of: "prediction"), bytes: bytesOfPredictions, remedy: "leave record.predictions out, or use fewer steps"),
        ])
    }

    /// The key of a scan file that most of it follows from.
    package var key: String {
        let ofRows = outputs > points ? "outputs" : "inputs"
        let parts = [
            ("inputs", bytesOfPoints), ("depth", bytesOfLayers), ("weights", bytesOfWeights),
            (recorded > 2 ? "record" : ofRows, bytesOfOutputs),
            (kernels > 2 ? "record" : ofRows, bytesOfKernels), ("record", bytesOfCounts), ("record", bytesOfPredictions),
        ]
        return parts.max { $0.1 < $1.1 }?.0 ?? "record"
    }
}
