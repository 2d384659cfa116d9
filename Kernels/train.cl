// Many steps of heavy ball in one launch: a work-item trains one member, whose weights stay in the caches of its core.
//
// A step is the arithmetic of loss.cl, backward.cl, update.cl and forward.cl, layer by layer of one member:
//
//   delta_{l-1} = alpha act'(z_{l-1}) o (delta_l W^T)          from the weights before the step
//   v <- gamma v - eta scale h^T delta,   W <- W + v            scale alpha, and beta for the bias row, whose h is 1
//   z_l = alpha h_{l-1} W + beta b                             from those after it
//
// in as few passes over a hidden matrix as its rows allow. Row i of W, dotted with delta, gives the gradient of unit i below. In the lowest
// hidden matrix that is all that unit i's own weights need to be updated and its next activation to be known, with which the row
// (updated while it is in registers) enters the next z: one pass, VW rows at a time. Matrices above wait for all units below, so that
// their gradients take a pass of their own.
//
// Layout: W, v (fanIn + BIAS, stride) of each layer, as everywhere. The read-out is kept as (outputs, stride of the last hidden
// layer) in `scratch` during a launch, so that it is read in whole vectors for any number of outputs. scratch holds for each member and
// hidden layer h, slope, delta and the next z or h, (points, stride) each, then the read-out with its velocities, (outputs, stride)
// each, the outputs and their residuals; it keeps the state of a training between launches, so that results do not depend on how
// steps are divided. layers holds fanIn, fanOut, stride, offset in W and offset in scratch of each layer.
//
// Cost of a step, for each hidden weight: 4 N flops of dots and of the next z, 2 N of the gradient, 4 of the update (N = 1: 8 in all);
// W is read twice and v once from a cache, both are written once. Error: as of the four kernels.
// Floor: N = 1 takes 5 vector operations, 3 loads and 2 stores for each vector of W; with two arithmetic ports that is 2.5 cycles where W
// and v fit the first cache (width 64: 17 KB each), and beyond it the way to the next one decides: 5 passes of W or v a step.
// Measured in float32 on one core of a CPU with 512-bit vectors, in member-steps/s: 1.6-1.7 M at width 64 with 2 hidden layers (640
// cycles of operations on the matrix, the rest activations, sums and short loops); 190 k with N = 16; 180 k at 128 with 3; 20 k at 512
// with 2, where W and v take the second cache whole: 5 MB a step, 100 GB/s, is presumably the limit (no counter was read). An update
// that keeps no v and collects gradients could go below it.
#include "real.clh"
#include "functions.clh"
#include "loss.clh"
#ifndef BIAS
#define BIAS 1
#endif
#ifndef MOMENTUM
#define MOMENTUM 1
#endif
#ifndef ONE_POINT
#define ONE_POINT 0
#endif
#ifndef JV
#define JV 1  // vectors of outputs of a register tile; divides the vectors of every hidden layer
#endif
#ifndef TS
#define TS 4  // points of a register tile
#endif
#ifndef ACTIVATION_VALUE
#define ACTIVATION_VALUE z
#define ACTIVATION_SLOPE ((REALV)(1) + (REALV)(0) * z)
#endif
#if VW < 4
#define RB VW  // rows of a register tile
#else
#define RB 4
#endif
#define PT (ONE_POINT ? 1 : TS < 4 ? TS : 4)  // points of the register tile of `differentiate`
// Loops over tiles: rolled, because a row's address is then one addition from the last, where the compiler would else keep the addresses of
// all rows in memory.
#define ROLLED _Pragma("unroll 1")

// How to step: `rate` is -eta.
typedef struct {
    REAL rate, momentum;
} Step;

// Neighbouring components of two vectors added: a_0 + a_1, a_2 + a_3, ..., b_0 + b_1, ...
#ifdef __clang__
// As two shuffles of whole vectors; from the portable form PoCL's compiler makes many of halves.
#if VW == 16
#define EVEN 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30
#define ODD 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31
#elif VW == 8
#define EVEN 0, 2, 4, 6, 8, 10, 12, 14
#define ODD 1, 3, 5, 7, 9, 11, 13, 15
#elif VW == 4
#define EVEN 0, 2, 4, 6
#define ODD 1, 3, 5, 7
#else
#define EVEN 0, 2
#define ODD 1, 3
#endif
#define PAIRS(a, b) (__builtin_shufflevector(a, b, EVEN) + __builtin_shufflevector(a, b, ODD))
#else
#define PAIRS(a, b) ((REALV)((a).even, (b).even) + (REALV)((a).odd, (b).odd))
#endif

// Of the first `rows` rows of W, up to VW: below = alpha slope o (delta W^T), a vector for each point. Group by group of RB rows, whose
// vectors of partial sums are added pairwise until one vector holds them all, and then the groups' vectors in the same way. Rows that
// are not there repeat the last one; their slopes are zero.
static inline void differentiate(const int points, const int rows, const int stride, const int inStride, const REAL alpha,
                                 __global const REAL* W, __global const REAL* delta,
                                 __global const REAL* slope, __global REAL* below) {
    for (int n0 = 0; n0 < points; n0 += PT) {
        REALV group[PT][VW / RB];
        __global const REAL* d[PT];
        UNROLL for (int t = 0; t < PT; ++t) d[t] = delta + min(n0 + t, points - 1) * stride;
        ROLLED for (int g = 0; g < VW / RB; ++g) {
            __global const REAL* w[RB];
            REALV sum[PT][RB];
            UNROLL for (int b = 0; b < RB; ++b) w[b] = W + min(g * RB + b, rows - 1) * stride;
            UNROLL for (int t = 0; t < PT; ++t) UNROLL for (int b = 0; b < RB; ++b) sum[t][b] = (REALV)(0);
            for (int v = 0; v < stride; v += VW) {
                REALV vector[PT];
                UNROLL for (int t = 0; t < PT; ++t) vector[t] = VLOAD(d[t] + v);
                UNROLL for (int b = 0; b < RB; ++b) {
                    const REALV weight = VLOAD(w[b] + v);
                    UNROLL for (int t = 0; t < PT; ++t) sum[t][b] = fma(weight, vector[t], sum[t][b]);
                }
            }
            UNROLL for (int t = 0; t < PT; ++t) {
#if RB >= 4
                sum[t][0] = PAIRS(sum[t][0], sum[t][1]);
                sum[t][1] = PAIRS(sum[t][2], sum[t][3]);
#endif
#if RB >= 2
                sum[t][0] = PAIRS(sum[t][0], sum[t][1]);
#endif
                group[t][g] = sum[t][0];
            }
        }
        UNROLL for (int t = 0; t < PT; ++t) {
#if VW >= 16
            group[t][0] = PAIRS(group[t][0], group[t][1]);
            group[t][1] = PAIRS(group[t][2], group[t][3]);
#endif
#if VW >= 8
            group[t][0] = PAIRS(group[t][0], group[t][1]);
#endif
            const int at = (n0 + t) * inStride;
            if (n0 + t < points) VSTORE((REALV)(alpha) * VLOAD(slope + at) * group[t][0], below + at);
        }
    }
}

// v <- gamma v + rate g, w <- w + v for one vector; returns the new w.
static inline REALV step_vector(const REALV change, const REAL momentum, __global REAL* w, __global REAL* v) {
#if MOMENTUM
    const REALV old = VLOAD(w), moved = fma((REALV)(momentum), VLOAD(v), change), new = old + moved;
    VSTORE(moved, v);
#else
    const REALV new = VLOAD(w) + change;
#endif
    VSTORE(new, w);
    return new;
}

// The step of `rows` rows of W, up to VW, and what they add to the next z above; h, next values and W are those of the first row.
#if ONE_POINT
static inline void update_rows(const int points, const int rows, const int inStride, const int stride, const REAL alpha, const Step step,
                               __global const REAL* h, __global const REAL* following,
                               __global const REAL* delta, __global REAL* next, __global REAL* W,
                               __global REAL* V) {
    REAL factor[VW], value[VW];
    VSTORE((REALV)(step.rate * alpha) * VLOAD(h), factor);
    VSTORE(VLOAD(following), value);
    for (int v0 = 0; v0 < stride; v0 += JV * VW) {
        REALV d[JV], z[JV];
        UNROLL for (int v = 0; v < JV; ++v) {
            d[v] = VLOAD(delta + v0 + v * VW);
            z[v] = VLOAD(next + v0 + v * VW);
        }
        __global REAL* w = W + v0;
        __global REAL* u = V + v0;
        ROLLED for (int j = 0; j < rows; ++j, w += stride, u += stride)
            UNROLL for (int v = 0; v < JV; ++v)
                z[v] = fma((REALV)(value[j]), step_vector((REALV)(factor[j]) * d[v], step.momentum, w + v * VW, u + v * VW), z[v]);
        UNROLL for (int v = 0; v < JV; ++v) VSTORE(z[v], next + v0 + v * VW);
    }
}
#else
static inline void update_rows(const int points, const int rows, const int inStride, const int stride, const REAL alpha, const Step step,
                               __global const REAL* h, __global const REAL* following,
                               __global const REAL* delta, __global REAL* next, __global REAL* W,
                               __global REAL* V) {
    const REALV rate = (REALV)(step.rate * alpha);
    for (int v0 = 0; v0 < stride; v0 += JV * VW) {
        for (int j0 = 0; j0 < rows; j0 += RB) {
            REALV gradient[RB][JV];
            UNROLL for (int b = 0; b < RB; ++b) UNROLL for (int v = 0; v < JV; ++v) gradient[b][v] = (REALV)(0);
            for (int n = 0; n < points; ++n) {
                REALV d[JV];
                UNROLL for (int v = 0; v < JV; ++v) d[v] = VLOAD(delta + n * stride + v0 + v * VW);
                UNROLL for (int b = 0; b < RB; ++b) {
                    const REALV below = (REALV)(h[n * inStride + j0 + b]);
                    UNROLL for (int v = 0; v < JV; ++v) gradient[b][v] = fma(below, d[v], gradient[b][v]);
                }
            }
            UNROLL for (int b = 0; b < RB; ++b) {
                if (j0 + b >= rows) continue;
                UNROLL for (int v = 0; v < JV; ++v) {
                    const int at = (j0 + b) * stride + v0 + v * VW;
                    step_vector(rate * gradient[b][v], step.momentum, W + at, V + at);
                }
            }
        }
        for (int n0 = 0; n0 < points; n0 += TS) {
            REALV z[TS][JV];
            int row[TS];
            // A tile that sticks out repeats the last point and does not store it.
            UNROLL for (int t = 0; t < TS; ++t) row[t] = min(n0 + t, points - 1);
            UNROLL for (int t = 0; t < TS; ++t) UNROLL for (int v = 0; v < JV; ++v) z[t][v] = VLOAD(next + row[t] * stride + v0 + v * VW);
            for (int j = 0; j < rows; ++j) {
                REALV w[JV];
                UNROLL for (int v = 0; v < JV; ++v) w[v] = VLOAD(W + j * stride + v0 + v * VW);
                UNROLL for (int t = 0; t < TS; ++t) {
                    const REALV value = (REALV)(following[row[t] * inStride + j]);
                    UNROLL for (int v = 0; v < JV; ++v) z[t][v] = fma(value, w[v], z[t][v]);
                }
            }
            UNROLL for (int t = 0; t < TS; ++t) {
                if (n0 + t >= points) continue;
                UNROLL for (int v = 0; v < JV; ++v) VSTORE(z[t][v], next + row[t] * stride + v0 + v * VW);
            }
        }
    }
}
#endif

// The value of z and its slope, zero where there is padding.
static inline void activate(const REALV z, const int valid, __global REAL* value, __global REAL* slope) {
    REALV act = ACTIVATION_VALUE, dact = ACTIVATION_SLOPE;
    if (valid < VW) {
        act = without_padding(act, valid);
        dact = without_padding(dact, valid);
    }
    VSTORE(act, value);
    VSTORE(dact, slope);
}

// A vector of units of the first layer: their step and their next values. delta, value, slope, W and V are those of
// the first of them.
static inline void first_layer(const int points, const int inputs, const int inStride, const int stride, const int valid,
                               const REAL alpha, const REAL beta, const Step step, __global const REAL* x,
                               __global const REAL* delta, __global REAL* value, __global REAL* slope,
                               __global REAL* W, __global REAL* V) {
    for (int k = 0; k < inputs; ++k) {
        REALV gradient = (REALV)(0);
        for (int n = 0; n < points; ++n) gradient = fma((REALV)(x[n * inStride + k]), VLOAD(delta + n * stride), gradient);
        step_vector((REALV)(step.rate * alpha) * gradient, step.momentum, W + k * stride, V + k * stride);
    }
    REALV bias = (REALV)(0);
#if BIAS
    for (int n = 0; n < points; ++n) bias += VLOAD(delta + n * stride);
    bias = (REALV)(beta)
        * step_vector((REALV)(step.rate * beta) * bias, step.momentum, W + inputs * stride, V + inputs * stride);
#endif
    for (int n = 0; n < points; ++n) {
        REALV sum = (REALV)(0);
        for (int k = 0; k < inputs; ++k) sum = fma((REALV)(x[n * inStride + k]), VLOAD(W + k * stride), sum);
        activate(fma((REALV)(alpha), sum, bias), valid, value + n * stride, slope + n * stride);
    }
}

// The step of the biases of a hidden layer above the first, and from `next`, which holds h W, the layer's next values.
static inline void finish_layer(const int points, const int fanOut, const int stride, const REAL alpha, const REAL beta,
                                const Step step, __global const REAL* delta, __global REAL* next,
                                __global REAL* slope, __global REAL* W, __global REAL* V) {
    for (int v = 0; v < stride; v += VW) {
        REALV bias = (REALV)(0);
#if BIAS
        for (int n = 0; n < points; ++n) bias += VLOAD(delta + n * stride + v);
        bias = (REALV)(beta) * step_vector((REALV)(step.rate * beta) * bias, step.momentum, W + v, V + v);
#endif
        for (int n = 0; n < points; ++n)
            activate(fma((REALV)(alpha), VLOAD(next + n * stride + v), bias), fanOut - v, next + n * stride + v, slope + n * stride + v);
    }
}

static inline void clear(const int count, __global REAL* a) {
    for (int v = 0; v < count; v += VW) VSTORE((REALV)(0), a + v);
}

static inline void copy(const int count, __global const REAL* from, __global REAL* to) {
    for (int v = 0; v < count; v += VW) VSTORE(VLOAD(from + v), to + v);
}

// The step of the read-out's weights, and the sensitivities of the layer below it from the weights before.
static inline void step_read_out(const int points, const int outputs, const int stride, const REAL alpha, const Step step,
                                 __global const REAL* residual, __global const REAL* h,
                                 __global const REAL* slope, __global REAL* delta, __global REAL* R,
                                 __global REAL* RV) {
    for (int v = 0; v < stride; v += VW) {
        for (int n = 0; n < points; ++n) {
            REALV sum = (REALV)(0);
            for (int c = 0; c < outputs; ++c) sum = fma((REALV)(residual[n * outputs + c]), VLOAD(R + c * stride + v), sum);
            VSTORE((REALV)(alpha) * VLOAD(slope + n * stride + v) * sum, delta + n * stride + v);
        }
        for (int c = 0; c < outputs; ++c) {
            REALV gradient = (REALV)(0);
            for (int n = 0; n < points; ++n)
                gradient = fma((REALV)(residual[n * outputs + c]), VLOAD(h + n * stride + v), gradient);
            step_vector((REALV)(step.rate * alpha) * gradient, step.momentum, R + c * stride + v, RV + c * stride + v);
        }
    }
}

// The outputs, after the step of the read-out's biases b.
static inline void read_out(const int points, const int outputs, const int stride, const REAL alpha, const REAL beta, const Step step,
                            __global const REAL* residual, __global const REAL* h,
                            __global const REAL* R, __global REAL* b, __global REAL* bv,
                            __global REAL* f) {
    for (int c = 0; c < outputs; ++c) {
        REAL bias = 0;
#if BIAS
        for (int n = 0; n < points; ++n) bias += residual[n * outputs + c];
        bias *= step.rate * beta;
#if MOMENTUM
        bias = fma(step.momentum, bv[c], bias);
        bv[c] = bias;
#endif
        b[c] += bias;
        bias = beta * b[c];
#endif
        for (int n = 0; n < points; ++n) {
            REALV sum = (REALV)(0);
            for (int v = 0; v < stride; v += VW) sum = fma(VLOAD(h + n * stride + v), VLOAD(R + c * stride + v), sum);
            f[n * outputs + c] = fma(alpha, vector_sum(sum), bias);
        }
    }
}

// Numbers of a layer in the table.
#define FAN_IN(l) layers[5 * (l)]
#define FAN_OUT(l) layers[5 * (l) + 1]
#define ROW(l) layers[5 * (l) + 2]
#define WEIGHTS(l) (W + layers[5 * (l) + 3])
#define VELOCITIES(l) (V + layers[5 * (l) + 3])
#define VALUES(l) (scratch + layers[5 * (l) + 4])
#define SLOPES(l) (VALUES(l) + points * ROW(l))
#define DELTAS(l) (VALUES(l) + 2 * points * ROW(l))
#define NEXT(l) (VALUES(l) + 3 * points * ROW(l))

// global: (members), one work-item each. Takes `steps` steps from `first` on, of which the first launch (`opening`) computes the outputs
// of step `first` as well; every step's outputs are observed before it is taken, and after the last launch (`closing`) those of the end.
// recordedSteps ascend; recordNext is the first of them at or after `first`, recordBase the one in slot 0 of the record.
__kernel void train(const int givenPoints, const int depth, const int inputs, const int inStride, const int outputs, const int outStride,
                    const int opening, const int closing, const int first, const int steps, const int recordNext,
                    const int recordBase, const int recordCount, const long inMemberStride, const long weightMemberStride,
                    const long scratchMemberStride, const long scheduleStride, __global const int* restrict layers,
                    __global const int* restrict recordedSteps, __global const REAL* restrict scales,
                    __global const REAL* restrict schedule, __global const REAL* restrict lossScales,
                    __global const REAL* restrict anchors, __global const REAL* restrict input, __global REAL* restrict weights,
                    __global REAL* restrict velocities, __global REAL* restrict memory, __global REAL* restrict record,
                    __global REAL* restrict lossRecord, __global int* restrict lastStep, __global REAL* restrict lastOutputs,
                    __global REAL* restrict lastLoss) {
    const long e = get_global_id(0), members = get_global_size(0);
    const int points = ONE_POINT ? 1 : givenPoints, top = depth - 1, rows = points * outputs, topRow = ROW(top);
    __global REAL* W = weights + e * weightMemberStride;
    __global REAL* V = MOMENTUM ? velocities + e * weightMemberStride : W;
    __global REAL* scratch = memory + e * scratchMemberStride;
    __global const REAL* x = input + e * inMemberStride;
    __global const REAL* alpha = scales + 2 * e * (depth + 1);  // and beta after it, layer by layer
    __global REAL* R = VALUES(depth);
    __global REAL* RV = R + outputs * topRow;
    __global REAL* f = RV + outputs * topRow;
    __global REAL* residual = f + rows;
    __global REAL* b = WEIGHTS(depth) + FAN_IN(depth) * outStride;
    __global REAL* bv = VELOCITIES(depth) + FAN_IN(depth) * outStride;

    for (int c = 0; c < outputs; ++c) {
        for (int i = 0; i < topRow; ++i) {
            const int there = i < FAN_IN(depth);
            R[c * topRow + i] = there ? WEIGHTS(depth)[i * outStride + c] : (REAL)0;
            if (MOMENTUM) RV[c * topRow + i] = there ? VELOCITIES(depth)[i * outStride + c] : (REAL)0;
        }
    }
    int recordAt = recordNext;
    // Everything in the scratch is zero before the first launch: a step of no size, from no slopes and no residuals, moves nothing and
    // computes the first outputs.
    for (int k = -opening; k < steps + closing; ++k) {
        Step step = {0, 0};
        if (k >= 0) {
            const int recording = recordAt < recordCount && recordedSteps[recordAt] == first + k;
            const long slot = (recordAt - recordBase) * members + e;
            observe(points, outputs, outputs, recording, first + k, lossScales[e], anchors + e * rows, f, residual, record + slot * rows,
                    lossRecord + slot, lastStep + e, lastOutputs + e * rows, lastLoss + e);
            recordAt += recording;
            if (k == steps) break;
            step.rate = -schedule[(first + k) * scheduleStride + 2 * e];
            step.momentum = schedule[(first + k) * scheduleStride + 2 * e + 1];
        }
        step_read_out(points, outputs, topRow, alpha[2 * depth], step, residual, VALUES(top), SLOPES(top), DELTAS(top), R, RV);
        // Down to the lowest hidden matrix and up again: l = top ... 2, 1, 2 ... top.
        const int matrices = max(top, 1);
        for (int pass = 1 - matrices; pass < matrices; ++pass) {
            const int l = abs(pass) + 1, row = ROW(l), below = ROW(l - 1), units = FAN_OUT(l - 1), hidden = depth > 1;
            if (hidden && pass >= 0) clear(points * row, NEXT(l));
            for (int i = 0; i < units; i += VW) {
                if (hidden && pass <= 0)
                    differentiate(points, units - i, row, below, alpha[2 * l], WEIGHTS(l) + i * row, DELTAS(l), SLOPES(l - 1) + i,
                                  DELTAS(l - 1) + i);
                if (pass == 0)
                    first_layer(points, inputs, inStride, below, units - i, alpha[0], alpha[1], step, x, DELTAS(0) + i, NEXT(0) + i,
                                SLOPES(0) + i, WEIGHTS(0) + i, VELOCITIES(0) + i);
                if (hidden && pass >= 0)
                    update_rows(points, min(units - i, VW), below, row, alpha[2 * l], step, VALUES(l - 1) + i, NEXT(l - 1) + i, DELTAS(l),
                                NEXT(l), WEIGHTS(l) + i * row, VELOCITIES(l) + i * row);
            }
            if (pass < 0) continue;
            copy(points * below, NEXT(l - 1), VALUES(l - 1));
            if (hidden)
                finish_layer(points, FAN_OUT(l), row, alpha[2 * l], alpha[2 * l + 1], step, DELTAS(l), NEXT(l), SLOPES(l),
                             WEIGHTS(l) + FAN_IN(l) * row, VELOCITIES(l) + FAN_IN(l) * row);
        }
        if (depth > 1) copy(points * topRow, NEXT(top), VALUES(top));
        read_out(points, outputs, topRow, alpha[2 * depth], alpha[2 * depth + 1], step, residual, VALUES(top), R, b, bv, f);
    }

    for (int c = 0; c < outputs; ++c) {
        for (int i = 0; i < FAN_IN(depth); ++i) {
            WEIGHTS(depth)[i * outStride + c] = R[c * topRow + i];
            if (MOMENTUM) VELOCITIES(depth)[i * outStride + c] = RV[c * topRow + i];
        }
    }
}
