import Figures
import Foundation
import Networks
import Runs

extension KernelEvolution {
    /// Eigenvalues that are drawn, with one colour of the palette left for Λ.
    private static let mostLines = 5

    /// The eigenvalues over the steps on a logarithmic axis, with the one that drives the loss, and below how far the kernel has moved.
    public func figure() throws -> Figure {
        let x = steps.map(Double.init), order = result.rows, marks = steps.count <= 30
        var above: [Layer] = drawn.enumerated().map { slot, mode in
            .line(
                Line(
                    x: x,
                    y: steps.indices.map { row in
                        let value = eigenvalues[row * order + mode]
                        return value > noiseFloors[row] ? value : .nan
                    }, name: "λ_{\(mode + 1)}", style: .solid, colour: slot, marksPoints: marks))
        }
        if order > 1 {
            above.append(
                .line(
                    Line(
                        x: x, y: moments.map { $0.drivingEigenvalue ?? .nan }, name: "Λ, what drives the loss", style: .dashed,
                        colour: drawn.count, marksPoints: marks)))
        }
        let axis = Axis("step k")
        func line(_ name: String, _ colour: Int, _ value: (Moment) -> Double?) -> Layer {
            .line(
                Line(
                    x: x, y: moments.map { value($0) ?? .nan }, name: name, style: colour == 0 ? .solid : .dashed, colour: colour,
                    marksPoints: marks))
        }
        return Figure(
            id: "kernels", title: "The tangent kernel during training",
            subtitle: subtitle,
            caption: """
                Eigenvalues of the tangent kernel at \(steps.count) steps of a training\(drawn.count < order ? ", \(drawn.count) of \(order)" : ""); \
                those below the noise floor are left out. Λ = gᵀΘg/gᵀg with the slopes g of the loss is the eigenvalue that drives the loss. \
                Below: the change of the kernel relative to that at the start, Frobenius norms, and how far it has turned.
                """,
            panels: [
                Panel(x: axis, y: Axis("eigenvalues λ", scale: .log10), layers: above),
                Panel(
                    x: axis, y: Axis("change"),
                    layers: [
                        line("|Θ(k) − Θ(0)|/|Θ(0)|", 0) { $0.drift },
                        line("1 − cos(Θ(k), Θ(0))", 1) { $0.alignment.map { max(0, 1 - $0) } },
                    ]),
            ], arrangement: .stacked(heights: [2, 1]), data: try table())
    }

    /// What was trained, and how.
    private var subtitle: String {
        let architecture = result.run.architecture, points = result.run.inputs.points, widths = architecture.widths.map(String.init)
        let network =
            widths.isEmpty ? "linear model" : "\(architecture.activation.name), widths \(widths.joined(separator: ", "))"
        let schedule = result.run.training?.schedule
        let training = schedule.map {
            ", η = \(Claim.number($0.learningRate(at: 0)))"
                + ($0.rule == .heavyBall ? ", γ = \(Claim.number($0.momentum(at: 0)))" : ", \($0.rule.name)")
        }
        return "\(network), N = \(points), C = \(architecture.outputs)" + (training ?? "")
    }

    /// The modes that are drawn, from 0: all of a few, and of many some in equal steps of the logarithm of their rank.
    private var drawn: [Int] {
        let order = result.rows
        guard order > Self.mostLines else { return Array(0..<order) }
        let steps = (0..<Self.mostLines).map { pow(Double(order), Double($0) / Double(Self.mostLines - 1)) }
        return Set(steps.map { min(order, max(1, Int($0.rounded()))) - 1 }).sorted()
    }
}
