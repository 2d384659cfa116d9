/// How a product in register tiles is divided (`product.clh`): vectors and units of a tile, and how many vectors a work-item takes together.
struct Tiling {
    /// Vectors of a tile.
    let vectors: Int
    /// Units of a tile.
    let units: Int
    let chunk: Int
    /// Vectors that a work-item takes together, those that are there.
    let together: Int
    /// Tiles of units times chunks of vectors.
    let tiles: Int

    init(vectors all: Int, units available: Int, _ tuning: Tuning) {
        // Two vectors use the fewest loads; of one or three, such tiles would leave a part empty.
        let taken = all == 1 || all == 3 ? all : 2
        var fitting = tuning.panelSums / taken
        while fitting > available { fitting /= 2 }
        vectors = taken
        units = fitting
        chunk = (tuning.panelChunk + taken - 1) / taken * taken
        together = min(all, chunk)
        tiles = (available + fitting - 1) / fitting * ((all + chunk - 1) / chunk)
    }

    var macros: [(String, String)] { [("UNITS", "\(units)"), ("PANELS", "\(vectors)")] }
}
