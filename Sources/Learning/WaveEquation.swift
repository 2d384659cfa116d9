import Foundation

/// iħ ψ_t = −(ħ²/2) ψ″ + V ψ on equal steps between walls, by Crank and Nicolson's scheme, which keeps the norm.
package struct WaveEquation: Sendable {
    package let places: [Double]
    private let potential: [Double]
    private let hbar: Double
    private let step: Double
    private var real: [Double]
    private var imaginary: [Double]

    /// A packet ψ = exp(−(x − mean)²/4σ²) at rest, whose density has the standard deviation σ.
    /// - Parameter potential: V at a place.
    package init(
        range: ClosedRange<Double>, count: Int, hbar: Double, mean: Double, deviation: Double, potential: (Double) -> Double
    ) {
        step = (range.upperBound - range.lowerBound) / Double(count - 1)
        let low = range.lowerBound, step = step
        places = (0..<count).map { low + Double($0) * step }
        self.potential = places.map(potential)
        self.hbar = hbar
        let shape = places.map { exp(-($0 - mean) * ($0 - mean) / (4 * deviation * deviation)) }
        let norm = (shape.reduce(0) { $0 + $1 * $1 } * step).squareRoot()
        real = shape.map { $0 / norm }
        imaginary = shape.map { _ in 0 }
    }

    /// |ψ|².
    package var density: [Double] { zip(real, imaginary).map { $0 * $0 + $1 * $1 } }

    /// What bins hold.
    package func shares(edges: [Double]) -> [Double] {
        let density = density
        var below = [0.0]
        for p in density { below.append(below[below.count - 1] + p * step) }
        // Below a place + step/2 lies what it and those before it hold.
        func cumulated(_ x: Double) -> Double {
            let at = (x - places[0]) / step + 0.5
            guard at > 0 else { return 0 }
            guard at < Double(density.count) else { return below[density.count] }
            let cell = Int(at)
            return below[cell] + (at - Double(cell)) * (below[cell + 1] - below[cell])
        }
        let values = edges.map(cumulated)
        return (0..<edges.count - 1).map { values[$0 + 1] - values[$0] }
    }

    /// Moves on by a time.
    package mutating func advance(by time: Double, steps: Int) {
        let dt = time / Double(steps), n = places.count
        // H = diagonal − (ħ²/2h²)(neighbours); (1 + i dt H/2ħ) ψ' = (1 − i dt H/2ħ) ψ.
        let beside = -hbar * hbar / (2 * step * step), factor = dt / (2 * hbar)
        let diagonal = potential.map { ($0 - 2 * beside) * factor }, off = beside * factor
        // The elimination is the same at every step: complex ratios off/pivot.
        var pivots: [(re: Double, im: Double)] = []
        for i in 0..<n {
            var pivot = (re: 1.0, im: diagonal[i])
            if i > 0 {
                // − (i off)²/previous = off²/previous
                let q = pivots[i - 1], size = q.re * q.re + q.im * q.im
                pivot.re += off * off * q.re / size
                pivot.im -= off * off * q.im / size
            }
            pivots.append(pivot)
        }
        var a = real, b = imaginary
        for _ in 0..<steps {
            var right = [(re: Double, im: Double)](repeating: (0, 0), count: n)
            for i in 0..<n {
                // −i H ψ: the real part gains H Im, the imaginary loses H Re.
                var (hr, hi) = (diagonal[i] * a[i], diagonal[i] * b[i])
                if i > 0 { hr += off * a[i - 1]; hi += off * b[i - 1] }
                if i < n - 1 { hr += off * a[i + 1]; hi += off * b[i + 1] }
                right[i] = (a[i] + hi, b[i] - hr)
            }
            for i in 1..<n {
                // row i − (i off/pivot) row i−1
                let q = pivots[i - 1], size = q.re * q.re + q.im * q.im, r = right[i - 1]
                let (qr, qi) = ((r.re * q.re + r.im * q.im) / size, (r.im * q.re - r.re * q.im) / size)
                right[i].re += off * qi
                right[i].im -= off * qr
            }
            for i in stride(from: n - 1, through: 0, by: -1) {
                var r = right[i]
                if i < n - 1 {
                    r.re += off * b[i + 1]
                    r.im -= off * a[i + 1]
                }
                let q = pivots[i], size = q.re * q.re + q.im * q.im
                a[i] = (r.re * q.re + r.im * q.im) / size
                b[i] = (r.im * q.re - r.re * q.im) / size
            }
        }
        (real, imaginary) = (a, b)
    }
}
