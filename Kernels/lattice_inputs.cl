// The random states from which lattices are recorded, of `steps` steps of training from firstStep on:
//
//   inputs[member][step][recording][s] = normal(seed[member], s, firstStep + step, recording)
//
// Layout: lattice.clh; inputs (members, steps, recordings, volume). Cost and error: lattice_noise.clh.
#include "lattice.clh"
#include "lattice_noise.clh"

// global: (work-items over vectors of sites, members times steps)
__kernel void lattice_inputs(const int length, const int planeRows, const int rows, const int recordings, const int firstStep,
                             const int steps, __global const ulong* restrict seeds, __global REAL* restrict inputs) {
    const Lattice lattice = {length, planeRows, rows};
    const long member = get_global_id(1) / steps, step = get_global_id(1) - member * steps, size = volume(lattice);
    const ulong seed = seeds[member];
    __global REAL* x = inputs + get_global_id(1) * recordings * size;
    FOR_TILES(tile, rows * (length / VW)) {
        const Place place = place_of(lattice, tile);
        for (int quad = 0; quad < recordings / 4; ++quad) {
            const Quad drawn = normals(seed, place.row * length + place.site, firstStep + (int)step, quad, INPUTS);
            UNROLL for (int lane = 0; lane < 4; ++lane) store_sites(lattice, place, drawn.number[lane], x + (4 * quad + lane) * size);
        }
    }
}
