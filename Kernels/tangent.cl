// One layer's share of the tangent kernel of every member, of the panels that forward_panels.cl and backward_panels.cl leave:
//
//   out[r][s] (+)= (alpha^2 S[r][s] + beta^2) R[r][s],   S[r][s] = sum_i h[r][i] h[s][i],   R[r][s] = sum_j delta[r][j] delta[s][j]
//
// (physics: Theta = sum_l (alpha^2 H H^T + beta^2) o (D D^T)). One output a point: both sums of a tile stay in registers. With
// rowsPerPoint outputs a point S is looked up: inputLength 0, S[r][s] = G[r / rowsPerPoint][s / rowsPerPoint], where G is what this
// kernel gives with length 0: S alone.
// Layout: h (panels, inputLength, VW) and delta (panels, length, VW) in REAL, inputMemberStride 0 where all members share h; out
// (rows, rows) and G (points, points) in ACC. Only tiles that reach below the diagonal are computed; the layer with isLast mirrors
// them, so that out is symmetric to the last bit. The layer with isFirst writes, the others add.
// Tiles are taken in squares of PANELS VW rows, column after column, so that their panels come from a cache.
// Cost: rows (rows + 1) (inputLength + length) flops; bytes: h, delta and out once, as long as a cache holds the panels of two squares.
// Error: of each sum <= (K + 2) u_ACC sum_k |a_k b_k|, K its length; then 5 u_ACC.
#include "real.clh"
#ifndef ROWS
#define ROWS 1  // rows of a register tile; divides VW
#endif
#ifndef PANELS
#define PANELS 2  // panels of columns of a register tile
#endif

// The tile's sums over the units of `source` with `length` units.
#define GRAM(sum, source, length) \
    do { \
        __global const REAL* a = (source) + (long)(r0 / VW) * (length) * VW + r0 % VW; \
        __global const REAL* b[PANELS]; \
        UNROLL for (int p = 0; p < PANELS; ++p) b[p] = (source) + (long)min(s0 / VW + p, panels - 1) * (length) * VW; \
        for (int k = 0; k < (length); ++k) { \
            ACCV right[PANELS]; \
            UNROLL for (int p = 0; p < PANELS; ++p) right[p] = TO_ACCV(VLOAD(b[p] + (long)k * VW)); \
            UNROLL for (int t = 0; t < ROWS; ++t) { \
                const ACCV left = (ACCV)((ACC)a[(long)k * VW + t]); \
                UNROLL for (int p = 0; p < PANELS; ++p) sum[t][p] = fma(left, right[p], sum[t][p]); \
            } \
        } \
    } while (0)

// global: (work-items over tiles, members)
__kernel void tangent(const int rows, const int rowsPerPoint, const int inputLength, const int length, const int isFirst, const int isLast,
                      const long inputMemberStride, __global const REAL* restrict scales, __global const REAL* restrict input,
                      __global const REAL* restrict delta, __global const ACC* restrict G, __global ACC* restrict out) {
    const long e = get_global_id(1);
    const int panels = (rows + VW - 1) / VW, points = rows / rowsPerPoint;
    input += e * inputMemberStride;
    delta += e * panels * length * VW;
    G += inputLength > 0 ? 0 : e * points * points;
    out += e * rows * rows;
    const ACC alpha = length > 0 ? scales[2 * e] : (REAL)1, beta = length > 0 ? scales[2 * e + 1] : (REAL)0;
    const int side = (panels + PANELS - 1) / PANELS, parts = PANELS * VW / ROWS;
    FOR_TILES(tile, side * (side + 1) / 2 * parts) {
        const int square = tile / parts;
        int row = (int)((sqrt(8.0f * square + 1.0f) - 1.0f) * 0.5f);
        while ((row + 1) * (row + 2) / 2 <= square) ++row;
        while (row * (row + 1) / 2 > square) --row;
        const int r0 = row * PANELS * VW + tile % parts * ROWS, s0 = (square - row * (row + 1) / 2) * PANELS * VW;
        if (r0 >= rows) continue;
        ACCV inputs[ROWS][PANELS], outputs[ROWS][PANELS];
        UNROLL for (int t = 0; t < ROWS; ++t) UNROLL for (int p = 0; p < PANELS; ++p) inputs[t][p] = outputs[t][p] = (ACCV)(0);
        GRAM(inputs, input, inputLength);
        GRAM(outputs, delta, length);
        // Through memory, so that what follows is compiled once and not for every register.
        ACC result[ROWS * PANELS * VW];
        const int width = min(PANELS * VW, rows - s0), height = min(ROWS, rows - r0);
        if (inputLength == 0) {
            for (int t = 0; t < ROWS; ++t) for (int lane = 0; lane < PANELS * VW; ++lane)
                result[t * PANELS * VW + lane] =
                    t < height && lane < width ? G[(long)((r0 + t) / rowsPerPoint) * points + (s0 + lane) / rowsPerPoint] : (ACC)0;
            UNROLL for (int t = 0; t < ROWS; ++t) UNROLL for (int p = 0; p < PANELS; ++p)
                inputs[t][p] = ACC_LOAD(result + (t * PANELS + p) * VW);
        }
        UNROLL for (int t = 0; t < ROWS; ++t) UNROLL for (int p = 0; p < PANELS; ++p)
            ACC_STORE(fma((ACCV)(alpha * alpha), inputs[t][p], (ACCV)(beta * beta)) * outputs[t][p], result + (t * PANELS + p) * VW);
        if (length == 0)
            UNROLL for (int t = 0; t < ROWS; ++t) UNROLL for (int p = 0; p < PANELS; ++p)
                ACC_STORE(inputs[t][p], result + (t * PANELS + p) * VW);
        for (int t = 0; t < height; ++t) {
            const int r = r0 + t, count = min(width, r - s0 + 1);
            __global ACC* target = out + (long)r * rows + s0;
            ACC* own = result + t * PANELS * VW;
            if (!isFirst) for (int lane = 0; lane < count; ++lane) own[lane] += target[lane];
            for (int lane = 0; lane < count; ++lane) target[lane] = own[lane];
            if (isLast) for (int lane = 0; lane < count; ++lane) out[(long)(s0 + lane) * rows + r] = own[lane];
        }
    }
}
