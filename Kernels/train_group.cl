// Many steps in one launch on a GPU: a work-group trains one member, whose weights stay in the caches of its multiprocessor.
//
// A step is that of train.cl, divided among GROUP work-items with a barrier between its phases:
//
//   residuals; read-out and the sensitivities below it; down the hidden matrices: delta_{l-1} = alpha act'(z_{l-1}) o (delta_l W^T);
//   up again, the first layer included: the rule's step by scale h^T delta, z_l = alpha h_{l-1} W + beta b; the outputs
//
// Down, LANES neighbours take a row of W, vector by vector in turns, so that they read whole lines; up, a work-item owns a vector of
// columns and every slices-th tile of VW rows, so that neighbours read neighbouring columns and a weight that was just updated enters the
// next z from its register. Both leave partial sums in local memory, which are added in a fixed order: there are no atomics, and
// results are bitwise the same whatever else runs.
//
// Layout: train.clh, with the points, (points, stride of whole vectors), before the outputs.
// Cost of a step, for each hidden weight: 6 N + 4 flops, W read twice and v once, both written once (20 bytes in float32), from whichever
// cache holds them. Barriers, D hidden layers: 4, and 2 a round for every layer up and for every hidden matrix down; a round is as many
// rows or columns as there is local memory for sums of (D = 2, N = 1: 10 up to width 256, 12 at 512). Error: as of the four kernels.
#ifndef POINTS
#define POINTS 1
#endif
#ifndef GROUP
#define GROUP 64  // work-items of a member; a power of two, as is LANES
#endif
#ifndef LANES
#define LANES 8  // of them that share a row on the way down; not more than GROUP
#endif
#ifndef PITCH
#define PITCH (GROUP * VW * POINTS / LANES + 4)  // partial sums of a lane; at least POINTS VW
#endif
#include "train.clh"

#define SYNC barrier(CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE)
#define FOR_MY(task, count) for (int task = item; task < (count); task += GROUP)

// Every function below is one phase, or one of its rounds, for one work-item. A round takes as many rows or columns as `partial`, with
// LANES PITCH numbers, has room for the sums of.

// The sum of what the lanes of a row left.
static inline REAL sum_of_lanes(__local const REAL* partial, const int place) {
    REAL sum = 0;
    UNROLL for (int lane = 0; lane < LANES; ++lane) sum += partial[lane * PITCH + place];
    return sum;
}

// The sum of what the first `count` work-items left.
static inline REAL sum_of_items(const int count, __local const REAL* parts) {
    REAL sum = 0;
    for (int i = 0; i < count; ++i) sum += parts[i];
    return sum;
}

// Numbers of each work-item: its reductions, its losses and whether they are not finite.
#define LOSSES (partial + REDUCTIONS * GROUP)
#define BROKEN (LOSSES + GROUP)
static inline void leave_reductions(const int item, const REALV* sums, __local REAL* partial) {
    for (int r = 0; r < REDUCTIONS; ++r) partial[r * GROUP + item] = vector_sum(sums[r]);
}
static inline void sum_reductions(__local const REAL* partial, __global REAL* control) {
    for (int r = 0; r < REDUCTIONS; ++r) control[MEMORY + r] = sum_of_items(GROUP, partial + r * GROUP);
}

// Parts of the dots of `rows` rows of W with delta of every point.
static inline void differentiate(const int item, const int rows, const int stride, __global const REAL* W, __global const REAL* delta,
                                 __local REAL* partial) {
    const int lane = item % LANES;
    for (int row = item / LANES; row < rows; row += GROUP / LANES) {
        REALV sum[POINTS];
        UNROLL for (int n = 0; n < POINTS; ++n) sum[n] = (REALV)(0);
        for (int v = lane * VW; v < stride; v += LANES * VW) {
            const REALV weight = LOAD_WHOLE(W + row * stride + v);
            UNROLL for (int n = 0; n < POINTS; ++n) sum[n] = fma(weight, LOAD_WHOLE(delta + n * stride + v), sum[n]);
        }
        UNROLL for (int n = 0; n < POINTS; ++n) partial[lane * PITCH + n * rows + row] = vector_sum(sum[n]);
    }
}

// The sensitivities of those rows' units.
static inline void finish_down(const int item, const int rows, const int inStride, const REAL alpha, __global const REAL* slope,
                               __global REAL* below, __local const REAL* partial) {
    FOR_MY(task, POINTS * rows) {
        const int at = task / rows * inStride + task % rows;
        below[at] = alpha * slope[at] * sum_of_lanes(partial, task);
    }
}

// Rows of W in slices: as many as there are work-items for, tiles of VW rows, and room.
static inline int slices_of(const int columns, const int fanIn) {
    return max(1, min(min(GROUP / columns, (fanIn + VW - 1) / VW), LANES * PITCH / (POINTS * columns * VW)));
}

// A vector of weights with its states, and back.
static inline Weights load_weights(const Step step, __global const REAL* w, __global const REAL* states) {
    Weights moved;
    moved.w = LOAD_WHOLE(w);
    UNROLL for (int k = 0; k < STATES; ++k) moved.state[k] = LOAD_WHOLE(states + k * step.apart);
    return moved;
}
static inline void store_weights(const Weights moved, const Step step, __global REAL* w, __global REAL* states) {
    STORE_WHOLE(moved.w, w);
    UNROLL for (int k = 0; k < STATES; ++k) STORE_WHOLE(moved.state[k], states + k * step.apart);
}

// The step of `columns` vectors of columns of a layer's weights, from the values h below it and the layer's own delta, and the parts of
// its next z, from the values that follow h. All but h and `following` are those of the first column.
static inline void advance(const int item, const int columns, const int fanIn, const int inStride, const int stride, const REAL alpha,
                           const REAL beta, const Step step, __global const REAL* h, __global const REAL* following,
                           __global const REAL* delta, __global REAL* W, __global REAL* S, __local REAL* partial) {
    const int slices = slices_of(columns, fanIn), slice = item / columns, column = item % columns * VW;
    if (slice >= slices) return;
    REALV z[POINTS], d[POINTS];
    UNROLL for (int n = 0; n < POINTS; ++n) {
        z[n] = (REALV)(0);
        d[n] = LOAD_WHOLE(delta + n * stride + column);
    }
#if BIAS
    if (slice == 0) {
        const int at = fanIn * stride + column;
        REALV gradient = (REALV)(0);
        UNROLL for (int n = 0; n < POINTS; ++n) gradient += d[n];
        step_vector((REALV)(GRADIENT_FACTOR * beta) * gradient, step, W + at, S + at);
    }
#endif
    for (int i0 = slice * VW; i0 < fanIn; i0 += slices * VW) {
        const int rows = min(VW, fanIn - i0);
        Weights tile[VW];
        REALV gradient[VW];
        REAL value[VW];
        // Rows that are not there repeat the last one; the values below them are zero.
        UNROLL for (int b = 0; b < VW; ++b) {
            const int at = (i0 + min(b, rows - 1)) * stride + column;
            tile[b] = load_weights(step, W + at, S + at);
            gradient[b] = (REALV)(0);
        }
        UNROLL for (int n = 0; n < POINTS; ++n) {
            VSTORE(LOAD_WHOLE(h + n * inStride + i0), value);
            UNROLL for (int b = 0; b < VW; ++b) gradient[b] = fma((REALV)(value[b]), d[n], gradient[b]);
        }
        UNROLL for (int b = 0; b < VW; ++b) {
            const int at = (i0 + b) * stride + column;
            // Only a row that is there counts in the reductions.
            if (b >= rows) continue;
            tile[b] = step_weights(tile[b], (REALV)(GRADIENT_FACTOR * alpha) * gradient[b], step);
            store_weights(tile[b], step, W + at, S + at);
        }
        UNROLL for (int n = 0; n < POINTS; ++n) {
            VSTORE(LOAD_WHOLE(following + n * inStride + i0), value);
            UNROLL for (int b = 0; b < VW; ++b) z[n] = fma((REALV)(value[b]), tile[b].w, z[n]);
        }
    }
    UNROLL for (int n = 0; n < POINTS; ++n) *(__local REALV*)(partial + (slice * POINTS + n) * columns * VW + column) = z[n];
}

// The next values and slopes of those columns.
static inline void finish_up(const int item, const int columns, const int fanIn, const int valid, const int stride, const REAL alpha,
                             const REAL beta, __global REAL* next, __global REAL* slope, __global const REAL* W,
                             __local const REAL* partial) {
    const int slices = slices_of(columns, fanIn);
    FOR_MY(task, POINTS * columns) {
        const int column = task % columns * VW, at = task / columns * stride + column;
        REALV sum = (REALV)(0), bias = (REALV)(0);
        for (int s = 0; s < slices; ++s) sum += *(__local const REALV*)(partial + (s * POINTS * columns + task) * VW);
#if BIAS
        bias = (REALV)(beta) * LOAD_WHOLE(W + fanIn * stride + column);
#endif
        activate(fma((REALV)(alpha), sum, bias), valid - column, next + at, slope + at);
    }
}

// `rows` outputs of every point from the first of them on, of whose rows of R `differentiate` has made the dots with the values.
static inline void finish_outputs(const int item, const int first, const int rows, const int outputs, const REAL alpha, const REAL beta,
                                  __global const REAL* b, __global REAL* f, __local const REAL* partial) {
    FOR_MY(task, POINTS * rows) {
        const int c = first + task % rows;
        f[task / rows * outputs + c] = fma(alpha, sum_of_lanes(partial, task), BIAS ? beta * b[c] : (REAL)0);
    }
}

// The phases of a step, in their order; those with an END add up the parts that the ones before them left.
enum { OBSERVE, DOWN_FROM_OUTPUTS, DOWN, DOWN_END, UP, UP_END, UP_TO_OUTPUTS, OUTPUTS_END, DONE };

// global: GROUP work-items for each member. partialSums has room for LANES PITCH numbers, and for REDUCTIONS + 2 of each work-item.
__kernel __attribute__((reqd_work_group_size(GROUP, 1, 1))) void train_group(LAUNCH_PARAMETERS, __local REALV* partialSums) {
    __local REAL* partial = (__local REAL*)partialSums;
    const long e = get_group_id(0), members = get_num_groups(0);
    const int item = get_local_id(0), points = POINTS, xRow = (inputs + VW - 1) / VW * VW;
    MEMBER(e, POINTS * xRow)
    __global REAL* x = besideReadOut;

    FOR_MY(i, POINTS * xRow) {
        const int n = i / xRow, k = i % xRow;
        x[i] = k < inputs ? input[e * inMemberStride + n * inStride + k] : (REAL)0;
    }
    transpose_read_out(item, GROUP, FAN_IN(depth), outputs, outStride, topRow, weightMemberStride, 0, WEIGHTS(depth), STATES_OF(depth), R,
                       RS);
    int recordAt = recordNext, recording = 0;
    long slot = 0;
    Step step = no_step(weightMemberStride, sums);
    int stepped = 0;  // whether a step was taken whose reductions the control lacks
    // One loop with one barrier, of which all work-items know k, phase, layer and the begin of a round: PoCL makes copies of all that
    // follows a barrier within a loop or a condition.
    int k = -opening, phase = opening ? DOWN_FROM_OUTPUTS : steps + closing > 0 ? OBSERVE : DONE, l = top, begin = 0;
    SYNC;
    do {
        if (phase == OBSERVE) {
            recording = recordAt < recordCount && recordedSteps[recordAt] == first + k;
            slot = (recordAt - recordBase) * members + e;
            recordAt += recording;
            int finite;
            LOSSES[item] = observe_share(item, GROUP, POINTS, outputs, recording, lossScales[e], anchors + e * rows, f, residual,
                                         record + slot * rows, &finite);
            BROKEN[item] = !finite;
            if (stepped) leave_reductions(item, sums, partial);
            phase = DOWN_FROM_OUTPUTS;
        } else if (phase == DOWN_FROM_OUTPUTS) {
            // The loss, by one work-item, while the others go on.
            if (k >= 0 && item == 0) {
                const int shares = min(rows, GROUP), now = first + k;
                const REAL sum = sum_of_items(shares, LOSSES), broken = sum_of_items(shares, BROKEN);
                const REAL mean = keep_observation(0, 1, POINTS, outputs, recording, now, sum, broken == 0, lastStep[e] == now - 1, f,
                                                   lossRecord + slot * LOSS_RECORD, lastStep + e, lastOutputs + e * rows, lastLoss + e);
                if (stepped) sum_reductions(partial, control);
                begin_step(now, mean, schedule + now * scheduleStride + PARAMETERS * e, control, recording,
                           lossRecord + slot * LOSS_RECORD);
            }
            stepped = 0;
            for (int r = 0; r < REDUCTIONS; ++r) sums[r] = (REALV)(0);
            if (k < steps)
                differentiate_read_out(item, GROUP, POINTS, outputs, topRow, alpha[2 * depth], residual, SLOPES(top), R, DELTAS(top));
            l = top;
            phase = k == steps ? DONE : top > 0 ? DOWN : UP;
        } else if (phase == DOWN || phase == DOWN_END) {
            const int units = FAN_IN(l), count = min(PITCH / POINTS, units - begin);
            if (phase == DOWN) {
                differentiate(item, count, ROW(l), WEIGHTS(l) + begin * ROW(l), DELTAS(l), partial);
                phase = DOWN_END;
            } else {
                finish_down(item, count, ROW(l - 1), alpha[2 * l], SLOPES(l - 1) + begin, DELTAS(l - 1) + begin, partial);
                begin += count;
                if (begin == units) {
                    begin = 0;
                    l -= 1;
                }
                phase = l > 0 ? DOWN : UP;
            }
        } else if (phase == UP || phase == UP_END) {
            const int vectors = ROW(l) / VW, count = min(min(GROUP, LANES * PITCH / (POINTS * VW)), vectors - begin), at = begin * VW;
            if (phase == UP) {
                __global const REAL* h = x;
                __global const REAL* following = x;
                if (l > 0) {
                    h = VALUES(l - 1);
                    following = NEXT(l - 1);
                } else if (begin == 0) {
                    if (k >= 0) step = current_step(control, weightMemberStride, sums);
                    stepped = k >= 0;
                    step_read_out(item, GROUP, POINTS, outputs, topRow, alpha[2 * depth], beta[2 * depth], step, residual, VALUES(top), R,
                                  RS, b, bs);
                }
                advance(item, count, FAN_IN(l), l > 0 ? ROW(l - 1) : xRow, ROW(l), alpha[2 * l], beta[2 * l], step, h, following,
                        DELTAS(l) + at, WEIGHTS(l) + at, STATES_OF(l) + at, partial);
                phase = UP_END;
            } else {
                finish_up(item, count, FAN_IN(l), FAN_OUT(l) - at, ROW(l), alpha[2 * l], beta[2 * l], NEXT(l) + at, SLOPES(l) + at,
                          WEIGHTS(l) + at, partial);
                begin += count;
                phase = UP;
                if (begin == vectors) {
                    begin = 0;
                    l += 1;
                    if (l == depth) phase = UP_TO_OUTPUTS;
                }
            }
        } else if (phase == UP_TO_OUTPUTS || phase == OUTPUTS_END) {
            const int count = min(PITCH / POINTS, outputs - begin);
            if (phase == UP_TO_OUTPUTS) {
                for (int layer = 0; begin == 0 && layer < depth; ++layer)
                    FOR_MY(i, POINTS * ROW(layer) / VW) STORE_WHOLE(LOAD_WHOLE(NEXT(layer) + i * VW), VALUES(layer) + i * VW);
                differentiate(item, count, topRow, R + begin * topRow, NEXT(top), partial);
                phase = OUTPUTS_END;
            } else {
                finish_outputs(item, begin, count, outputs, alpha[2 * depth], beta[2 * depth], b, f, partial);
                begin += count;
                phase = UP_TO_OUTPUTS;
                if (begin == outputs) {
                    begin = 0;
                    k += 1;
                    phase = k < steps + closing ? OBSERVE : DONE;
                }
            }
        }
        SYNC;
    } while (phase != DONE);

    transpose_read_out(item, GROUP, FAN_IN(depth), outputs, outStride, topRow, weightMemberStride, 1, WEIGHTS(depth), STATES_OF(depth), R,
                       RS);
#if REDUCTIONS
    if (stepped) leave_reductions(item, sums, partial);
    SYNC;
    if (stepped && item == 0) sum_reductions(partial, control);
#endif
}
