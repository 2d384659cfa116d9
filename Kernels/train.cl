// Many steps in one launch: a work-item trains one member, whose weights stay in the caches of its core.
//
// A step is the arithmetic of loss.cl, backward.cl, update.cl and forward.cl, layer by layer of one member:
//
//   delta_{l-1} = alpha act'(z_{l-1}) o (delta_l W^T)          from the weights before the step
//   W, its states <- the rule's step by scale h^T delta         scale alpha, and beta for the bias row, whose h is 1
//   z_l = alpha h_{l-1} W + beta b                             from those after it
//
// in as few passes over a hidden matrix as its rows allow. Row i of W, dotted with delta, gives the gradient of unit i below. In the lowest
// hidden matrix that is all that unit i's own weights need to be updated and its next activation to be known, with which the row
// (updated while it is in registers) enters the next z: one pass, VW rows at a time. Matrices above wait for all units below, so that
// their gradients take a pass of their own. Wide members with one point keep their last steps beside the matrices instead of adding them
// and having velocities (train_kept.clh, KEEPS).
//
// Layout: W, v (fanIn + BIAS, stride) of each layer, as everywhere. The read-out is kept as (outputs, stride of the last hidden
// layer) in `scratch` during a launch, so that it is read in whole vectors for any number of outputs. scratch holds for each member and
// hidden layer h, slope, delta and the next z or h, (points, stride) each, and H and D of its kept steps; then the read-out with its
// velocities, (outputs, stride) each, the coefficients of kept steps, the outputs and their residuals; it keeps the state of a training
// between launches, so that results do not depend on how steps are divided. layers holds fanIn, fanOut, stride, offset in W and offset
// in scratch of each layer.
//
// Cost of a step, for each hidden weight: 4 N flops of dots and of the next z, 2 N of the gradient, 4 of the update (N = 1: 8 in all);
// W is read twice and v once from a cache, both are written once. Error: as of the four kernels.
#include "train_kept.clh"
#include "train_launch.clh"
// Where H and D of the matrix of a layer lie, behind its four arrays.
#define KEPT_VALUES(l) (VALUES(l) + 4 * points * ROW(l))
#define KEPT_DELTAS(l) (KEPT_VALUES(l) + ROW(l - 1) * kept)

// global: (members), one work-item each. keeps: with KEEPS, slots of each member's kept ticks, or 0 where every step is written; `settles`
// writes them at the end of the launch.
__kernel void train(TRAIN_PARAMETERS, const int settles, __global const int* restrict keeps) {
    const long e = get_global_id(0), members = get_global_size(0);
    const int points = ONE_POINT ? 1 : givenPoints, top = depth - 1, rows = points * outputs, topRow = ROW(top);
    __global REAL* W = weights + e * weightMemberStride;
    __global REAL* S = STATES ? states + STATES * e * weightMemberStride : W;
    __global REAL* control = controls + e * CONTROLS;
    __global REAL* scratch = memory + e * scratchMemberStride;
    __global const REAL* x = input + e * inMemberStride;
    __global const REAL* alpha = scales + 2 * e * (depth + 1);  // and beta after it, layer by layer
    __global REAL* R = VALUES(depth);
    const long readOutSize = outputs * topRow;
    __global REAL* RS = STATES ? R + readOutSize : R;
    const int kept = KEEPS ? keeps[e] : 0;
    __global REAL* coefficients = R + (1 + STATES) * readOutSize;
    __global REAL* f = coefficients + 4 * kept;
    __global REAL* residual = f + rows;
    __global REAL* b = WEIGHTS(depth) + FAN_IN(depth) * outStride;
    __global REAL* bs = STATES_OF(depth) + FAN_IN(depth) * outStride;
    REALV sums[AT_LEAST_ONE(REDUCTIONS)];

    for (int c = 0; c < outputs; ++c) {
        for (int i = 0; i < topRow; ++i) {
            const int there = i < FAN_IN(depth);
            R[c * topRow + i] = there ? WEIGHTS(depth)[i * outStride + c] : (REAL)0;
            for (int s = 0; s < STATES; ++s)
                RS[s * readOutSize + c * topRow + i] = there ? STATES_OF(depth)[s * weightMemberStride + i * outStride + c] : (REAL)0;
        }
    }
    int recordAt = recordNext;
    // Everything in the scratch is zero before the first launch: a step of no size, from no slopes and no residuals, moves nothing and
    // computes the first outputs.
    for (int k = -opening; k < steps + closing; ++k) {
        Step step = no_step(weightMemberStride, sums);
        if (k >= 0) {
            const int recording = recordAt < recordCount && recordedSteps[recordAt] == first + k;
            const long slot = (recordAt - recordBase) * members + e;
            const REAL mean = observe(points, outputs, outputs, recording, first + k, lossScales[e], anchors + e * rows, f, residual,
                                      record + slot * rows, lossRecord + slot * LOSS_RECORD, lastStep + e, lastOutputs + e * rows, lastLoss + e);
            recordAt += recording;
            begin_step(first + k, mean, schedule + (first + k) * scheduleStride + PARAMETERS * e, control, recording,
                       lossRecord + slot * LOSS_RECORD);
            if (k == steps) break;
            step = current_step(control, weightMemberStride, sums);
        }
        for (int r = 0; r < REDUCTIONS; ++r) sums[r] = (REALV)(0);
        Step readOutStep = step;
        readOutStep.apart = readOutSize;
        step_read_out(points, outputs, topRow, alpha[2 * depth], readOutStep, residual, VALUES(top), SLOPES(top), DELTAS(top), R, RS);
        const int tick = first + k + 1, slot = kept ? tick % kept : 0;
        if (kept && folds_before(kept, tick)) {
            for (int l = 1; l <= top; ++l)
                fold_ticks(FAN_OUT(l - 1), ROW(l), kept, slot, slot + FOLD, alpha[2 * l], coefficients, KEPT_VALUES(l), KEPT_DELTAS(l),
                           WEIGHTS(l));
            forget_ticks(kept, slot, slot + FOLD, 0, coefficients);
        }
        // Down to the lowest hidden matrix and up again: l = top ... 2, 1, 2 ... top.
        const int matrices = max(top, 1);
        for (int pass = 1 - matrices; pass < matrices; ++pass) {
            const int l = abs(pass) + 1, row = ROW(l), below = ROW(l - 1), units = FAN_OUT(l - 1), hidden = depth > 1;
            if (hidden && pass >= 0) clear(points * row, NEXT(l));
            REALV own = (REALV)(0);
            if (kept && pass <= 0)
                multiply_sensitivities(0, kept, row, alpha[2 * l], coefficients + WEIGHT, KEPT_DELTAS(l), DELTAS(l),
                                       coefficients + DOWN);
            if (kept && pass == 0) weigh_ticks(kept, slot, step, coefficients);
            if (kept && pass >= 0) clear(kept, coefficients + UP);
            // To and fro, so that what a cache holds of the end of a pass is what the next one begins with.
            const int last = (units - 1) / VW * VW;
            for (int at = 0; at < units; at += VW) {
                const int i = tick % 2 ? last - at : at;
                if (kept && pass <= 0)
                    differentiate_kept(kept, units - i, row, alpha[2 * l], WEIGHTS(l) + i * row, KEPT_VALUES(l) + i * kept, DELTAS(l),
                                       coefficients + DOWN, SLOPES(l - 1) + i, DELTAS(l - 1) + i);
                else if (hidden && pass <= 0)
                    differentiate(points, units - i, row, below, alpha[2 * l], WEIGHTS(l) + i * row, DELTAS(l), SLOPES(l - 1) + i,
                                  DELTAS(l - 1) + i);
                if (pass == 0)
                    first_layer(points, inputs, inStride, below, units - i, alpha[0], alpha[1], step, x, DELTAS(0) + i, NEXT(0) + i,
                                SLOPES(0) + i, WEIGHTS(0) + i, STATES_OF(0) + i);
                if (kept && pass >= 0)
                    own += advance_kept(kept, min(units - i, VW), row, slot, VALUES(l - 1) + i, NEXT(l - 1) + i, WEIGHTS(l) + i * row, 0,
                                        KEPT_VALUES(l) + i * kept, NEXT(l), coefficients + UP);
                else if (hidden && pass >= 0)
                    update_rows(points, min(units - i, VW), below, row, alpha[2 * l], step, VALUES(l - 1) + i, NEXT(l - 1) + i, DELTAS(l),
                                NEXT(l), WEIGHTS(l) + i * row, STATES_OF(l) + i * row);
            }
            if (pass < 0) continue;
            if (kept) {
                copy(row, DELTAS(l), KEPT_DELTAS(l) + slot * row);
                coefficients[UP + slot] = vector_sum(own);
                add_ticks(kept, row, row, alpha[2 * l], coefficients + WEIGHT, KEPT_DELTAS(l), NEXT(l), coefficients + UP);
            }
            copy(points * below, NEXT(l - 1), VALUES(l - 1));
            if (hidden)
                finish_layer(points, FAN_OUT(l), row, alpha[2 * l], alpha[2 * l + 1], step, DELTAS(l), NEXT(l), SLOPES(l),
                             WEIGHTS(l) + FAN_IN(l) * row, STATES_OF(l) + FAN_IN(l) * row);
        }
        if (depth > 1) copy(points * topRow, NEXT(top), VALUES(top));
        read_out(points, outputs, topRow, alpha[2 * depth], alpha[2 * depth + 1], step, residual, VALUES(top), R, b, bs, f);
        for (int r = 0; r < REDUCTIONS; ++r) control[MEMORY + r] = k < 0 ? (REAL)0 : vector_sum(sums[r]);
    }

    for (int l = 1; settles && kept && l <= top; ++l)
        fold_ticks(FAN_OUT(l - 1), ROW(l), kept, 0, kept, alpha[2 * l], coefficients, KEPT_VALUES(l), KEPT_DELTAS(l), WEIGHTS(l));
    if (settles) forget_ticks(kept, 0, kept, 1, coefficients);
    for (int c = 0; c < outputs; ++c) {
        for (int i = 0; i < FAN_IN(depth); ++i) {
            WEIGHTS(depth)[i * outStride + c] = R[c * topRow + i];
            for (int s = 0; s < STATES; ++s)
                STATES_OF(depth)[s * weightMemberStride + i * outStride + c] = RS[s * readOutSize + c * topRow + i];
        }
    }
}
