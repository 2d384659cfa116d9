import Foundation

/// A complex number.
package struct Complex: Sendable, Hashable {
    package var real, imaginary: Double

    package init(_ real: Double, _ imaginary: Double) {
        self.real = real
        self.imaginary = imaginary
    }

    /// |z|².
    package var square: Double { real * real + imaginary * imaginary }

    package static func + (a: Complex, b: Complex) -> Complex { Complex(a.real + b.real, a.imaginary + b.imaginary) }

    package static func * (a: Complex, b: Complex) -> Complex {
        Complex(a.real * b.real - a.imaginary * b.imaginary, a.real * b.imaginary + a.imaginary * b.real)
    }
}

/// Fourier sums over a lattice, X_k = Σ_s x_s exp(−2πi Σ k s/n), axis by axis, each divided by its prime factors.
package struct DiscreteFourier: Sendable {
    private let sizes: [Int]
    /// exp(−2πi j/n) of each axis.
    private let roots: [[Complex]]

    /// Those of a lattice.
    /// - Parameter sizes: along each axis, the first contiguous; positive.
    package init(_ sizes: [Int]) {
        self.sizes = sizes
        roots = sizes.map { count in
            (0..<count).map { Complex(cos(2 * .pi * Double($0) / Double(count)), -sin(2 * .pi * Double($0) / Double(count))) }
        }
    }

    /// X from x.
    package func forward(_ values: [Complex]) -> [Complex] { transform(values, roots) }

    /// x from X.
    package func backward(_ values: [Complex]) -> [Complex] {
        let scale = 1 / Double(values.count)
        return transform(values, roots.map { $0.map { Complex($0.real, -$0.imaginary) } }).map {
            Complex($0.real * scale, $0.imaginary * scale)
        }
    }

    /// |X_k|² of real values.
    package func power(_ values: [Double]) -> [Double] { forward(values.map { Complex($0, 0) }).map(\.square) }

    private func transform(_ values: [Complex], _ roots: [[Complex]]) -> [Complex] {
        var result = values
        var stride = 1
        for (axis, count) in sizes.enumerated() {
            var line = [Complex](repeating: Complex(0, 0), count: count), image = line
            for start in 0..<values.count where start / stride % count == 0 {
                for j in 0..<count { line[j] = result[start + j * stride] }
                sum(line, from: 0, step: 1, count: count, roots[axis], into: &image, at: 0)
                for j in 0..<count { result[start + j * stride] = image[j] }
            }
            stride *= count
        }
        return result
    }

    /// The sums over `count` of the values from `from` on, `step` apart, by decimation in time.
    private func sum(
        _ values: [Complex], from: Int, step: Int, count: Int, _ roots: [Complex], into image: inout [Complex], at place: Int
    ) {
        guard count > 1 else {
            image[place] = values[from]
            return
        }
        let factor = (2...count).first { count.isMultiple(of: $0) } ?? count, part = count / factor
        for r in 0..<factor {
            sum(values, from: from + r * step, step: step * factor, count: part, roots, into: &image, at: place + r * part)
        }
        let turn = roots.count / count
        var pieces = [Complex](repeating: Complex(0, 0), count: factor)
        for k in 0..<part {
            for r in 0..<factor { pieces[r] = image[place + r * part + k] }
            for q in 0..<factor {
                let index = k + q * part
                image[place + index] = (0..<factor).reduce(Complex(0, 0)) { $0 + pieces[$1] * roots[$1 * index * turn % roots.count] }
            }
        }
    }
}
