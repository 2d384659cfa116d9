import Arrays
import Foundation

/// χ = ħ²_eff/4D², the coefficient of the quantum potential in Madelung's momentum equation of densities that share an unknown potential:
///
///     ∂_t v + v v′ = g(x) + χ ∂_x (2D² (√p)″/√p),   ∂_t p + ∂_x (pv) = 0
///
/// −1 for Fokker–Planck densities, 0 for those of Hamilton and Jacobi, +1 for Schrödinger's with ħ = 2D. The velocity is that of continuity; the momentum
/// equation is tested with (1 − s²)⁴ in space and time, so that no more than first derivatives of log p are needed; g is a cubic spline that all densities
/// have in common. With g free one density could be fitted by any χ.
package struct Quantumness: Sendable {
    package let value: Double
    /// Of the regression alone.
    package let regressionError: Double
    /// What is left of the accelerations, over their size: closure where it is at most 0.15.
    package let residual: Double
    /// The size of the quantum term, g projected out, over that of the accelerations.
    let signal: Double
    /// The test equations with g projected out: quantum term and acceleration.
    let quantum: [Double]
    let acceleration: [Double]

    /// A density over time, from whatever counts.
    package struct Density: Sendable {
        let x: [Double]
        /// (times, places): p, v and ∂_x log p.
        let p: [[Double]]
        let v: [[Double]]
        let slope: [[Double]]

        private let fit: LogDensity
        private let bins: ClosedRange<Int>

        /// - Parameters:
        ///   - counts: (times, bins).
        ///   - edges: of the bins, in the coordinate in which D is constant.
        ///   - whole: the density of all networks, whose bins those of a part take.
        package init(counts: [[Double]], edges: [Double], times: [Double], partOf whole: Density? = nil) throws(LearningError) {
            let totals = edges.indices.dropLast().map { b in counts.reduce(0) { $0 + $1[b] } }, all = totals.reduce(0, +)
            guard let first = totals.firstIndex(where: { $0 > 2e-6 * all }), let last = totals.lastIndex(where: { $0 > 2e-6 * all }),
                last > first + 20
            else { throw .notFinite(what: "the density of the ensemble") }
            let bins = whole?.bins ?? first...last
            let fit = try LogDensity(
                counts.map { Array($0[bins]) }, edges: Array(edges[bins.lowerBound...bins.upperBound + 1]), times: times, from: whole?.fit)
            (self.fit, self.bins) = (fit, bins)
            let count = 401, low = edges[bins.lowerBound], high = edges[bins.upperBound + 1], h = (high - low) / Double(count - 1)
            let x = (0..<count).map { low + Double($0) * h }
            let theta = fit.values(x, times), rate = fit.values(x, times, dt: 1), slope = fit.values(x, times, dx: 1)
            var p: [[Double]] = [], v: [[Double]] = [], masked: [[Double]] = []
            for k in times.indices {
                let density = theta[k].map { exp($0) }
                var flow = [0.0], share = [0.0]
                for i in 1..<count {
                    flow.append(flow[i - 1] + 0.5 * h * (density[i] * rate[k][i] + density[i - 1] * rate[k][i - 1]))
                    share.append(share[i - 1] + 0.5 * h * (density[i] + density[i - 1]))
                }
                // What the fit lets the total change belongs to no place.
                let (whole, drift) = (share[count - 1], flow[count - 1])
                let isThere = density.map { $0 > 1e-4 }
                v.append((0..<count).map { isThere[$0] ? -(flow[$0] - share[$0] / whole * drift) / density[$0] : 0 })
                p.append((0..<count).map { isThere[$0] ? density[$0] : 0 })
                masked.append((0..<count).map { isThere[$0] ? slope[k][$0] : 0 })
            }
            (self.x, self.p, self.v, self.slope) = (x, p, v, masked)
        }
    }

    /// - Parameters:
    ///   - diffusion: D.
    ///   - times: equally spaced.
    package init(_ densities: [Density], diffusion: Double, times: [Double]) throws {
        let centres = (0..<15).map { -1.7 + 3.4 * Double($0) / 14 }, width = 0.6
        let span = times[times.count - 1] - times[0], window = 0.45 * span
        let windows = (0..<5).map { times[0] + window / 2 + (span - window) * Double($0) / 4 }
        let potential = BSplineBasis(-2.6, 2.6, count: 20, degree: 3), step = times[1] - times[0]
        var rows: [(y: Double, x: Double, g: [Double])] = []
        for density in densities {
            let h = density.x[1] - density.x[0]
            let splines = density.x.map { (-2.6...2.6).contains($0) ? potential.values($0) : nil }
            for centre in centres {
                let inside = density.x.indices.filter { abs(density.x[$0] - centre) < width }
                var mass = times.map { _ in 0.0 }, current = mass, square = mass, quantum = mass
                var force = times.map { _ in [Double](repeating: 0, count: potential.count) }
                for i in inside {
                    let s = (density.x[i] - centre) / width, q = 1 - s * s
                    let psi = q * q * q * q, d1 = -8 * s * q * q * q / width
                    let d3 = (144 * s * q * q - 192 * s * s * s * q) / (width * width * width)
                    for k in times.indices {
                        let p = density.p[k][i], v = density.v[k][i], slope = density.slope[k][i]
                        mass[k] += h * psi * p
                        current[k] += h * psi * p * v
                        square[k] += h * d1 * p * v * v
                        quantum[k] -= h * diffusion * diffusion * (d3 * p - d1 * p * slope * slope)
                        if let (first, values) = splines[i] { for j in values.indices { force[k][first + j] += h * psi * p * values[j] } }
                    }
                }
                for middle in windows {
                    var tau = times.map { _ in 0.0 }, rate = tau
                    for (k, t) in times.enumerated() {
                        let s = 2 * (t - middle) / window
                        guard abs(s) < 1 else { continue }
                        let q = 1 - s * s
                        tau[k] = q * q * q * q
                        rate[k] = -16 * s * q * q * q / window
                    }
                    // The windows vanish at their ends, so that the trapezoidal rule has no end terms but at the first and last time.
                    func integral(_ f: (Int) -> Double) -> Double {
                        times.indices.reduce(0) { $0 + ($1 == 0 || $1 == times.count - 1 ? 0.5 : 1) * step * f($1) }
                    }
                    let m = integral { tau[$0] * mass[$0] }
                    guard m >= 0.05 * width * integral({ tau[$0] }) else { continue }
                    let weight = 1 / m.squareRoot()
                    rows.append(
                        (
                            weight * (-integral { rate[$0] * current[$0] } - integral { tau[$0] * square[$0] }),
                            weight * integral { tau[$0] * quantum[$0] },
                            (0..<potential.count).map { j in weight * integral { tau[$0] * force[$0][j] } }
                        ))
                }
            }
        }
        let projection = try Self.projection(rows.map(\.g))
        let y = rows.map(\.y), x = rows.map(\.x), yp = projection(y), xp = projection(x)
        func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
        let chi = dot(xp, yp) / dot(xp, xp), rest = zip(xp, yp).map { $1 - chi * $0 }
        guard chi.isFinite else { throw LearningError.notFinite(what: "χ") }
        value = chi
        residual = (dot(rest, rest) / dot(y, y)).squareRoot()
        signal = (dot(xp, xp) / dot(y, y)).squareRoot()
        regressionError = (dot(rest, rest) / Double(max(1, rows.count - potential.count - 1)) / dot(xp, xp)).squareRoot()
        (quantum, acceleration) = (xp, yp)
    }

    /// What takes the columns of a matrix, given by rows, out of a vector; columns that hardly differ from others count once.
    private static func projection(_ rows: [[Double]]) throws -> ([Double]) -> [Double] {
        let columns = rows[0].count
        var sizes = [Double](repeating: 0, count: columns)
        for row in rows { for j in 0..<columns { sizes[j] += row[j] * row[j] } }
        let largest = sizes.max() ?? 0, used = (0..<columns).filter { sizes[$0] > 1e-12 * largest }
        let scaled = rows.map { row in used.map { row[$0] / sizes[$0].squareRoot() } }
        var normal = [Double](repeating: 0, count: used.count * used.count)
        for row in scaled { for i in used.indices { for j in used.indices { normal[i * used.count + j] += row[i] * row[j] } } }
        let eigen = try SymmetricEigen.decompose(normal, order: used.count)
        guard let vectors = eigen.vectors?.elements else { throw LearningError.notFinite(what: "the test equations") }
        let kept = used.indices.filter { eigen.values[$0] > 1e-13 * eigen.values[0] }
        return { vector in
            var result = vector
            for mode in kept {
                // An orthonormal direction among the rows.
                let direction = scaled.map { row in
                    used.indices.reduce(0.0) { $0 + row[$1] * vectors[$1 * used.count + mode] } / eigen.values[mode].squareRoot()
                }
                let part = zip(direction, vector).reduce(0) { $0 + $1.0 * $1.1 }
                for i in result.indices { result[i] -= part * direction[i] }
            }
            return result
        }
    }
}
