// Networks whose matrices do not fit a cache: all compute units share a member, and a step reads each hidden matrix once or twice.
//
// A step is that of train.cl, divided at the layers, since each needs all of the one before it. Tick t takes step t - 1 and computes the
// outputs after it (0: the first ones). It is, for l from the top hidden matrix down to 2, train_rows (down): delta_{l-1}; for the
// lowest matrix train_rows (down and up): rows in blocks of VW, each of which gives delta_0 of its units, steps their first layer, is
// stepped itself, and enters the next z_1 with their next values; train_finish of that layer; and upwards train_rows (up) and train_finish
// of each. The last one observes the outputs, begins the next step and takes that of the read-out. Work-items of a member share the rows,
// and each sums its part of z and of the rule's reductions: train_finish adds the parts in their order, so that results depend on the
// number of work-items, but not on other members.
//
// A member that keeps its ticks (`keeps`, train_kept.clh) has train_ticks before train_rows (down), the slots of DOWN divided among the
// work-items, and before train_finish, the components of z. The weights of the kept ticks before and after the step are lists of their own,
// which only train_finish changes. What is to be added to B is added after B has been read.
//
// Layout: as in train.cl. scratch of each member: for every hidden layer h, slope, delta and the next z or h, (points, stride) each, parts
// of z (work-items, points, stride), and H and D; then the read-out with its states (outputs, stride of the layer below) each, the lists of
// a member that keeps its ticks, the outputs and their residuals, and the parts of the reductions (work-items + 1, REDUCTIONS).
//
// Cost of a tick: 8 N flops for each weight (2 N more above the lowest matrix), W read once (above the lowest twice), its states once,
// all written once. With `keeps` B and H are read once (above the lowest matrix twice), D twice, and B is written once in FOLD ticks.
// Error: as of train.cl.
#include "train_kept.clh"

// Where a layer's arrays lie in the scratch.
#define SIZE(l) ((long)points * ROW(l))
#define VALUES(l) SCRATCH(l)
#define SLOPES(l) (SCRATCH(l) + SIZE(l))
#define DELTAS(l) (SCRATCH(l) + 2 * SIZE(l))
#define NEXT(l) (SCRATCH(l) + 3 * SIZE(l))
#define PART(l, item) (SCRATCH(l) + (4 + (item)) * SIZE(l))
#define KEPT_VALUES(l) PART(l, items)
#define KEPT_DELTAS(l) (KEPT_VALUES(l) + ROW(l - 1) * kept)
// A tick's delta is a row of D there.
#define DELTA(l, tick) (kept && (l) > 0 ? KEPT_DELTAS(l) + (tick) % kept * ROW(l) : DELTAS(l))
// Lists of a member that keeps its ticks: WEIGHT after the tick's step, VELOCITY, DOWN, WEIGHT before it, and of each work-item its part of
// UP and what it makes of all parts.
#define BEFORE (3 * kept)
#define UP_PART(item) (lists + (4 + (item)) * kept)
#define UP_SUM(item) (lists + (4 + items + (item)) * kept)

// The coefficients of a tick of a member that keeps its ticks; `settled`: all before it have just been added to the matrices.
static inline void begin_kept_tick(const int kept, const int tick, const int settled, const Step step, __global REAL* lists) {
    const int slot = tick % kept;
    if (settled) forget_ticks(kept, 0, kept, 1, lists);
    if (folds_before(kept, tick)) forget_ticks(kept, slot, slot + FOLD, 0, lists);
    copy(kept, lists + WEIGHT, lists + BEFORE);
    weigh_ticks(kept, slot, step, lists);
}

static inline void sum_lists(const int count, const int lists, const int stride, __global const REAL* a, __global REAL* sums) {
    for (int v = 0; v < count; v += VW) {
        REALV sum = (REALV)(0);
        for (int list = 0; list < lists; ++list) sum += VLOAD(a + list * stride + v);
        VSTORE(sum, sums + v);
    }
}

// What the kernels find of a member from the arguments that they share.
#define MEMBER(e) \
    const int points = ONE_POINT ? 1 : givenPoints, top = depth - 1; \
    __global REAL* W = weights + (e) * weightMemberStride; \
    __global REAL* S = STATES ? states + STATES * (e) * weightMemberStride : W; \
    __global REAL* control = controls + (e) * CONTROLS; \
    __global REAL* scratch = memory + (e) * scratchMemberStride; \
    __global const REAL* alpha = scales + 2 * (e) * (depth + 1); /* and beta after it, layer by layer */ \
    const long readOutSize = outputs * ROW(top); \
    __global REAL* R = SCRATCH(depth); \
    __global REAL* RS = STATES ? R + readOutSize : R; \
    const int kept = KEEPS ? keeps[e] : 0; \
    __global REAL* lists = R + (1 + STATES) * readOutSize; \
    __global REAL* f = lists + (4 + 2 * items) * kept; \
    __global REAL* residual = f + points * outputs; \
    __global REAL* reduced = residual + points * outputs; \
    REALV sums[AT_LEAST_ONE(REDUCTIONS)]; \
    for (int r = 0; r < REDUCTIONS; ++r) sums[r] = (REALV)(0); \
    const Step step = current_step(control, weightMemberStride, sums);

// Adds the sums of a work-item to its part of the reductions, which `begins` with them.
static inline void reduce(const int begins, const REALV* sums, __global REAL* part) {
    for (int r = 0; r < REDUCTIONS; ++r) part[r] = vector_sum(sums[r]) + (begins ? (REAL)0 : part[r]);
}

// global: (work-items, members), each a group. Of layer l's matrix the sensitivities below it (`down`), and its step and its part of z
// (`up`).
__kernel void train_rows(const int givenPoints, const int depth, const int inputs, const int inStride, const int outputs,
                         const int l, const int down, const int up, const int tick, const long inMemberStride,
                         const long weightMemberStride, const long scratchMemberStride, __global const int* restrict layers,
                         __global const REAL* restrict scales, __global const REAL* restrict input, __global REAL* restrict weights,
                         __global REAL* restrict states, __global REAL* restrict controls, __global REAL* restrict memory,
                         const int settles, __global const int* restrict keeps) {
    const long e = get_global_id(1);
    const int item = get_global_id(0), items = get_global_size(0);
    MEMBER(e)
    const int row = ROW(l), below = ROW(l - 1), units = FAN_OUT(l - 1), blocks = (units + VW - 1) / VW;
    __global REAL* part = PART(l, item);
    if (up) clear(points * row, part);
    if (up && kept) clear(kept, UP_PART(item));
    REALV own = (REALV)(0);
    // Rows that a cache still holds are read first.
    const int backwards = down && up ? tick % 2 : up;
    const int begin = (int)((long)blocks * item / items) * VW, end = (int)((long)blocks * (item + 1) / items) * VW;
    for (int at = begin; at < end; at += VW) {
        const int i = backwards ? begin + end - VW - at : at;
        const int rows = min(units - i, VW);
        __global REAL* w = WEIGHTS(l) + (long)i * row;
        if (down && kept)
            differentiate_kept(kept, units - i, row, alpha[2 * l], w, KEPT_VALUES(l) + i * kept, DELTA(l, tick), lists + DOWN,
                               SLOPES(l - 1) + i, DELTA(l - 1, tick) + i);
        else if (down)
            differentiate_blocks(points, units - i, row, below, alpha[2 * l], w, DELTAS(l), SLOPES(l - 1) + i, DELTAS(l - 1) + i);
        if (!up) continue;
        if (l == 1)
            first_layer(points, inputs, inStride, below, units - i, alpha[0], alpha[1], step, input + e * inMemberStride, DELTAS(0) + i,
                        NEXT(0) + i, SLOPES(0) + i, WEIGHTS(0) + i, STATES_OF(0) + i);
        if (!kept) {
            update_rows(points, rows, below, row, alpha[2 * l], step, VALUES(l - 1) + i, NEXT(l - 1) + i, DELTAS(l), part, w,
                        STATES_OF(l) + (long)i * row);
            continue;
        }
        // While these rows come from the second cache, the next are on their way to it.
        __global const REAL* ahead = at + VW < end ? w + (backwards ? -VW : VW) * (long)row : w;
        own += advance_kept(kept, rows, row, tick % kept, VALUES(l - 1) + i, NEXT(l - 1) + i, w, ahead, KEPT_VALUES(l) + i * kept, part,
                            UP_PART(item));
        int oldest = 0, folded = min(tick + 1, kept);
        if (!settles) {
            oldest = (tick + 1) % kept;
            folded = folds_before(kept, tick + 1) ? FOLD : 0;
        }
        fold_ticks(rows, row, kept, oldest, oldest + folded, alpha[2 * l], lists, KEPT_VALUES(l) + i * kept, KEPT_DELTAS(l), w);
    }
    if (up && kept) UP_PART(item)[tick % kept] = vector_sum(own);
    if (up) reduce(l == 1, sums, reduced + item * REDUCTIONS);
}

// global: (work-items, members), each a group. Of members that keep their ticks, a work-item's part of what the kept ones are to layer l's
// matrix at `tick`: before train_rows (down) its slots of DOWN, after train_rows (up) its components of z from the parts of all.
__kernel void train_ticks(const int givenPoints, const int depth, const int outputs, const int l, const int up, const int tick,
                          const long weightMemberStride, const long scratchMemberStride, __global const int* restrict layers,
                          __global const REAL* restrict scales, __global REAL* restrict weights, __global REAL* restrict states,
                          __global REAL* restrict controls, __global REAL* restrict memory, __global const int* restrict keeps) {
    const long e = get_global_id(1);
    const int item = get_global_id(0), items = get_global_size(0);
    MEMBER(e)
    if (!kept) return;
    const int row = ROW(l), unit = up ? JV * VW : VW, shares = (up ? row : kept) / unit;
    const int from = shares * item / items * unit, to = shares * (item + 1) / items * unit;
    if (!up) {
        multiply_sensitivities(from, to, row, alpha[2 * l], lists + BEFORE, KEPT_DELTAS(l), DELTA(l, tick), lists + DOWN);
        return;
    }
    sum_lists(kept, items, kept, UP_PART(0), UP_SUM(item));
    sum_lists(to - from, items, row, PART(l, 0) + from, NEXT(l) + from);
    add_ticks(kept, to - from, row, alpha[2 * l], lists + WEIGHT, KEPT_DELTAS(l) + from, NEXT(l) + from, UP_SUM(item));
}

// The read-out between the order of the weights and (outputs, stride of the layer below).
static inline void transpose_read_out(const int units, const int outputs, const int stride, const int outStride, const int writes,
                                      __global REAL* W, __global REAL* R) {
    for (int c = 0; c < outputs; ++c) {
        for (int i = 0; i < units; ++i) {
            if (writes) W[i * outStride + c] = R[c * stride + i];
            else R[c * stride + i] = W[i * outStride + c];
        }
    }
}

// global: (members). Layer l's next values from the parts of z (tick >= 0), with which those below it become the present ones. For the top
// layer the outputs too, which are observed as those of step `tick`, and then (unless it `closes`) the step that follows with the
// schedule at scheduleOffset, which that of the read-out begins. tick -1 is the beginning of all; `writes` brings the read-out back to the weights.
__kernel void train_finish(const int givenPoints, const int depth, const int outputs, const int outStride, const int items, const int l,
                           const int tick, const int closes, const int writes, const int settles, const int recording,
                           const long recordOffset, const long lossOffset, const long scheduleOffset, const long weightMemberStride,
                           const long scratchMemberStride, __global const int* restrict layers, __global const REAL* restrict scales,
                           __global const REAL* restrict schedule, __global const REAL* restrict lossScales,
                           __global const REAL* restrict anchors, __global REAL* restrict weights, __global REAL* restrict states,
                           __global REAL* restrict controls, __global REAL* restrict memory, __global REAL* restrict record,
                           __global REAL* restrict lossRecord, __global int* restrict lastStep, __global REAL* restrict lastOutputs,
                           __global REAL* restrict lastLoss, __global const int* restrict keeps) {
    const long e = get_global_id(0);
    MEMBER(e)
    const int row = ROW(l), rows = points * outputs;
    if (tick >= 0) {
        if (!kept) sum_lists(points * row, items, points * row, PART(l, 0), NEXT(l));
        copy(points * ROW(l - 1), NEXT(l - 1), VALUES(l - 1));
        finish_layer(points, FAN_OUT(l), row, alpha[2 * l], alpha[2 * l + 1], step, DELTA(l, tick), NEXT(l), SLOPES(l),
                     WEIGHTS(l) + FAN_IN(l) * row, STATES_OF(l) + FAN_IN(l) * row);
    }
    REAL mean = 0;
    if (l == top && tick >= 0) {
        copy(points * row, NEXT(l), VALUES(l));
        read_out(points, outputs, row, alpha[2 * depth], alpha[2 * depth + 1], step, residual, VALUES(l), R,
                 WEIGHTS(depth) + FAN_IN(depth) * outStride, STATES_OF(depth) + FAN_IN(depth) * outStride, f);
        mean = observe(points, outputs, outputs, recording, tick, lossScales[e], anchors + e * rows, f, residual,
                       record + recordOffset + e * rows, lossRecord + lossOffset + e * LOSS_RECORD, lastStep + e, lastOutputs + e * rows, lastLoss + e);
    }
    reduce(0, sums, reduced + items * REDUCTIONS);
    if (l < top) return;
    for (int s = -1; s < STATES; ++s) {
        if (tick < 0 || writes)
            transpose_read_out(FAN_IN(depth), outputs, row, outStride, writes,
                               s < 0 ? WEIGHTS(depth) : STATES_OF(depth) + s * weightMemberStride, R + (s + 1) * readOutSize);
    }
    for (int r = 0; r < REDUCTIONS; ++r) {
        REAL sum = 0;
        for (int item = 0; tick > 0 && item <= items; ++item) sum += reduced[item * REDUCTIONS + r];
        control[MEMORY + r] = sum;
        sums[r] = (REALV)(0);
    }
    Step next = no_step(readOutSize, sums);
    if (tick >= 0) {
        begin_step(tick, mean, schedule + scheduleOffset + PARAMETERS * e, control, recording, lossRecord + lossOffset + e * LOSS_RECORD);
        if (closes) return;
        next = current_step(control, readOutSize, sums);
    }
    if (kept) begin_kept_tick(kept, tick + 1, settles, next, lists);
    step_read_out(points, outputs, row, alpha[2 * depth], next, residual, VALUES(top), SLOPES(top), DELTA(top, tick + 1), R, RS);
    for (int r = 0; r < REDUCTIONS; ++r) reduced[items * REDUCTIONS + r] = (REAL)0;
    reduce(0, sums, reduced + items * REDUCTIONS);
}
