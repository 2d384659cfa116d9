// One step of the update rule on one layer of every member:
//
//   g[i][j] = factor sum_n h[n][i] delta[n][j],   W[i][j] and its states <- the rule's step by g (rule.clh)
//
// with the rule's own factor times alpha for weight rows; the bias row (i = fanIn) has h = 1 and beta.
// Layout: h in panels of LANES points (forward.cl), delta by rows (points, outStride), padding zero; W and each of its states
// (fanIn + hasBias, outStride). controls (members, CONTROLS) holds the numbers of the step, scales (members, 2) those of this layer.
// What a tile gives to the rule's reductions is left in `reduced` (members, reducedStride), from reducedOffset on: REDUCTIONS numbers a
// tile, and then those of the bias.
// Cost: 2 N fanIn fanOut flops; bytes: W and its states once each way, h and delta as of product.clh.
#include "real.clh"
#include "rule.clh"
#define LEFT READS_LANES
#define RIGHT READS_ROWS
#define ENDS_BY_ROWS 1

typedef struct {
    Step step;
    REAL factor;
    int stride;
    __global REAL* W;
    __global REAL* S;
    __global REAL* reduced;
    __local REAL* parts;  // room for a number of every work-item of a group
} Ends;

static inline void end_sums(const Ends ends, const int unit, const int vector, const REALV sum) {
    const long at = (long)unit * ends.stride + vector * VW;
    step_vector((REALV)(ends.factor) * sum, ends.step, ends.W + at, ends.S + at);
}
static inline void leave_reductions(const Ends ends, const int place);
static inline void end_tile(const Ends ends, const int tile) { leave_reductions(ends, tile); }
#include "product.clh"

#if GROUPED
// The sums of the group, added by its first work-item in their order.
static inline void leave_reductions(const Ends ends, const int place) {
    for (int r = 0; r < REDUCTIONS; ++r) {
        ends.parts[get_local_id(0)] = vector_sum(ends.step.sums[r]);
        barrier(CLK_LOCAL_MEM_FENCE);
        REAL sum = 0;
        for (int i = 0; get_local_id(0) == 0 && i < ITEMS; ++i) sum += ends.parts[i];
        if (get_local_id(0) == 0) ends.reduced[place * REDUCTIONS + r] = sum;
        barrier(CLK_LOCAL_MEM_FENCE);
        ends.step.sums[r] = (REALV)(0);
    }
}
#else
static inline void leave_reductions(const Ends ends, const int place) {
    for (int r = 0; r < REDUCTIONS; ++r) {
        ends.reduced[place * REDUCTIONS + r] = vector_sum(ends.step.sums[r]);
        ends.step.sums[r] = (REALV)(0);
    }
}
#endif

// global: (work-items over tiles, members); with GROUPED (groups of ITEMS over `tiles` and those of the bias, members)
#if GROUPED
__attribute__((reqd_work_group_size(ITEMS, 1, 1)))
#endif
__kernel void update(const int points, const int fanIn, const int outStride, const int chunk, const int hasBias, const int tiles,
                     const long inMemberStride, const long weightOffset, const long weightMemberStride, const long reducedOffset,
                     const long reducedStride, __global const REAL* restrict scales, __global const REAL* restrict controls,
                     __global const REAL* restrict input, __global const REAL* restrict delta, __global REAL* restrict weights,
                     __global REAL* restrict states, __global REAL* restrict reduced) {
    const long e = get_global_id(1);
    REALV sums[AT_LEAST_ONE(REDUCTIONS)];
    for (int r = 0; r < REDUCTIONS; ++r) sums[r] = (REALV)(0);
    const Step step = current_step(controls + e * CONTROLS, weightMemberStride, sums);
    __global const REAL* h = input + e * inMemberStride;
    __global const REAL* d = delta + e * points * outStride;
    __global REAL* W = weights + e * weightMemberStride + weightOffset;
    __global REAL* S = STATES ? states + STATES * e * weightMemberStride + weightOffset : W;
    const int vectors = outStride / VW;
    Ends ends = {step, GRADIENT_FACTOR * scales[2 * e], outStride, W, S, reduced + e * reducedStride + reducedOffset, 0};
#if GROUPED
    __local REAL staged[2 * STAGED_REALS] __attribute__((aligned(16)));
    __local uint exchange[EXCHANGED];
    ends.parts = staged;
    const int biasGroup = (int)get_group_id(0) - tiles, first = biasGroup * ITEMS + get_local_id(0);
    const int items = ((int)get_num_groups(0) - tiles) * ITEMS;
    if (biasGroup < 0) {
        product(fanIn, outStride, points, fanIn, outStride, h, d, ends, staged, exchange);
        return;
    }
#else
    product(fanIn, vectors, points, fanIn, outStride, chunk, points, h, d, 0, ends, 0);
    // The sums of the bias are those of one work-item, however many there are.
    const int biasGroup = 0, first = get_global_id(0), items = REDUCTIONS ? 1 : get_global_size(0);
    if (first >= items) return;
#endif
    if (!hasBias) return;
    ends.factor = GRADIENT_FACTOR * scales[2 * e + 1];
    for (int v = first; v < vectors; v += items) {
        REALV sum = (REALV)(0);
        for (int n = 0; n < points; ++n) sum += LOAD_WHOLE(d + (long)n * outStride + v * VW);
        end_sums(ends, fanIn, v, sum);
    }
    leave_reductions(ends, tiles + biasGroup);
}
