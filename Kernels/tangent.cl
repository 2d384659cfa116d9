// One layer's share of the tangent kernel of every member, of the panels that forward.cl and backward.cl leave:
//
//   out[r][s] (+)= (alpha^2 S[r][s] + beta^2) R[r][s],   S[r][s] = sum_i h[r][i] h[s][i],   R[r][s] = sum_j delta[r][j] delta[s][j]
//
// (physics: Theta = sum_l (alpha^2 H H^T + beta^2) o (D D^T)). With rowsPerPoint outputs a point S is looked up: inputLength 0,
// S[r][s] = G[r / rowsPerPoint][s / rowsPerPoint], where G is what this kernel gives with length 0: S alone.
// Layout: h (panels, inputLength, VW) and delta (panels, length, VW) in REAL, inputMemberStride 0 where all members share h; out
// (rows, rows) and G (points, points) in ACC. Only tiles that reach below the diagonal are computed; the layer with isLast mirrors
// them, so that out is symmetric to the last bit. The layer with isFirst writes, the others add.
// Sums of up to GROUP register tiles, first of S and then of R, advance `block` units at a time and wait in private memory meanwhile: on a
// CPU that part of their panels then stays in its cache, and the same part of the next block is asked for. Tiles follow one another in
// strips of STRIP squares of PANELS VW rows, column after column, so that those of a group share panels. On a GPU a group is one tile, and
// a block all units.
// Cost: rows (rows + 1) (inputLength + length) flops; bytes: h and delta once for every group with a tile of them, out once.
// Error: of each sum <= (K + 2) u_ACC sum_k |a_k b_k|, K its length; then 5 u_ACC.
// GROUPED: a work-group takes one square tile (product_groups.clh), for GPUs.
// RECTANGLE: rows firstRow to endRow and columns firstColumn to endColumn alone, all of them, in out (rows of these, columns of these) and G
// (their points); isLast has no meaning. For kernels between two sets of points, and for those that no memory holds.
#include "real.clh"
#include "tangent.clh"
#ifndef GROUPED
#define GROUPED 0
#endif
#ifndef ROWS
#define ROWS 1  // rows of a register tile; divides VW
#endif
#ifndef PANELS
#define PANELS 2  // panels of columns of a register tile
#endif
#ifndef GROUP
#define GROUP 1  // the most tiles that advance together
#endif
#ifndef STRIP
#define STRIP 4  // rows of squares of a strip
#endif
#define COLUMNS (PANELS * VW)
#define TILE (ROWS * COLUMNS)

#if GROUPED
#include "product_groups.clh"
// Sums of fewer terms are formed one by one, without tiles.
#define SHORTEST 32
static inline __attribute__((always_inline)) void add_grams(__global const REAL* source, const int length, const int panels, const int r0,
                                                            const int s0, __local REAL* staged, __local uint* exchange, ACC* sum) {
    if (length >= SHORTEST) {
        const Operand left = {READS_PANELS, length, 0, panels, r0, source}, right = {READS_PANELS, length, 0, panels, s0, source};
        add_tiles(left, right, length, staged, exchange, sum);
        return;
    }
    for (int k = 0; k < length; ++k) UNROLL_SUMS for (int s = 0; s < SUMS; ++s) {
        const int r = min(r0 + tile_row(s), panels * VW - 1), c = min(s0 + tile_column(s), panels * VW - 1);
        sum[s] = fma((ACC)source[((long)(r / VW) * length + k) * VW + r % VW],
                     (ACC)source[((long)(c / VW) * length + k) * VW + c % VW], sum[s]);
    }
}
#else
// Adds to the sums of `tiles` tiles those over the units of `source` with `length` units.
static inline void add_gram(__global const REAL* source, const int length, const int block, const int panels, const int tiles,
                            const int* row, const int* column, ACC* sums) {
    for (int first = 0; first < length; first += block) {
        const int end = min(block, length - first);
        for (int tile = 0; tile < tiles; ++tile) {
            __global const REAL* a = source + ((long)(row[tile] / VW) * length + first) * VW + row[tile] % VW;
            __global const REAL* b[PANELS];
            UNROLL for (int p = 0; p < PANELS; ++p)
                b[p] = source + ((long)min(column[tile] / VW + p, panels - 1) * length + first) * VW;
            // The tiles of a square take turns with its panels.
            const int part = row[tile] % COLUMNS / ROWS;
            __global const REAL* ahead = (part % 2 ? b[part / 2 % PANELS] : a) + block * VW;
            ACC* own = sums + tile * TILE;
            ACCV sum[ROWS][PANELS];
            UNROLL for (int t = 0; t < ROWS; ++t) UNROLL for (int p = 0; p < PANELS; ++p)
                sum[t][p] = first == 0 ? (ACCV)(0) : ACC_LOAD(own + (t * PANELS + p) * VW);
            for (int k = 0; k < end; ++k) {
                ACCV right[PANELS];
                FETCH_AHEAD(ahead + k * VW);
                UNROLL for (int p = 0; p < PANELS; ++p) right[p] = TO_ACCV(LOAD_WHOLE(b[p] + k * VW));
                UNROLL for (int t = 0; t < ROWS; ++t) {
                    const ACCV left = (ACCV)((ACC)a[k * VW + t]);
                    UNROLL for (int p = 0; p < PANELS; ++p) sum[t][p] = fma(left, right[p], sum[t][p]);
                }
            }
            UNROLL for (int t = 0; t < ROWS; ++t) UNROLL for (int p = 0; p < PANELS; ++p)
                ACC_STORE(sum[t][p], own + (t * PANELS + p) * VW);
        }
    }
}
#endif

// global: (work-items over groups of tiles, members); with GROUPED (groups of ITEMS, one for each tile, members)
#if GROUPED
__attribute__((reqd_work_group_size(ITEMS, 1, 1)))
#endif
__kernel void tangent(const int rows, const int rowsPerPoint, const int inputLength, const int length, const int group, const int block,
                      const int isFirst, const int isLast, const long inputMemberStride, const long outOffset,
#if RECTANGLE
                      const int firstRow, const int endRow, const int firstColumn, const int endColumn,
#endif
                      __global const REAL* restrict scales, __global const REAL* restrict input, __global const REAL* restrict delta,
                      __global const ACC* restrict G, __global ACC* restrict out) {
    const long e = get_global_id(1);
    const int panels = (rows + VW - 1) / VW;
#if RECTANGLE
    const Share share = share_of_rectangle(
        share_of(rows, rowsPerPoint, inputLength, length, isFirst, isLast, outOffset, scales, G, out), firstRow, endRow, firstColumn,
        endColumn, outOffset, G, out);
#else
    const Share share = share_of(rows, rowsPerPoint, inputLength, length, isFirst, isLast, outOffset, scales, G, out);
#endif
    input += e * inputMemberStride;
    delta += e * panels * length * VW;
#if GROUPED
    __local REAL staged[2 * STAGED_REALS] __attribute__((aligned(16)));
    __local uint exchange[EXCHANGED];
#if RECTANGLE
    const int across = (endColumn + TILE_M - 1) / TILE_M - firstColumn / TILE_M;
    const int r0 = (firstRow / TILE_M + (int)get_group_id(0) / across) * TILE_M;
    const int s0 = (firstColumn / TILE_M + (int)get_group_id(0) % across) * TILE_M;
#else
    const int square = get_group_id(0), r0 = triangle_row(square) * TILE_M;
    const int s0 = square * TILE_M - r0 / TILE_M * (r0 / TILE_M + 1) / 2 * TILE_M;
#endif
    ACC inputs[SUMS], outputs[SUMS];
    UNROLL_SUMS for (int s = 0; s < SUMS; ++s) inputs[s] = outputs[s] = (ACC)0;
    add_grams(input, inputLength, panels, r0, s0, staged, exchange, inputs);
    add_grams(delta, length, panels, r0, s0, staged, exchange, outputs);
    UNROLL_SUMS for (int s = 0; s < SUMS; ++s) end_entry(share, r0 + tile_row(s), s0 + tile_column(s), inputs[s], outputs[s]);
#else
    const ACC alpha = share.alpha, beta = share.beta;
    const int points = rows / rowsPerPoint;
    G = share.G;
    out = share.out;
    const int parts = COLUMNS / ROWS;
#if RECTANGLE
    const int top0 = firstRow / COLUMNS, left0 = firstColumn / COLUMNS;
    const int down = (endRow + COLUMNS - 1) / COLUMNS - top0, across = (endColumn + COLUMNS - 1) / COLUMNS - left0;
    const int all = down * across * parts;
#else
    const int side = (panels + PANELS - 1) / PANELS, all = side * (side + 1) / 2 * parts;
#endif
    int row[GROUP], column[GROUP];
    ACC inputs[GROUP * TILE], outputs[GROUP * TILE];
    FOR_TILES(start, (all + group - 1) / group) {
        int tiles = 0;
        for (int tile = start * group; tile < min(start * group + group, all); ++tile) {
            int square = tile / parts;
#if RECTANGLE
            const int top = square / (STRIP * across) * STRIP, height = min(STRIP, down - top);
            square -= top * across;
            row[tiles] = (top0 + top + square % height) * COLUMNS + tile % parts * ROWS;
            column[tiles] = (left0 + square / height) * COLUMNS;
            if (row[tiles] < endRow && row[tiles] + ROWS > firstRow) ++tiles;
#else
            const int top = triangle_row(square) / STRIP * STRIP;
            square -= top * (top + 1) / 2;
            const int height = min(STRIP, side - top);
            int c = square / height, r = square % height;
            if (c >= top) {
                square -= top * height;
                for (c = 0; square >= height - c; ++c) square -= height - c;
                r = c + square;
                c += top;
            }
            row[tiles] = (top + r) * COLUMNS + tile % parts * ROWS;
            column[tiles] = c * COLUMNS;
            if (row[tiles] < rows) ++tiles;
#endif
        }
        if (inputLength > 0) add_gram(input, inputLength, block, panels, tiles, row, column, inputs);
        if (length > 0) add_gram(delta, length, block, panels, tiles, row, column, outputs);
        for (int tile = 0; tile < tiles; ++tile) {
            const int r0 = row[tile], s0 = column[tile], width = min(COLUMNS, rows - s0), height = min(ROWS, rows - r0);
            ACC* result = inputs + tile * TILE;
#if RECTANGLE
            const int columns = endColumn - firstColumn, from = max(0, firstColumn - s0), to = min(COLUMNS, endColumn - s0);
            const int above = max(0, firstRow - r0), below = min(ROWS, endRow - r0);
#endif
            if (inputLength == 0)
                for (int t = 0; t < ROWS; ++t) for (int lane = 0; lane < COLUMNS; ++lane)
#if RECTANGLE
                    result[t * COLUMNS + lane] =
                        t >= above && t < below && lane >= from && lane < to
                            ? G[(long)((r0 + t - firstRow) / rowsPerPoint) * (columns / rowsPerPoint) + (s0 + lane - firstColumn) / rowsPerPoint]
                            : (ACC)0;
#else
                    result[t * COLUMNS + lane] =
                        t < height && lane < width ? G[(long)((r0 + t) / rowsPerPoint) * points + (s0 + lane) / rowsPerPoint] : (ACC)0;
#endif
            if (length > 0)
                for (int i = 0; i < TILE; i += VW)
                    ACC_STORE(LAYER_TERM(ACCV, fma((ACCV)(alpha * alpha), ACC_LOAD(result + i), (ACCV)(beta * beta)),
                                         ACC_LOAD(outputs + tile * TILE + i)),
                              result + i);
#if RECTANGLE
            for (int t = above; t < below; ++t) {
                __global ACC* target = out + (long)(r0 + t - firstRow) * columns + s0 - firstColumn;
                ACC* own = result + t * COLUMNS;
                if (!isFirst) for (int lane = from; lane < to; ++lane) own[lane] += target[lane];
                for (int lane = from; lane < to; ++lane) target[lane] = own[lane];
            }
#else
            for (int t = 0; t < height; ++t) {
                const int r = r0 + t, count = min(width, r - s0 + 1);
                __global ACC* target = out + (long)r * rows + s0;
                ACC* own = result + t * COLUMNS;
                if (!isFirst) for (int lane = 0; lane < count; ++lane) own[lane] += target[lane];
                for (int lane = 0; lane < count; ++lane) target[lane] = own[lane];
            }
            if (isLast)
                for (int lane = 0; lane < width; ++lane) for (int t = max(0, s0 + lane - r0); t < height; ++t)
                    out[(long)(s0 + lane) * rows + r0 + t] = result[t * COLUMNS + lane];
#endif
        }
    }
#endif
}
