import Foundation

/// A point and its bias, over a power of two near the largest of them, so that no square of it leaves the numbers of 64 bits.
struct ScaledVector {
    /// x over `unit`, and the bias over it.
    let elements: [Double]
    /// The power of two.
    let unit: Double
    /// |elements|².
    let square: Double

    init(_ inputs: Inputs, point: Int, bias: Double) {
        let d = inputs.dimension
        let values = Array(inputs.values[point * d..<(point + 1) * d]) + [bias]
        let largest = values.reduce(0) { max($0, abs($1)) }
        guard largest > 0 else {
            elements = values
            unit = 1
            square = 0
            return
        }
        let exponent = Int(largest.exponent)
        elements = values.map { scalbn($0, -exponent) }
        unit = scalbn(1, exponent)
        square = elements.reduce(0) { $0 + $1 * $1 }
    }

    var isZero: Bool { square == 0 }

    /// The sum of products of the first elements.
    func dot(_ other: ScaledVector, count: Int) -> Double {
        var sum = 0.0
        for i in 0..<count { sum += elements[i] * other.elements[i] }
        return sum
    }

    /// The sine of the angle between two vectors, from the distance of one from the line through the other; 0 where one has no direction.
    ///
    /// y − f x by fused operations rounds only its own elements, and what the rounding of f leaves along x is taken off again: the sine is
    /// accurate to d roundings of itself however near the vectors are to parallel or opposite.
    func sine(_ other: ScaledVector) -> Double {
        let (base, vector) = isBefore(other) ? (self, other) : (other, self)
        guard base.square > 0, vector.square > 0 else { return 0 }
        var rest = vector.elements
        for _ in 0..<2 {
            var sum = 0.0
            for i in rest.indices { sum += base.elements[i] * rest[i] }
            let factor = sum / base.square
            for i in rest.indices { rest[i] = rest[i].addingProduct(-factor, base.elements[i]) }
        }
        return min(1, (rest.reduce(0) { $0 + $1 * $1 } / vector.square).squareRoot())
    }

    /// An order of vectors that does not depend on which is first, so that equal points have equal rows.
    private func isBefore(_ other: ScaledVector) -> Bool {
        square != other.square ? square > other.square : elements.lexicographicallyPrecedes(other.elements)
    }
}
