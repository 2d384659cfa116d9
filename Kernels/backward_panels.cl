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
#include "panels.clh"

// global: (work-items over tiles, members)
__kernel void backward_panels(const int points, const int rowsPerPoint, const int fanIn, const int fanOut, const int outStride,
                              const int chunk, const int block, const long weightOffset, const long weightMemberStride,
                              __global const REAL* restrict scales, __global const REAL* restrict above,
                              __global const REAL* restrict weights, __global const REAL* restrict slope,
                              __global REAL* restrict below) {
    layer_backward(points, rowsPerPoint, fanIn, fanOut, outStride, chunk, block, weightOffset, weightMemberStride, scales, above,
                   weights, slope, below);
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
