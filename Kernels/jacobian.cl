// A block of the per-sample Jacobian of one member: the derivatives of the outputs by W[i][j] or b[j], in the flat order W_1 (row-major),
// b_1, W_2, ...
//
//   J[r][column(i, j)] = scale h[r / rowsPerPoint][i] D[r][j],   column(i, j) = (i - firstUnit) columns + j + columnOffset
//
// for rows r of (point, output), units i of the layer's input (i = fanIn is the bias: h = 1, scale = beta) and the layer's outputs j.
// Layout: h in panels of LANES points (forward.cl), D by rows (rows, outStride) or in panels of rows, of that member. Rows of `out` are not
// aligned.
// Cost: one multiplication and one store an element: bound by the bandwidth of the stores. Error: 2 u relative.
// FLAT > 0: a work-item takes so many elements, a group's size apart, and neighbours neighbouring ones, as a GPU writes whole lines of rows
// that are not aligned.
// STREAMED is for a block that goes to the host: it passes the caches by (real.clh).
#include "real.clh"
#ifndef LANES
#define LANES VW
#endif
#ifndef FLAT
#define FLAT 0
#endif
#ifndef STREAMED
#define STREAMED 0
#endif

static inline REAL value_below(const int unit, const int fanIn, const int point, __global const REAL* input) {
    return unit < fanIn ? input[((long)(point / LANES) * fanIn + unit) * LANES + point % LANES] : (REAL)1;
}

#if FLAT
// By rows: out (rows of the block, stride). global: (elements of the units of the block / FLAT, padded to whole groups, rows of the block)
__kernel void jacobian(const int firstRow, const int rowsPerPoint, const int firstUnit, const int fanIn, const int columns,
                       const int outStride, const long inOffset, const long sensitivityOffset, const long scaleOffset,
                       const long columnOffset, const long stride, const int units, __global const REAL* restrict scales,
                       __global const REAL* restrict input, __global const REAL* restrict sensitivities, __global REAL* restrict out) {
    const int row = firstRow + (int)get_global_id(1), items = get_local_size(0);
    const long first = (long)get_group_id(0) * items * FLAT + get_local_id(0), count = (long)units * columns;
    __global const REAL* D = sensitivities + sensitivityOffset + (long)row * outStride;
    __global REAL* target = out + (long)get_global_id(1) * stride + columnOffset;
    const REAL alpha = scales[scaleOffset], beta = scales[scaleOffset + 1];
    // One division by the columns, as each takes as long as a dozen elements.
    int unit = firstUnit + (int)(first / columns), j = (int)(first % columns);
    const int unitsAhead = items / columns, columnsAhead = items % columns;
    UNROLL for (int q = 0; q < FLAT; ++q) {
        const long at = first + q * items;
        if (at >= count) return;
        target[at] = (unit == fanIn ? beta : alpha) * value_below(unit, fanIn, row / rowsPerPoint, input + inOffset) * D[j];
        unit += unitsAhead;
        j += columnsAhead;
        if (j >= columns) {
            j -= columns;
            ++unit;
        }
    }
}
#else
// By rows: out (rows of the block, stride). global: (units of the block, rows of the block)
__kernel void jacobian(const int firstRow, const int rowsPerPoint, const int firstUnit, const int fanIn, const int columns,
                       const int outStride, const long inOffset, const long sensitivityOffset, const long scaleOffset,
                       const long columnOffset, const long stride, __global const REAL* restrict scales,
                       __global const REAL* restrict input, __global const REAL* restrict sensitivities, __global REAL* restrict out) {
    const int unit = firstUnit + (int)get_global_id(0), row = firstRow + (int)get_global_id(1);
    const REAL factor = scales[scaleOffset + (unit == fanIn)] * value_below(unit, fanIn, row / rowsPerPoint, input + inOffset);
    __global const REAL* D = sensitivities + sensitivityOffset + (long)row * outStride;
    __global REAL* target = out + (long)get_global_id(1) * stride + columnOffset + (long)get_global_id(0) * columns;
    int j = 0;
#if STREAMED && STREAMS
    // Such stores must be aligned.
    const int before = (int)((sizeof(REALV) - (size_t)target % sizeof(REALV)) % sizeof(REALV) / sizeof(REAL));
    for (; j < min(before, columns); ++j) target[j] = factor * D[j];
    for (; j + VW <= columns; j += VW) STREAM((REALV)(factor) * VLOAD(D + j), target + j);
#else
    for (; j + VW <= columns; j += VW) VSTORE((REALV)(factor) * VLOAD(D + j), target + j);
#endif
    for (; j < columns; ++j) target[j] = factor * D[j];
}
#endif

// In panels of rows: out (panels, stride, VW), as tangent.cl contracts them. global: (units of the block, panels), a group for each.
__kernel void jacobian_panels(const int points, const int rowsPerPoint, const int firstUnit, const int fanIn, const int columns,
                              const long inOffset, const long sensitivityOffset, const long scaleOffset, const long stride,
                              __global const REAL* restrict scales, __global const REAL* restrict input,
                              __global const REAL* restrict sensitivities, __global REAL* restrict out) {
    const int unit = firstUnit + (int)get_group_id(0), panel = get_global_id(1);
    const REAL scale = scales[scaleOffset + (unit == fanIn)];
    REAL lanes[VW];
    for (int lane = 0; lane < VW; ++lane)
        lanes[lane] = scale * value_below(unit, fanIn, min((panel * VW + lane) / rowsPerPoint, points - 1), input + inOffset);
    const REALV factor = VLOAD(lanes);
    __global const REAL* D = sensitivities + sensitivityOffset + (long)panel * columns * VW;
    __global REAL* target = out + (panel * stride + (long)get_group_id(0) * columns) * VW;
    for (int j = get_local_id(0); j < columns; j += get_local_size(0)) STORE_WHOLE(factor * LOAD_WHOLE(D + j * VW), target + j * VW);
}
