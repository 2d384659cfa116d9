// The loss of every member and its slope, the record of outputs, and the numbers of the next step:
//
//   residual[n][c] = l'(f[n][c]; s, m[n][c]) / N,   record = f,   lossRecord = L = (1/N) sum_n sum_c l(f[n][c])
//   lastStep, lastOutputs, lastLoss = step, f, L   while these have been finite at every step from 0 to this one
//   controls                                       the rule's control of step `step` (rule.clh)
//
// Layout: outputs and residual in panels of LANES points (forward.cl), residualRows (points, rowStride) the residuals once more by rows;
// anchors (points, outputs); record (members, points, outputs) and lossRecord (members, LOSS_RECORD) of one recorded step. recording 0
// leaves the records alone. lastStep (members) begins at -1, lastOutputs (members, points, outputs) and lastLoss (members) at NaN; every
// step must be launched, or a member counts as diverged. reduced (members, places, REDUCTIONS) are the parts of the rule's reductions
// (update.cl).
// Cost: ITEMS work-items a member; N C evaluations of l. Error: that of l, and N C roundings of the sum.
#include "real.clh"
#include "rule.clh"
#ifndef LANES
#define LANES 1
#endif
#ifndef ITEMS
#define ITEMS 1  // of a member; several are a work-group
#endif
#define OUTPUT_AT(packed) \
    (((packed) / outputs / LANES * outputs + (packed) % outputs) * LANES + (packed) / outputs % LANES)
#include "loss.clh"

// The sum of a number of each work-item, in their order. All have done what comes before when one does what comes after.
#if ITEMS > 1
#define SUM_OF_ITEMS(own) sum_of_items(item, own, parts)
static inline REAL sum_of_items(const int item, const REAL own, __local REAL* parts) {
    barrier(CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE);
    parts[item] = own;
    barrier(CLK_LOCAL_MEM_FENCE);
    REAL sum = 0;
    for (int i = 0; i < ITEMS; ++i) sum += parts[i];
    return sum;
}
#else
#define SUM_OF_ITEMS(own) (own)
#endif

// global: (ITEMS for each member, padded to whole groups where ITEMS is 1)
#if ITEMS > 1
__attribute__((reqd_work_group_size(ITEMS, 1, 1)))
#endif
__kernel void loss(const int members, const int points, const int outputs, const int rowStride, const int recording, const int step,
                   const int places, const long recordOffset, const long lossOffset, const long scheduleOffset,
                   __global const REAL* restrict schedule, __global const REAL* restrict lossScales, __global const REAL* restrict anchors,
                   __global const REAL* restrict values, __global REAL* restrict residual, __global REAL* restrict residualRows,
                   __global REAL* restrict record, __global REAL* restrict lossRecord, __global int* restrict lastStep,
                   __global REAL* restrict lastOutputs, __global REAL* restrict lastLoss, __global const REAL* restrict reduced,
                   __global REAL* restrict controls) {
    const long e = get_global_id(0) / ITEMS;
    const int item = (int)(get_global_id(0) % ITEMS);
#if ITEMS > 1
    __local REAL parts[ITEMS];
#else
    if (e >= members) return;
#endif
    const long rows = (long)points * outputs, padded = (long)(points + LANES - 1) / LANES * LANES * outputs;
    __global REAL* control = controls + e * CONTROLS;
    values += e * padded;
    residual += e * padded;
    residualRows += e * points * rowStride;
    lossRecord += lossOffset + e * LOSS_RECORD;
    int finite;
    const int follows = lastStep[e] == step - 1;
    const REAL share = observe_share(item, ITEMS, points, outputs, recording, lossScales[e], anchors + e * rows, values, residual,
                                     record + recordOffset + e * rows, &finite);
    const REAL sum = SUM_OF_ITEMS(share), broken = SUM_OF_ITEMS((REAL)!finite);
    const REAL mean = keep_observation(item, ITEMS, points, outputs, recording, step, sum, broken == 0, follows, values,
                                       lossRecord, lastStep + e, lastOutputs + e * rows, lastLoss + e);
    for (int row = item; row < rows; row += ITEMS)
        residualRows[(long)(row / outputs) * rowStride + row % outputs] = residual[OUTPUT_AT(row)];
    for (int r = 0; r < REDUCTIONS; ++r) {
        REAL own = 0;
        for (int place = item; step > 0 && place < places; place += ITEMS) own += reduced[(e * places + place) * REDUCTIONS + r];
        const REAL all = SUM_OF_ITEMS(own);
        if (item == 0) control[MEMORY + r] = all;
    }
    if (item == 0) begin_step(step, mean, schedule + scheduleOffset + PARAMETERS * e, control, recording, lossRecord);
}
