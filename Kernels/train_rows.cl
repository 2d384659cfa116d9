// Networks of few points whose matrices do not fit a cache: all compute units share a member, and a step reads each hidden matrix once or
// twice.
//
// A step is that of train.cl, divided at the layers, since each needs all of the one before it. Tick t takes step t - 1 and computes the
// outputs after it (0: the first ones). It is, for l from the top hidden matrix down to 2, train_rows (down): delta_{l-1}; for the
// lowest matrix train_rows (down and up): rows in blocks of VW, each of which gives delta_0 of its units, steps their first layer, is
// stepped itself, and enters the next z_1 with their next values; train_finish of that layer; and upwards train_rows (up) and train_finish
// of each. The last one takes the read-out's step, observes the outputs and begins the next step. Work-items of a member share the rows,
// and each sums its part of z and of the rule's reductions: train_finish adds the parts in their order, so that results depend on the
// number of work-items, but not on other members.
//
// A member of heavy ball with one point may keep its last steps beside the matrices (`keeps` of them), instead of adding them and having
// velocities. A step adds a matrix of rank 1, and heavy ball goes on adding it with a decaying factor, so that after tick t (physics:
// W_k = W_0 - eta sum_s c_{k-s} G_s)
//
//   W = B + sum_s w_s G_s,   G_s = alpha h_s^T delta_s,   u_s <- gamma u_s,  w_s <- w_s + u_s,  and the newest u_t = w_t = -eta
//
// for any schedule. B, the matrix as last written, has everything of the ticks whose u_s has decayed below rounding, and there is no
// matrix of velocities. The others are in columns beside it and rows below it, tick t in slot t mod `kept`: H (fanIn, kept) holds h_s,
// D (kept, stride) delta_s. A row of [B | H] is thus a row of a longer matrix: its dot with (delta, w_s alpha delta_s . delta) is that of W
// with delta, and multiplied by its unit's next value it adds to (z, h_s . h), of which the latter, times w_s alpha, are what the rows of D
// add to z. Every FOLD ticks the oldest FOLD are added to B, after B has been read. With `kept` at least as many as the ticks in which
// gamma^t falls below rounding and FOLD more, a tick is folded when what it still adds is smaller than the rounding of its factor.
// train_ticks is launched before train_rows (down), where the slots of DOWN are divided among the work-items, and before train_finish,
// where the components of z are. The weights of the kept ticks before and after the step are lists of their own, which only train_finish
// changes.
//
// Layout: train.clh, with parts of z (work-items, points, stride), H and D behind the arrays of a layer, and the lists of kept ticks
// before the outputs; behind the residuals the parts of the reductions (work-items + 1, REDUCTIONS).
// Cost of a tick: 8 N flops for each weight (2 N more above the lowest matrix), W read once (above the lowest twice), its states once, all
// written once. Of a member that keeps its ticks B and H are read once (above the lowest twice), D twice, and B is written once in FOLD
// ticks.
// Error: as of train.cl. With kept ticks W has one rounding for each FOLD of them, and a dot is as of one longer by `kept`.
#include "train_tiles.clh"
#ifndef FOLD
#define FOLD 32  // ticks that are folded together; divides `kept`
#endif

#define PART(l, item) (SCRATCH(l) + (4 + (item)) * SIZE(l))
#define KEPT_VALUES(l) PART(l, items)
#define KEPT_DELTAS(l) (KEPT_VALUES(l) + ROW(l - 1) * kept)
// A tick's delta is a row of D there.
#define DELTA(l, tick) (kept && (l) > 0 ? KEPT_DELTAS(l) + (tick) % kept * ROW(l) : DELTAS(l))
// Lists by slot of a member that keeps its ticks: their weights after the tick's step and before it, their velocities, w_s alpha
// delta_s . delta, and of each work-item its part of h_s . h and what it makes of all parts.
#define WEIGHT lists
#define VELOCITY (lists + kept)
#define DOWN (lists + 2 * kept)
#define BEFORE (lists + 3 * kept)
#define UP_PART(item) (lists + (4 + (item)) * kept)
#define UP_SUM(item) (lists + (4 + items + (item)) * kept)

#define ROWS_MEMBER(e) \
    const int points = ONE_POINT ? 1 : givenPoints, kept = ONE_POINT ? keeps[e] : 0; \
    MEMBER(e, (4 + 2 * items) * kept) \
    __global REAL* lists = besideReadOut; \
    __global REAL* reduced = residual + rows; \
    const Step step = current_step(control, weightMemberStride, sums);

// Adds the sums of a work-item to its part of the reductions, which `begins` with them.
static inline void reduce(const int begins, const REALV* sums, __global REAL* part) {
    for (int r = 0; r < REDUCTIONS; ++r) part[r] = vector_sum(sums[r]) + (begins ? (REAL)0 : part[r]);
}

static inline void sum_lists(const int count, const int lists, const int stride, __global const REAL* a, __global REAL* sums) {
    for (int v = 0; v < count; v += VW) {
        REALV sum = (REALV)(0);
        for (int list = 0; list < lists; ++list) sum += VLOAD(a + list * stride + v);
        VSTORE(sum, sums + v);
    }
}

// Whether the ticks in the FOLD slots from that of `tick` on, of which it takes the first, are to be added to the matrices before it.
static inline int folds_before(const int kept, const int tick) { return tick >= kept && tick % kept % FOLD == 0; }

// Adds the ticks in slots from `from` up to `to`, at most FOLD, to `rows` rows of W, up to VW. A strip of D lies in `strip` for all the
// rows, since rows of D can be a power of two apart, of which a first cache holds few.
static inline void fold_ticks(const int rows, const int stride, const int kept, const int from, const int to, const REAL alpha,
                              __global const REAL* ticks, __global const REAL* H, __global const REAL* D, __global REAL* W) {
    REAL unit[VW][FOLD];
    REALV strip[FOLD][JV];
    for (int s = from; s < to; ++s)
        for (int j = 0; j < VW; ++j) unit[j][s - from] = alpha * ticks[s] * H[min(j, rows - 1) * kept + s];
    for (int v0 = 0; v0 < stride; v0 += JV * VW) {
        for (int s = from; s < to; ++s) UNROLL for (int v = 0; v < JV; ++v) strip[s - from][v] = VLOAD(D + s * stride + v0 + v * VW);
        for (int j0 = 0; j0 < rows; j0 += RB) {
            REALV change[RB][JV];
            UNROLL for (int b = 0; b < RB; ++b) UNROLL for (int v = 0; v < JV; ++v) change[b][v] = (REALV)(0);
            for (int s = 0; s < to - from; ++s)
                UNROLL for (int b = 0; b < RB; ++b)
                    UNROLL for (int v = 0; v < JV; ++v) change[b][v] = fma((REALV)(unit[j0 + b][s]), strip[s][v], change[b][v]);
            for (int b = 0; b < min(RB, rows - j0); ++b) {
                UNROLL for (int v = 0; v < JV; ++v) {
                    __global REAL* w = W + (j0 + b) * stride + v0 + v * VW;
                    VSTORE(VLOAD(w) + change[b][v], w);
                }
            }
        }
    }
}

// The lists at the begin of a tick's step; `settled`: all before it have just been added to the matrices, and go on to move them.
static inline void begin_kept_tick(const int kept, const int tick, const int settled, Step step, __global REAL* lists) {
    const int slot = tick % kept;
    if (settled) clear(kept, WEIGHT);
    if (folds_before(kept, tick)) {
        clear(FOLD, WEIGHT + slot);
        clear(FOLD, VELOCITY + slot);
    }
    copy(kept, WEIGHT, BEFORE);
#if STATES
    // What the rule does to a weight and its state by itself.
    step.apart = kept;
    WEIGHT[slot] = VELOCITY[slot] = (REAL)0;
    for (int s = 0; s < kept; s += VW) step_vector((REALV)(0), step, WEIGHT + s, VELOCITY + s);
    step_number(GRADIENT_FACTOR, step, WEIGHT + slot, VELOCITY + slot);
#endif
}

// As `differentiate`, of the rows of B and H.
static inline void differentiate_kept(const int kept, const int rows, const int stride, const REAL alpha, __global const REAL* W,
                                      __global const REAL* H, __global const REAL* delta, __global const REAL* down,
                                      __global const REAL* slope, __global REAL* below) {
    REALV group[PT][VW / RB];
    UNROLL for (int g = 0; g < VW / RB; ++g) group[0][g] = (REALV)(0);
    add_row_sums(group, 0, 1, rows, stride, W, delta);
    add_row_sums(group, 0, 1, rows, kept, H, down);
    store_sensitivities(group, 0, 1, 0, alpha, slope, below);
}

// What `rows` rows of B and H, up to VW, add to z and to h_s . h, and this tick's column of H. While these rows come from the second cache,
// those at `ahead` are on their way to it. Returns what it adds to the tick's own h_t . h.
static inline REALV advance_kept(const int kept, const int rows, const int stride, const int slot, __global const REAL* h,
                                 __global const REAL* following, __global const REAL* W, __global const REAL* ahead,
                                 __global REAL* H, __global REAL* next, __global REAL* up) {
    for (int v = 0; v < stride; v += JV * VW) {
        for (int j = 0; j < rows; ++j) UNROLL for (int line = 0; line < JV; ++line) FETCH_AHEAD(ahead + j * stride + v + line * VW);
        advance_rows(1, rows, 0, stride, following, W + v, next + v);
    }
    for (int s = 0; s < kept; s += JV * VW) advance_rows(1, rows, 0, kept, following, H + s, up + s);
    for (int j = 0; j < rows; ++j) H[j * kept + slot] = h[j];
    return VLOAD(h) * VLOAD(following);
}

// global: (work-items, members), each a group. Of layer l's matrix the sensitivities below it (`down`), and its step and its part of z
// (`up`).
__kernel void train_rows(const int inputs, const int inStride, const int l, const int down, const int up, const int tick,
                         const int settles, const long inMemberStride, __global const int* restrict keeps,
                         __global const REAL* restrict input, MEMBER_PARAMETERS) {
    const long e = get_global_id(1);
    const int item = get_global_id(0), items = get_global_size(0);
    ROWS_MEMBER(e)
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
        __global REAL* H = KEPT_VALUES(l) + i * kept;
        if (down && kept)
            differentiate_kept(kept, units - i, row, alpha[2 * l], w, H, DELTA(l, tick), DOWN, SLOPES(l - 1) + i, DELTA(l - 1, tick) + i);
        else if (down)
            differentiate(points, units - i, row, below, alpha[2 * l], w, DELTAS(l), SLOPES(l - 1) + i, DELTAS(l - 1) + i);
        if (!up) continue;
        if (l == 1)
            first_layer(points, inputs, inStride, below, units - i, alpha[0], alpha[1], step, input + e * inMemberStride, DELTAS(0) + i,
                        NEXT(0) + i, SLOPES(0) + i, WEIGHTS(0) + i, STATES_OF(0) + i);
        if (!kept) {
            update_rows(points, rows, below, row, alpha[2 * l], step, VALUES(l - 1) + i, NEXT(l - 1) + i, DELTAS(l), part, w,
                        STATES_OF(l) + (long)i * row);
            continue;
        }
        __global const REAL* ahead = at + VW < end ? w + (backwards ? -VW : VW) * (long)row : w;
        own += advance_kept(kept, rows, row, tick % kept, VALUES(l - 1) + i, NEXT(l - 1) + i, w, ahead, H, part, UP_PART(item));
        const int oldest = settles ? 0 : (tick + 1) % kept;
        const int to = settles ? min(tick + 1, kept) : folds_before(kept, tick + 1) ? oldest + FOLD : oldest;
        for (int s = oldest; s < to; s += FOLD)
            fold_ticks(rows, row, kept, s, min(s + FOLD, to), alpha[2 * l], WEIGHT, H, KEPT_DELTAS(l), w);
    }
    if (up && kept) UP_PART(item)[tick % kept] = vector_sum(own);
    if (up) reduce(l == 1, sums, reduced + item * REDUCTIONS);
}

// global: (work-items, members), each a group. Of members that keep their ticks, a work-item's part of what the kept ones are to layer l's
// matrix at `tick`: before train_rows (down) its slots of DOWN, after train_rows (up) its components of z from the parts of all.
__kernel void train_ticks(const int l, const int up, const int tick, __global const int* restrict keeps, MEMBER_PARAMETERS) {
    const long e = get_global_id(1);
    const int item = get_global_id(0), items = get_global_size(0);
    ROWS_MEMBER(e)
    if (!kept) return;
    const int row = ROW(l), unit = up ? JV * VW : VW, shares = (up ? row : kept) / unit;
    const int from = shares * item / items * unit, to = shares * (item + 1) / items * unit;
    __global const REAL* D = KEPT_DELTAS(l);
    if (!up) {
        for (int s = from; s < to; s += VW)
            differentiate(1, to - s, row, to, alpha[2 * l], D + s * row, DELTA(l, tick), BEFORE + s, DOWN + s);
        return;
    }
    __global REAL* sum = UP_SUM(item);
    sum_lists(kept, items, kept, UP_PART(0), sum);
    sum_lists(to - from, items, row, PART(l, 0) + from, NEXT(l) + from);
    for (int s = kept - VW; s >= 0; s -= VW) {
        VSTORE((REALV)(alpha[2 * l]) * VLOAD(WEIGHT + s) * VLOAD(sum + s), sum + s);
        for (int v = from; v < to; v += JV * VW) advance_rows(1, VW, 0, row, sum + s, D + s * row + v, NEXT(l) + v);
    }
}

// global: (members). Layer l's next values from the parts of z (tick >= 0), with which those below it become the present ones. For the top
// layer the read-out's step and the outputs too, which are observed as those of step `tick`, and then (unless it `closes`) the step that
// follows with the schedule at scheduleOffset. tick -1 is the beginning of all; `writes` brings the read-out back to the weights.
__kernel void train_finish(const int items, const int l, const int tick, const int closes, const int writes, const int settles,
                           const int recording, const long recordOffset, const long lossOffset, const long scheduleOffset,
                           __global const int* restrict keeps, MEMBER_PARAMETERS, RECORD_PARAMETERS) {
    const long e = get_global_id(0);
    ROWS_MEMBER(e)
    const int row = ROW(l);
    lossRecord += lossOffset + e * LOSS_RECORD;
    if (tick >= 0) {
        if (!kept) sum_lists(SIZE(l), items, SIZE(l), PART(l, 0), NEXT(l));
        copy(SIZE(l - 1), NEXT(l - 1), VALUES(l - 1));
        finish_layer(points, FAN_OUT(l), row, alpha[2 * l], beta[2 * l], step, DELTA(l, tick), NEXT(l), SLOPES(l),
                     WEIGHTS(l) + FAN_IN(l) * row, STATES_OF(l) + FAN_IN(l) * row);
    }
    REAL mean = 0;
    if (l == top && tick >= 0) {
        step_read_out(points, outputs, row, alpha[2 * depth], beta[2 * depth], step, residual, VALUES(l), R, RS, b, bs);
        copy(SIZE(l), NEXT(l), VALUES(l));
        read_out(points, outputs, row, alpha[2 * depth], beta[2 * depth], VALUES(l), R, b, f);
        mean = observe(points, outputs, recording, tick, lossScales[e], anchors + e * rows, f, residual, record + recordOffset + e * rows,
                       lossRecord, lastStep + e, lastOutputs + e * rows, lastLoss + e);
    }
    reduce(l == 1, sums, reduced + items * REDUCTIONS);
    if (l < top) return;
    if (tick < 0 || writes)
        transpose_read_out(FAN_IN(depth), outputs, outStride, row, weightMemberStride, writes, WEIGHTS(depth), STATES_OF(depth), R, RS);
    for (int r = 0; r < REDUCTIONS; ++r) {
        REAL sum = 0;
        for (int item = 0; tick > 0 && item <= items; ++item) sum += reduced[item * REDUCTIONS + r];
        control[MEMORY + r] = sum;
    }
    Step next = no_step(weightMemberStride, sums);
    if (tick >= 0) {
        begin_step(tick, mean, schedule + scheduleOffset + PARAMETERS * e, control, recording, lossRecord);
        if (closes) return;
        next = current_step(control, weightMemberStride, sums);
    }
    if (kept) begin_kept_tick(kept, tick + 1, settles, next, lists);
    differentiate_read_out(points, outputs, row, alpha[2 * depth], residual, SLOPES(top), R, DELTA(top, tick + 1));
}
