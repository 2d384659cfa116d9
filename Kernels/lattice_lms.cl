// Steps of least-mean-squares training of networks on a lattice, from recordings of a teacher: at each step
//
//   y = sum_w teacher[w] x[s_w] + noise n,   w <- w - rate[step] (mean over recordings of (sum_w w x[s_w] - y) x[s_w]
//                                                                 + smoothing sum_neighbours (w - w[neighbour]))
//
// with n a normal number of its own for each recording, site and step. Neurons without smoothing do not hear of each other's weights, so that
// a work-item takes a vector of them through all steps of a launch, in registers; with smoothing a launch is one step, and before and after
// are apart. Layout: lattice.clh; teacher (members, WEIGHTS, volume), before and after so too, from these places of `weights`; inputs
// (members, stepsDrawn, recordings, volume) as of lattice_inputs.cl, of which a launch takes the first `steps`; rates of all steps; noises,
// smoothings and seeds (members).
// Cost for a site, step and recording: 6 WEIGHTS flops and a normal number; bytes: one input, neighbours being cached.
// Error: that of the normal numbers, and (2 WEIGHTS + recordings + 4) u of the sums of magnitudes.
#include "lattice.clh"
#include "lattice_noise.clh"

// global: (work-items over vectors of sites, members)
__kernel void lattice_lms(const int length, const int planeRows, const int rows, const int recordings, const int firstStep, const int steps,
                          const int stepsDrawn, const long before, const long after, __global const ulong* restrict seeds,
                          __global const REAL* restrict rates, __global const REAL* restrict noises,
                          __global const REAL* restrict smoothings, __global const REAL* restrict inputs,
                          __global const REAL* restrict teachers, __global REAL* weights) {
    const Lattice lattice = {length, planeRows, rows};
    const long member = get_global_id(1), size = volume(lattice);
    const ulong seed = seeds[member];
    const REAL noise = noises[member], smoothing = smoothings[member];
    __global const REAL* T = teachers + member * WEIGHTS * size;
    __global const REAL* from = weights + before + member * WEIGHTS * size;
    __global REAL* to = weights + after + member * WEIGHTS * size;
    FOR_TILES(tile, rows * (length / VW)) {
        const Place place = place_of(lattice, tile);
        long beside[WEIGHTS];
        neighbours(lattice, place, beside);
        REALV teacher[WEIGHTS], own[WEIGHTS];
        UNROLL for (int w = 0; w < WEIGHTS; ++w) {
            teacher[w] = LOAD_WHOLE(T + w * size + place.at);
            own[w] = LOAD_WHOLE(from + w * size + place.at);
        }
        for (int step = 0; step < steps; ++step) {
            __global const REAL* X = inputs + (member * stepsDrawn + step) * recordings * size;
            REALV sums[WEIGHTS];
            UNROLL for (int w = 0; w < WEIGHTS; ++w) sums[w] = (REALV)(0);
            for (int quad = 0; quad < recordings / 4; ++quad) {
                const Quad drawn = normals(seed, place.row * length + place.site, firstStep + step, quad, RECORDINGS);
                UNROLL for (int lane = 0; lane < 4; ++lane) {
                    __global const REAL* x = X + (4 * quad + lane) * size;
                    REALV heard[WEIGHTS], target = noise * drawn.number[lane], said = (REALV)(0);
                    UNROLL for (int w = 0; w < WEIGHTS; ++w) heard[w] = VLOAD(x + beside[w]);
                    UNROLL for (int w = 0; w < WEIGHTS; ++w) {
                        target += teacher[w] * heard[w];
                        said += own[w] * heard[w];
                    }
                    UNROLL for (int w = 0; w < WEIGHTS; ++w) sums[w] += (said - target) * heard[w];
                }
            }
            const REAL rate = rates[firstStep + step];
            UNROLL for (int w = 0; w < WEIGHTS; ++w) own[w] -= rate * (sums[w] / (REAL)recordings);
        }
        UNROLL for (int w = 0; w < WEIGHTS; ++w) store_sites(lattice, place, own[w], to + w * size);
        // Weight by weight, as those of all neighbours at once would not fit in registers.
        const REAL pull = rates[firstStep] * smoothing;
        for (int w = 0; w < WEIGHTS && smoothing > 0; ++w) {
            const REALV before = LOAD_WHOLE(from + w * size + place.at);
            REALV bend = (REALV)(0);
            UNROLL for (int n = 1; n < WEIGHTS; ++n) bend += before - VLOAD(from + w * size + beside[n]);
            store_sites(lattice, place, LOAD_WHOLE(to + w * size + place.at) - pull * bend, to + w * size);
        }
    }
}
