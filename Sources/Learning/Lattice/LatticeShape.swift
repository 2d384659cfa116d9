/// The sites of a lattice of one to three dimensions that is periodic in each of them.
///
/// Site (x, y, z) is number x + X(y + Y z): axis 0, along which rows lie, is contiguous.
public struct LatticeShape: Sendable, Hashable {
    /// Sites along each axis.
    public let sizes: [Int]

    /// A lattice.
    /// - Parameter sizes: sites along each of one to three axes, at least 4 each.
    /// - Throws: `LearningError.outOfRange`.
    public init(_ sizes: [Int]) throws {
        guard (1...3).contains(sizes.count) else {
            throw LearningError.outOfRange(
                name: "the number of dimensions", value: "\(sizes.count)", limit: "1, 2 or 3", remedy: "give a size for each")
        }
        if let size = sizes.first(where: { $0 < 4 }) {
            throw LearningError.outOfRange(
                name: "a size of the lattice", value: "\(size)", limit: "at least 4", remedy: "neighbours on both sides must differ")
        }
        // Kernels number sites and their halos with 32 bits.
        let product = sizes.reduce((partialValue: 1, overflow: false)) { whole, size in
            let next = whole.partialValue.multipliedReportingOverflow(by: size)
            return (next.partialValue, whole.overflow || next.overflow)
        }
        guard !product.overflow, product.partialValue <= 1 << 28 else {
            throw LearningError.outOfRange(
                name: "the number of sites", value: sizes.map { "\($0)" }.joined(separator: "·"), limit: "at most 2^28",
                remedy: "make the lattice smaller")
        }
        self.sizes = sizes
    }

    /// Axes.
    public var dimensions: Int { sizes.count }
    /// Sites of all axes together.
    public var sites: Int { sizes.reduce(1, *) }
    /// Sites of a row.
    public var length: Int { sizes[0] }
    /// Rows.
    public var rows: Int { sites / length }
    /// Weights of a neuron: one for itself, and one for either neighbour along each axis.
    public var weightCount: Int { 2 * dimensions + 1 }

    /// The number of the weight from the neighbour along an axis, on the side of lower (0) or higher (1) coordinates. Weight 0 is a neuron's
    /// own.
    public static func weight(axis: Int, side: Int) -> Int { 1 + 2 * axis + side }

    /// The coordinate of a site.
    public func coordinate(_ site: Int, axis: Int) -> Int { site / stride(axis) % sizes[axis] }

    /// The neighbour of a site along an axis on a side, 0 or 1.
    public func neighbour(of site: Int, axis: Int, side: Int) -> Int {
        let stride = stride(axis), last = sizes[axis] - 1, here = coordinate(site, axis: axis)
        return side == 0 ? (here == 0 ? site + last * stride : site - stride) : (here == last ? site - last * stride : site + stride)
    }

    /// Sites from one to its neighbour of a higher coordinate.
    func stride(_ axis: Int) -> Int { sizes[..<axis].reduce(1, *) }

    /// The neighbours of all sites, `weightCount` for each, the site itself first, in the order of the weights.
    package func neighbourhoods() -> [Int] {
        var result: [Int] = []
        result.reserveCapacity(sites * weightCount)
        for site in 0..<sites {
            result.append(site)
            for axis in 0..<dimensions { for side in 0...1 { result.append(neighbour(of: site, axis: axis, side: side)) } }
        }
        return result
    }
}
