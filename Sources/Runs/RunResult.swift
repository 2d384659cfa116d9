import Engines
import Learning
import Networks

/// What came of a run.
public struct RunResult: Sendable {
    public let run: Run
    /// f at ``recordedSteps``, (steps, N, C) in row-major order.
    public package(set) var outputs: [Double] = []
    /// L at those steps; empty without training.
    public package(set) var losses: [Double] = []
    /// What the update rule records at those steps (`UpdateRule.recorded`), (steps, recorded); empty where it records nothing, and in results
    /// from a store, which keeps the last of them as quantities.
    public package(set) var controls: [Double] = []
    /// Θ at ``Run/kernelSteps``, (steps, N·C, N·C). Of a process what was counted (`ProcessRecord.counts`), if it was recorded.
    public package(set) var kernels: [Double] = []
    /// The state after the last step at which loss and outputs were finite; nil without training.
    public package(set) var lastFinite: State?
    public let engine: EngineDescription

    /// Outputs and loss after one step.
    public typealias State = CollectedResults.LastFinite

    /// Those of Θ at the start.
    package let knownModes: KnownModes
    /// χ of what was counted of an ensemble.
    package let knownMeter = KnownMeter()

    /// - Parameters:
    ///   - recordedSteps: default: all that an engine delivers; a store keeps fewer where they were for predictions only.
    ///   - modes: what is known of the modes of Θ at the start. Default: nothing, they are measured when a quantity asks for them.
    package init(run: Run, engine: EngineDescription, recordedSteps: [Int]? = nil, modes: ModeNumbers? = nil) {
        self.run = run
        self.engine = engine
        knownModes = KnownModes(modes)
        self.recordedSteps = recordedSteps ?? run.recordedSteps
    }

    /// What an engine delivered for one member, whose kernels move here.
    init(run: Run, engine: EngineDescription, collected: inout CollectedResults, member: Int) {
        self.init(run: run, engine: engine)
        outputs = collected.outputs[member]
        losses = collected.losses[member]
        controls = collected.controls[member]
        kernels = collected.takeTangentKernels(of: member)
        lastFinite = collected.lastFinite[member]
    }

    /// The steps that `outputs` and `losses` are of.
    public let recordedSteps: [Int]

    /// N · C.
    public var rows: Int { run.inputs.points * run.architecture.outputs }

    /// The outputs after one of the recorded steps.
    public func outputs(at step: Int) -> ArraySlice<Double> {
        let index = recordedSteps.count == run.steps + 1 ? step : recordedSteps.firstIndex(of: step)!
        return outputs[index * rows..<(index + 1) * rows]
    }

    /// What the update rule records under that name at the recorded steps; nil where it records no such thing, or that was not kept.
    package func recorded(_ name: String) -> [Double]? {
        let names = run.training?.schedule.rule.recorded.map(\.name) ?? []
        guard let place = names.firstIndex(of: name), !controls.isEmpty else { return nil }
        return stride(from: place, to: controls.count, by: names.count).map { controls[$0] }
    }

    /// What the loss is before the training; nil where the outputs are missing.
    package func initialValue(of loss: Loss) -> Double? {
        guard let anchors = try? loss.anchors(points: run.inputs.points, outputs: run.architecture.outputs), outputs.count >= anchors.count
        else { return nil }
        return loss.total(outputs.prefix(anchors.count), anchors: anchors) / Double(run.inputs.points)
    }

    /// Θ at the start, (N·C, N·C); empty if no kernel was computed.
    public var initialKernel: [Double] { Array(kernels.prefix(rows * rows)) }

    /// Θ at the end of the training; empty without training or kernel.
    public var finalKernel: [Double] { run.steps == 0 ? [] : Array(kernels.suffix(rows * rows)) }

    /// The first step at which the loss or an output was not finite, or nil. A divergent run is a result, not a failure.
    public var divergedAt: Int? {
        if let lastFinite { return lastFinite.step < run.steps ? lastFinite.step + 1 : nil }
        return outputs.firstIndex { !$0.isFinite }.map { recordedSteps[$0 / rows] }
    }
}
