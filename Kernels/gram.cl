// Adds the Gram matrix of the rows of a matrix, for every member: the contraction of a block of a Jacobian,
//
//   out[r][s] += sum_k A[r][k] A[s][k]
//
// Layout: A (rows, stride) in REAL, padding zero; out (rows, rows) in ACC. Only tiles on and below the diagonal are computed and
// mirrored, so out is symmetric to the last bit.
// Cost: rows^2 K flops. Error: <= (K / VW + log2 VW + 2) u_ACC sum_k |A[r][k] A[s][k]|.
#include "real.clh"
#ifndef TILE
#define TILE 4  // rows and columns of a register tile
#endif

// global: (work-items over tiles, members)
__kernel void gram(const int rows, const int stride, const int length, __global const REAL* restrict A, __global ACC* restrict out) {
    const long e = get_global_id(1);
    A += e * rows * stride;
    out += e * rows * rows;
    const int side = (rows + TILE - 1) / TILE, tiles = side * (side + 1) / 2;
    FOR_TILES(tile, tiles) {
        int tr = (int)((sqrt(8.0f * tile + 1.0f) - 1.0f) * 0.5f);
        while ((tr + 1) * (tr + 2) / 2 <= tile) ++tr;
        while (tr * (tr + 1) / 2 > tile) --tr;
        const int r0 = tr * TILE, s0 = (tile - tr * (tr + 1) / 2) * TILE;
        __global const REAL* a[TILE];
        __global const REAL* b[TILE];
        ACCV sum[TILE][TILE];
        UNROLL for (int t = 0; t < TILE; ++t) {
            a[t] = A + (long)min(r0 + t, rows - 1) * stride;
            b[t] = A + (long)min(s0 + t, rows - 1) * stride;
        }
        UNROLL for (int t = 0; t < TILE; ++t) UNROLL for (int u = 0; u < TILE; ++u) sum[t][u] = (ACCV)(0);
        for (int k = 0; k < length; k += VW) {
            ACCV right[TILE];
            UNROLL for (int u = 0; u < TILE; ++u) right[u] = TO_ACCV(VLOAD(b[u] + k));
            UNROLL for (int t = 0; t < TILE; ++t) {
                const ACCV left = TO_ACCV(VLOAD(a[t] + k));
                UNROLL for (int u = 0; u < TILE; ++u) sum[t][u] = fma(left, right[u], sum[t][u]);
            }
        }
        UNROLL for (int t = 0; t < TILE; ++t) UNROLL for (int u = 0; u < TILE; ++u) {
            const int r = r0 + t, s = s0 + u;
            if (r >= rows || s > r) continue;
            const long at = (long)r * rows + s;
            const ACC result = out[at] + accumulated_sum(sum[t][u]);
            out[at] = result;
            out[(long)s * rows + r] = result;
        }
    }
}
