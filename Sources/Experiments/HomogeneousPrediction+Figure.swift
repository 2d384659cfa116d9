import Arrays
import Duality
import Engines
import Figures
import Foundation
import Networks
import Runs

extension HomogeneousPrediction {
    func figure(_ judged: [Trained], all: [Trained]) throws -> Figure {
        let travel = judged.map { $0.field.comparisons[.paper]!.travel }
        let drift = Scatter.Colour(judged.map { log10(abs($0.field.kernels.end - $0.field.kernels.start)) }, label: "log_{10} |ΔΘ|")
        let titles = judged.map { trained in
            let run = trained.field.result.run
            return """
                \(run.activation.name), \(run.depth) × \(run.width), σ_w = \(run.sigmaW), \
                η = \(Claim.number(trained.field.learningRate)), γ = \(trained.field.momentum), ΔΘ/Θ = \(Claim.number(trained.field.kernelDrift))
                """
        }
        func panel(_ title: String, _ prediction: Prediction) -> Panel {
            let errors = judged.map { $0.field.comparisons[prediction]!.endError }
            return Panel(
                title: title, x: Axis("|f(T) − f(0)|", scale: .log10), y: Axis("|f_{pred}(T) − f(T)|", scale: .log10, range: 1e-8...10),
                layers: [
                    .scatter(
                        Scatter(
                            x: travel, y: errors.map { max($0, 1e-8) }, colour: drift,
                            titles: titles.indices.map {
                                "\(titles[$0]): error \(Claim.number(errors[$0])), travel \(Claim.number(travel[$0]))"
                            })),
                    .rule(Rule(.diagonal(x: 1, y: 0.01, slope: 1), label: "1 % of the travel")),
                ])
        }
        let told = judged.filter { $0.fit?.isIdentifiable == true }
        let diverged = all.count { !$0.field.isFinite }
        let fit = Panel(
            title: "3H fitted without a dictionary", x: Axis("fitted 3H / 3H of the corrected dictionary"), y: Axis("networks"),
            layers: [
                .histogram(Histogram(values: told.map { $0.fit!.friction / $0.stated.friction })),
                .rule(Rule(.vertical(x: 1), label: "corrected")),
            ])
        return Figure(
            id: id, title: "Predicted and trained end of training, \(judged.count) networks",
            caption: """
                Distance between predicted and trained output at the end of training, against the distance travelled, for networks with \
                one point and Θ_0 l(f_0) < 0.1 V_0 with M = 1: the paper's dictionary, the corrected one, and the null model without \
                inertia. \(all.count - judged.count) of \(all.count) networks are not shown: \(diverged) diverged, the others have a \
                greater Θ_0 l(f_0). Colour: change of the tangent kernel. Errors below 10^{-8} are drawn there. Last panel: friction \
                fitted to the \(told.count) trajectories that tell friction and force apart.
                """,
            panels: [panel("paper", .paper), panel("corrected", .corrected), panel("null: no inertia", .null), fit],
            arrangement: .grid(columns: 2), data: try table(all))
    }

    private func table(_ all: [Trained]) throws -> CSVTable {
        func numbers(_ value: (Trained) -> Double) -> CSVTable.Column { .numbers(all.map(value)) }
        var columns = all.map(\.field.result.run).columns
        columns += [
            ("learningRate", numbers(\.field.learningRate)),
            ("momentum", numbers(\.field.momentum)),
            ("degree", .integers(all.map(\.field.result.run.degree))),
            ("scale", numbers(\.field.training.loss.scale)), ("minimum", numbers { $0.field.frozen.anchors[0] }),
            ("seed", .words(all.map { "\($0.field.result.run.seed)" })),
            ("initialKernel", numbers(\.field.kernels.start)), ("finalKernel", numbers(\.field.kernels.end)),
            ("initialOutput", numbers { $0.field.result.outputs[0] }), ("finalOutput", numbers { $0.field.result.outputs.last! }),
            ("vacuumRatio", numbers(\.vacuumRatio)), ("travel", numbers { $0.field.comparisons[.paper]!.travel }),
            ("greatestTravel", numbers { $0.field.comparisons[.paper]!.greatestTravel }), ("kernelDrift", numbers(\.field.kernelDrift)),
        ]
        for prediction in Self.predictions {
            columns.append(("\(prediction.rawValue)EndError", numbers { $0.field.comparisons[prediction]!.endError }))
            columns.append(("\(prediction.rawValue)GreatestError", numbers { $0.field.comparisons[prediction]!.greatestError }))
        }
        columns += [
            ("statedFriction", numbers(\.stated.friction)), ("statedForce", numbers(\.stated.force)),
            ("fittedFriction", numbers { $0.fit?.friction ?? .nan }), ("fittedForce", numbers { $0.fit?.force ?? .nan }),
            ("fittedFrictionError", numbers { $0.fit?.frictionError ?? .nan }),
            ("fittedDriftRate", numbers { $0.fit?.driftRate ?? .nan }), ("fitVerdict", .words(all.map { $0.fit?.verdict.rawValue ?? "" })),
        ]
        return try CSVTable(byColumn: columns)
    }
}
