import Arrays
import Duality
import Engines
import Figures
import Foundation
import Networks
import Runs

/// Networks made to have a wanted spectrum: the hyperparameters come from infinite width, and finite networks confirm them.
public struct SpectraOnDemand: Experiment {
    /// `spectra`.
    public let id = "spectra"
    public let title = "Spectra on demand"
    private let search: SpectrumSearch
    private let designs: [Design]
    private let own: RunList
    private let quick: Bool
    static let width = 2048

    /// A wanted spectrum with the setting that infinite width has for it.
    struct Design {
        let wanted: SpectrumSearch.Wanted
        let found: SpectrumSearch.Found
    }

    /// The full grid has 16 networks of each of six spectra, and 64 where an index is wanted, the quick one half of them; the search is the
    /// same.
    init(quick: Bool, seed: UInt64) throws {
        let search = try SpectrumSearch.shared.get()
        let designs = SpectrumSearch.Wanted.allCases.compactMap { wanted in
            search.best(wanted).map { Design(wanted: wanted, found: $0) }
        }
        own = RunList(
            try designs.enumerated().flatMap { place, design -> [Run] in
                let setting = design.found.setting
                let architecture = try Architecture(
                    widths: Array(repeating: Self.width, count: setting.depth), hasBias: setting.sigmaB > 0,
                    activation: setting.activation)
                return try (0..<Self.networks(design.wanted, quick: quick)).map { replica in
                    Run(
                        architecture: architecture, source: .seed(seed &+ UInt64(9_500_001 + 100 * place + replica)),
                        sigmaW: setting.sigmaW, sigmaB: setting.sigmaB, inputs: try setting.inputs())
                }
            })
        self.search = search
        self.designs = designs
        self.quick = quick
    }

    /// How many networks confirm a spectrum: a variance of n draws scatters by √(2/n) of itself.
    private static func networks(_ wanted: SpectrumSearch.Wanted, quick: Bool) -> Int { (quick ? 8 : 16) * (wanted.index == nil ? 1 : 4) }

    public var runs: any RunSource { own }
    public var figures: [String] { [id, "\(id)-confirmed"] }

    public func report(known: (Run) throws -> RunResult?) throws -> ExperimentReport {
        let results = try own.results(known: known, experiment: id)
        var rest = results[...]
        let confirmed = designs.map { design -> Confirmed in
            let count = Self.networks(design.wanted, quick: quick)
            defer { rest = rest.dropFirst(count) }
            return Confirmed(design: design, networks: rest.prefix(count).map(Confirmed.Network.init))
        }
        return ExperimentReport(
            figures: [try reachFigure(), try figure(confirmed)], claims: try confirmed.flatMap(claims) + reachClaims())
    }

    /// A design beside networks of finite width.
    struct Confirmed {
        struct Network {
            let kernel: [Double]
            let outputs: [Double]
            let seed: UInt64

            init(_ result: RunResult) {
                kernel = result.initialKernel
                outputs = Array(result.outputs.prefix(result.rows))
                seed = result.run.seed
            }

            func spectrum() throws -> KernelSpectrum { try KernelSpectrum(elements: kernel, points: outputs.count) }
        }

        let design: Design
        let networks: [Network]
        var predicted: Double { design.found.gap }

        /// λ_i/λ_1 of the kernel in the mean over networks, which is what infinite width predicts: in one network equal eigenvalues repel each other.
        static func meanSpectrum(_ networks: [Network]) throws -> KernelSpectrum {
            let count = Double(networks.count)
            let mean = networks[0].kernel.indices.map { place in networks.reduce(0) { $0 + $1.kernel[place] } / count }
            return try KernelSpectrum(elements: mean, points: networks[0].outputs.count)
        }

        func gap(_ networks: [Network]) throws -> Double {
            let values = try Self.meanSpectrum(networks).eigenvalues
            return values[1] / values[0]
        }

        /// ⟨(v_i · f)²⟩ over networks, with the modes of their mean kernel.
        static func variances(_ networks: [Network]) throws -> [Double] {
            let spectrum = try meanSpectrum(networks)
            return (0..<spectrum.order).map { mode -> Double in
                let v = spectrum.vector(mode)
                let amplitudes = networks.map { network in zip(v, network.outputs).reduce(0.0) { $0 + $1.0 * $1.1 } }
                return amplitudes.reduce(0.0) { $0 + $1 * $1 } / Double(networks.count)
            }
        }
    }

    /// The spectral index of the initial modes of networks, in the modes that their mean kernel has.
    private func indexClaims(_ one: Confirmed) throws -> [Claim] {
        guard let wanted = one.design.wanted.index else { return [] }
        let predicted = one.design.found.index
        let others = designs.filter { $0.wanted.index != nil && $0.wanted != one.design.wanted }.map(\.found.index)
        guard let control = others.min(by: { abs($0 - predicted) < abs($1 - predicted) }) else { return [] }
        return [
            .judged(
                id, "The initial modes of wide networks have the spectral index that was asked for: n_s = \(Claim.number(wanted))",
                "n_s of the variances of modes 2 to 7 within 0.5 of infinite width's \(String(format: "%.3f", predicted)); "
                    + "\(one.networks.count) networks of width \(Self.width), \(one.design.found.setting.label)",
                try Estimate(one.networks) { try SpectrumSearch.Found.powerLaw(Confirmed.variances($0)).index },
                .within(predicted - 0.5...predicted + 0.5), control: .init(control, "the nearest of the other indices asked for"))
        ]
    }

    private func claims(_ one: Confirmed) throws -> [Claim] {
        let estimate = try Estimate(one.networks, .logarithmic) { try one.gap($0) }
        let predicted = one.predicted
        let singles = try one.networks.map { network -> Double in
            let values = try network.spectrum().eigenvalues
            return values[1] / values[0]
        }
        return [
            .judged(
                id, "Wide networks have the spectrum that was asked for: \(one.design.wanted.name)",
                "λ_2/λ_1 of the mean kernel within 5 % of infinite width's \(String(format: "%.4g", predicted)); \(one.networks.count) "
                    + "networks of width \(Self.width), \(one.design.found.setting.label)",
                estimate, .within(0.95 * predicted...1.05 * predicted),
                control: .init(try Statistics.median(search.found.map(\.gap)), "the median setting of the search"),
                detail: "median of single networks: \(String(format: "%.4g", try Statistics.median(singles)))")
        ] + (try indexClaims(one))
    }

    /// What follows from infinite width alone.
    private func reachClaims() -> [Claim] {
        let laws = search.found.filter(\.isPowerLaw)
        func greatestIndex(_ activation: Activation) -> Double {
            laws.filter { $0.setting.activation == activation }.map(\.index).max() ?? .nan
        }
        let bare = search.found.filter { $0.setting.sigmaB == 0 && $0.isTwoFields && $0.setting.activation == .erf }.map(\.gap).max() ?? 0
        let relu = search.found.filter { $0.setting.activation == .relu && $0.setting.depth == 1 && $0.setting.sigmaB == 0 }
        return [
            .constructed(
                id, "relu with one hidden layer and no bias is two fields of equal weight on every interval",
                "least λ_2/λ_1 over σ_w and α ≥ 0.9999", relu.map(\.gap).min() ?? .nan, .atLeast(0.9999),
                control: .init(bare, "erf without bias, greatest of two fields")),
            .constructed(
                id, "relu's initial modes are red", "greatest n_s of its power laws ≤ −1", greatestIndex(.relu), .atMost(-1),
                control: .init(greatestIndex(.erf), "erf")),
            .constructed(
                id, "no setting of the search has initial modes of equal power in each decade of wavelengths",
                "least |n_s − 1| of power laws ≥ 0.3", laws.map { abs($0.index - 1) }.min() ?? .nan, .atLeast(0.3),
                detail: "between erf, at most \(Claim.number(greatestIndex(.erf))), and sin, at least "
                    + Claim.number(laws.filter { $0.setting.activation == .sin }.map(\.index).min() ?? .nan)),
        ]
    }

    private func reachFigure() throws -> Figure {
        let parts = SpectrumSearch.activations.map { activation in (activation, search.found.filter { $0.setting.activation == activation })
        }
        let hierarchy = Panel(
            title: "hierarchies", x: Axis("λ_2/λ_1", scale: .log10, range: 1e-7...1), y: Axis("λ_3/λ_2", scale: .log10, range: 1e-7...1),
            layers: parts.enumerated().map { slot, part in
                let shown = part.1.filter { $0.gap > 1e-7 && $0.nextGap > 1e-7 && $0.isResolved }
                return .scatter(Scatter(x: shown.map(\.gap), y: shown.map(\.nextGap), name: part.0.name, slot: slot))
            })
        let indices = Panel(
            title: "power laws of the initial modes", x: Axis("n_s"), y: Axis("λ_2/λ_1", scale: .log10),
            layers: parts.enumerated().compactMap { slot, part in
                let shown = part.1.filter { $0.isPowerLaw }
                return shown.isEmpty
                    ? nil : .scatter(Scatter(x: shown.map(\.index), y: shown.map(\.gap), name: part.0.name, slot: slot))
            } + [.rule(Rule(.vertical(x: 1), label: "scale-invariant"))])
        func gaps(_ wanted: SpectrumSearch.Wanted) -> CSVTable.Column {
            .numbers(parts.map { search.best(wanted, $0.0)?.gap ?? .nan })
        }
        func extreme(_ of: ([Double]) -> Double?) -> CSVTable.Column {
            .numbers(parts.map { of($0.1.filter(\.isPowerLaw).map(\.index)) ?? .nan })
        }
        func words(_ wanted: SpectrumSearch.Wanted) -> CSVTable.Column {
            .words(parts.map { search.best(wanted, $0.0)?.setting.label ?? "none" })
        }
        return Figure(
            id: id, title: "What spectra infinitely wide networks reach",
            caption: """
                \(search.found.count) settings of activation, depth 1 to 3, σ_w 0.5 to 5, σ_b 0 to 1 and intervals of 0.1 to 10 Hubble lengths to either \
                side, on \(SpectrumSearch.Setting.points) points: the second and third eigenvalue of the tangent kernel, below 10^{-7} not drawn; \
                and where the variance of modes 2 to 7 at the start is a power of the wavenumber to 30 %, its spectral index (mode i having i − 1 nodes). The kernels of tanh \
                have no closed form: 180 settings, to 1e-10.
                """,
            panels: [hierarchy, indices], arrangement: .grid(columns: 2),
            data: try CSVTable(byColumn: [
                ("activation", .words(parts.map(\.0.name))), ("settings", .integers(parts.map(\.1.count))),
                ("leastGap", gaps(.oneField)), ("leastGapAt", words(.oneField)),
                ("twoFieldsGap", gaps(.twoFields)), ("twoFieldsAt", words(.twoFields)),
                ("twoFieldsWithBiasGap", gaps(.twoFieldsWithBias)),
                ("twoFieldsWithBiasAt", words(.twoFieldsWithBias)),
                ("powerLaws", .integers(parts.map { $0.1.count { $0.isPowerLaw } })),
                ("leastIndex", extreme { $0.min() }),
                ("greatestIndex", extreme { $0.max() }),
            ]))
    }

    private func figure(_ confirmed: [Confirmed]) throws -> Figure {
        let panels = try confirmed.map { one -> Panel in
            let shown = 7, modes = (1...shown).map(Double.init), floor = 1e-12
            let spectrum = try Confirmed.meanSpectrum(one.networks).eigenvalues
            var layers: [Layer] = [
                .line(
                    Line(
                        x: modes, y: one.design.found.ratios.prefix(shown).map { max($0, floor) }, name: "λ_i/λ_1, infinite width",
                        style: .solid)),
                .scatter(
                    Scatter(x: modes, y: spectrum.prefix(shown).map { max($0 / spectrum[0], floor) }, name: "width \(Self.width)", slot: 0)),
            ]
            if one.design.wanted.index != nil {
                let expected = one.design.found.variances, found = try Confirmed.variances(one.networks)
                layers += [
                    .line(
                        Line(
                            x: modes, y: expected.prefix(shown).map { $0 / expected[0] }, name: "variance, infinite width", style: .dashed,
                            colour: 1)),
                    .scatter(Scatter(x: modes, y: found.prefix(shown).map { $0 / expected[0] }, name: "width \(Self.width)", slot: 1)),
                ]
            }
            return Panel(title: one.design.wanted.name, x: Axis("mode i"), y: Axis("over mode 1", scale: .log10), layers: layers)
        }
        let rows = confirmed.flatMap { one in one.networks.map { (one.design, $0) } }
        let spectra = try rows.map { try $0.1.spectrum().eigenvalues }
        return Figure(
            id: "\(id)-confirmed", title: "Spectra on demand at width \(Self.width)",
            caption: """
                Eigenvalues of the tangent kernel of the settings that come nearest to a wanted spectrum, at infinite width and in the mean kernel of \
                \(confirmed[0].networks.count) networks, four times as many where a spectral index is wanted; eigenvalues below 10^{-12} are drawn there. Where a spectral index is wanted, also the variance \
                of the modes over random weights.
                """,
            panels: panels, arrangement: .grid(columns: 2),
            data: try CSVTable(byColumn: [
                ("wanted", .words(rows.map(\.0.wanted.name))), ("activation", .words(rows.map(\.0.found.setting.activation.name))),
                ("depth", .integers(rows.map(\.0.found.setting.depth))), ("sigmaW", .numbers(rows.map(\.0.found.setting.sigmaW))),
                ("sigmaB", .numbers(rows.map(\.0.found.setting.sigmaB))), ("alpha", .numbers(rows.map(\.0.found.setting.alpha))),
                ("seed", .words(rows.map { "\($0.1.seed)" })), ("predicted", .numbers(rows.map(\.0.found.gap))),
                ("gap", .numbers(spectra.map { $0[1] / $0[0] })), ("index", .numbers(rows.map(\.0.found.index))),
            ]))
    }
}
