import Arrays
import Figures

extension EinsteinExperiment {
    func figure(_ findings: Findings) throws -> Figure {
        Figure(
            id: name, title: "How metrics of learned lattices vary, and Λ as a multiplier",
            caption: """
                Spectra of the two combinations of m = M/⟨M⟩ − 1 and a = A/⟨A⟩ − 1 in which the Einstein–Hilbert action of a static lattice of \
                three dimensions is diagonal: of \(lattices) learned lattices of 24³ neurons, of as many with independent weights, and of \
                \(smooth) that were trained to be smooth; the action would have k^{-2}. Then dS/dN of universes at fixed volume against Λ, and the \
                scale factor of one of them. Einstein's equations are not established by any of this.
                """,
            panels: [spectrum(0, findings), spectrum(1, findings), multiplier(findings), universe(findings)],
            arrangement: .grid(columns: 2),
            data: try table(findings))
    }

    private static let sorts: [(name: String, spectra: KeyPath<Findings, [MetricSpectrum]> & Sendable)] = [
        ("learned", \.learned), ("independent weights", \.independent), ("trained to be smooth", \.smoothed),
    ]

    private func spectrum(_ combination: Int, _ findings: Findings) -> Panel {
        let value = MetricForm.combinations[combination].eigenvalue
        var layers: [Layer] = Self.sorts.enumerated().map { slot, sort in
            let points = relative(findings[keyPath: sort.spectra], combination)
            return .line(
                Line(x: points.map(\.wavenumber), y: points.map(\.power), name: sort.name, colour: slot, marksPoints: true))
        }
        layers.append(.rule(Rule(.diagonal(x: 0.4, y: 1, slope: -2), label: "k^{-2}")))
        return Panel(
            title: "\(MetricForm.name(combination)), eigenvalue \(Claim.number(value))",
            x: Axis("k", scale: .log10), y: Axis("P(k)/mean P", scale: .log10), layers: layers)
    }

    /// Power in bins of k, in units of its mean over bins.
    private func relative(_ spectra: [MetricSpectrum], _ combination: Int) -> [(wavenumber: Double, power: Double)] {
        let bins = MetricSpectrum.binned(spectra, combination), mean = bins.map(\.power).reduce(0, +) / Double(bins.count)
        return bins.map { ($0.wavenumber, $0.power / mean) }
    }

    private func multiplier(_ findings: Findings) -> Panel {
        let points = findings.slopes, last = points.last?.lambda ?? 1
        return Panel(
            title: "Λ as multiplier", x: Axis("Λ"), y: Axis("dS/dN at fixed T"),
            layers: [
                .line(Line(x: [0, last], y: [0, last], name: "dS/dN = Λ", style: .dashed, colour: 1)),
                .scatter(Scatter(x: points.map(\.lambda), y: points.map(\.slope), name: "universes")),
            ])
    }

    private func universe(_ findings: Findings) -> Panel {
        let a = findings.universe.scaleFactors, times = a.indices.map { 2 * Double($0) / Double(a.count - 1) }
        return Panel(
            title: "a universe of fixed volume, Λ = \(findings.universe.lambda)", x: Axis("t"), y: Axis("a"),
            layers: [.line(Line(x: times, y: a))])
    }

    private func table(_ findings: Findings) throws -> CSVTable {
        var sorts: [String] = [], combinations: [Int] = [], waves: [Double] = [], powers: [Double] = []
        for sort in Self.sorts {
            for combination in 0...1 {
                for point in MetricSpectrum.binned(findings[keyPath: sort.spectra], combination) {
                    sorts.append(sort.name)
                    combinations.append(combination + 1)
                    waves.append(point.wavenumber)
                    powers.append(point.power)
                }
            }
        }
        return try CSVTable(byColumn: [
            ("lattices", .words(sorts)), ("combination", .integers(combinations)), ("wavenumber", .numbers(waves)),
            ("power", .numbers(powers)),
        ])
    }
}
