// Initial weights of one layer for every member of an ensemble, from Philox 4x32-10 and Box-Muller.
//
//   out[e][row][column] = scale[e] * normal(seed[e], layer, stream, row * columns + column)
//
// Number i of a stream comes from block i/2: key = seed, counter = (index low, index high, layer, stream); two uniforms of 53
// bits; the cosine gives even, the sine odd i. The numbers depend on nothing else, so batching cannot change a network.
// Layout: rows of `stride` elements from `offset` in each member's `memberStride`; padding is left as it is (zero).
// Cost: 10 rounds, one logarithm and one sincos for two numbers. Error: that of log, sqrt and sincos in double (a few ulp),
// then one rounding to REAL. For devices with double; for others the host draws them.
#include "real.clh"
#ifndef CHUNK
#define CHUNK 1  // pairs that one work-item makes, 1 or a multiple of 8: large on a CPU, where a work-item costs more than a pair
#endif

// Pairs that are computed together: explicit vectors on a CPU, whose library has log, sin and cos of them.
#if CHUNK >= 8
#define LANES 8
#else
#define LANES 1
#endif
#include "philox.clh"
#define CONVERT(type, v) PASTE(convert_, VECTOR(type))(v)

typedef VECTOR(double) WIDE;
#define TO_WIDE(v) CONVERT(double, v)
#define UNIFORM(low, high) (TO_WIDE(((CONVERT(ulong, high) << 32) | CONVERT(ulong, low)) >> 11) * 0x1p-53)
#define TINY 0x1p-53
#define TWO_PI 6.283185307179586

// global: (work-items over pairs, members)
__kernel void initial_weights(const long count, const long columns, const long stride, const long offset, const long memberStride,
                              const uint layer, const uint stream, __global const ulong* restrict seeds,
                              __global const REAL* restrict scales, __global REAL* restrict out) {
    const long e = get_global_id(1);
    const ulong seed = seeds[e];
    const WIDE scale = (WIDE)(scales[e]);
    __global REAL* member = out + e * memberStride + offset;
    const long first = (long)get_global_id(0) * CHUNK;
    const long last = min(first + CHUNK, (count + 1) / 2);
    for (long pair = first; pair < last; pair += LANES) {
        // A multiple of LANES, so that all components have the same upper word.
        const Words words =
            philox((uint)seed, (uint)(seed >> 32), (uint)pair + LANE_NUMBERS, (uint)((ulong)pair >> 32), layer, stream);
        const WIDE radius = sqrt(-2 * log(UNIFORM(words.x, words.y) + TINY));
        const WIDE angle = TWO_PI * UNIFORM(words.z, words.w);
        const VECTOR(REAL) even = CONVERT(REAL, scale * (radius * cos(angle)));
        const VECTOR(REAL) odd = CONVERT(REAL, scale * (radius * sin(angle)));
        long row = 2 * pair / columns, column = 2 * pair % columns;
        const int numbers = (int)min((long)(2 * LANES), count - 2 * pair);
        for (int k = 0; k < numbers; ++k) {
            member[row * stride + column] = ((const REAL*)(k % 2 ? &odd : &even))[k / 2];
            if (++column == columns) column = 0, ++row;
        }
    }
}
