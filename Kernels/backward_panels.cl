// Sensitivities one layer down on panels of rows, for every member of an ensemble:
//
//   below[r][i] = alpha act'(z[r / rowsPerPoint][i]) sum_j above[r][j] W[i][j]
//
// with r a point and an output (rowsPerPoint C).
// Layout: panels as in forward_panels.cl: above (panels, fanOut, VW) and below (panels, fanIn, VW) of rows, slope
// (panels of points, fanIn, VW); W (fanIn, outStride). A register tile reads UNITS rows of W side by side, each as it lies in memory.
// Sums advance `block` units at a time, and wait in `below` meanwhile: on a CPU that keeps a work-item's `chunk` panels in its cache.
// The fewer these are, the longer the block (1.05 to 1.15 times as fast at N = 16 to 128 as with the block of many). Asking for the rows of
// the next tile, as forward_panels.cl does, brings 1.06 at N = 16 and costs as much at N = 128: rows are fetched ahead without it.
// Cost: 2 rows fanIn fanOut flops; bytes: W once for each `chunk` panels, `above` once for each work-item, slope and below once.
// Error: as backward.cl.
#include "real.clh"
#ifndef UNITS
#define UNITS 12  // units below of a register tile; at most fanIn
#endif
#ifndef PANELS
#define PANELS 2  // panels of a register tile
#endif

// global: (work-items over tiles, members)
__kernel void backward_panels(const int points, const int rowsPerPoint, const int fanIn, const int fanOut, const int outStride,
                              const int chunk, const int block, const long weightOffset, const long weightMemberStride,
                              __global const REAL* restrict scales, __global const REAL* restrict above,
                              __global const REAL* restrict weights, __global const REAL* restrict slope,
                              __global REAL* restrict below) {
    const int panels = (points * rowsPerPoint + VW - 1) / VW, pointPanels = (points + VW - 1) / VW;
    const long e = get_global_id(1);
    const REAL alpha = scales[2 * e];
    __global const REAL* W = weights + e * weightMemberStride + weightOffset;
    above += e * panels * fanOut * VW;
    below += e * panels * fanIn * VW;
    slope += e * pointPanels * fanIn * VW;
    const int unitTiles = (fanIn + UNITS - 1) / UNITS, chunks = (panels + chunk - 1) / chunk;
    for (int first = 0; first < fanOut; first += block) {
        const int length = min(block, fanOut - first);
        FOR_TILES(tile, unitTiles * chunks) {
            // The last tile begins early enough to be whole, and leaves alone what the one before it has summed.
            const int own = tile % unitTiles * UNITS, i0 = min(own, fanIn - UNITS);
            const int start = tile / unitTiles * chunk, end = min(start + chunk, panels);
            __global const REAL* w = W + (long)i0 * outStride + first;
            for (int p0 = start; p0 < end; p0 += PANELS) {
                __global const REAL* x[PANELS];
                REALV sum[UNITS][PANELS];
                UNROLL for (int p = 0; p < PANELS; ++p) x[p] = above + ((long)min(p0 + p, panels - 1) * fanOut + first) * VW;
                UNROLL for (int t = 0; t < UNITS; ++t) UNROLL for (int p = 0; p < PANELS; ++p) sum[t][p] = (REALV)(0);
                UNROLL_BY_4 for (int k = 0; k < length; ++k) {
                    REALV delta[PANELS];
                    UNROLL for (int p = 0; p < PANELS; ++p) delta[p] = VLOAD(x[p] + k * VW);
                    UNROLL for (int t = 0; t < UNITS; ++t) {
                        const REALV weight = (REALV)(w[(long)t * outStride + k]);
                        UNROLL for (int p = 0; p < PANELS; ++p) sum[t][p] = fma(weight, delta[p], sum[t][p]);
                    }
                }
                __global REAL* target = below + ((long)p0 * fanIn + i0) * VW;
                UNROLL for (int p = 0; p < PANELS; ++p) UNROLL for (int t = 0; t < UNITS; ++t) {
                    if (p0 + p >= end || i0 + t < own) continue;
                    const long at = ((long)p * fanIn + t) * VW;
                    if (first > 0) sum[t][p] += VLOAD(target + at);
                    VSTORE(sum[t][p], target + at);
                }
                if (first + length < fanOut) continue;
                for (int p = p0; p < min(p0 + PANELS, end); ++p) for (int i = own; i < i0 + UNITS; ++i) {
                    const long at = ((long)p * fanIn + i) * VW;
                    REALV turn;
                    if (rowsPerPoint == 1) {
                        turn = VLOAD(slope + at);
                    } else {
                        REAL lanes[VW];
                        for (int lane = 0; lane < VW; ++lane) {
                            const int n = min((p * VW + lane) / rowsPerPoint, points - 1);
                            lanes[lane] = slope[((long)(n / VW) * fanIn + i) * VW + n % VW];
                        }
                        turn = VLOAD(lanes);
                    }
                    VSTORE((REALV)(alpha) * turn * VLOAD(below + at), below + at);
                }
            }
        }
    }
}

// The sensitivities of the outputs themselves: above[(n, c)][c'] = 1 if c = c', else 0. global: (panels, members)
__kernel void unit_panels(const int rows, const int outputs, __global REAL* restrict above) {
    const int panel = get_global_id(0);
    __global REAL* out = above + ((long)get_global_id(1) * get_global_size(0) + panel) * outputs * VW;
    for (int lane = 0; lane < VW; ++lane) {
        const int row = panel * VW + lane;
        for (int c = 0; c < outputs; ++c) out[c * VW + lane] = (REAL)(row < rows && c == row % outputs);
    }
}
