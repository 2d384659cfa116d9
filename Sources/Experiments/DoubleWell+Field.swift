import Arrays
import Duality
import Engines
import Networks
import Runs

extension DoubleWell {
    /// A training beside the frozen field theory with the full kernel: every point, all modes, the whole potential.
    struct Field: Sendable {
        let sample: Sample
        let points: [Double]
        let start: [Double]
        let end: [Double]
        /// The outputs at the end by the corrected dictionary and by the frozen recursion.
        let corrected: [Double]
        let frozen: [Double]
        /// Shares of points that end in the predicted minimum; the last by the signs at the start.
        let agreement: (corrected: Double, frozen: Double, start: Double)
        /// Greatest distance to the frozen recursion, at any point and step.
        let greatestError: Double
        /// v₁·f at each step.
        let leading: [Double]
        /// Its growth per step: measured, as its eigenvalue predicts, of the frozen recursion over the same steps, and as the paper's
        /// dictionary predicts, and as the second eigenvalue would.
        let growth: (measured: Double, predicted: Double, frozen: Double, paper: Double, second: Double)
        /// The steps between which growth is measured.
        let window: (start: Int, end: Int)
        let kernelDrift: Double

        init(_ sample: Sample, _ result: RunResult) throws {
            guard let training = sample.run.training else {
                throw ExperimentError.nothingToJudge(experiment: "double-well", reason: "the run has no training")
            }
            self.sample = sample
            points = sample.run.inputs.values
            let count = points.count
            start = Array(result.outputs(at: 0))
            end = Array(result.outputs(at: training.steps))
            let network = try FrozenNetwork(result, training)
            let recursion = try Prediction.frozen.trajectory(of: network)
            corrected = try Prediction.corrected.trajectory(of: network).outputs(at: training.steps)
            frozen = recursion.outputs(at: training.steps)
            agreement = (
                try TachyonicGrowth.signAgreement(end, corrected), try TachyonicGrowth.signAgreement(end, frozen),
                try TachyonicGrowth.signAgreement(end, start)
            )
            greatestError = zip(result.outputs, recursion.values).map { abs($0 - $1) }.max()!
            kernelDrift = Comparison.relativeChange(from: result.initialKernel[...], to: result.finalKernel[...])

            let spectrum = try network.spectrum(result.engine.precision)
            let vector = spectrum.vector(0)
            func project(_ outputs: [Double]) -> [Double] {
                (0...training.steps).map { step in vector.indices.reduce(0) { $0 + vector[$1] * outputs[step * count + $1] } }
            }
            leading = project(result.outputs)
            let limit = DoubleWell.linearShare * DoubleWell.minimum
            let last = (0...training.steps).first { result.outputs(at: $0).contains { abs($0) > limit } } ?? training.steps
            window = (last * 6 / 10, last)
            let curvature = -DoubleWell.scale * DoubleWell.minimum * DoubleWell.minimum * spectrum.eigenvalues[0]
            growth = (
                try TachyonicGrowth.measuredPerStep(leading, from: window.start, to: window.end),
                try TachyonicGrowth.perStep(
                    stepCurvature: DoubleWell.learningRate * curvature, momentum: DoubleWell.momentum),
                try TachyonicGrowth.measuredPerStep(project(recursion.values), from: window.start, to: window.end),
                DoubleWell.learningRate.squareRoot()
                    * (try TachyonicGrowth.rate(
                        .paper, curvature: curvature, learningRate: DoubleWell.learningRate, momentum: DoubleWell.momentum)),
                try TachyonicGrowth.perStep(
                    stepCurvature: DoubleWell.learningRate * curvature * spectrum.eigenvalues[1] / spectrum.eigenvalues[0],
                    momentum: DoubleWell.momentum)
            )
        }

        var growthError: Double { abs(growth.measured / growth.predicted - 1) }
        /// How far the rate of the second eigenvalue is from the growth.
        var secondGrowthError: Double { abs(growth.measured / growth.second - 1) }
        var paperGrowthError: Double { abs(growth.measured / growth.paper - 1) }
        var frozenGrowthError: Double { abs(growth.frozen / growth.predicted - 1) }

        /// The number of changes of sign from point to point.
        static func walls(_ outputs: [Double]) -> Int { zip(outputs, outputs.dropFirst()).count { $0 * $1 < 0 } }
        var movesWalls: Bool { Self.walls(start) != Self.walls(end) }
    }
}
