import Arrays
import Figures
import Foundation

extension GeodesicExperiment {
    func figure(_ runs: [GeodesicRun]) throws -> Figure {
        Figure(
            id: name, title: "Packets on trained lattices, and geodesics of the metric in their weights",
            caption: """
                Centres of packets on lattices that learned their weights from recordings, beside the geodesics of \
                ds² = M(−dt² + Σdx²/A) with A and M from these weights, and the path that a flat metric would have them take. One that crosses \
                a well, one that is released at rest and falls, and a beam that passes a lens; and how far packets are from geodesics as \
                recordings get noisier.
                """,
            panels: [path(well, runs), path(gravity, runs), beam(runs), scan(runs)],
            arrangement: .grid(columns: 2), data: try table(runs))
    }

    private func path(_ setting: GeodesicSetting, _ runs: [GeodesicRun]) -> Panel {
        let run = runs.of(setting, Self.noises[0])[0]
        func line(_ ray: LatticeRay, _ name: String, _ style: LineStyle, _ colour: Int) -> Layer {
            .line(Line(x: ray.times, y: ray.positions.map { $0[0] }, name: name, style: style, colour: colour))
        }
        return Panel(
            title: "\(setting.name): distance/path \(Claim.number(run.deviation)), flat \(Claim.number(run.flatDeviation))",
            x: Axis("step"), y: Axis("site"),
            layers: [
                line(run.packet, "packet", .solid, 0), line(run.geodesic, "geodesic", .dashed, 1),
                line(run.flat, "flat metric", .dotted, 2),
            ])
    }

    private func beam(_ runs: [GeodesicRun]) -> Panel {
        let setting = lenses.last!, run = runs.of(setting, Self.noises[0])[0]
        func line(_ ray: LatticeRay, _ name: String, _ style: LineStyle, _ colour: Int) -> Layer {
            .line(Line(x: ray.positions.map { $0[0] }, y: ray.positions.map { $0[1] }, name: name, style: style, colour: colour))
        }
        let middle = setting.teacher.shape.sizes.map { Double($0) / 2 }, radius = middle[0] / 4
        let circle = (0...72).map { 2 * .pi * Double($0) / 72 }
        return Panel(
            title:
                "lens on \(setting.size) sites: \(Claim.number(run.packet.bending))° of \(Claim.number(run.geodesic.bending))°",
            x: Axis("x"), y: Axis("y"),
            layers: [
                .line(
                    Line(
                        x: circle.map { middle[0] + radius * cos($0) }, y: circle.map { middle[1] + radius * sin($0) }, name: "lens, r = R",
                        style: .dashDotted, colour: 3)),
                line(run.packet, "packet", .solid, 0), line(run.geodesic, "geodesic", .dashed, 1),
                line(run.flat, "flat metric", .dotted, 2),
            ], hasEqualUnits: true)
    }

    private func scan(_ runs: [GeodesicRun]) -> Panel {
        let layers = [well, gravity].enumerated().flatMap { slot, setting -> [Layer] in
            let all = runs.filter { $0.setting == setting.name && $0.noise != nil }
            func scatter(_ values: [Double], _ name: String, _ slot: Int) -> Layer {
                .scatter(Scatter(x: all.map { $0.noise ?? 0 }, y: values, name: name, slot: slot))
            }
            return [
                scatter(all.map(\.deviation), setting.name, slot),
                scatter(all.map(\.flatDeviation), "\(setting.name), flat metric", slot + 2),
            ]
        }
        return Panel(
            title: "noise of recordings", x: Axis("σ", scale: .log10, range: 5e-4...6e-2), y: Axis("distance / path", scale: .log10),
            layers: layers + [.rule(Rule(.horizontal(y: 0.015), label: "0.015"))])
    }

    private func table(_ runs: [GeodesicRun]) throws -> CSVTable {
        func numbers(_ value: (GeodesicRun) -> Double) -> CSVTable.Column { .numbers(runs.map(value)) }
        return try CSVTable(byColumn: [
            ("setting", .words(runs.map(\.setting))), ("recordingNoise", numbers { $0.noise ?? 0 }),
            ("weights", .words(runs.map { $0.noise == nil ? "teacher" : "learned" })), ("weightError", numbers(\.weightError)),
            ("path", numbers(\.geodesic.length)), ("geodesicDeviation", numbers(\.deviation)),
            ("latticeRayDeviation", numbers(\.latticeDeviation)), ("flatDeviation", numbers(\.flatDeviation)),
            ("packetAngle", numbers { $0.packet.positions[0].count > 1 ? $0.packet.bending : 0 }),
            ("geodesicAngle", numbers { $0.geodesic.positions[0].count > 1 ? $0.geodesic.bending : 0 }),
        ])
    }
}
