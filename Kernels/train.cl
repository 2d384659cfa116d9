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
// their gradients take a pass of their own.
//
// Layout: train.clh.
// Cost of a step, for each hidden weight: 4 N flops of dots and of the next z, 2 N of the gradient, 4 of the update (N = 1: 8 in all);
// W is read twice and v once from a cache, both are written once. Error: as of the four kernels.
#include "train_tiles.clh"

// global: (members), one work-item each.
__kernel void train(LAUNCH_PARAMETERS) {
    const long e = get_global_id(0), members = get_global_size(0);
    const int points = ONE_POINT ? 1 : givenPoints;
    MEMBER(e, 0)
    __global const REAL* x = input + e * inMemberStride;

    transpose_read_out(FAN_IN(depth), outputs, outStride, topRow, weightMemberStride, 0, WEIGHTS(depth), STATES_OF(depth), R, RS);
    int recordAt = recordNext;
    for (int k = -opening; k < steps + closing; ++k) {
        Step step = no_step(weightMemberStride, sums);
        if (k >= 0) {
            const int recording = recordAt < recordCount && recordedSteps[recordAt] == first + k;
            const long slot = (recordAt - recordBase) * members + e;
            const REAL mean = observe(points, outputs, recording, first + k, lossScales[e], anchors + e * rows, f, residual,
                                      record + slot * rows, lossRecord + slot * LOSS_RECORD, lastStep + e, lastOutputs + e * rows,
                                      lastLoss + e);
            recordAt += recording;
            begin_step(first + k, mean, schedule + (first + k) * scheduleStride + PARAMETERS * e, control, recording,
                       lossRecord + slot * LOSS_RECORD);
            if (k == steps) break;
            step = current_step(control, weightMemberStride, sums);
        }
        for (int r = 0; r < REDUCTIONS; ++r) sums[r] = (REALV)(0);
        differentiate_read_out(points, outputs, topRow, alpha[2 * depth], residual, SLOPES(top), R, DELTAS(top));
        step_read_out(points, outputs, topRow, alpha[2 * depth], beta[2 * depth], step, residual, VALUES(top), R, RS, b, bs);
        // Down to the lowest hidden matrix and up again: l = top ... 2, 1, 2 ... top.
        const int matrices = max(top, 1);
        for (int pass = 1 - matrices; pass < matrices; ++pass) {
            const int l = abs(pass) + 1, row = ROW(l), below = ROW(l - 1), units = FAN_OUT(l - 1), hidden = depth > 1;
            if (hidden && pass >= 0) clear(points * row, NEXT(l));
            // To and fro, so that what a cache holds of the end of a pass is what the next one begins with.
            const int last = (units - 1) / VW * VW;
            for (int at = 0; at < units; at += VW) {
                const int i = (first + k) % 2 ? at : last - at;
                if (hidden && pass <= 0)
                    differentiate(points, units - i, row, below, alpha[2 * l], WEIGHTS(l) + i * row, DELTAS(l), SLOPES(l - 1) + i,
                                  DELTAS(l - 1) + i);
                if (pass == 0)
                    first_layer(points, inputs, inStride, below, units - i, alpha[0], alpha[1], step, x, DELTAS(0) + i, NEXT(0) + i,
                                SLOPES(0) + i, WEIGHTS(0) + i, STATES_OF(0) + i);
                if (hidden && pass >= 0)
                    update_rows(points, min(units - i, VW), below, row, alpha[2 * l], step, VALUES(l - 1) + i, NEXT(l - 1) + i, DELTAS(l),
                                NEXT(l), WEIGHTS(l) + i * row, STATES_OF(l) + i * row);
            }
            if (pass < 0) continue;
            copy(points * below, NEXT(l - 1), VALUES(l - 1));
            if (hidden)
                finish_layer(points, FAN_OUT(l), row, alpha[2 * l], alpha[2 * l + 1], step, DELTAS(l), NEXT(l), SLOPES(l),
                             WEIGHTS(l) + FAN_IN(l) * row, STATES_OF(l) + FAN_IN(l) * row);
        }
        if (depth > 1) copy(points * topRow, NEXT(top), VALUES(top));
        read_out(points, outputs, topRow, alpha[2 * depth], beta[2 * depth], VALUES(top), R, b, f);
        for (int r = 0; r < REDUCTIONS; ++r) control[MEMORY + r] = k < 0 ? (REAL)0 : vector_sum(sums[r]);
    }
    transpose_read_out(FAN_IN(depth), outputs, outStride, topRow, weightMemberStride, 1, WEIGHTS(depth), STATES_OF(depth), R, RS);
}
