// Where a tangent kernel's forward pass turns into its backward pass: the last hidden matrix W of every member of an ensemble of scalar
// networks, used in both directions while it lies in a cache.
//
//   value, slope = act(z), act'(z)  of z = alpha h W + beta b                      (as forward_panels.cl)
//   delta[n][j]  = alpha' act'(z[n][j]) above[n] w'[j]                             (as backward_panels.cl, w' the read-out)
//   below[n][i]  = alpha slopeBelow[n][i] sum_j delta[n][j] W[i][j]                (the same)
//
// Layout: that of forward_panels.cl and backward_panels.cl, whose functions this calls, so that every sum has the same order and every
// result the same bits as from three launches. Work-item (0, e) takes member e by itself; work-items share nothing.
// For matrices of at most `Tuning.turnBytes`, and so few points that forward_panels.cl copies no strips. Against three launches, members
// of width 512 with 2 hidden layers and 16 points, PoCL on 2 cores with 2 MiB of second cache each, medians of interleaved runs on a noisy
// host: 1.2 times as fast (1.1 where the weights of all members had come into the third cache before), 1.1 to 1.2 times with 4 or 32
// points, 1.15 to 1.3 times at width 128 and 256, 1.0 to 1.15 at 640 (1.7 MB), level at 768 and 1024. A single member, which then has one
// core instead of two, is level within the noise. Whole tangent kernels of 64 members of width 512: 1.21 and 1.25 times in two series.
// Asking for the next member's matrix during the way back brings nothing and costs up to a tenth: lines come to wait for those that
// the products need from the second cache.
// Cost: 4 N fanIn fanOut flops; bytes: W, h, slopeBelow once, value, slope, delta and below once.
// Floor of 64 members of width 512 and 16 points: 68 MB at 27 GB/s, 2.5 ms (twice that by launches), beside 5.2 ms of products at the 210
// Gflop/s that these loops reach in a cache; 7.2 to 7.8 ms were measured, 9 to 9.9 ms by launches.
// Error: as forward.cl and backward.cl.
#include "panels.clh"

// global: (1, members)
__kernel void turn_panels(const int points, const int fanIn, const int fanOut, const int stride, const int readOutStride, const int chunk,
                          const int forwardBlock, const int backwardBlock, const int hasBias, const long inMemberStride, const long offset,
                          const long readOutOffset, const long weightMemberStride, __global const REAL* restrict scales,
                          __global const REAL* restrict readOutScales, __global const REAL* restrict input,
                          __global const REAL* restrict weights, __global const REAL* restrict slopeBelow,
                          __global const REAL* restrict above, __global REAL* restrict value, __global REAL* restrict slope,
                          __global REAL* restrict delta, __global REAL* restrict below) {
    layer_forward((points + VW - 1) / VW, fanIn, fanOut, stride, chunk, forwardBlock, hasBias, 0, inMemberStride, offset,
                  weightMemberStride, scales, input, weights, value, slope, 0);
    layer_backward(points, 1, fanOut, 1, readOutStride, chunk, 1, readOutOffset, weightMemberStride, readOutScales, above, weights, slope,
                   delta);
    layer_backward(points, 1, fanIn, fanOut, stride, chunk, backwardBlock, offset, weightMemberStride, scales, delta, weights,
                   slopeBelow, below);
}
