import Cosmology
import Duality
import Figures
import Foundation
import Networks
import Runs

/// Several outputs on one point as several fields with the metric Θ⁻¹, beside the universe that they are dual to and one whose fields have
/// one kinetic term and do not see each other: what `evolve` shows of C > 1.
public struct FieldPaths: Sendable {
    /// C.
    public let count: Int
    /// The universe, with V = Σ_c l(f_c) + V₀.
    public let universe: FieldUniverse
    /// What it is at each step.
    public let samples: [FieldSample]
    /// f_a at each step by the mean of the diagonal of Θ alone, (K + 1, C).
    public let trace: [Double]
    /// Greatest errors over the greatest travel: of the prediction with the whole Θ_ab and with its trace.
    public let errors: (whole: Double, trace: Double)
    /// max |Θ_ab| over ⟨Θ_aa⟩, a ≠ b.
    public let mixing: Double
    /// ω of the training, in the metric Θ⁻¹, by central differences.
    public let turnRates: [Double]

    /// ∫ ω dt of rates at equal steps.
    static func angles(_ rates: [Double], timeStep: Double) -> [Double] {
        var sum = 0.0
        return rates.indices.map { row in
            if row > 0 { sum += 0.5 * timeStep * (rates[row - 1] + rates[row]) }
            return sum
        }
    }
}

extension SideBySide {
    /// The fields of a training; nil for one output, several points, predictions that are no universe, and metrics that there are none of.
    static func fieldPaths(
        _ result: RunResult, _ network: FrozenNetwork, _ prediction: Prediction, planckMass: Double, error: Double
    ) throws -> FieldPaths? {
        let count = network.fields
        guard count > 1, network.points == 1, result.divergedAt == nil, network.steps > 1,
            let (universe, timeStep) = try network.fieldUniverse(prediction, planckMass: planckMass)
        else { return nil }
        let trace = try prediction.trajectory(of: network.isotropic, planckMass: planckMass)
        let final = result.finalKernel.isEmpty ? result.initialKernel : result.finalKernel
        let samples: [FieldSample]
        do {
            samples = try universe.solve(until: Double(network.steps) * timeStep, samples: network.steps + 1)
        } catch { return nil }
        return FieldPaths(
            count: count, universe: universe, samples: samples, trace: trace.values,
            errors: (
                error,
                try Comparison(
                    trained: result.outputs, predicted: trace, kernelAtStart: result.initialKernel, kernelAtEnd: final
                ).greatestErrorOverTravel
            ), mixing: network.outputMixing,
            turnRates: universe.space.turnRates(path: result.outputs, timeStep: timeStep))
    }

    /// The columns of several fields: what the trace predicts, turn rates, and the universe's e-folds and H.
    var fieldColumns: [(name: String, values: [Double])] {
        guard let fields else { return [] }
        return (0..<fields.count).map { field in
            ("predictedByTrace_0_\(field)", stride(from: field, to: fields.trace.count, by: fields.count).map { fields.trace[$0] })
        } + [("turnRate", fields.turnRates), ("turnRate_predicted", fields.samples.map(\.turnRate))]
    }

    /// The paths of two fields, errors, and how they turn; nil where there are none.
    public func fieldsFigure() -> Figure? {
        guard let fields else { return nil }
        let count = fields.count, time = times
        func column(_ values: [Double], _ field: Int) -> [Double] { stride(from: field, to: values.count, by: count).map { values[$0] } }
        func path(_ values: [Double], _ name: String, _ style: LineStyle, _ colour: Int) -> Layer {
            .line(Line(x: column(values, 0), y: column(values, 1), name: name, style: style, colour: colour))
        }
        func error(_ values: [Double]) -> [Double] {
            time.indices.map { row in
                (0..<count).reduce(0) { hypot($0, values[row * count + $1] - result.outputs[row * count + $1]) }
            }
        }
        func line(_ values: [Double], _ name: String, _ style: LineStyle, _ colour: Int, from first: Int = 0) -> Layer {
            .line(Line(x: Array(time[first...]), y: Array(values[first...]), name: name, style: style, colour: colour))
        }
        let turns = (network: fields.turnRates, universe: fields.samples.map(\.turnRate))
        // Of the ends there are no central differences.
        let inner = 1..<time.count - 1
        func turning(_ values: [Double], _ name: String, _ style: LineStyle, _ colour: Int) -> Layer {
            .line(Line(x: Array(time[inner]), y: Array(values[inner]), name: name, style: style, colour: colour))
        }
        let step = time[1] - time[0], isCoupled = network.loss.shape.coupling != nil
        return Figure(
            id: "fields", title: "The \(count) outputs of a network, as fields", subtitle: setting,
            caption: """
                The first two of \(count) outputs on one point during training, beside the universe whose fields have the metric Θ^{-1} and the \
                potential \(isCoupled ? "l(f)" : "Σ l(f_c)"), and one with the trace of Θ alone\(isCoupled ? "" : ", in which fields of equal mass do not see each other"). Then how far \
                both are from the network, how fast the direction of motion turns in that metric, ω = |D_t T|, and the angle ∫ω dt that it \
                has turned by. Outputs mix by \(Claim.percent(fields.mixing)) of the diagonal of Θ.
                """,
            panels: [
                Panel(
                    title: "the space of fields", x: Axis("f_1"), y: Axis("f_2"),
                    layers: [
                        path(result.outputs, "network", .solid, 0), path(predicted.values, "universe, metric Θ^{-1}", .dashed, 1),
                        path(fields.trace, "trace of Θ", .dotted, 2),
                        .scatter(Scatter(x: [network.anchors[0]], y: [network.anchors[1]], name: "minimum", slot: 3)),
                    ]),
                Panel(
                    title: "error", x: Axis("t = k√η"), y: Axis("|f − f_{predicted}|"),
                    layers: [
                        line(error(predicted.values), "metric Θ^{-1}", .solid, 1), line(error(fields.trace), "trace of Θ", .dotted, 2),
                    ]),
                Panel(
                    title: "turn rate", x: Axis("t = k√η"), y: Axis("ω"),
                    layers: [
                        turning(turns.network, "network", .solid, 0), turning(turns.universe, "universe, metric Θ^{-1}", .dashed, 1),
                    ]),
                Panel(
                    title: "angle turned", x: Axis("t = k√η"), y: Axis("∫ω dt"),
                    layers: [
                        line(FieldPaths.angles(turns.network, timeStep: step), "network", .solid, 0),
                        line(FieldPaths.angles(turns.universe, timeStep: step), "universe, metric Θ^{-1}", .dashed, 1),
                    ]),
            ], arrangement: .grid(columns: 2), data: nil)
    }
}

/// What became of several fields.
public struct FieldSummary: Sendable, Encodable {
    /// Θ_ab, the inverse of the metric, (C, C) in row-major order; with the force of the dictionary in it.
    public let kernel: [Double]
    /// max |Θ_ab| over ⟨Θ_aa⟩, a ≠ b.
    public let mixing: Double
    /// Greatest errors over the greatest travel, with the whole Θ_ab and with its trace.
    public let wholeErrorOverTravel: Double
    public let traceErrorOverTravel: Double
    /// ∫ ω dt of the training and of the universe.
    public let angleTurned: Double
    public let angleTurnedPredicted: Double
    /// Its e-folds and H at the end.
    public let eFolds: Double
    public let hubbleAtEnd: Double
}

extension SideBySide {
    /// The numbers of several fields; nil where there are none.
    var fieldSummary: FieldSummary? {
        guard let fields, let last = fields.samples.last else { return nil }
        let step = times[1] - times[0]
        return FieldSummary(
            kernel: fields.universe.space.kernel, mixing: fields.mixing, wholeErrorOverTravel: fields.errors.whole,
            traceErrorOverTravel: fields.errors.trace,
            angleTurned: FieldPaths.angles(fields.turnRates, timeStep: step).last ?? 0,
            angleTurnedPredicted: FieldPaths.angles(fields.samples.map(\.turnRate), timeStep: step).last ?? 0, eFolds: last.eFolds,
            hubbleAtEnd: last.hubble)
    }
}
