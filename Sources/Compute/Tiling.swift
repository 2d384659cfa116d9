/// How a product in register tiles is divided (`product.clh`): vectors and units of a tile, and how many vectors a work-item takes together.
package struct Tiling {
    /// Vectors of a tile.
    package let vectors: Int
    /// Units of a tile.
    package let units: Int
    package let chunk: Int
    /// Vectors that a work-item takes together, those that are there.
    package let together: Int
    /// Tiles of units times chunks of vectors.
    package let tiles: Int

    package init(vectors all: Int, units available: Int, _ tuning: Tuning) {
        // Two vectors use the fewest loads; of one or three, such tiles would leave a part empty.
        let taken = all == 1 || all == 3 ? all : 2
        let fitting = Self.units(tuning[.panelSums] / taken, of: available)
        isRowwise = false
        vectors = taken
        units = fitting
        chunk = (tuning[.panelChunk] + taken - 1) / taken * taken
        together = min(all, chunk)
        tiles = (available + fitting - 1) / fitting * ((all + chunk - 1) / chunk)
    }

    /// Whether neighbours take neighbouring vectors of the same units, and not neighbouring units.
    package let isRowwise: Bool

    /// Tiles of one vector whose neighbours lie side by side in rows, as work-items of a group read and write them at once.
    package init(rowwise all: Int, units available: Int, _ tuning: Tuning) {
        let fitting = Self.units(tuning[.panelSums], of: available)
        (vectors, chunk, together, isRowwise) = (1, 1, 1, true)
        units = fitting
        tiles = (available + fitting - 1) / fitting * all
    }

    /// Units of a tile, of which so many are available: the most that it can have, a quarter of them, or one, since every other number would be
    /// one more kernel to compile.
    private static func units(_ most: Int, of available: Int) -> Int { [most, most / 4].first { 1...available ~= $0 } ?? 1 }

    package var macros: [(String, String)] {
        [("UNITS", "\(units)"), ("PANELS", "\(vectors)")] + (isRowwise ? [("ROWWISE", "1")] : [])
    }
}
