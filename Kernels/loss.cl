// The loss of every member and its slope, the record of outputs, and the numbers of the next step:
//
//   residual[n][c] = l'(f[n][c]; s, m[n][c]) / N,   record = f,   lossRecord = L = (1/N) sum_n sum_c l(f[n][c])
//   lastStep, lastOutputs, lastLoss = step, f, L   while these have been finite at every step from 0 to this one
//   controls                                       the rule's control of step `step` (rule.clh)
//
// Layout: outputs and residual in panels of LANES points (forward.cl), residualRows (points, rowStride) the residuals once more by rows;
// anchors (points, outputs); record (members, points, outputs) and lossRecord (members, LOSS_RECORD) of one recorded step. recording 0 leaves the
// records alone. lastStep (members) begins at -1, lastOutputs (members, points, outputs) and lastLoss (members) at NaN; every step must
// be launched, or a member counts as diverged. reduced (members, places, REDUCTIONS) are the parts of the rule's reductions (update.cl).
// Cost: one work-item a member, or GROUPED a work-group of ITEMS; N C evaluations of l. Error: that of l, and N C roundings of the sum.
#include "real.clh"
#include "rule.clh"
#ifndef LANES
#define LANES 1
#endif
#define OUTPUT_AT(n, c) (((n) / LANES * outputs + (c)) * LANES + (n) % LANES)
#include "loss.clh"

#ifndef GROUPED
#define GROUPED 0
#endif
#if GROUPED
#ifndef ITEMS
#define ITEMS 32
#endif
// As `observe` in loss.clh, by the ITEMS work-items of a group: each adds the losses of every ITEMS-th output, the first what they have.
static inline REAL observe_together(const int points, const int outputs, const int recording, const int step, const REAL s,
                                    __global const REAL* anchors, __global const REAL* values, __global REAL* residual,
                                    __global REAL* record, __global REAL* lossRecord, __global int* lastStep, __global REAL* lastOutputs,
                                    __global REAL* lastLoss, __local REAL* parts, __local int* finite) {
    const int item = get_local_id(0), follows = *lastStep == step - 1;
    REAL sum = 0;
    int sound = 1;
    for (int packed = item; packed < points * outputs; packed += ITEMS) {
        const int at = OUTPUT_AT(packed / outputs, packed % outputs);
        const REAL f = values[at], m = anchors[packed];
        residual[at] = (LOSS_SLOPE) / (REAL)points;
        sum += (LOSS_VALUE);
        sound &= isfinite(f) != 0;
        if (recording) record[packed] = f;
    }
    parts[item] = sum;
    finite[item] = sound;
    // All have read the last step.
    barrier(CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE);
    REAL whole = 0;
    for (int i = 0; i < ITEMS; ++i) {
        whole += parts[i];
        sound &= finite[i];
    }
    const REAL mean = whole / (REAL)points;
    if (recording && item == 0) *lossRecord = mean;
    if (sound && isfinite(mean) && follows) {
        if (item == 0) *lastStep = step;
        if (item == 0) *lastLoss = mean;
        for (int packed = item; packed < points * outputs; packed += ITEMS)
            lastOutputs[packed] = values[OUTPUT_AT(packed / outputs, packed % outputs)];
    }
    return mean;
}
#endif

// global: (members, padded to whole groups); with GROUPED (groups of ITEMS, one for each member)
#if GROUPED
__attribute__((reqd_work_group_size(ITEMS, 1, 1)))
#endif
__kernel void loss(const int members, const int points, const int outputs, const int rowStride, const int recording, const int step,
                   const int places, const long recordOffset, const long lossOffset, const long scheduleOffset,
                   __global const REAL* restrict schedule, __global const REAL* restrict lossScales, __global const REAL* restrict anchors,
                   __global const REAL* restrict values, __global REAL* restrict residual, __global REAL* restrict residualRows,
                   __global REAL* restrict record, __global REAL* restrict lossRecord, __global int* restrict lastStep,
                   __global REAL* restrict lastOutputs, __global REAL* restrict lastLoss, __global const REAL* restrict reduced,
                   __global REAL* restrict controls) {
#if GROUPED
    __local REAL parts[ITEMS];
    __local int finite[ITEMS];
    const long e = get_group_id(0);
    const int item = get_local_id(0), items = ITEMS;
#else
    if (get_global_id(0) >= members) return;
    const long e = get_global_id(0);
    const int item = 0, items = 1;
#endif
    const long rows = (long)points * outputs, padded = (long)(points + LANES - 1) / LANES * LANES * outputs;
    __global REAL* control = controls + e * CONTROLS;
    residual += e * padded;
    residualRows += e * points * rowStride;
#if GROUPED
    const REAL mean = observe_together(points, outputs, recording, step, lossScales[e], anchors + e * rows, values + e * padded, residual,
                                       record + recordOffset + e * rows, lossRecord + lossOffset + e * LOSS_RECORD, lastStep + e,
                                       lastOutputs + e * rows, lastLoss + e, parts, finite);
#else
    const REAL mean = observe(points, outputs, 0, recording, step, lossScales[e], anchors + e * rows, values + e * padded, residual,
                              record + recordOffset + e * rows, lossRecord + lossOffset + e * LOSS_RECORD, lastStep + e,
                              lastOutputs + e * rows, lastLoss + e);
#endif
    for (int row = item; row < rows; row += items)
        residualRows[(long)(row / outputs) * rowStride + row % outputs] = residual[OUTPUT_AT(row / outputs, row % outputs)];
    for (int r = 0; r < REDUCTIONS; ++r) {
        REAL sum = 0;
        for (int place = item; step > 0 && place < places; place += items) sum += reduced[(e * places + place) * REDUCTIONS + r];
#if GROUPED
        barrier(CLK_LOCAL_MEM_FENCE);
        parts[item] = sum;
        barrier(CLK_LOCAL_MEM_FENCE);
        sum = 0;
        for (int i = 0; i < ITEMS; ++i) sum += parts[i];
#endif
        if (item == 0) control[MEMORY + r] = sum;
    }
    if (item == 0)
        begin_step(step, mean, schedule + scheduleOffset + PARAMETERS * e, control, recording, lossRecord + lossOffset + e * LOSS_RECORD);
}
