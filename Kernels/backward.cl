// Sensitivities one layer down, for every member of an ensemble:
//
//   below[r][i] = alpha act'(z[r / rowsPerPoint][i]) sum_j above[r][j] W[i][j]
//
// with r a point (training: rowsPerPoint 1) or a point and an output (Jacobians: rowsPerPoint C).
// Layout: above (rows, outStride), W (fanIn, outStride), slope (points, inStride), below (rows, inStride), padding zero.
// Cost: 2 rows fanIn fanOut flops; W is read once for TS rows. Error: as forward.cl, with fanOut in the place of fanIn.
#include "real.clh"
#ifndef TS
#define TS 4  // rows of a register tile
#endif
#ifndef IB
#define IB 4  // units below of a register tile
#endif

// global: (work-items over tiles, members)
__kernel void backward(const int rows, const int rowsPerPoint, const int fanIn, const int inStride, const int outStride,
                       const long weightOffset, const long weightMemberStride, __global const REAL* restrict scales,
                       __global const REAL* restrict above, __global const REAL* restrict weights,
                       __global const REAL* restrict slope, __global REAL* restrict below) {
    const long e = get_global_id(1);
    const REAL alpha = scales[2 * e];
    __global const REAL* W = weights + e * weightMemberStride + weightOffset;
    above += e * rows * outStride;
    below += e * rows * inStride;
    slope += e * (rows / rowsPerPoint) * inStride;
    const int rowTiles = (rows + TS - 1) / TS, unitTiles = (fanIn + IB - 1) / IB;
    FOR_TILES(tile, rowTiles * unitTiles) {
        const int r0 = tile % rowTiles * TS, i0 = tile / rowTiles * IB;
        __global const REAL* delta[TS];
        __global const REAL* w[IB];
        REALV sum[IB][TS];
        UNROLL for (int t = 0; t < TS; ++t) delta[t] = above + (long)min(r0 + t, rows - 1) * outStride;
        UNROLL for (int b = 0; b < IB; ++b) w[b] = W + (long)min(i0 + b, fanIn - 1) * outStride;
        UNROLL for (int b = 0; b < IB; ++b) UNROLL for (int t = 0; t < TS; ++t) sum[b][t] = (REALV)(0);
        for (int j = 0; j < outStride; j += VW) {
            REALV vector[TS];
            UNROLL for (int t = 0; t < TS; ++t) vector[t] = VLOAD(delta[t] + j);
            UNROLL for (int b = 0; b < IB; ++b) {
                const REALV weight = VLOAD(w[b] + j);
                UNROLL for (int t = 0; t < TS; ++t) sum[b][t] = fma(weight, vector[t], sum[b][t]);
            }
        }
        UNROLL for (int t = 0; t < TS; ++t) {
            const int r = r0 + t;
            if (r >= rows) continue;
            UNROLL for (int b = 0; b < IB; ++b) {
                const int i = i0 + b;
                if (i >= fanIn) continue;
                below[(long)r * inStride + i] = alpha * slope[(long)(r / rowsPerPoint) * inStride + i] * vector_sum(sum[b][t]);
            }
        }
    }
}

// The sensitivities of the outputs themselves: above[(n, c)][c'] = 1 if c = c', else 0. global: (rows, padded to
// whole groups, members)
__kernel void unit_sensitivities(const int rows, const int outputs, const int stride, __global REAL* restrict above) {
    const int row = get_global_id(0);
    if (row >= rows) return;
    __global REAL* out = above + ((long)get_global_id(1) * rows + row) * stride;
    for (int c = 0; c < stride; ++c) out[c] = (REAL)(c == row % outputs);
}
