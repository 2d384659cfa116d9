/// What moves waves over lattices and trains these: a device, or the host.
package protocol LatticeEngine: Sendable {
    /// The fields x_1, x_2, … up to x_steps of waves of one part on lattices of one shape.
    /// - Parameter deliver: hears each field once, those of a wave in order; throws to stop.
    /// - Throws: errors of the device, and what `deliver` throws.
    func fields(of waves: [LatticeWave], steps: Int, deliver: (_ wave: Int, _ step: Int, _ field: [Double]) throws -> Void) throws

    /// Where |x|² has its centre, Σ s|x|²/Σ|x|², at steps 0, `every`, 2 `every`, … up to `steps`, for waves of two parts on lattices of one
    /// shape: wave by wave, step by step, a number for each axis.
    /// - Throws: errors of the device.
    func centres(of waves: [LatticeWave], steps: Int, every: Int) throws -> [[[Double]]]

    /// Networks that have had lessons of one shape and length.
    /// - Throws: errors of the device.
    func train(_ lessons: [LatticeLesson]) throws -> [LatticeNetwork]
}

extension LatticeWave {
    /// Sums of |x|² and of s|x|² over a lattice, row by row of its parts.
    package static func centre(_ parts: [[Double]], _ shape: LatticeShape) -> [Double] {
        var total = 0.0, moments = [Double](repeating: 0, count: shape.dimensions)
        for row in 0..<shape.rows {
            var sum = 0.0, along = 0.0
            for x in 0..<shape.length {
                let energy = parts.reduce(0) { $0 + $1[row * shape.length + x] * $1[row * shape.length + x] }
                sum += energy
                along += energy * Double(x)
            }
            add(row: row, sum: sum, along: along, &total, &moments, shape)
        }
        return moments.map { $0 / total }
    }

    /// Adds what a row has.
    static func add(row: Int, sum: Double, along: Double, _ total: inout Double, _ moments: inout [Double], _ shape: LatticeShape) {
        total += sum
        moments[0] += along
        for axis in 1..<max(1, shape.dimensions) {
            moments[axis] += sum * Double(shape.coordinate(row * shape.length, axis: axis))
        }
    }
}
