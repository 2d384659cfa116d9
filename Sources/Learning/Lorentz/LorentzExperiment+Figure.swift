import Arrays
import Figures

extension LorentzExperiment {
    func figure(_ findings: Findings) throws -> Figure {
        Figure(
            id: name, title: "Lorentz symmetry against the balance of entropy",
            caption: """
                The boost residual, the share of a response's variance inside of its light cone that is no function of the interval \
                τ = √(t² − (s/c)²), of networks on a line (\(setting)): against the imbalance Γ, entropy per neuron and step being \
                ln(1 − Γ); on finer lattices; and responses at rest and at two velocities, which are one curve where the symmetry holds. \
                Bands of networks that learned nothing but balance; and how often random quadratic forms have so many negative \
                eigenvalues, production − destruction among them.
                """,
            panels: [
                scan(findings), finer(findings), rays(findings, 0, "Γ = 0"), rays(findings, Self.imbalances.count - 1, "Γ = 0.03"),
                bands(findings), signs(findings),
            ], arrangement: .grid(columns: 2), data: try table(findings))
    }

    private func scan(_ findings: Findings) -> Panel {
        let scan = findings.residuals(.imbalance), moved = scan.dropFirst()
        return Panel(
            title: "imbalance of entropy", x: Axis("Γ", scale: .log10, range: 5e-5...5e-2),
            y: Axis("boost residual", scale: .log10, range: 1e-4...2),
            layers: [
                .line(Line(x: moved.map(\.imbalance), y: moved.map(\.residual), name: "reversible networks", marksPoints: true)),
                .rule(Rule(.horizontal(y: findings.balanced), label: "Γ = 0")),
                .rule(Rule(.horizontal(y: findings.diffusive), label: "diffusive")),
            ])
    }

    private func finer(_ findings: Findings) -> Panel {
        func line(_ kind: Response.Kind, _ name: String, _ colour: Int) -> Layer {
            let all = [findings.residuals(.imbalance)[0]] + findings.residuals(kind)
            return .line(
                Line(x: all.map { Double($0.finer) }, y: all.map(\.residual), name: name, colour: colour, marksPoints: true))
        }
        return Panel(
            title: "refinement at Γ = 0",
            x: Axis("refinement: sites in the place of one", scale: .log10, range: 0.8...1.25 * Double(refinements.last!)),
            y: Axis("boost residual", scale: .log10),
            layers: [line(.refinement, "lattice and source", 0), line(.sameSource, "lattice alone", 1)])
    }

    private func rays(_ findings: Findings, _ place: Int, _ title: String) -> Panel {
        let rays = findings.residuals(.imbalance)[place].rays
        return Panel(
            title: "responses, \(title)", x: Axis("τ", range: 0...Self.intervals.upperBound), y: Axis("x"),
            layers: rays.enumerated().map { slot, ray in
                .line(
                    Line(
                        x: ray.intervals, y: ray.values, name: "|s|/ct = \(ray.speed)", style: [.solid, .dashed, .dotted][slot],
                        colour: slot))
            })
    }

    private func bands(_ findings: Findings) -> Panel {
        let momenta = (0...240).map { -Double.pi + 2 * .pi * Double($0) / 240 }
        let shown = findings.pairs.trained.filter { $0.imbalance < PairScan.balance }.prefix(3)
        return Panel(
            title: "networks that learned balance", x: Axis("k"), y: Axis("arg λ"),
            layers: shown.enumerated().map { slot, network in
                let both = momenta.map { ($0, network.eigenvalues(at: $0)) }
                return .scatter(
                    Scatter(
                        x: both.map(\.0) + both.map(\.0), y: both.map { $0.1.0.angle } + both.map { $0.1.1.angle },
                        name: "network \(slot + 1)", slot: slot))
            })
    }

    private func signs(_ findings: Findings) -> Panel {
        let four = findings.signatures.filter { $0.dimensions == 4 }
        return Panel(
            title: "signatures of forms in 4 dimensions", x: Axis("negative eigenvalues", range: -0.2...4.2), y: Axis("share"),
            layers: four.enumerated().map { slot, scan in
                .line(
                    Line(
                        x: scan.counts.indices.map(Double.init), y: scan.counts.map { Double($0) / Double(scan.total) },
                        name: scan.ensemble.name, colour: slot, marksPoints: true))
            })
    }

    private func table(_ findings: Findings) throws -> CSVTable {
        let all = findings.responses
        return try CSVTable(byColumn: [
            ("kind", .words(all.map(\.kind.rawValue))), ("imbalance", .numbers(all.map(\.imbalance))),
            ("sourceWidth", .numbers(all.map(\.width))), ("refinement", .integers(all.map(\.finer))),
            ("recordingNoise", .numbers(all.map(\.noise))), ("boostResidual", .numbers(all.map(\.residual))),
        ])
    }
}
