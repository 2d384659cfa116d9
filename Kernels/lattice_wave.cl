// One step of recurrent networks on a lattice (arXiv:2111.00903), of `parts` fields each:
//
//   x_{t+1}[s] = sum_w weights[w][s] x_t[s_w] - memory x_{t-1}[s]
//
// over the neuron's own state and those of its neighbours s_w. before, now and after are where these states begin in `states`; x_{t+1} may
// take the place of x_{t-1}. Layout: fields and weights in rows with repeated ends (lattice.clh), weights (members, WEIGHTS, volume),
// memories (members), a state (members, parts, volume).
// Cost: 2 (WEIGHTS + 1) flops a site; bytes: WEIGHTS + 3 numbers, neighbours being cached.
// Error: |dx_{t+1}| <= sum |w| |dx_t| + memory |dx_{t-1}| + (WEIGHTS + 1) u (sum |w x_t| + |memory x_{t-1}|).
#include "lattice.clh"

// global: (work-items over vectors of sites, members times parts)
__kernel void lattice_wave(const int length, const int planeRows, const int rows, const int parts, const long before, const long now,
                           const long after, __global const REAL* restrict weights, __global const REAL* restrict memories,
                           __global REAL* states) {
    const Lattice lattice = {length, planeRows, rows};
    const long field = get_global_id(1), member = field / parts, size = volume(lattice);
    const REALV memory = (REALV)(memories[member]);
    __global const REAL* W = weights + member * WEIGHTS * size;
    __global const REAL* x = states + now + field * size;
    __global const REAL* old = states + before + field * size;
    __global REAL* next = states + after + field * size;
    FOR_TILES(tile, rows * (length / VW)) {
        const Place place = place_of(lattice, tile);
        long beside[WEIGHTS];
        neighbours(lattice, place, beside);
        REALV sum = -memory * LOAD_WHOLE(old + place.at);
        UNROLL for (int w = 0; w < WEIGHTS; ++w) sum += LOAD_WHOLE(W + w * size + place.at) * VLOAD(x + beside[w]);
        store_sites(lattice, place, sum, next);
    }
}
