// The loss of every member and its slope, the record of outputs, and the numbers of the next step:
//
//   residual[n][c] = l'(f[n][c]; s, m[n][c]) / N,   record = f,   lossRecord = L = (1/N) sum_n sum_c l(f[n][c])
//   lastStep, lastOutputs, lastLoss = step, f, L   while these have been finite at every step from 0 to this one
//   controls                                       the rule's control of step `step` (rule.clh), if `begins`
//
// Layout: outputs and residual in panels of LANES points (forward.cl), residualRows (points, rowStride) the residuals once more by rows;
// anchors (points, outputs); record (members, points, outputs) and lossRecord (members) of one recorded step. recording 0 leaves the
// records alone. lastStep (members) begins at -1, lastOutputs (members, points, outputs) and lastLoss (members) at NaN; every step must
// be launched, or a member counts as diverged. reduced (members, places, REDUCTIONS) are the parts of the rule's reductions (update.cl).
// Cost: one work-item a member; N C evaluations of l. Error: that of l, and N C roundings of the sum.
#include "real.clh"
#include "rule.clh"
#ifndef LANES
#define LANES 1
#endif
#define OUTPUT_AT(n, c) (((n) / LANES * outputs + (c)) * LANES + (n) % LANES)
#include "loss.clh"

// global: (members, padded to whole groups)
__kernel void loss(const int members, const int points, const int outputs, const int rowStride, const int recording, const int step,
                   const int begins, const int places, const long recordOffset, const long lossOffset, const long scheduleOffset,
                   __global const REAL* restrict schedule, __global const REAL* restrict lossScales, __global const REAL* restrict anchors,
                   __global const REAL* restrict values, __global REAL* restrict residual, __global REAL* restrict residualRows,
                   __global REAL* restrict record, __global REAL* restrict lossRecord, __global int* restrict lastStep,
                   __global REAL* restrict lastOutputs, __global REAL* restrict lastLoss, __global const REAL* restrict reduced,
                   __global REAL* restrict controls) {
    if (get_global_id(0) >= members) return;
    const long e = get_global_id(0), rows = (long)points * outputs, padded = (long)(points + LANES - 1) / LANES * LANES * outputs;
    __global REAL* control = controls + e * CONTROLS;
    residual += e * padded;
    residualRows += e * points * rowStride;
    const REAL mean = observe(points, outputs, 0, recording, step, lossScales[e], anchors + e * rows, values + e * padded, residual,
                              record + recordOffset + e * rows, lossRecord + lossOffset + e, lastStep + e, lastOutputs + e * rows,
                              lastLoss + e);
    for (int n = 0; n < points; ++n)
        for (int c = 0; c < outputs; ++c) residualRows[(long)n * rowStride + c] = residual[OUTPUT_AT(n, c)];
    if (!begins) return;
    for (int r = 0; r < REDUCTIONS; ++r) {
        REAL sum = 0;
        for (int place = 0; step > 0 && place < places; ++place) sum += reduced[(e * places + place) * REDUCTIONS + r];
        control[MEMORY + r] = sum;
    }
    begin_step(step, mean, schedule + scheduleOffset + PARAMETERS * e, control);
}
