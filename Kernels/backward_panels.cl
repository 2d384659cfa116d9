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
// GROUPED: as in forward_panels.cl.
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
__kernel void backward_panels(const int points, const int rowsPerPoint, const int fanIn, const int fanOut, const int outStride,
                              const int chunk, const int block, const long weightOffset, const long weightMemberStride,
                              __global const REAL* restrict scales, __global const REAL* restrict above,
                              __global const REAL* restrict weights, __global const REAL* restrict slope,
                              __global REAL* restrict below) {
#if GROUPED
    __local REAL staged[2 * STAGED_REALS] __attribute__((aligned(16)));
    __local uint exchange[EXCHANGED];
    const long e = get_global_id(1);
    const int panels = (points * rowsPerPoint + VW - 1) / VW, across = (panels * VW + TILE_N - 1) / TILE_N;
    const int i0 = (int)get_group_id(0) / across * TILE_M, r0 = (int)get_group_id(0) % across * TILE_N;
    below += e * panels * fanIn * VW;
    slope += e * ((points + VW - 1) / VW) * fanIn * VW;
    const Operand left = {READS_COLUMNS, fanOut, outStride, fanIn, i0, weights + e * weightMemberStride + weightOffset};
    const Operand right = {READS_PANELS, fanOut, 0, panels, r0, above + e * panels * fanOut * VW};
    REAL sum[SUMS];
    UNROLL_SUMS for (int s = 0; s < SUMS; ++s) sum[s] = (REAL)0;
    add_tiles(left, right, fanOut, staged, exchange, sum);
    UNROLL_SUMS for (int s = 0; s < SUMS; ++s) {
        const int i = i0 + tile_row(s), r = r0 + tile_column(s);
        if (i < fanIn && r < panels * VW) below[((long)(r / VW) * fanIn + i) * VW + r % VW] = sum[s];
    }
    barrier(CLK_GLOBAL_MEM_FENCE);
    for (int v = get_local_id(0); v < TILE_M * TILE_N / VW; v += ITEMS) {
        const int i = i0 + v % TILE_M, p = r0 / VW + v / TILE_M;
        if (i < fanIn && p < panels)
            end_backward(scales[2 * e], points, rowsPerPoint, fanIn, p, i, slope, below + ((long)p * fanIn + i) * VW);
    }
#else
    layer_backward(points, rowsPerPoint, fanIn, fanOut, outStride, chunk, block, weightOffset, weightMemberStride, scales, above,
                   weights, slope, below);
#endif
}

// The sensitivities of the outputs themselves: above[(n, c)][c'] = 1 if c = c', else 0. global: (panels, padded to
// whole groups, members)
__kernel void unit_panels(const int rows, const int outputs, __global REAL* restrict above) {
    const int panel = get_global_id(0), panels = (rows + VW - 1) / VW;
    if (panel >= panels) return;
    __global REAL* out = above + ((long)get_global_id(1) * panels + panel) * outputs * VW;
    for (int lane = 0; lane < VW; ++lane) {
        const int row = panel * VW + lane;
        for (int c = 0; c < outputs; ++c) out[c * VW + lane] = (REAL)(row < rows && c == row % outputs);
    }
}
