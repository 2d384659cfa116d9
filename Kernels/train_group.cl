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
// Layout: as in train.cl, with the points, (points, stride of whole vectors), behind the read-out in the scratch, and the terms of the
// loss behind the residuals. With LOCAL_STATE the scratch is copied to local memory at the begin of a launch and back at its end.
//
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
#ifndef LOCAL_STATE
#define LOCAL_STATE 0
#endif
#if LOCAL_STATE
#define STATE __local
#else
#define STATE __global
#endif
#include "train_launch.clh"

#define SYNC barrier(CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE)
#define FOR_MY(task, count) for (int task = item; task < (count); task += GROUP)
// All rows begin at whole vectors; of vload a compiler has to think that they might not, and makes VW loads of it.
#define LOAD(space, p) (*(space const REALV*)(p))
#define STORE(v, space, p) (*(space REALV*)(p) = (v))

// A vector of weights with its states, which lie `apart` elements from each other.
#define LOAD_WEIGHTS(moved, space, weights, states) \
    Weights moved; \
    moved.w = LOAD(space, weights); \
    UNROLL for (int k = 0; k < STATES; ++k) moved.state[k] = LOAD(space, (states) + k * step.apart);
#define STORE_WEIGHTS(moved, space, weights, states) \
    STORE(moved.w, space, weights); \
    UNROLL for (int k = 0; k < STATES; ++k) STORE(moved.state[k], space, (states) + k * step.apart);

// Every function below is one phase, or one of its rounds, for one work-item. A round takes as many rows or columns as `partial`, with
// LANES PITCH numbers, has room for the sums of.

// The sum of what the lanes of a row left.
static inline REAL sum_of_lanes(__local const REAL* partial, const int place) {
    REAL sum = 0;
    UNROLL for (int lane = 0; lane < LANES; ++lane) sum += partial[lane * PITCH + place];
    return sum;
}

// As `observe` in loss.clh: the residuals and the terms of the loss.
static inline void observe_rows(const int item, const int rows, const int recording, const REAL s, __global const REAL* anchors,
                               STATE const REAL* values, STATE REAL* residual, STATE REAL* terms, __global REAL* record) {
    FOR_MY(at, rows) {
        const REAL f = values[at], m = anchors[at];
        residual[at] = (LOSS_SLOPE) / (REAL)POINTS;
        terms[at] = (LOSS_VALUE);
        if (recording) record[at] = f;
    }
}

// As `observe`: the loss, by one work-item, while the others go on. Returns it.
static inline REAL sum_loss(const int rows, const int recording, const int now, STATE const REAL* values, STATE const REAL* terms,
                            __global REAL* lossRecord, int* last, __global int* lastStep, __global REAL* lastOutputs,
                            __global REAL* lastLoss) {
    REAL sum = 0;
    int finite = 1;
    for (int at = 0; at < rows; ++at) {
        sum += terms[at];
        finite &= isfinite(values[at]) != 0;
    }
    const REAL mean = sum / (REAL)POINTS;
    if (recording) *lossRecord = mean;
    if (!finite || !isfinite(mean) || *last != now - 1) return mean;
    *last = now;
    *lastStep = now;
    *lastLoss = mean;
    for (int at = 0; at < rows; ++at) lastOutputs[at] = values[at];
    return mean;
}

// What a work-item sums of the rule's reductions, and, by one of them, all that they left.
static inline void leave_reductions(const int item, const REALV* reduced, __local REAL* partial) {
    for (int r = 0; r < REDUCTIONS; ++r) partial[r * GROUP + item] = vector_sum(reduced[r]);
}
static inline void sum_reductions(__local const REAL* partial, __global REAL* control) {
    for (int r = 0; r < REDUCTIONS; ++r) {
        REAL sum = 0;
        for (int i = 0; i < GROUP; ++i) sum += partial[r * GROUP + i];
        control[MEMORY + r] = sum;
    }
}

// The sensitivities of the top hidden layer.
static inline void differentiate_read_out(const int item, const int outputs, const int stride, const REAL alpha,
                                          STATE const REAL* residual, STATE const REAL* slope, STATE const REAL* R, STATE REAL* delta) {
    const int vectors = stride / VW;
    FOR_MY(task, POINTS * vectors) {
        const int n = task / vectors, at = task * VW, column = task % vectors * VW;
        REALV sum = (REALV)(0);
        for (int c = 0; c < outputs; ++c) sum = fma((REALV)(residual[n * outputs + c]), LOAD(STATE, R + c * stride + column), sum);
        STORE((REALV)(alpha) * LOAD(STATE, slope + at) * sum, STATE, delta + at);
    }
}

// The step of the read-out, whose biases are b.
static inline void step_read_out(const int item, const int outputs, const int stride, const REAL alpha, const REAL beta, Step step,
                                 STATE const REAL* residual, STATE const REAL* h, STATE REAL* R, STATE REAL* RS, __global REAL* b,
                                 __global REAL* bs) {
    const int vectors = stride / VW;
#if BIAS
    FOR_MY(c, outputs) {
        REAL gradient = 0;
        for (int n = 0; n < POINTS; ++n) gradient += residual[n * outputs + c];
        step_number(GRADIENT_FACTOR * beta * gradient, step, b + c, bs + c);
    }
#endif
    step.apart = outputs * stride;
    FOR_MY(task, outputs * vectors) {
        const int c = task / vectors, at = task * VW, column = task % vectors * VW;
        REALV gradient = (REALV)(0);
        for (int n = 0; n < POINTS; ++n)
            gradient = fma((REALV)(residual[n * outputs + c]), LOAD(STATE, h + n * stride + column), gradient);
        LOAD_WEIGHTS(moved, STATE, R + at, RS + at)
        moved = step_weights(moved, (REALV)(GRADIENT_FACTOR * alpha) * gradient, step);
        STORE_WEIGHTS(moved, STATE, R + at, RS + at)
    }
}

// Parts of the dots of `rows` rows of W with delta.
static inline void differentiate(const int item, const int rows, const int stride, __global const REAL* W, STATE const REAL* delta,
                                 __local REAL* partial) {
    const int lane = item % LANES;
    for (int row = item / LANES; row < rows; row += GROUP / LANES) {
        REALV sum[POINTS];
        UNROLL for (int n = 0; n < POINTS; ++n) sum[n] = (REALV)(0);
        for (int v = lane * VW; v < stride; v += LANES * VW) {
            const REALV weight = LOAD(__global, W + row * stride + v);
            UNROLL for (int n = 0; n < POINTS; ++n) sum[n] = fma(weight, LOAD(STATE, delta + n * stride + v), sum[n]);
        }
        UNROLL for (int n = 0; n < POINTS; ++n) partial[lane * PITCH + n * rows + row] = vector_sum(sum[n]);
    }
}

// The sensitivities of those rows' units.
static inline void finish_down(const int item, const int rows, const int inStride, const REAL alpha, STATE const REAL* slope,
                               STATE REAL* below, __local const REAL* partial) {
    FOR_MY(task, POINTS * rows) {
        const int at = task / rows * inStride + task % rows;
        below[at] = alpha * slope[at] * sum_of_lanes(partial, task);
    }
}

// Rows of W in slices: as many as there are work-items for, tiles of VW rows, and room.
static inline int slices_of(const int columns, const int fanIn) {
    return max(1, min(min(GROUP / columns, (fanIn + VW - 1) / VW), LANES * PITCH / (POINTS * columns * VW)));
}

// The step of `columns` vectors of columns of a layer's weights, from the values h below it and the layer's own delta, and the parts of
// its next z, from the values that follow h. All but h and `following` are those of the first column.
static inline void advance(const int item, const int columns, const int fanIn, const int inStride, const int stride, const REAL alpha,
                           const REAL beta, const Step step, STATE const REAL* h, STATE const REAL* following, STATE const REAL* delta,
                           __global REAL* W, __global REAL* S, __local REAL* partial) {
    const int slices = slices_of(columns, fanIn), slice = item / columns, column = item % columns * VW;
    if (slice >= slices) return;
    REALV z[POINTS], d[POINTS];
    UNROLL for (int n = 0; n < POINTS; ++n) {
        z[n] = (REALV)(0);
        d[n] = LOAD(STATE, delta + n * stride + column);
    }
#if BIAS
    if (slice == 0) {
        const int at = fanIn * stride + column;
        REALV gradient = (REALV)(0);
        UNROLL for (int n = 0; n < POINTS; ++n) gradient += d[n];
        LOAD_WEIGHTS(bias, __global, W + at, S + at)
        bias = step_weights(bias, (REALV)(GRADIENT_FACTOR * beta) * gradient, step);
        STORE_WEIGHTS(bias, __global, W + at, S + at)
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
            LOAD_WEIGHTS(moved, __global, W + at, S + at)
            tile[b] = moved;
            gradient[b] = (REALV)(0);
        }
        UNROLL for (int n = 0; n < POINTS; ++n) {
            VSTORE(LOAD(STATE, h + n * inStride + i0), value);
            UNROLL for (int b = 0; b < VW; ++b) gradient[b] = fma((REALV)(value[b]), d[n], gradient[b]);
        }
        UNROLL for (int b = 0; b < VW; ++b) {
            const int at = (i0 + b) * stride + column;
            // Only a row that is there counts in the reductions.
            if (b >= rows) continue;
            tile[b] = step_weights(tile[b], (REALV)(GRADIENT_FACTOR * alpha) * gradient[b], step);
            STORE_WEIGHTS(tile[b], __global, W + at, S + at)
        }
        UNROLL for (int n = 0; n < POINTS; ++n) {
            VSTORE(LOAD(STATE, following + n * inStride + i0), value);
            UNROLL for (int b = 0; b < VW; ++b) z[n] = fma((REALV)(value[b]), tile[b].w, z[n]);
        }
    }
    UNROLL for (int n = 0; n < POINTS; ++n) STORE(z[n], __local, partial + ((slice * POINTS + n) * columns) * VW + column);
}

// The next values and slopes of those columns.
static inline void finish_up(const int item, const int columns, const int fanIn, const int valid, const int stride, const REAL alpha,
                             const REAL beta, STATE REAL* next, STATE REAL* slope, __global const REAL* W, __local const REAL* partial) {
    const int slices = slices_of(columns, fanIn);
    FOR_MY(task, POINTS * columns) {
        const int column = task % columns * VW, at = task / columns * stride + column;
        REALV sum = (REALV)(0), bias = (REALV)(0);
        for (int s = 0; s < slices; ++s) sum += LOAD(__local, partial + (s * POINTS * columns + task) * VW);
#if BIAS
        bias = (REALV)(beta) * LOAD(__global, W + fanIn * stride + column);
#endif
        activate(fma((REALV)(alpha), sum, bias), valid - column, next + at, slope + at);
    }
}

// Parts of `rows` outputs, point by point, from the one at `first` on.
static inline void read_out(const int item, const int first, const int rows, const int outputs, const int stride, STATE const REAL* h,
                            STATE const REAL* R, __local REAL* partial) {
    const int lane = item % LANES;
    for (int row = item / LANES; row < rows; row += GROUP / LANES) {
        const int n = (first + row) / outputs, c = (first + row) % outputs;
        REALV sum = (REALV)(0);
        for (int v = lane * VW; v < stride; v += LANES * VW)
            sum = fma(LOAD(STATE, h + n * stride + v), LOAD(STATE, R + c * stride + v), sum);
        partial[lane * PITCH + row] = vector_sum(sum);
    }
}

// Those outputs.
static inline void finish_outputs(const int item, const int first, const int rows, const int outputs, const REAL alpha, const REAL beta,
                                  __global const REAL* b, STATE REAL* f, __local const REAL* partial) {
    FOR_MY(row, rows) {
        REAL bias = 0;
#if BIAS
        bias = beta * b[(first + row) % outputs];
#endif
        f[first + row] = fma(alpha, sum_of_lanes(partial, row), bias);
    }
}

// The phases of a step, in their order; those with an END add up the parts that the ones before them left.
enum { OBSERVE, DOWN_FROM_OUTPUTS, DOWN, DOWN_END, UP, UP_END, UP_TO_OUTPUTS, OUTPUTS_END, DONE };

// global: GROUP work-items for each member. sums has room for LANES PITCH numbers, and state for a scratch where LOCAL_STATE asks for it.
__kernel __attribute__((reqd_work_group_size(GROUP, 1, 1))) void train_group(TRAIN_PARAMETERS, __local REALV* sums, __local REALV* state) {
    __local REAL* partial = (__local REAL*)sums;
    const long e = get_group_id(0), members = get_num_groups(0);
    const int item = get_local_id(0), points = POINTS, top = depth - 1, rows = POINTS * outputs, topRow = ROW(top);
    const int xRow = (inputs + VW - 1) / VW * VW;
    __global REAL* W = weights + e * weightMemberStride;
    __global REAL* S = STATES ? states + STATES * e * weightMemberStride : W;
    __global REAL* control = controls + e * CONTROLS;
    __global REAL* kept = memory + e * scratchMemberStride;
#if LOCAL_STATE
    __local REAL* scratch = (__local REAL*)state;
    FOR_MY(i, scratchMemberStride / VW) state[i] = LOAD(__global, kept + i * VW);
    SYNC;
#else
    __global REAL* scratch = kept;
#endif
    __global const REAL* alpha = scales + 2 * e * (depth + 1);
    __global const REAL* beta = alpha + 1;  // both at 2 l
    STATE REAL* R = VALUES(depth);
    const int readOutSize = outputs * topRow;
    STATE REAL* RS = STATES ? R + readOutSize : R;
    STATE REAL* x = R + (1 + STATES) * readOutSize;
    STATE REAL* f = x + POINTS * xRow;
    STATE REAL* residual = f + rows;
    STATE REAL* terms = residual + rows;
    __global REAL* b = WEIGHTS(depth) + FAN_IN(depth) * outStride;
    __global REAL* bs = STATES_OF(depth) + FAN_IN(depth) * outStride;
    REALV reduced[AT_LEAST_ONE(REDUCTIONS)];
    for (int r = 0; r < REDUCTIONS; ++r) reduced[r] = (REALV)(0);

    FOR_MY(i, POINTS * xRow) {
        const int n = i / xRow, k = i % xRow;
        x[i] = k < inputs ? input[e * inMemberStride + n * inStride + k] : (REAL)0;
    }
    FOR_MY(i, outputs * topRow) {
        const int c = i / topRow, unit = i % topRow, there = unit < FAN_IN(depth);
        R[i] = there ? WEIGHTS(depth)[unit * outStride + c] : (REAL)0;
        for (int s = 0; s < STATES; ++s)
            RS[s * readOutSize + i] = there ? STATES_OF(depth)[s * weightMemberStride + unit * outStride + c] : (REAL)0;
    }
    int recordAt = recordNext, recording = 0, last = lastStep[e];
    long slot = 0;
    Step step = no_step(weightMemberStride, reduced);
    int stepped = 0;  // whether a step was taken whose reductions the control lacks
    // As in train.cl: everything in the scratch is zero before the first launch, and a step of no size computes the first outputs.
    // One loop with one barrier, of which all work-items know k, phase, layer and the begin of a round: PoCL makes copies of all that
    // follows a barrier within a loop or a condition.
    int k = -opening, phase = opening ? DOWN_FROM_OUTPUTS : steps + closing > 0 ? OBSERVE : DONE, l = top, begin = 0;
    SYNC;
    do {
        if (phase == OBSERVE) {
            recording = recordAt < recordCount && recordedSteps[recordAt] == first + k;
            slot = (recordAt - recordBase) * members + e;
            recordAt += recording;
            observe_rows(item, rows, recording, lossScales[e], anchors + e * rows, f, residual, terms, record + slot * rows);
            if (stepped) leave_reductions(item, reduced, partial);
            phase = DOWN_FROM_OUTPUTS;
        } else if (phase == DOWN_FROM_OUTPUTS) {
            if (k >= 0 && item == 0) {
                const REAL mean = sum_loss(rows, recording, first + k, f, terms, lossRecord + slot * LOSS_RECORD, &last, lastStep + e,
                                           lastOutputs + e * rows, lastLoss + e);
                if (stepped) sum_reductions(partial, control);
                begin_step(first + k, mean, schedule + (first + k) * scheduleStride + PARAMETERS * e, control, recording,
                           lossRecord + slot * LOSS_RECORD);
            }
            stepped = 0;
            for (int r = 0; r < REDUCTIONS; ++r) reduced[r] = (REALV)(0);
            if (k < steps) differentiate_read_out(item, outputs, topRow, alpha[2 * depth], residual, SLOPES(top), R, DELTAS(top));
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
                STATE const REAL* h = x;
                STATE const REAL* following = x;
                if (l > 0) {
                    h = VALUES(l - 1);
                    following = NEXT(l - 1);
                } else if (begin == 0) {
                    if (k >= 0) step = current_step(control, weightMemberStride, reduced);
                    stepped = k >= 0;
                    step_read_out(item, outputs, topRow, alpha[2 * depth], beta[2 * depth], step, residual, VALUES(top), R, RS, b, bs);
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
            const int count = min(PITCH, rows - begin);
            if (phase == UP_TO_OUTPUTS) {
                for (int layer = 0; begin == 0 && layer < depth; ++layer)
                    FOR_MY(i, POINTS * ROW(layer) / VW) STORE(LOAD(STATE, NEXT(layer) + i * VW), STATE, VALUES(layer) + i * VW);
                read_out(item, begin, count, outputs, topRow, NEXT(top), R, partial);
                phase = OUTPUTS_END;
            } else {
                finish_outputs(item, begin, count, outputs, alpha[2 * depth], beta[2 * depth], b, f, partial);
                begin += count;
                phase = UP_TO_OUTPUTS;
                if (begin == rows) {
                    begin = 0;
                    k += 1;
                    phase = k < steps + closing ? OBSERVE : DONE;
                }
            }
        }
        SYNC;
    } while (phase != DONE);

    FOR_MY(i, outputs * topRow) {
        const int c = i / topRow, unit = i % topRow;
        if (unit >= FAN_IN(depth)) continue;
        WEIGHTS(depth)[unit * outStride + c] = R[i];
        for (int s = 0; s < STATES; ++s) STATES_OF(depth)[s * weightMemberStride + unit * outStride + c] = RS[s * readOutSize + i];
    }
#if REDUCTIONS
    if (stepped) leave_reductions(item, reduced, partial);
    SYNC;
    if (stepped && item == 0) sum_reductions(partial, control);
#endif
#if LOCAL_STATE
    FOR_MY(i, scratchMemberStride / VW) STORE(state[i], __global, kept + i * VW);
#endif
}
