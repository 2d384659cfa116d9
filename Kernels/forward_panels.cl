// One layer forward on panels of points, for every member of an ensemble: what a tangent kernel starts from.
//
//   z[n][j] = alpha sum_i h[n][i] W[i][j] + beta W[fanIn][j]      (the bias, if any, is the last row of W)
//   value[n][j] = act(z),  slope[n][j] = act'(z)                  (hidden layers)
//   value[n][j] = z                                               (readOut)
//
// Layout: a panel is VW points, unit by unit: h (panels, fanIn, VW), value and slope (panels, fanOut, VW), one after the other by member;
// inMemberStride 0 shares the inputs. Lanes beyond the last point hold numbers of no meaning, which never reach another lane.
// W (fanIn + hasBias, outStride). scales (members, 2) holds alpha and beta of this layer.
// Vectors run over points, so that a register tile takes UNITS numbers of a row of W, broadcast, and PANELS vectors for UNITS PANELS
// multiply-adds, sums nothing across lanes and leaves its results where the Gram matrices read them one after the other.
// Sums advance `block` units at a time, and wait in `value` meanwhile. On a CPU that keeps a work-item's `chunk` panels in its cache and
// W, whose rows are pages apart, in few pages. STAGED > 0, with block = STAGED and groups of one work-item: the strip of W that a tile
// needs is first copied into one piece, which several panels then share (1.15 to 1.25 times as fast at N >= 256; where no panels share
// it, the copy costs more than it brings, and strips of several tiles at once, rows of W taken in longer pieces, are slower by a tenth and
// more, for sums wait during a copy).
// FETCHED: every row also asks for the same strip one block further. With few points, W comes from memory for few multiply-adds each, and
// waiting for it costs most: with blocks of 32, 1.5 times as fast at N = 16 to 32 and 1.4 at N = 64 (width 4096 and 64 members of width
// 512, PoCL on 2 cores); with W in the cache 1.3 times faster still. From N = 256 on it costs a tenth.
// Cost: 2 N fanIn fanOut flops; bytes: W once for each `chunk` panels, h once for each work-item, value and slope once.
// Error: as forward.cl.
// GROUPED: a work-group takes a tile of units and points at a time (group_tiles.clh), for GPUs.
#ifndef GROUPED
#define GROUPED 0
#endif
#include "panels.clh"
#if GROUPED
#include "group_tiles.clh"
#endif

// global: (work-items over tiles, members); with GROUPED (groups of ITEMS over tiles, members)
#if GROUPED
__attribute__((reqd_work_group_size(ITEMS, 1, 1)))
#endif
__kernel void forward_panels(const int panels, const int fanIn, const int fanOut, const int outStride, const int chunk, const int block,
                             const int hasBias, const int readOut, const long inMemberStride, const long weightOffset,
                             const long weightMemberStride, __global const REAL* restrict scales, __global const REAL* restrict input,
                             __global const REAL* restrict weights, __global REAL* restrict value, __global REAL* restrict slope) {
#if GROUPED
    __local REAL staged[2 * STAGED_REALS] __attribute__((aligned(16)));
    __local uint exchange[EXCHANGED];
    const long e = get_global_id(1);
    // Groups that run together read the same rows of W.
    const int across = (panels * VW + TILE_N - 1) / TILE_N;
    const int j0 = (int)get_group_id(0) / across * TILE_M, n0 = (int)get_group_id(0) % across * TILE_N;
    __global const REAL* W = weights + e * weightMemberStride + weightOffset;
    value += e * panels * fanOut * VW;
    slope += readOut ? 0 : e * panels * fanOut * VW;
    const Operand left = {READS_ROWS, fanIn, outStride, outStride, j0, W};
    const Operand right = {READS_PANELS, fanIn, 0, panels, n0, input + e * inMemberStride};
    REAL sum[SUMS];
    UNROLL_SUMS for (int s = 0; s < SUMS; ++s) sum[s] = (REAL)0;
    add_tiles(left, right, fanIn, staged, exchange, sum);
    UNROLL_SUMS for (int s = 0; s < SUMS; ++s) {
        const int j = j0 + tile_row(s), n = n0 + tile_column(s);
        if (j < fanOut && n < panels * VW) value[((long)(n / VW) * fanOut + j) * VW + n % VW] = sum[s];
    }
    barrier(CLK_GLOBAL_MEM_FENCE);
    for (int v = get_local_id(0); v < TILE_M * TILE_N / VW; v += ITEMS) {
        const int j = j0 + v % TILE_M, p = n0 / VW + v / TILE_M;
        const long at = ((long)p * fanOut + j) * VW;
        if (j < fanOut && p < panels)
            end_forward(scales[2 * e], hasBias ? scales[2 * e + 1] * W[(long)fanIn * outStride + j] : (REAL)0, readOut, value + at,
                        slope + at);
    }
#else
#if STAGED
    __local REAL strip[STAGED * UNITS];
#else
    __local REAL* const strip = 0;
#endif
    layer_forward(panels, fanIn, fanOut, outStride, chunk, block, hasBias, readOut, inMemberStride, weightOffset, weightMemberStride,
                  scales, input, weights, value, slope, strip);
#endif
}
