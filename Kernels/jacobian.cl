// A block of the per-sample Jacobian of one member:
//
//   out[r - firstRow][column(i, j)] = scale h[r / rowsPerPoint][i] D[r][j],   column(i, j) = (i - firstUnit) columns + j + columnOffset
//
// for rows r of (point, output), units i of the layer's input (i = fanIn is the bias: h = 1, scale = beta) and the layer's outputs j:
// the derivative of the outputs by W[i][j] or b[j] in the flat order W_1 (row-major), b_1, W_2, ...
// Layout: h (points, inStride), D (rows, outStride) of that member, out (rows of the block, stride). Rows of `out` are not aligned.
// Cost: one multiplication and one store an element: bound by the bandwidth of the stores. Error: 2 u relative.
// STREAMED is for a block that goes to the host: it passes the caches by where the compiler offers that, which saves reading the lines that
// are written (1.35 times as fast on a CPU, 15-16 beside a copy's 23-26 GB/s at width 512). One that is contracted should stay in them.
#include "real.clh"
#ifndef STREAMED
#define STREAMED 0
#endif

// global: (units of the block, padded to whole groups, rows of the block)
__kernel void jacobian(const int units, const int firstRow, const int rowsPerPoint, const int firstUnit, const int fanIn, const int columns,
                       const int inStride, const int outStride, const long inOffset, const long sensitivityOffset,
                       const long scaleOffset, const long columnOffset, const long stride, __global const REAL* restrict scales,
                       __global const REAL* restrict input, __global const REAL* restrict sensitivities,
                       __global REAL* restrict out) {
    if (get_global_id(0) >= units) return;
    const int unit = firstUnit + (int)get_global_id(0), row = firstRow + (int)get_global_id(1);
    const REAL below = unit < fanIn ? input[inOffset + (long)(row / rowsPerPoint) * inStride + unit] : (REAL)1;
    const REAL factor = scales[scaleOffset + (unit == fanIn)] * below;
    __global const REAL* D = sensitivities + sensitivityOffset + (long)row * outStride;
    __global REAL* target = out + (long)get_global_id(1) * stride + columnOffset + (long)get_global_id(0) * columns;
    int j = 0;
#if STREAMED && defined(POCL_DEVICE_ADDRESS_BITS)
    // Such stores must be aligned.
    const int before = (int)((sizeof(REALV) - (size_t)target % sizeof(REALV)) % sizeof(REALV) / sizeof(REAL));
    for (; j < min(before, columns); ++j) target[j] = factor * D[j];
    for (; j + VW <= columns; j += VW) __builtin_nontemporal_store((REALV)(factor) * VLOAD(D + j), (__global REALV*)(target + j));
#else
    for (; j + VW <= columns; j += VW) VSTORE((REALV)(factor) * VLOAD(D + j), target + j);
#endif
    for (; j < columns; ++j) target[j] = factor * D[j];
}
