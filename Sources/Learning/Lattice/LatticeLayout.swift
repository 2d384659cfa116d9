import Compute

/// How a lattice lies in the memory of a device (`lattice.clh`): rows with a vector of places before and after them, of which one on either
/// side repeats the row's other end.
package struct LatticeLayout: Sendable, Hashable {
    package let shape: LatticeShape
    /// Components of a vector: the most that divide a row.
    package let vectorWidth: Int

    /// The layout for vectors of at most so many bytes.
    package init(_ shape: LatticeShape, vectorBytes: Int, elementBytes: Int) {
        var width = 1
        while shape.length.isMultiple(of: 2 * width), 2 * width * elementBytes <= vectorBytes, width < 16 { width *= 2 }
        self.shape = shape
        vectorWidth = width
    }

    /// Numbers of a row with what surrounds it.
    package var stride: Int { shape.length + 2 * vectorWidth }
    /// Numbers of a field.
    package var volume: Int { shape.rows * stride }
    /// Vectors of a field.
    package var vectors: Int { shape.sites / vectorWidth }
    /// Segments whose sums the kernel `lattice_moments` makes.
    package var segments: Int { shape.rows * ((shape.length + Self.segment - 1) / Self.segment) }

    /// Sites of a segment.
    package static let segment = 64

    /// What every kernel of lattices takes of it.
    var arguments: [String: Int] {
        ["length": shape.length, "planeRows": shape.dimensions > 1 ? shape.sizes[1] : 1, "rows": shape.rows]
    }

    /// A field as the device has it.
    package func padded(_ field: [Double]) -> [Double] {
        var result = [Double](repeating: 0, count: volume)
        for row in 0..<shape.rows {
            let from = row * shape.length, to = row * stride + vectorWidth
            for x in 0..<shape.length { result[to + x] = field[from + x] }
            result[to - 1] = field[from + shape.length - 1]
            result[to + shape.length] = field[from]
        }
        return result
    }

    /// A field that begins at `offset` of what the device has.
    package func sites(_ numbers: [Double], from offset: Int = 0) -> [Double] {
        var result: [Double] = []
        result.reserveCapacity(shape.sites)
        for row in 0..<shape.rows {
            let start = offset + row * stride + vectorWidth
            result += numbers[start..<start + shape.length]
        }
        return result
    }
}
