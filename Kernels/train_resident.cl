// Many steps in one launch on a GPU, for members so small that a work-group keeps their hidden matrices in its registers.
//
// A work-item holds a block of BLOCK_ROWS by BLOCK_COLUMNS numbers of every matrix between hidden layers, of W and, where RESIDENT_STATES,
// of its states, from the first step of a launch to the last. A step is
//
//   outputs, residuals, loss; delta_top = alpha slope o (residual R^T); down: delta_{l-1} = alpha slope o (delta_l W^T);
//   the rule's step of all weights by h^T delta; up: z_l = alpha h_{l-1} W + beta b
//
// Down and up every work-item leaves what its block gives in local memory, for ROUND points at a time, and after a barrier each of those
// sums is added in a fixed order: results are bitwise the same whatever else runs, and however steps are divided among launches.
//
// Layout: train.clh, of which the scratch holds slopes (depth, POINTS, PITCH) unless LOCAL_SLOPES, and then the thin weights (first layer,
// biases, read-out by outputs, each with its states behind all) unless LOCAL_THIN; WIDTH is that of every hidden layer.
// Cost of a step, for each number of a hidden matrix: 6 N flops and those of the rule, from registers; through local memory every matrix
// moves 2 N WIDTH^2 (1 / BLOCK_ROWS + 1 / BLOCK_COLUMNS) numbers each way. Barriers: 6, and 4 a round and matrix. Error: as of the four
// kernels.
#ifndef POINTS
#define POINTS 1
#define WIDTH 8
#define DEPTH 2
#define INPUTS 2
#define OUTPUTS 1
#endif
#ifndef BLOCK_ROWS
#define BLOCK_ROWS 8
#define BLOCK_COLUMNS 4
#endif
#ifndef ROUND
#define ROUND 1  // points whose sums there is room for
#endif
#ifndef LOCAL_SLOPES
#define LOCAL_SLOPES 1
#define LOCAL_THIN 1
#endif
#ifndef RESIDENT_STATES
#define RESIDENT_STATES 1
#endif
#ifndef GROUP
#define GROUP 32  // work-items: BANDS STRIPES, rounded up to whole warps
#endif
#ifndef LANES
#define LANES 32  // of them that share the sum of an output; a power of two
#endif
#if LOCAL_SLOPES
#define SLOPED __local
#else
#define SLOPED __global
#endif
#if LOCAL_THIN
#define THIN __local
#else
#define THIN __global
#endif
#define OBSERVED __local
#define CONTROLLED __local
#include "train.clh"

#define MATRICES (DEPTH - 1)
#define BANDS ((WIDTH + BLOCK_ROWS - 1) / BLOCK_ROWS)           // blocks below each other
#define STRIPES ((WIDTH + BLOCK_COLUMNS - 1) / BLOCK_COLUMNS)   // blocks beside each other
#define WHOLE (BANDS * BLOCK_ROWS > STRIPES * BLOCK_COLUMNS ? BANDS * BLOCK_ROWS : STRIPES * BLOCK_COLUMNS)
// Blocks of neighbouring stripes leave their rows in different banks.
#define PITCH ((WHOLE + 7) / 8 * 8 + 4)
#define ROWS (POINTS * OUTPUTS)
// Thin weights: the first layer with its bias row, the biases of the others, the read-out, its biases.
#define BIASES_AT ((INPUTS + BIAS) * WIDTH)
#define READ_OUT_AT (BIASES_AT + BIAS * MATRICES * WIDTH)
#define END_BIAS_AT (READ_OUT_AT + OUTPUTS * WIDTH)
#define THIN_COUNT (END_BIAS_AT + BIAS * OUTPUTS)
#define PARTIAL ((BANDS > STRIPES ? BANDS : STRIPES) * PITCH * ROUND)
#define SYNC barrier(CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE)
#define FOR_MY(task, count) for (int task = item; task < (count); task += GROUP)

typedef struct {
    REAL w[BLOCK_ROWS][BLOCK_COLUMNS];
#if RESIDENT_STATES
    REAL state[AT_LEAST_ONE(STATES)][BLOCK_ROWS][BLOCK_COLUMNS];
#endif
} Block;

// Where the block of a work-item lies. Work-items beyond the last band have none.
typedef struct {
    int row, column, isThere;
} Place;

// Numbers of a row of local memory, aligned to four of them.
typedef PASTE(REAL, 4) REAL4;
#define READ_ALONG(count, from, to) \
    UNROLL for (int q_ = 0; q_ < (count); q_ += 4) { const REAL4 four_ = *(__local const REAL4*)((from) + q_); vstore4(four_, 0, (to) + q_); }
#define READ_SLOPED(count, from, to) \
    UNROLL for (int q_ = 0; q_ < (count); q_ += 4) { const REAL4 four_ = *(SLOPED const REAL4*)((from) + q_); vstore4(four_, 0, (to) + q_); }
#define LEAVE_ALONG(count, from, to) \
    UNROLL for (int q_ = 0; q_ < (count); q_ += 4) *(__local REAL4*)((to) + q_) = vload4(0, (from) + q_);

// What the block gives to z above, from the values h below it; rows beyond the last are zero, as are h and W there.
INLINED void leave_up(const Place place, const Block* block, __local const REAL* h, __local REAL* partial) {
    REAL value[BLOCK_ROWS], sum[BLOCK_COLUMNS];
    READ_ALONG(BLOCK_ROWS, h + place.row, value)
    UNROLL for (int j = 0; j < BLOCK_COLUMNS; ++j) sum[j] = (REAL)0;
    UNROLL for (int i = 0; i < BLOCK_ROWS; ++i) UNROLL for (int j = 0; j < BLOCK_COLUMNS; ++j)
        sum[j] = fma(value[i], block->w[i][j], sum[j]);
    LEAVE_ALONG(BLOCK_COLUMNS, sum, partial + place.row / BLOCK_ROWS * PITCH + place.column)
}

// What it gives to the sensitivities below it, from those above.
INLINED void leave_down(const Place place, const Block* block, SLOPED const REAL* delta, __local REAL* partial) {
    REAL value[BLOCK_COLUMNS], sum[BLOCK_ROWS];
    READ_SLOPED(BLOCK_COLUMNS, delta + place.column, value)
    UNROLL for (int i = 0; i < BLOCK_ROWS; ++i) sum[i] = (REAL)0;
    UNROLL for (int i = 0; i < BLOCK_ROWS; ++i) UNROLL for (int j = 0; j < BLOCK_COLUMNS; ++j)
        sum[i] = fma(value[j], block->w[i][j], sum[i]);
    LEAVE_ALONG(BLOCK_ROWS, sum, partial + place.column / BLOCK_COLUMNS * PITCH + place.row)
}

// The step of a block, strip by strip of four rows, so that the sums of no more are in registers. The states lie in `states` unless they
// are resident.
#define STRIP 4
INLINED void step_block(const Place place, Block* block, const REAL factor, const Step step, const int stride,
                              __local const REAL* h, SLOPED const REAL* delta, __global REAL* states) {
    UNROLL for (int i0 = 0; i0 < BLOCK_ROWS; i0 += STRIP) {
        REAL gradient[STRIP][BLOCK_COLUMNS];
        UNROLL for (int i = 0; i < STRIP; ++i) UNROLL for (int j = 0; j < BLOCK_COLUMNS; ++j) gradient[i][j] = (REAL)0;
        for (int n = 0; n < POINTS; ++n) {
            REAL value[STRIP], above[BLOCK_COLUMNS];
            READ_ALONG(STRIP, h + n * PITCH + place.row + i0, value)
            READ_SLOPED(BLOCK_COLUMNS, delta + n * PITCH + place.column, above)
            UNROLL for (int i = 0; i < STRIP; ++i) UNROLL for (int j = 0; j < BLOCK_COLUMNS; ++j)
                gradient[i][j] = fma(value[i], above[j], gradient[i][j]);
        }
        UNROLL for (int i = 0; i < STRIP; ++i) UNROLL for (int j = 0; j < BLOCK_COLUMNS; ++j) {
            Weights moved;
            moved.w = block->w[i0 + i][j];
#if RESIDENT_STATES
            UNROLL for (int k = 0; k < STATES; ++k) moved.state[k] = block->state[k][i0 + i][j];
#else
            __global REAL* s = states + (place.row + i0 + i) * stride + place.column + j;
            if (place.row + i0 + i >= WIDTH || place.column + j >= WIDTH) continue;
            UNROLL for (int k = 0; k < STATES; ++k) moved.state[k] = s[k * step.apart];
#endif
            moved = step_weights(moved, factor * gradient[i][j], step);
            block->w[i0 + i][j] = moved.w;
#if RESIDENT_STATES
            UNROLL for (int k = 0; k < STATES; ++k) block->state[k][i0 + i][j] = moved.state[k];
#else
            UNROLL for (int k = 0; k < STATES; ++k) s[k * step.apart] = moved.state[k];
#endif
        }
    }
}

// A block from the weights of a matrix, or back to them.
INLINED void move_block(const Place place, Block* block, const int writes, const int stride, const long apart, __global REAL* W,
                              __global REAL* S) {
    UNROLL for (int i = 0; i < BLOCK_ROWS; ++i) UNROLL for (int j = 0; j < BLOCK_COLUMNS; ++j) {
        const int isThere = place.row + i < WIDTH && place.column + j < WIDTH, at = (place.row + i) * stride + place.column + j;
        if (writes) {
            if (isThere) W[at] = block->w[i][j];
#if RESIDENT_STATES
            UNROLL for (int k = 0; k < STATES; ++k) if (isThere) S[k * apart + at] = block->state[k][i][j];
#endif
        } else {
            block->w[i][j] = isThere ? W[at] : (REAL)0;
#if RESIDENT_STATES
            UNROLL for (int k = 0; k < STATES; ++k) block->state[k][i][j] = isThere ? S[k * apart + at] : (REAL)0;
#endif
        }
    }
}

// The place in the weights of a thin one.
static inline int home(const int at, __global const int* layers) {
    if (at < BIASES_AT) return layers[3] + at / WIDTH * ROW(0) + at % WIDTH;
    if (at < READ_OUT_AT) {
        const int l = 1 + (at - BIASES_AT) / WIDTH;
        return layers[5 * l + 3] + WIDTH * ROW(l) + (at - BIASES_AT) % WIDTH;
    }
    const int c = at < END_BIAS_AT ? (at - READ_OUT_AT) / WIDTH : at - END_BIAS_AT;
    return layers[5 * DEPTH + 3] + (at < END_BIAS_AT ? (at - READ_OUT_AT) % WIDTH : WIDTH) * ROW(DEPTH) + c;
}

// The thin weights and their states from their homes, or back.
static inline void move_thin(const int item, const int writes, const long apart, __global const int* layers, __global REAL* W,
                             __global REAL* S, THIN REAL* thin) {
    FOR_MY(at, THIN_COUNT) {
        const int place = home(at, layers);
        for (int k = -1; k < STATES; ++k) {
            __global REAL* w = (k < 0 ? W : S + k * apart) + place;
            THIN REAL* own = thin + (k + 1) * THIN_COUNT + at;
            if (writes) *w = *own;
            else *own = *w;
        }
    }
}

// The step of a thin weight. Returns its new value.
static inline REAL step_thin(const REAL g, const Step step, THIN REAL* w) {
    Weights moved;
    moved.w = *w;
    UNROLL for (int k = 0; k < STATES; ++k) moved.state[k] = w[(k + 1) * THIN_COUNT];
    moved = step_weights(moved, g, step);
    UNROLL for (int k = 0; k < STATES; ++k) w[(k + 1) * THIN_COUNT] = moved.state[k];
    *w = moved.w;
    return moved.w;
}

// The value and slope of z.
static inline void activate_one(const REAL z, __local REAL* value, SLOPED REAL* slope) {
    *value = ACTIVATION_VALUE;
    *slope = ACTIVATION_SLOPE;
}

// Adds the reductions of all work-items to the control.
static inline void add_reductions(const int item, const REALV* sums, __local REAL* partial, __local REAL* control) {
    for (int r = 0; r < REDUCTIONS; ++r) {
        SYNC;
        partial[item] = sums[r];
        SYNC;
        if (item < 32) {
            REAL sum = 0;
            for (int i = item; i < GROUP; i += 32) sum += partial[i];
            partial[item] = sum;
        }
        SYNC;
        REAL sum = 0;
        for (int i = 0; item == 0 && i < 32; ++i) sum += partial[i];
        if (item == 0) control[MEMORY + r] = sum;
    }
}

#define ROOM (PARTIAL > 3 * GROUP ? PARTIAL : 3 * GROUP)

// global: GROUP work-items for each member
__kernel __attribute__((reqd_work_group_size(GROUP, 1, 1))) void train_resident(LAUNCH_PARAMETERS) {
    __local REAL h[DEPTH * POINTS * PITCH] __attribute__((aligned(32)));
    __local REAL partial[ROOM] __attribute__((aligned(32)));
    __local REAL x[POINTS * INPUTS], f[ROWS], residual[ROWS], control[CONTROLS];
    __local int observed[2];  // whether the outputs of this step are the last finite ones; whether all have been finite
    const long e = get_group_id(0), members = get_num_groups(0);
    const int item = get_local_id(0), stride = ROW(DEPTH - 1);
    __global REAL* W = weights + e * weightMemberStride;
    __global REAL* S = STATES ? states + STATES * e * weightMemberStride : W;
    __global const REAL* alpha = scales + 2 * e * (DEPTH + 1);
    __global const REAL* beta = alpha + 1;
#if LOCAL_SLOPES
    __local REAL slope[DEPTH * POINTS * PITCH] __attribute__((aligned(32)));
#else
    __global REAL* slope = memory + e * scratchMemberStride;
#endif
#if LOCAL_THIN
    __local REAL thin[(1 + STATES) * THIN_COUNT];
#else
    __global REAL* thin = memory + e * scratchMemberStride + (LOCAL_SLOPES ? 0 : DEPTH * POINTS * PITCH);
#endif
    Block block[AT_LEAST_ONE(MATRICES)];
    const Place place = {item / STRIPES * BLOCK_ROWS, item % STRIPES * BLOCK_COLUMNS, item < BANDS * STRIPES};
    REALV sums[AT_LEAST_ONE(REDUCTIONS)];

    // Padding is zero, and stays it.
    FOR_MY(at, DEPTH * POINTS * PITCH) {
        h[at] = (REAL)0;
        slope[at] = (REAL)0;
    }
    FOR_MY(at, POINTS * INPUTS) x[at] = input[e * inMemberStride + at / INPUTS * inStride + at % INPUTS];
    FOR_MY(at, CONTROLS) control[at] = controls[e * CONTROLS + at];
    move_thin(item, 0, weightMemberStride, layers, W, S, thin);
    UNROLL for (int m = 0; m < MATRICES; ++m)
        if (place.isThere) move_block(place, &block[m], 0, stride, weightMemberStride, WEIGHTS(m + 1), STATES_OF(m + 1));
    if (item == 0) observed[1] = lastStep[e];
    int recordAt = recordNext;
    SYNC;

    for (int k = 0;; ++k) {
        // Up.
        FOR_MY(task, POINTS * WIDTH) {
            const int n = task / WIDTH, j = task % WIDTH;
            REAL sum = 0;
            for (int i = 0; i < INPUTS; ++i) sum = fma(x[n * INPUTS + i], thin[i * WIDTH + j], sum);
            const REAL bias = BIAS ? beta[0] * thin[INPUTS * WIDTH + j] : (REAL)0;
            activate_one(fma(alpha[0], sum, bias), h + n * PITCH + j, slope + n * PITCH + j);
        }
        SYNC;
        UNROLL for (int m = 0; m < MATRICES; ++m) {
            __local const REAL* below = h + m * POINTS * PITCH;
            for (int n0 = 0; n0 < POINTS; n0 += ROUND) {
                const int count = min(ROUND, POINTS - n0);
                for (int n = 0; place.isThere && n < count; ++n)
                    leave_up(place, &block[m], below + (n0 + n) * PITCH, partial + n * BANDS * PITCH);
                SYNC;
                FOR_MY(task, count * WIDTH) {
                    const int n = task / WIDTH, j = task % WIDTH, at = ((m + 1) * POINTS + n0 + n) * PITCH + j;
                    REAL sum = 0;
                    UNROLL for (int b = 0; b < BANDS; ++b) sum += partial[(n * BANDS + b) * PITCH + j];
                    const REAL bias = BIAS ? beta[2 * (m + 1)] * thin[BIASES_AT + m * WIDTH + j] : (REAL)0;
                    activate_one(fma(alpha[2 * (m + 1)], sum, bias), h + at, slope + at);
                }
                SYNC;
            }
        }
        if (k == steps && !closing) break;

        // Outputs: a sum of LANES parts each.
        for (int row0 = 0; row0 < ROWS; row0 += GROUP / LANES) {
            const int row = row0 + item / LANES, lane = item % LANES, n = row / OUTPUTS, c = row % OUTPUTS;
            REAL sum = 0;
            if (row < ROWS)
                for (int j = lane; j < WIDTH; j += LANES)
                    sum = fma(h[(MATRICES * POINTS + n) * PITCH + j], thin[READ_OUT_AT + c * WIDTH + j], sum);
            partial[item] = sum;
            SYNC;
            if (lane == 0 && row < ROWS) {
                REAL all = 0;
                UNROLL for (int i = 0; i < LANES; ++i) all += partial[item + i];
                f[row] = fma(alpha[2 * DEPTH], all, BIAS ? beta[2 * DEPTH] * thin[END_BIAS_AT + c] : (REAL)0);
            }
            SYNC;
        }
        const int now = first + k, recording = recordAt < recordCount && recordedSteps[recordAt] == now;
        const long slot = (recordAt - recordBase) * members + e;
        recordAt += recording;
        int finite;
        partial[item] = observe_share(item, GROUP, POINTS, OUTPUTS, recording, lossScales[e], anchors + e * ROWS, f, residual,
                                      record + slot * ROWS, &finite);
        partial[GROUP + item] = !finite;
        SYNC;

        // The loss and the numbers of the step, by one work-item, while the others go on.
        if (item == 0) {
            const int shares = min(ROWS, GROUP);
            REAL sum = 0, broken = 0;
            for (int i = 0; i < shares; ++i) {
                sum += partial[i];
                broken += partial[GROUP + i];
            }
            const REAL mean = sum / (REAL)POINTS;
            if (recording) lossRecord[slot * LOSS_RECORD] = mean;
            observed[0] = broken == 0 && isfinite(mean) && observed[1] == now - 1;
            if (observed[0]) {
                observed[1] = now;
                lastStep[e] = now;
                lastLoss[e] = mean;
            }
            begin_step(now, mean, schedule + now * scheduleStride + PARAMETERS * e, control, recording, lossRecord + slot * LOSS_RECORD);
        }
        FOR_MY(task, POINTS * WIDTH) {
            const int n = task / WIDTH, j = task % WIDTH, at = (MATRICES * POINTS + n) * PITCH + j;
            REAL sum = 0;
            for (int c = 0; c < OUTPUTS; ++c) sum = fma(residual[n * OUTPUTS + c], thin[READ_OUT_AT + c * WIDTH + j], sum);
            slope[at] = alpha[2 * DEPTH] * slope[at] * sum;
        }
        SYNC;
        if (observed[0]) FOR_MY(row, ROWS) lastOutputs[e * ROWS + row] = f[row];
        if (k == steps) break;

        // Down: slopes become sensitivities.
        UNROLL for (int m = MATRICES - 1; m >= 0; --m) {
            SLOPED const REAL* above = slope + (m + 1) * POINTS * PITCH;
            for (int n0 = 0; n0 < POINTS; n0 += ROUND) {
                const int count = min(ROUND, POINTS - n0);
                for (int n = 0; place.isThere && n < count; ++n)
                    leave_down(place, &block[m], above + (n0 + n) * PITCH, partial + n * STRIPES * PITCH);
                SYNC;
                FOR_MY(task, count * WIDTH) {
                    const int n = task / WIDTH, i = task % WIDTH, at = (m * POINTS + n0 + n) * PITCH + i;
                    REAL sum = 0;
                    UNROLL for (int b = 0; b < STRIPES; ++b) sum += partial[(n * STRIPES + b) * PITCH + i];
                    slope[at] = alpha[2 * (m + 1)] * slope[at] * sum;
                }
                SYNC;
            }
        }

        // The step.
        for (int r = 0; r < REDUCTIONS; ++r) sums[r] = (REALV)(0);
        const Step step = current_step(control, weightMemberStride, sums);
        UNROLL for (int m = 0; m < MATRICES; ++m)
            if (place.isThere)
                step_block(place, &block[m], GRADIENT_FACTOR * alpha[2 * (m + 1)], step, stride, h + m * POINTS * PITCH,
                           slope + (m + 1) * POINTS * PITCH, STATES_OF(m + 1));
        FOR_MY(at, THIN_COUNT) {
            REAL sum = 0, factor;
            if (at < BIASES_AT) {
                const int i = at / WIDTH, j = at % WIDTH;
                factor = i < INPUTS ? alpha[0] : beta[0];
                for (int n = 0; n < POINTS; ++n) sum = fma(i < INPUTS ? x[n * INPUTS + i] : (REAL)1, slope[n * PITCH + j], sum);
            } else if (at < READ_OUT_AT) {
                const int l = 1 + (at - BIASES_AT) / WIDTH, j = (at - BIASES_AT) % WIDTH;
                factor = beta[2 * l];
                for (int n = 0; n < POINTS; ++n) sum += slope[(l * POINTS + n) * PITCH + j];
            } else {
                const int c = at < END_BIAS_AT ? (at - READ_OUT_AT) / WIDTH : at - END_BIAS_AT, j = (at - READ_OUT_AT) % WIDTH;
                factor = at < END_BIAS_AT ? alpha[2 * DEPTH] : beta[2 * DEPTH];
                for (int n = 0; n < POINTS; ++n)
                    sum = fma(residual[n * OUTPUTS + c], at < END_BIAS_AT ? h[(MATRICES * POINTS + n) * PITCH + j] : (REAL)1, sum);
            }
            step_thin(GRADIENT_FACTOR * factor * sum, step, thin + at);
        }
        add_reductions(item, sums, partial, control);
        SYNC;
    }

    UNROLL for (int m = 0; m < MATRICES; ++m)
        if (place.isThere) move_block(place, &block[m], 1, stride, weightMemberStride, WEIGHTS(m + 1), STATES_OF(m + 1));
    move_thin(item, 1, weightMemberStride, layers, W, S, thin);
    FOR_MY(at, CONTROLS) controls[e * CONTROLS + at] = control[at];
}
