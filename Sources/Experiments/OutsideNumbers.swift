import Arrays
import Figures
import Foundation
import Networks
import Runs

/// Numbers that others published, computed again with what this program has.
///
/// What a number was measured on must be known. Of the condition numbers of critical kernels the points are not: their correlation is taken
/// from the number published for depth 10², and those of 10³ and 10⁴ then follow.
public struct OutsideNumbers: Experiment {
    /// `outside-numbers`.
    public let id = "outside-numbers"
    public let title = "Published numbers of others"
    private let scan: EmbeddedScan

    /// The full grid has 10,000 networks of each of four shapes, the quick one 400.
    init(quick: Bool, seed: UInt64) throws { scan = try EmbeddedScan("outside-numbers", quick: quick, seed: seed) }

    public var runs: any RunSource { scan }

    public func report(known: (Run) throws -> RunResult?) throws -> ExperimentReport {
        let results = try scan.results(known: known, experiment: id)
        let shapes = results.distinct { Shape(layers: $0.run.depth + 1, width: $0.run.width) }
        let kernels = shapes.map { shape in
            results.filter { $0.run.depth + 1 == shape.layers && $0.run.width == shape.width }.map { $0.initialKernel[0] }
        }
        let moments = zip(shapes, kernels).map { Moments(shape: $0, kernels: $1) }
        let descents = (heavyBall: ZakharovDescent.heavyBallOfArticle(), bornInfeld: ZakharovDescent.bornInfeldOfArticle())
        let critical = try [(Activation.erf, 0.5, Self.publishedErf), (.relu, 0, Self.publishedRelu)].map { activation, sigmaB, published in
            let kernel = try CriticalKernel(activation, sigmaB: sigmaB)
            let correlation = try kernel.correlation(
                conditionNumber: published[100] ?? .nan, points: Self.points, depth: 100)
            func values(_ correlation: Double) throws -> [Double] {
                try Self.depths.map { try kernel.conditionNumber(points: Self.points, depth: $0, correlation: correlation) }
            }
            return Critical(
                kernel: kernel, published: published, correlation: correlation, values: try values(correlation.isNaN ? 0 : correlation),
                orthogonal: try values(0))
        }
        return ExperimentReport(
            figures: [try figure(descents, critical, moments)],
            claims: try descentClaims(descents) + meanClaims(moments) + spreadClaims(moments) + critical.flatMap { try claims($0) })
    }

    /// m.
    static let points = 12
    static let depths = [10, 30, 100, 300, 1000, 3000, 10_000]
    static let publishedErf: [Int: Double] = [100: 6.754, 1000: 6.941, 10_000: 6.991]
    static let publishedRelu: [Int: Double] = [100: 5.529, 1000: 5.074, 10_000: 5.009]

    /// L layers of weights, the hidden ones n wide.
    struct Shape: Hashable { let layers, width: Int }

    /// Θ(x, x) of many networks.
    struct Moments {
        let shape: Shape
        let kernels: [Double]

        /// ⟨Θ⟩.
        func mean() throws -> Estimate { try Estimate(kernels) { try Statistics.mean($0) } }
        /// ⟨Θ²⟩/⟨Θ⟩².
        func ratio() throws -> Estimate {
            try Estimate(kernels, .logarithmic) { try Statistics.mean($0.map { $0 * $0 }) / pow(Statistics.mean($0), 2) }
        }
    }

    /// Condition numbers at each of `depths`.
    struct Critical {
        let kernel: CriticalKernel
        let published: [Int: Double]
        /// Of the points, from the number published for depth 10²; NaN where no correlation gives it.
        let correlation: Double
        /// On points of that correlation.
        let values: [Double]
        let orthogonal: [Double]
        /// (1 + (m − 1) c)/(1 − c), c = 1/3 for erf and 1/4 for relu.
        var limit: Double { kernel.activation == .erf ? 7 : 5 }
    }

    private func figure(
        _ descents: (heavyBall: ZakharovDescent, bornInfeld: ZakharovDescent), _ critical: [Critical], _ moments: [Moments]
    ) throws -> Figure {
        let steps = stride(from: 0, to: ZakharovDescent.steps, by: 20).map { $0 }
        func descent(_ one: ZakharovDescent, _ name: String, _ slot: Int) -> Layer {
            .line(Line(x: steps.map(Double.init), y: steps.map { one.least[$0] }, name: name, style: .solid, colour: slot))
        }
        var rows: [(quantity: String, source: String, published: Double, found: Double, error: Double)] = [
            ("least V, heavy ball", "arXiv:2201.11137", 4.4e-12, descents.heavyBall.least.last ?? .nan, .nan),
            ("least V, Born-Infeld", "arXiv:2201.11137", 9.99974e-23, descents.bornInfeld.least.last ?? .nan, .nan),
        ]
        for one in moments {
            let name = "L = \(one.shape.layers), n = \(one.shape.width)"
            if let (value, _) = Self.means[one.shape] {
                let mean = try one.mean()
                rows.append(("mean of Theta, \(name)", "arXiv:2508.11522", value, mean.value, mean.standardError ?? .nan))
            }
            if let (value, _) = Self.ratios[one.shape] {
                let ratio = try one.ratio()
                rows.append(("E[Theta^2]/E[Theta]^2, \(name)", "arXiv:1909.05989", value, ratio.value, ratio.standardError ?? .nan))
            }
        }
        for one in critical {
            for (depth, value) in zip(Self.depths, one.values) {
                rows.append(
                    (
                        "condition number, \(one.kernel.activation.name), depth \(depth)", "arXiv:1912.13053",
                        one.published[depth] ?? .nan, value, .nan
                    ))
            }
        }
        return Figure(
            id: id, title: "Published numbers of others",
            caption: """
                The least value of Zakharov's function of ten variables by two optimisers, and the condition number of critical tangent kernels of \
                infinite width on \(Self.points) points by depth, beside published ones, whose points are not known: those here have the correlation \
                that gives the number at depth 100; dotted, on orthogonal points.
                """,
            panels: [
                Panel(
                    title: "Zakharov's function", x: Axis("step"), y: Axis("least V", scale: .log10),
                    layers: [descent(descents.heavyBall, "heavy ball", 0), descent(descents.bornInfeld, "Born–Infeld", 1)]),
                Panel(
                    title: "critical kernels", x: Axis("depth", scale: .log10), y: Axis("λ_1/λ_{12}"),
                    layers: critical.enumerated().flatMap { slot, one -> [Layer] in
                        let published = one.published.sorted { $0.key < $1.key }
                        return [
                            .line(
                                Line(
                                    x: Self.depths.map(Double.init), y: one.values, name: one.kernel.activation.name, style: .solid,
                                    colour: slot)),
                            .scatter(
                                Scatter(
                                    x: published.map { Double($0.key) }, y: published.map(\.value),
                                    name: "\(one.kernel.activation.name), published",
                                    slot: slot)),
                            .line(Line(x: Self.depths.map(Double.init), y: one.orthogonal, style: .dotted, colour: slot)),
                            .rule(Rule(.horizontal(y: one.limit))),
                        ]
                    }),
            ], arrangement: .grid(columns: 2),
            data: try CSVTable(byColumn: [
                ("quantity", .words(rows.map(\.quantity))), ("source", .words(rows.map(\.source))),
                ("published", .numbers(rows.map(\.published))), ("found", .numbers(rows.map(\.found))),
                ("standardError", .numbers(rows.map(\.error))),
            ]))
    }
}
