import Arrays
import Duality
import Engines
import Figures
import Networks
import Runs

/// One network beside its universe: what `evolve` shows.
public struct SideBySide: Sendable {
    /// The trained network.
    public let result: RunResult
    public let training: Run.Training
    /// All that the prediction knows of it.
    public let network: FrozenNetwork
    public let prediction: Prediction
    /// The reduced Planck mass M in units of the output.
    public let planckMass: Double
    public let predicted: PredictedTrajectory
    /// How well the two agree.
    public let comparison: Comparison
    /// The conditions of the duality, each with its measured number.
    public let conditions: [Condition]
    /// Friction and force fitted to the training without a dictionary; nil unless there is one output on one point that moved.
    public let fit: FrictionFit?
    /// Why there is no fit where one was tried: of one output on one point, at a constant schedule.
    public let fitFailure: DualityError?

    /// What becomes of the universe of an optimiser that makes its own expansion, by the training and by the prediction; nil for others.
    public let universes: (network: UniverseHistory, universe: UniverseHistory)?
    /// The eras of an optimiser with an H for every step; nil for others.
    public let eras: EraHistory?
    /// How the universe that predicts expands, and by what; nil where there is no H.
    public let expansion: (expansion: FieldExpansion, source: String)?
    /// Several outputs on one point as several fields; nil for others.
    public let fields: FieldPaths?
    /// What the difference of the two is made of, which the trained path tells; nil where it is not followed.
    public let budget: ErrorBudget?
    /// Why there is no budget.
    public let budgetRefusal: String?

    /// Predicts a training and compares.
    /// - Parameters:
    ///   - result: of a run with training and kernels.
    ///   - prediction: what predicts.
    ///   - planckMass: M.
    ///   - kernel: what is predicted from, (N·C, N·C); nil for the kernel measured at the start.
    /// - Throws: `ExperimentError` for a run without training or kernels; `DualityError`.
    public init(
        _ result: RunResult, prediction: Prediction = .standard, planckMass: Double = 1, kernel: [Double]? = nil
    ) throws {
        guard let training = result.run.training, !result.initialKernel.isEmpty else {
            throw ExperimentError.nothingToJudge(experiment: "evolve", reason: "the run has no training or no tangent kernel")
        }
        self.result = result
        self.training = training
        self.prediction = prediction
        self.planckMass = planckMass
        let rows = result.rows
        network = try FrozenNetwork(result, training, kernel: kernel).prepared(for: prediction, result.run)
        predicted = try prediction.trajectory(of: network, planckMass: planckMass)
        universes = Self.universes(result, training, predicted)
        let final = result.finalKernel.isEmpty ? result.initialKernel : result.finalKernel
        comparison = try Comparison(
            trained: result.outputs, predicted: predicted, kernelAtStart: result.initialKernel, kernelAtEnd: final)
        conditions = try network.conditions(
            prediction: prediction, planckMass: planckMass, trained: result.outputs, kernelDrift: comparison.kernelDrift)
        eras = Self.eras(training)
        expansion = try Self.expansion(result, network, predicted)
        fields = try Self.fieldPaths(
            result, network, prediction, planckMass: planckMass, error: comparison.greatestErrorOverTravel)
        (budget, budgetRefusal) = Self.budget(result, training, network, predicted, isMeasured: kernel == nil)
        guard rows == 1, training.schedule.isConstant, training.schedule.rule == .heavyBall, result.divergedAt == nil else {
            (fit, fitFailure) = (nil, nil)
            return
        }
        do throws(DualityError) {
            fit = try FrictionFit(
                trajectory: result.outputs, timeStep: training.schedule.learningRate(at: 0).squareRoot(), loss: training.loss,
                kernelDrift: comparison.kernelDrift)
            fitFailure = nil
        } catch {
            (fit, fitFailure) = (nil, error)
        }
    }

    /// t_k = k√η, or Σ√η_k where the learning rate changes.
    public var times: [Double] {
        var time = 0.0
        return [0]
            + (0..<training.steps).map { step in
                let rate = training.schedule.learningRate(at: step).squareRoot()
                // Multiplied, not summed, where that is exact.
                time = training.schedule.isConstant ? Double(step + 1) * rate : time + rate
                return time
            }
    }

    /// The conditions that do not hold.
    public var violations: [Condition] { conditions.filter { !$0.holds } }

    /// The arrays of `trajectory.npz`: `outputs` and `predicted` (K + 1, N, C), `loss` and `time` (K + 1), `hubble`, `eFolds` and `scaleFactor` of
    /// the universe (K + 1), or what becomes of both universes, and of several fields what the trace of Θ predicts and the turn rates.
    public func arrays() throws -> [(name: String, array: NumericArray, type: ElementType)] {
        let shape = [training.steps + 1, result.run.inputs.points, result.run.architecture.outputs]
        return [
            ("outputs", try NumericArray(shape: shape, elements: result.outputs), .float64),
            ("loss", NumericArray(result.losses), .float64),
            ("predicted", try NumericArray(shape: shape, elements: predicted.values), .float64),
            ("time", NumericArray(times), .float64),
        ] + (expansionColumns + historyColumns + eraColumns + fieldColumns).map { ($0.name, NumericArray($0.values), .float64) }
    }

    /// The table `trajectory.csv`: step, time, loss, for each field the trained and predicted output and their difference, and the columns of
    /// the universe as in ``arrays()``.
    public func table() throws -> CSVTable {
        var columns: [(name: String, values: CSVTable.Column)] = [
            ("step", .integers(Array(0...training.steps))), ("time", .numbers(times)), ("loss", .numbers(result.losses)),
        ]
        for field in 0..<result.rows {
            let (trained, predicted) = (trained(field), predicted(field))
            let suffix = result.rows == 1 ? "" : "_\(field / result.run.architecture.outputs)_\(field % result.run.architecture.outputs)"
            columns.append(("output\(suffix)", .numbers(trained)))
            columns.append(("predicted\(suffix)", .numbers(predicted)))
            columns.append(("difference\(suffix)", .numbers(zip(trained, predicted).map { $0 - $1 })))
        }
        return try CSVTable(
            byColumn: columns + (expansionColumns + historyColumns + eraColumns + fieldColumns).map { ($0.name, .numbers($0.values)) })
    }

    /// The trained output of one point and output (n·C + c) over time.
    func trained(_ field: Int) -> [Double] { stride(from: field, to: result.outputs.count, by: result.rows).map { result.outputs[$0] } }

    /// The predicted output of one point and output over time.
    func predicted(_ field: Int) -> [Double] {
        stride(from: field, to: predicted.values.count, by: result.rows).map { predicted.values[$0] }
    }
}
