// The loss of every member and its slope, and the record of outputs:
//
//   residual[n][c] = l'(f[n][c]; s, m[n][c]) / N,   record = f,   lossRecord = L = (1/N) sum_n sum_c l(f[n][c])
//   lastStep, lastOutputs, lastLoss = step, f, L   while these have been finite at every step from 0 to this one
//
// Layout: outputs and residual (points, stride), anchors (points, outputs), record (members, points, outputs) and
// lossRecord (members) of one recorded step. recording 0 leaves the records alone. lastStep (members) begins at -1, lastOutputs
// (members, points, outputs) and lastLoss (members) at NaN; every step must be launched, or a member counts as diverged.
// Cost: one work-item a member; N C evaluations of l. Error: that of l, and N C roundings of the sum.
#include "real.clh"
#include "loss.clh"

// global: (members, padded to whole groups)
__kernel void loss(const int members, const int points, const int outputs, const int stride, const int recording, const int step,
                   const long recordOffset, const long lossOffset, __global const REAL* restrict lossScales, __global const REAL* restrict anchors,
                   __global const REAL* restrict values, __global REAL* restrict residual, __global REAL* restrict record,
                   __global REAL* restrict lossRecord, __global int* restrict lastStep, __global REAL* restrict lastOutputs,
                   __global REAL* restrict lastLoss) {
    if (get_global_id(0) >= members) return;
    const long e = get_global_id(0), rows = (long)points * outputs, padded = (long)points * stride;
    observe(points, outputs, stride, recording, step, lossScales[e], anchors + e * rows, values + e * padded, residual + e * padded,
            record + recordOffset + e * rows, lossRecord + lossOffset + e, lastStep + e, lastOutputs + e * rows, lastLoss + e);
}
