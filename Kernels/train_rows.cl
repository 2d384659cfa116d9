// Heavy ball for networks whose matrices do not fit a cache: all compute units share a member, and a step reads a hidden matrix once or
// twice and writes it only now and then.
//
// The gradient of a matrix has the rank of the points, so that steps need not be added to it one by one (physics: W_k = W_0 - eta sum_s
// c_{k-s} G_s). B and V are the matrix and its velocities as last written; since then, at tick t (0 computes the first outputs, t takes
// step t - 1),
//
//   W = B + g V + sum_s w_s G_s,   v = p V + sum_s u_s G_s,   G_s = alpha h_s^T delta_s
//   u_s <- gamma u_s,  p <- gamma p,  w_s <- w_s + u_s,  g <- g + p,   and the newest u_t = w_t = -eta
//
// for any schedule. h_s and delta_s of up to `slots` - 1 ticks are kept, and what they add is computed from them:
//
//   delta (W - B - g V)^T = sum_s w_s alpha (delta delta_s^T) h_s,   h (W - B - g V) = sum_s w_s alpha (h h_s^T) delta_s
//
// When there is no room for another tick, when weights are asked for, and at the end, B and V are written anew from all of them, in
// the pass that reads them anyway. With one slot more than one that is at every step, as train.cl does.
//
// A tick is, for l from the top hidden matrix down to 2, train_rows (down): delta_{l-1}; for the lowest matrix train_rows (down and up):
// rows in blocks of VW, each of which gives delta_0 of its units, steps their first layer, and enters the next z_1 with their next
// values; train_finish of that layer; and upwards train_rows (up) and train_finish of each. The last takes the step of the read-out,
// observes the outputs and begins the next tick. Work-items of a member share the rows, and each sums its part of z: train_finish adds
// the parts in their order, so that results depend on the number of work-items, but not on other members.
//
// A member with one point whose momentum decays soon enough (`keeps`) has no V, and keeps its ticks as train_kept.clh says: its tick has
// train_ticks before train_rows (down), the slots of DOWN divided among the work-items, and before train_finish, the components of z. The
// weights of the kept ticks before and after the step are lists of their own, which only train_finish changes. What is to be added to
// B is added after B has been read.
//
// Layout: W, V (fanIn + BIAS, stride). scratch of each member: for every hidden layer h and delta, (slots, points, stride) each, slope
// (points, stride), parts of z (work-items, points, stride), and H and D; then the read-out with its velocities (outputs, stride of the
// layer below) each, the lists of a member that keeps its ticks, the outputs and their residuals, the coefficients (rate, momentum, g
// before and after the step, p; and w before, w after and u of every slot), and for each work-item and train_finish (slots, points,
// points) products. Tick t is in slot t mod slots.
//
// Cost of a tick, for each weight of the lowest matrix: 4 N flops, and for 1 / (slots - 1) of the ticks as many as all their gradients,
// twice with velocities; B and V read once (above the lowest twice), and written once in slots - 1 ticks. The kept ticks cost 8 N flops for
// each of their points and unit. With `keeps` B and H are read once (above the lowest matrix twice), D twice, and B is written once in
// FOLD ticks. Error: as of train.cl, with fewer roundings of W.
// Measured in float32 on two cores of a CPU with 28 GB/s of copy bandwidth, width 2048 with 2 hidden layers (a matrix of 17 MB): N = 1
// with 17 slots 1030-1080 steps/s, where reading and writing W and V once a step would allow 400; N = 16 with 2 slots 300-330 steps/s, 22
// GB/s. Five slots at N = 16 took three times as long. With 192 ticks kept instead of V, N = 1, in runs that alternated on a busy machine
// (medians of the ratios): 1.3 times as fast at width 1536, 1.57 at 2048 (at best 1710 against 950 steps/s), 1.8 at 4096. Of the tick at
// 2048 adding FOLD ticks takes 5 to 10%; that the next rows are asked for while these are in use saves some 10%. DOWN in every work-item,
// instead of divided, was level on two cores.
#include "train_kept.clh"
#ifndef BLOCK
#define BLOCK 32  // vectors of a block of columns
#endif
#define POINTS (ONE_POINT ? 1 : 16)

// Where a layer's arrays lie in the scratch; a tick's in its slot.
#define SIZE(l) ((long)points * ROW(l))
#define VALUES(l, tick) (SCRATCH(l) + ((tick) % slots) * SIZE(l))
#define DELTAS(l, tick) (SCRATCH(l) + (slots + (tick) % slots) * SIZE(l))
#define SLOPES(l) (SCRATCH(l) + 2 * slots * SIZE(l))
#define PART(l, item) (SCRATCH(l) + (2 * slots + 1 + (item)) * SIZE(l))
// Of a member that keeps its ticks: H and D of a layer above the first, and a tick's delta, which is a row of D.
#define KEPT_VALUES(l) PART(l, items)
#define KEPT_DELTAS(l) (KEPT_VALUES(l) + ROW(l - 1) * kept)
#define DELTA(l, tick) (kept && (l) > 0 ? KEPT_DELTAS(l) + (tick) % kept * ROW(l) : DELTAS(l, tick))
// Its coefficients: WEIGHT after the tick's step, VELOCITY, DOWN, WEIGHT before it, and of each work-item its part of UP and what it
// makes of all parts.
#define BEFORE (3 * kept)
#define UP_PART(item) (lists + (4 + (item)) * kept)
#define UP_SUM(item) (lists + (4 + items + (item)) * kept)
// Coefficients: numbers, and lists by slot.
#define RATE 0
#define MOMENTUM_NOW 1
#define MOVED_BEFORE 2
#define MOVED_AFTER 3
#define KEPT 4
#define WEIGHT_BEFORE(tick) (5 + (tick) % slots)
#define WEIGHT_AFTER(tick) (5 + slots + (tick) % slots)
#define VELOCITY(tick) (5 + 2 * slots + (tick) % slots)

// products[s][m][n] = alpha c_s a_s[m] . b[n] over `length` components, s the ticks from `start` up to `end`; a_s is slot s of `ring`.
static inline void multiply_kept(const int points, const int length, const int slots, const int start, const int end, const REAL alpha,
                                 __global const REAL* coefficients, __global const REAL* ring,
                                 __global const REAL* b, __global REAL* products) {
    for (int s = start; s < end; ++s) {
        const REAL factor = alpha * coefficients[s % slots];
        __global const REAL* a = ring + (s % slots) * (long)points * length;
        for (int m = 0; m < points; ++m) {
            for (int n = 0; n < points; ++n) {
                REALV sum = (REALV)(0);
                for (int v = 0; v < length; v += VW) sum = fma(VLOAD(a + m * length + v), VLOAD(b + n * length + v), sum);
                *products++ = factor * vector_sum(sum);
            }
        }
    }
}

// What the ticks add to a vector of units of point n: sum over s and m of products[s][m][n] ring_s[m]; ring is that of the vector.
static inline REALV kept_sum(const int points, const int stride, const int slots, const int start, const int end, const int n,
                             __global const REAL* products, __global const REAL* ring) {
    REALV sum = (REALV)(0);
    for (int s = start; s < end; ++s) {
        __global const REAL* kept = ring + (s % slots) * (long)points * stride;
        for (int m = 0; m < points; ++m)
            sum = fma((REALV)(products[((s - start) * points + m) * points + n]), VLOAD(kept + m * stride), sum);
    }
    return sum;
}

// change[b][v] = sum_s c_s sum_n h_s[n][b] delta_s[n][v], of RB units and JV vectors whose rings begin at h and delta.
static inline void gather(REALV change[RB][JV], const int points, const int inStride, const int stride, const int slots, const int start,
                          const int end, const REAL alpha, __global const REAL* coefficients,
                          __global const REAL* h, __global const REAL* delta) {
    UNROLL for (int b = 0; b < RB; ++b) UNROLL for (int v = 0; v < JV; ++v) change[b][v] = (REALV)(0);
    for (int s = start; s < end; ++s) {
        const REAL factor = alpha * coefficients[s % slots];
        __global const REAL* x = h + (s % slots) * (long)points * inStride;
        __global const REAL* d = delta + (s % slots) * (long)points * stride;
        for (int n = 0; n < points; ++n, x += inStride, d += stride) {
            REALV vector[JV];
            UNROLL for (int v = 0; v < JV; ++v) vector[v] = VLOAD(d + v * VW);
            UNROLL for (int b = 0; b < RB; ++b) {
                const REALV unit = (REALV)(factor * x[b]);
                UNROLL for (int v = 0; v < JV; ++v) change[b][v] = fma(unit, vector[v], change[b][v]);
            }
        }
    }
}

// Writes `rows` rows of W and V, up to VW, anew: JV vectors of each, with what the ticks from `start` up to `end` add.
static inline void fold_rows(const int points, const int rows, const int inStride, const int stride, const int slots, const int start,
                             const int end, const REAL alpha, __global const REAL* coefficients,
                             __global const REAL* h, __global const REAL* delta, __global REAL* W,
                             __global REAL* V) {
    for (int j0 = 0; j0 < rows; j0 += RB) {
        REALV change[RB][JV];
        gather(change, points, inStride, stride, slots, start, end, alpha, coefficients + 5 + slots, h + j0, delta);
#if MOMENTUM
        REALV pushed[RB][JV];
        if (end == start + 1) {  // the newest alone: its two coefficients are one
            UNROLL for (int b = 0; b < RB; ++b) UNROLL for (int v = 0; v < JV; ++v) pushed[b][v] = change[b][v];
        } else {
            gather(pushed, points, inStride, stride, slots, start, end, alpha, coefficients + 5 + 2 * slots, h + j0, delta);
        }
#endif
        UNROLL for (int b = 0; b < RB; ++b) {
            if (j0 + b >= rows) continue;
            UNROLL for (int v = 0; v < JV; ++v) {
                const int at = (j0 + b) * stride + v * VW;
#if MOMENTUM
                const REALV velocity = VLOAD(V + at);
                change[b][v] = fma((REALV)(coefficients[MOVED_AFTER]), velocity, change[b][v]);
                VSTORE(fma((REALV)(coefficients[KEPT]), velocity, pushed[b][v]), V + at);
#endif
                VSTORE(VLOAD(W + at) + change[b][v], W + at);
            }
        }
    }
}

// As `differentiate`, of a matrix that V moves on, and by blocks of columns: those of POINTS points stay in the first cache.
static inline void differentiate_blocks(const int points, const int rows, const int stride, const int inStride, const REAL alpha,
                                        const REAL moved, __global const REAL* W, __global const REAL* V,
                                        __global const REAL* delta, __global const REAL* slope, __global REAL* below) {
    for (int first = 0; first < points; first += POINTS) {
        const int tiles = (min(POINTS, points - first) + PT - 1) / PT;
        REALV group[POINTS / PT][PT][VW / RB];
        for (int t = 0; t < tiles; ++t) UNROLL for (int i = 0; i < PT * (VW / RB); ++i) group[t][i / (VW / RB)][i % (VW / RB)] = (REALV)(0);
        for (int v = 0; v < stride; v += BLOCK * VW)
            for (int t = 0; t < tiles; ++t)
                add_row_sums(group[t], first + t * PT, points, rows, stride, v, min(v + BLOCK * VW, stride), moved, W, V, delta);
        for (int t = 0; t < tiles; ++t) store_sensitivities(group[t], first + t * PT, points, inStride, alpha, slope, below);
    }
}

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
    __global REAL* V = MOMENTUM ? velocities + (e) * weightMemberStride : W; \
    __global REAL* scratch = memory + (e) * scratchMemberStride; \
    __global const REAL* alpha = scales + 2 * (e) * (depth + 1); /* and beta after it, layer by layer */ \
    __global REAL* R = SCRATCH(depth); \
    __global REAL* RV = R + outputs * ROW(top); \
    const int kept = KEEPS ? keeps[e] : 0; \
    __global REAL* lists = RV + outputs * ROW(top); \
    __global REAL* f = lists + (4 + 2 * items) * kept; \
    __global REAL* residual = f + points * outputs; \
    __global REAL* coefficients = residual + points * outputs; \
    __global REAL* allProducts = coefficients + 5 + 3 * slots; \
    const Step step = {coefficients[RATE], coefficients[MOMENTUM_NOW]};

// global: (work-items, members), each a group. Layer l's matrix at `tick`, which lacks the ticks from `start` on: the sensitivities below it
// (`down`), and its part of z (`up`), for which it may be written anew.
__kernel void train_rows(const int givenPoints, const int depth, const int inputs, const int inStride, const int outputs, const int slots,
                         const int l, const int down, const int up, const int tick, const int start, const int anew,
                         const long inMemberStride, const long weightMemberStride, const long scratchMemberStride,
                         __global const int* restrict layers, __global const REAL* restrict scales,
                         __global const REAL* restrict input, __global REAL* restrict weights, __global REAL* restrict velocities,
                         __global REAL* restrict memory, const int settles, __global const int* restrict keeps) {
    const long e = get_global_id(1);
    const int item = get_global_id(0), items = get_global_size(0);
    MEMBER(e)
    const int row = ROW(l), below = ROW(l - 1), units = FAN_OUT(l - 1), blocks = (units + VW - 1) / VW;
    __global REAL* products = allProducts + item * (long)slots * points * points;
    __global REAL* part = PART(l, item);
    if (down && !kept)
        multiply_kept(points, row, slots, start, tick, alpha[2 * l], coefficients + 5, DELTAS(l, 0), DELTAS(l, tick), products);
    if (up) clear(points * row, part);
    if (up && kept) clear(kept, UP_PART(item));
    REALV own = (REALV)(0);
    // Rows that a cache still holds are read first.
    const int backwards = kept && (down && up ? tick % 2 : up);
    const int begin = (int)((long)blocks * item / items) * VW, end = (int)((long)blocks * (item + 1) / items) * VW;
    for (int at = begin; at < end; at += VW) {
        const int i = backwards ? begin + end - VW - at : at;
        const int rows = min(units - i, VW);
        __global REAL* w = WEIGHTS(l) + (long)i * row;
        __global REAL* u = VELOCITIES(l) + (long)i * row;
        if (down && kept) {
            differentiate_kept(kept, units - i, row, alpha[2 * l], w, KEPT_VALUES(l) + i * kept, DELTA(l, tick), lists + DOWN,
                               SLOPES(l - 1) + i, DELTA(l - 1, tick) + i);
        } else if (down) {
            __global REAL* delta = DELTAS(l - 1, tick) + i;
            differentiate_blocks(points, units - i, row, below, alpha[2 * l], coefficients[MOVED_BEFORE], w, u, DELTAS(l, tick),
                                 SLOPES(l - 1) + i, delta);
            for (int n = 0; start < tick && n < points; ++n) {
                const REALV kept = kept_sum(points, below, slots, start, tick, n, products, VALUES(l - 1, 0) + i);
                VSTORE(fma((REALV)(alpha[2 * l]) * VLOAD(SLOPES(l - 1) + n * below + i), kept, VLOAD(delta + n * below)), delta + n * below);
            }
        }
        if (!up) continue;
        if (l == 1)
            first_layer(points, inputs, inStride, below, units - i, alpha[0], alpha[1], step, input + e * inMemberStride,
                        DELTAS(0, tick) + i, VALUES(0, tick + 1) + i, SLOPES(0) + i, WEIGHTS(0) + i, VELOCITIES(0) + i);
        __global const REAL* following = VALUES(l - 1, tick + 1) + i;
        if (kept) {
            // While these rows come from the second cache, the next are on their way to it.
            __global const REAL* ahead = at + VW < end ? w + (backwards ? -VW : VW) * (long)row : w;
            own += advance_kept(kept, rows, row, tick % kept, VALUES(l - 1, tick) + i, following, w, ahead, KEPT_VALUES(l) + i * kept, part,
                                UP_PART(item));
            int oldest = 0, folded = min(tick + 1, kept);
            if (!settles) {
                oldest = (tick + 1) % kept;
                folded = folds_before(kept, tick + 1) ? FOLD : 0;
            }
            fold_ticks(rows, row, kept, oldest, oldest + folded, alpha[2 * l], lists, KEPT_VALUES(l) + i * kept, KEPT_DELTAS(l), w);
            continue;
        }
        const REAL moved = anew ? 0 : coefficients[MOVED_AFTER];
        for (int v = 0; v < row; v += JV * VW) {
            if (anew)
                fold_rows(points, rows, below, row, slots, start, tick + 1, alpha[2 * l], coefficients, VALUES(l - 1, 0) + i,
                          DELTAS(l, 0) + v, w + v, u + v);
            advance_rows(points, rows, below, row, moved, following, w + v, u + v, part + v);
        }
    }
    if (up && kept) UP_PART(item)[tick % kept] = vector_sum(own);
}

// global: (work-items, members), each a group. Of members that keep their ticks, a work-item's part of what the kept ones are to layer l's
// matrix at `tick`: before train_rows (down) its slots of DOWN, after train_rows (up) its components of z from the parts of all.
__kernel void train_ticks(const int givenPoints, const int depth, const int outputs, const int slots, const int l, const int up,
                          const int tick, const long weightMemberStride, const long scratchMemberStride,
                          __global const int* restrict layers, __global const REAL* restrict scales, __global REAL* restrict weights,
                          __global REAL* restrict velocities, __global REAL* restrict memory, __global const int* restrict keeps) {
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
    __global REAL* next = VALUES(l, tick + 1);
    sum_lists(kept, items, kept, UP_PART(0), UP_SUM(item));
    sum_lists(to - from, items, row, PART(l, 0) + from, next + from);
    add_ticks(kept, to - from, row, alpha[2 * l], lists + WEIGHT, KEPT_DELTAS(l) + from, next + from, UP_SUM(item));
}

// The coefficients of a tick whose matrices lack the ticks from `start` on, and nothing else where they were written just now (`anew`).
static inline void begin_tick(const int slots, const int tick, const int start, const int anew, const REAL rate, const REAL momentum,
                              __global REAL* coefficients) {
    if (anew) {
        coefficients[MOVED_AFTER] = 0;
        coefficients[KEPT] = 1;
    }
    coefficients[RATE] = rate;
    coefficients[MOMENTUM_NOW] = momentum;
    coefficients[MOVED_BEFORE] = coefficients[MOVED_AFTER];
    coefficients[KEPT] *= momentum;
    coefficients[MOVED_AFTER] += coefficients[KEPT];
    for (int s = start; s < tick; ++s) {
        const REAL before = coefficients[WEIGHT_AFTER(s)];
        coefficients[WEIGHT_BEFORE(s)] = before;
        coefficients[VELOCITY(s)] *= momentum;
        coefficients[WEIGHT_AFTER(s)] = before + coefficients[VELOCITY(s)];
    }
    coefficients[WEIGHT_BEFORE(tick)] = 0;
    coefficients[WEIGHT_AFTER(tick)] = coefficients[VELOCITY(tick)] = rate;
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

// global: (members). Layer l's values of the next tick from the parts of z (tick >= 0), and from the ticks that its matrix lacks, from
// `start` on or (`anew`) none. For the top layer the outputs too, which are observed as those of step `tick`, and then (`begins`) the
// next tick begins with the schedule at scheduleOffset. tick -1 is the beginning of all; `writes` brings the read-out back to the weights.
__kernel void train_finish(const int givenPoints, const int depth, const int outputs, const int outStride, const int slots,
                           const int items, const int l, const int tick, const int start, const int anew, const int begins, const int writes,
                           const int recording, const long recordOffset, const long lossOffset, const long scheduleOffset,
                           const long weightMemberStride, const long scratchMemberStride, __global const int* restrict layers,
                           __global const REAL* restrict scales, __global const REAL* restrict schedule,
                           __global const REAL* restrict lossScales, __global const REAL* restrict anchors,
                           __global REAL* restrict weights, __global REAL* restrict velocities, __global REAL* restrict memory,
                           __global REAL* restrict record, __global REAL* restrict lossRecord, __global int* restrict lastStep,
                           __global REAL* restrict lastOutputs, __global REAL* restrict lastLoss,
                           __global const int* restrict keeps) {
    const long e = get_global_id(0);
    MEMBER(e)
    const int row = ROW(l), outRows = points * outputs, lacked = anew ? tick + 1 : start;
    __global REAL* products = allProducts + items * (long)slots * points * points;
    if (tick >= 0) {
        __global REAL* next = VALUES(l, tick + 1);
        if (!kept)
            multiply_kept(points, ROW(l - 1), slots, lacked, tick + 1, alpha[2 * l], coefficients + 5 + slots, VALUES(l - 1, 0),
                          VALUES(l - 1, tick + 1), products);
        for (int n = 0; !kept && n < points; ++n) {
            for (int v = 0; v < row; v += VW) {
                REALV z = kept_sum(points, row, slots, lacked, tick + 1, n, products, DELTAS(l, 0) + v);
                for (int item = 0; item < items; ++item) z += VLOAD(PART(l, item) + n * row + v);
                VSTORE(z, next + n * row + v);
            }
        }
        finish_layer(points, FAN_OUT(l), row, alpha[2 * l], alpha[2 * l + 1], step, DELTA(l, tick), next, SLOPES(l),
                     WEIGHTS(l) + FAN_IN(l) * row, VELOCITIES(l) + FAN_IN(l) * row);
    }
    if (l < top) return;
    if (tick >= 0) {
        read_out(points, outputs, row, alpha[2 * depth], alpha[2 * depth + 1], step, residual, VALUES(top, tick + 1), R,
                 WEIGHTS(depth) + FAN_IN(depth) * outStride, VELOCITIES(depth) + FAN_IN(depth) * outStride, f);
        observe(points, outputs, outputs, recording, tick, lossScales[e], anchors + e * outRows, f, residual,
                record + recordOffset + e * outRows, lossRecord + lossOffset + e, lastStep + e, lastOutputs + e * outRows, lastLoss + e);
    } else {
        transpose_read_out(FAN_IN(depth), outputs, row, outStride, 0, WEIGHTS(depth), R);
    }
    if (writes) transpose_read_out(FAN_IN(depth), outputs, row, outStride, 1, WEIGHTS(depth), R);
    if (!begins) return;
    Step first = {0, 0};
    if (tick >= 0) {
        first.rate = -schedule[scheduleOffset + 2 * e];
        first.momentum = schedule[scheduleOffset + 2 * e + 1];
    }
    if (kept) begin_kept_tick(kept, tick + 1, writes, first, lists);
    begin_tick(slots, tick + 1, lacked, anew, first.rate, first.momentum, coefficients);
    step_read_out(points, outputs, row, alpha[2 * depth], first, residual, VALUES(top, tick + 1), SLOPES(top), DELTA(top, tick + 1), R, RV);
}
