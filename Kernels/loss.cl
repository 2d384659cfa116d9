// The loss of every member and its slope, and the record of outputs:
//
//   residual[n][c] = l'(f[n][c]; s, m[n][c]) / N,   record = f,   lossRecord = (1/N) sum_n sum_c l(f[n][c])
//
// Layout: outputs and residual (points, stride), anchors (points, outputs), record (members, points, outputs) and
// lossRecord (members) of one recorded step. recording 0 leaves the records alone.
// Cost: one work-item a member; N C evaluations of l. Error: that of l, and N C roundings of the sum.
#include "real.clh"
#ifndef LOSS_VALUE
#define LOSS_VALUE (s * (f - m) * (f - m))
#define LOSS_SLOPE (s * (REAL)2 * (f - m))
#endif

// global: (members)
__kernel void loss(const int points, const int outputs, const int stride, const int recording, const long recordOffset,
                   const long lossOffset, __global const REAL* restrict lossScales, __global const REAL* restrict anchors,
                   __global const REAL* restrict values, __global REAL* restrict residual, __global REAL* restrict record,
                   __global REAL* restrict lossRecord) {
    const long e = get_global_id(0);
    const REAL s = lossScales[e];
    REAL sum = 0;
    for (int n = 0; n < points; ++n) {
        for (int c = 0; c < outputs; ++c) {
            const long at = (e * points + n) * stride + c, packed = (e * points + n) * outputs + c;
            const REAL f = values[at], m = anchors[packed];
            residual[at] = (LOSS_SLOPE) / (REAL)points;
            if (recording) {
                sum += (LOSS_VALUE);
                record[recordOffset + packed] = f;
            }
        }
    }
    if (recording) lossRecord[lossOffset + e] = sum / (REAL)points;
}
