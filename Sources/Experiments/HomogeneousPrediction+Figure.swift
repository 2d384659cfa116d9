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
        let drift = Scatter.Colour(
            judged.map { log10(abs($0.field.kernels.end - $0.field.kernels.start)) }, label: "log_{10} |ΔΘ_0|, change of the kernel")
        let titles = judged.map { trained in
            let run = trained.field.result.run
            return """
                \(run.activation.name), \(run.depth) × \(run.width), σ_w = \(run.sigmaW), \
                η = \(Claim.number(trained.field.learningRate)), γ = \(trained.field.momentum), ΔΘ/Θ = \(Claim.number(trained.field.kernelDrift))
                """
        }
        // One range for all three, without the errors that are zero.
        let errors = Self.drawn.flatMap { prediction in judged.map { $0.field.comparisons[prediction]!.endError } }.filter { $0 > 0 }
        let range = errors.min().flatMap { least in errors.max().map { least / 2...max(2 * $0, least) } }
        func panel(_ title: String, _ prediction: Prediction) -> Panel {
            let errors = judged.map { $0.field.comparisons[prediction]!.endError }
            return Panel(
                title: title, x: Axis("|f(T) − f(0)|", scale: .log10), y: Axis("|f_{pred}(T) − f(T)|", scale: .log10, range: range),
                layers: [
                    .scatter(
                        Scatter(
                            x: travel, y: errors, colour: drift,
                            titles: titles.indices.map {
                                "\(titles[$0]): error \(Claim.number(errors[$0])), travel \(Claim.number(travel[$0]))"
                            })),
                    .rule(Rule(.diagonal(x: 1, y: 0.01, slope: 1), label: "1 % of the travel")),
                ])
        }
        let told = judged.filter { $0.fit?.isIdentifiable == true }
        let diverged = all.count { !$0.field.isFinite }
        let fit = Panel(
            title: "friction, fitted to trainings", x: Axis("3H fitted / 3H corrected"), y: Axis("networks"),
            layers: [
                .histogram(Histogram(values: told.map { $0.fit!.friction / $0.stated.friction })),
                .rule(Rule(.vertical(x: 1), label: "corrected dictionary")),
            ])
        return Figure(
            id: id, title: "How far predictions end from trained networks, against how far these went",
            subtitle: "\(judged.count) networks with one point, \(judged.map(\.field.result.run).architectureText) · "
                + "\(judged.map(\.field.result.run).optimiserText) · \([Run].listed(judged.map { Double($0.field.training.steps) })) steps",
            caption: """
                Distance between predicted and trained output at the end of training, against the distance travelled, for networks with \
                one point and Θ_0 l(f_0) < 0.1 V_0 with M = 1: the paper's dictionary, the corrected one, and the null model without \
                inertia. \(all.count - judged.count) of \(all.count) networks are not shown: \(diverged) diverged, the others have a \
                greater Θ_0 l(f_0). Colour: change of the tangent kernel. Last panel: friction \
                fitted to the \(told.count) trajectories that tell friction and force apart.
                """,
            panels: zip(["the paper's dictionary", "corrected dictionary", "null model, no inertia"], Self.drawn).map { panel($0, $1) } + [
                fit
            ],
            arrangement: .grid(columns: 2), data: try table(all))
    }

    /// The predictions with a panel each.
    private static let drawn: [Prediction] = [.paper, .corrected, .null]

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
            columns.append(("\(prediction.rawValue).endError", numbers { $0.field.comparisons[prediction]!.endError }))
            columns.append(("\(prediction.rawValue).greatestError", numbers { $0.field.comparisons[prediction]!.greatestError }))
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
