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
        var fitting = tuning[.panelSums] / taken
        while fitting > available { fitting /= 2 }
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
        var fitting = tuning[.panelSums]
        while fitting > available { fitting /= 2 }
        (vectors, chunk, together, isRowwise) = (1, 1, 1, true)
        units = fitting
        tiles = (available + fitting - 1) / fitting * all
    }

    package var macros: [(String, String)] {
        [("UNITS", "\(units)"), ("PANELS", "\(vectors)")] + (isRowwise ? [("ROWWISE", "1")] : [])
    }
}
