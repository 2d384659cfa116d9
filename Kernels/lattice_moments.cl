// Where the energy of fields on a lattice is: for each segment of at most SEGMENT sites of a row, over the `parts` fields of a member,
//
//   moments[out + 2 (member segments + segment)]     = sum_s e[s],   e = sum_part x[part][s]^2
//   moments[out + 2 (member segments + segment) + 1] = sum_s (s - s_0) e[s]
//
// with s_0 the segment's first site. One work-item adds a segment in the order of its sites, so that sums are the same on every run; the
// host adds segments, in double. Layout: lattice.clh. Cost: 6 flops and one number a site.
// Error: (SEGMENT + 3) u of each sum.
#include "lattice.clh"
#define SEGMENT 64

// global: (work-items over segments, members)
__kernel void lattice_moments(const int length, const int planeRows, const int rows, const int parts, const long now, const long out,
                              __global const REAL* restrict states, __global REAL* restrict moments) {
    const Lattice lattice = {length, planeRows, rows};
    const int each = (length + SEGMENT - 1) / SEGMENT;
    const long member = get_global_id(1), size = volume(lattice), stride = row_stride(lattice);
    __global const REAL* x = states + now + member * parts * size;
    FOR_TILES(tile, rows * each) {
        const int row = tile / each, first = (tile - row * each) * SEGMENT, count = min(SEGMENT, length - first);
        __global const REAL* sites = x + row * stride + VW + first;
        REAL sum = 0, along = 0;
        for (int s = 0; s < count; ++s) {
            REAL energy = 0;
            for (int part = 0; part < parts; ++part) energy += sites[part * size + s] * sites[part * size + s];
            sum += energy;
            along += (REAL)s * energy;
        }
        __global REAL* result = moments + out + 2 * (member * rows * each + tile);
        result[0] = sum;
        result[1] = along;
    }
}
