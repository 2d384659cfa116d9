import Arrays
import Foundation

/// The spectra of how the metric of a lattice of three dimensions varies: of the two combinations of m = M/⟨M⟩ − 1 and a = A/⟨A⟩ − 1 in which the
/// Einstein–Hilbert action is diagonal.
struct MetricSpectrum: Sendable {
    /// |k| of each wave that counts, on the lattice: √Σ 2(1 − cos k).
    let wavenumbers: [Double]
    /// Power of either combination, for each of these.
    let powers: [[Double]]

    /// Which |k| count: long waves, whose action is that of a continuum.
    static let range = 0.15...1.2

    init(_ network: LatticeNetwork) {
        let shape = network.shape, transform = DiscreteFourier(shape.sizes)
        func contrast(_ field: [Double]) -> [Double] {
            let mean = field.reduce(0, +) / Double(field.count)
            return field.map { $0 / mean - 1 }
        }
        let links = network.weights.dropFirst()
        let m = contrast(network.massSquared)
        let a = contrast((0..<shape.sites).map { site in links.reduce(0) { $0 + $1[site] } / Double(links.count) })
        let springs = shape.sizes.map { count in (0..<count).map { 2 * (1 - cos(2 * .pi * Double($0) / Double(count))) } }
        let all = (0..<shape.sites).map { site in
            (0..<shape.dimensions).reduce(0) { $0 + springs[$1][shape.coordinate(site, axis: $1)] }.squareRoot()
        }
        let counted = all.indices.filter { Self.range.contains(all[$0]) }
        wavenumbers = counted.map { all[$0] }
        powers = MetricForm.combinations.map { combination in
            let power = transform.power(zip(m, a).map { combination.m * $0 + combination.a * $1 })
            return counted.map { power[$0] }
        }
    }

    /// The exponent of a combination's power, a straight line through ln P against ln k.
    func slope(_ combination: Int) throws -> Double {
        try Statistics.line(wavenumbers.map { log($0) }, powers[combination].map { log($0) }).slope
    }

    /// Mean power of lattices in bins of |k|: the middle of each bin and its power.
    static func binned(_ spectra: [MetricSpectrum], _ combination: Int, bins: Int = 8) -> [(wavenumber: Double, power: Double)] {
        let low = log(range.lowerBound * 1.7), width = (log(range.upperBound) - low) / Double(bins)
        var sums = [(wave: Double, power: Double, count: Double)](repeating: (0, 0, 0), count: bins)
        for spectrum in spectra {
            for (k, power) in zip(spectrum.wavenumbers, spectrum.powers[combination]) {
                let bin = min(bins - 1, max(0, Int(((log(k) - low) / width).rounded(.down))))
                sums[bin].wave += k
                sums[bin].power += power
                sums[bin].count += 1
            }
        }
        return sums.filter { $0.count > 0 }.map { ($0.wave / $0.count, $0.power / $0.count) }
    }
}
