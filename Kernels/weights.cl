// Initial weights of one layer for every member of an ensemble, from Philox 4x32-10 and Box-Muller.
//
//   out[e][row][column] = scale[e] * normal(seed[e], layer, stream, row * columns + column)
//
// Number i of a stream comes from block i/2: key = seed, counter = (index low, index high, layer, stream); two uniforms of 53
// bits; the cosine gives even, the sine odd i. The numbers depend on nothing else, so batching cannot change a network.
// Layout: rows of `stride` elements from `offset` in each member's `memberStride`; padding is left as it is (zero).
// Cost: 10 rounds, one logarithm and one sincos for two numbers. Error: that of log, sqrt and sincos in double (a few ulp),
// then one rounding to REAL; in float where the device has no double (24-bit uniforms, recorded by the host).
#include "real.clh"
#ifndef CHUNK
#define CHUNK 1  // pairs that one work-item makes: large on a CPU, where a work-item costs more than a pair
#endif

#if FP64
typedef double WIDE;
#define UNIFORM(low, high) ((double)((((ulong)(high) << 32) | (ulong)(low)) >> 11) * 0x1p-53)
#define TINY 0x1p-53
#define TWO_PI 6.283185307179586
#else
typedef float WIDE;
#define UNIFORM(low, high) ((float)((high) >> 8) * 0x1p-24f)
#define TINY 0x1p-24f
#define TWO_PI 6.2831853f
#endif

static inline uint4 philox(uint2 key, uint4 c) {
    for (int round = 0; round < 10; ++round) {
        if (round > 0) key += (uint2)(0x9E3779B9u, 0xBB67AE85u);
        const uint2 low = (uint2)(c.x * 0xD2511F53u, c.z * 0xCD9E8D57u);
        const uint2 high = (uint2)(mul_hi(c.x, 0xD2511F53u), mul_hi(c.z, 0xCD9E8D57u));
        c = (uint4)(high.y ^ c.y ^ key.x, low.y, high.x ^ c.w ^ key.y, low.x);
    }
    return c;
}

// global: (work-items over pairs, members)
__kernel void initial_weights(const long count, const long columns, const long stride, const long offset, const long memberStride,
                              const uint layer, const uint stream, __global const ulong* restrict seeds,
                              __global const REAL* restrict scales, __global REAL* restrict out) {
    const long e = get_global_id(1);
    const ulong seed = seeds[e];
    const WIDE scale = (WIDE)scales[e];
    __global REAL* member = out + e * memberStride + offset;
    const long first = (long)get_global_id(0) * CHUNK;
    const long last = min(first + CHUNK, (count + 1) / 2);
    for (long pair = first; pair < last; ++pair) {
        const uint4 words = philox((uint2)((uint)seed, (uint)(seed >> 32)), (uint4)((uint)pair, (uint)(pair >> 32), layer, stream));
        const WIDE radius = sqrt((WIDE)-2 * log(UNIFORM(words.x, words.y) + TINY));
        const WIDE angle = (WIDE)TWO_PI * UNIFORM(words.z, words.w);
        const long even = 2 * pair, odd = even + 1;
        member[even / columns * stride + even % columns] = (REAL)(scale * (radius * cos(angle)));
        if (odd < count) member[odd / columns * stride + odd % columns] = (REAL)(scale * (radius * sin(angle)));
    }
}
