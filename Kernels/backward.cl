// Sensitivities one layer down on panels of rows, for every member of an ensemble:
//
//   below[r][i] = alpha act'(z[r / rowsPerPoint][i]) sum_j above[r][j] W[i][j]
//
// with r a point (training: rowsPerPoint 1) or a point and an output (kernels and Jacobians: rowsPerPoint C).
// Layout: panels as in forward.cl: above (panels, fanOut, VW) and below (panels, fanIn, VW) of rows, slope (panels of points, fanIn, VW);
// W (fanIn, outStride). With rowStride > 0 also by rows: belowRows (rows, rowStride), as updates and Jacobians read them.
// Cost: 2 rows fanIn fanOut flops; bytes: W, above, slope and below as of product.clh. Error: as forward.cl, with fanOut for fanIn.
#include "real.clh"
#define LEFT READS_COLUMNS
#define RIGHT READS_PANELS

// The lanes of the panel of a unit, row by row.
static inline void store_rows(const REALV v, const int panel, const int rows, const int rowStride, __global REAL* column) {
    REAL lanes[VW];
    VSTORE(v, lanes);
    for (int lane = 0; lane < min(VW, rows - panel * VW); ++lane) column[(long)(panel * VW + lane) * rowStride] = lanes[lane];
}

typedef struct {
    REAL alpha;
    int points, rowsPerPoint, fanIn, rowStride;
    __global const REAL* slope;
    __global REAL* below;
    __global REAL* belowRows;
} Ends;

static inline void end_sums(const Ends ends, const int unit, const int panel, const REALV sum) {
    const int fanIn = ends.fanIn, rowsPerPoint = ends.rowsPerPoint;
    REALV turn;
    if (rowsPerPoint == 1) {
        turn = LOAD_WHOLE(ends.slope + ((long)panel * fanIn + unit) * VW);
    } else {
        REAL lanes[VW];
        for (int lane = 0; lane < VW; ++lane) {
            const int n = min((panel * VW + lane) / rowsPerPoint, ends.points - 1);
            lanes[lane] = ends.slope[((long)(n / VW) * fanIn + unit) * VW + n % VW];
        }
        turn = VLOAD(lanes);
    }
    turn = (REALV)(ends.alpha) * turn * sum;
    STORE_WHOLE(turn, ends.below + ((long)panel * fanIn + unit) * VW);
    if (ends.rowStride > 0) store_rows(turn, panel, ends.points * rowsPerPoint, ends.rowStride, ends.belowRows + unit);
}
static inline void end_tile(const Ends ends, const int tile) {}
#include "product.clh"

#if GROUPED
__attribute__((reqd_work_group_size(ITEMS, 1, 1)))
#endif
__kernel void backward(const int points, const int rowsPerPoint, const int fanIn, const int fanOut, const int outStride, const int chunk,
                       const int block, const int rowStride, const long weightOffset, const long weightMemberStride,
                       __global const REAL* restrict scales, __global const REAL* restrict above, __global const REAL* restrict weights,
                       __global const REAL* restrict slope, __global REAL* restrict below, __global REAL* restrict belowRows) {
    const int rows = points * rowsPerPoint, panels = (rows + VW - 1) / VW, pointPanels = (points + VW - 1) / VW;
    const long e = get_global_id(1);
    __global const REAL* W = weights + e * weightMemberStride + weightOffset;
    above += e * panels * fanOut * VW;
    Ends ends = {scales[2 * e], points, rowsPerPoint, fanIn, rowStride, slope + e * pointPanels * fanIn * VW,
                 below + e * panels * fanIn * VW, rowStride > 0 ? belowRows + e * rows * rowStride : 0};
    PRODUCT(fanIn, panels, fanOut, outStride, 0, W, above, ends.below, ends)
}

// The sensitivities of the outputs themselves: above[(n, c)][c'] = 1 if c = c', else 0. global: (panels, padded to whole groups, members)
__kernel void unit_sensitivities(const int rows, const int outputs, const int rowStride, __global REAL* restrict above,
                                 __global REAL* restrict aboveRows) {
    const int panel = get_global_id(0), panels = (rows + VW - 1) / VW;
    if (panel >= panels) return;
    const long e = get_global_id(1);
    above += (e * panels + panel) * outputs * VW;
    for (int lane = 0; lane < VW; ++lane) {
        const int row = panel * VW + lane;
        for (int c = 0; c < outputs; ++c) {
            const REAL one = (REAL)(row < rows && c == row % outputs);
            above[c * VW + lane] = one;
            if (rowStride > 0 && row < rows) aboveRows[(e * rows + row) * rowStride + c] = one;
        }
    }
}
