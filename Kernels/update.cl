// One step of heavy ball on one layer of every member:
//
//   v[i][j] <- gamma v[i][j] - eta scale sum_n h[n][i] delta[n][j],   W[i][j] <- W[i][j] + v[i][j]
//
// with scale = alpha for weight rows; the bias row (i = fanIn) has h = 1 and scale = beta. MOMENTUM 0 is gradient descent: no v.
// Layout: h (points, inStride), delta (points, outStride), W and v (fanIn + BIAS, outStride). scales (members, 2) of this layer;
// schedule (members, 2) of this step holds eta and gamma.
// Cost: 2 N fanIn fanOut flops, and W and v read and written once: 4 (MOMENTUM) or 2 passes over the layer.
// Error: (N + 2) u (|gamma v| + |eta scale| |h| |delta|) + u |W| a step.
#include "real.clh"
#ifndef BIAS
#define BIAS 1
#endif
#ifndef MOMENTUM
#define MOMENTUM 1
#endif

// global: (work-items over rows, members)
__kernel void update(const int points, const int fanIn, const int inStride, const int outStride, const long inMemberStride,
                     const long weightOffset, const long weightMemberStride, const long scheduleOffset,
                     __global const REAL* restrict scales, __global const REAL* restrict schedule,
                     __global const REAL* restrict input, __global const REAL* restrict delta, __global REAL* restrict weights,
                     __global REAL* restrict velocities) {
    const long e = get_global_id(1);
    const REAL eta = schedule[scheduleOffset + 2 * e];
#if MOMENTUM
    const REAL gamma = schedule[scheduleOffset + 2 * e + 1];
    __global REAL* V = velocities + e * weightMemberStride + weightOffset;
#endif
    __global REAL* W = weights + e * weightMemberStride + weightOffset;
    __global const REAL* h = input + e * inMemberStride;
    delta += e * points * outStride;
    for (int i = get_global_id(0); i < fanIn + BIAS; i += get_global_size(0)) {
        const REAL step = -eta * scales[2 * e + (i == fanIn)];
        const long row = (long)i * outStride;
        for (int j = 0; j < outStride; j += VW) {
            REALV gradient = (REALV)(0);
            for (int n = 0; n < points; ++n) {
                const REAL below = i < fanIn ? h[(long)n * inStride + i] : (REAL)1;
                gradient = fma((REALV)(below), VLOAD(delta + (long)n * outStride + j), gradient);
            }
            REALV change = (REALV)(step) * gradient;
#if MOMENTUM
            change = fma((REALV)(gamma), VLOAD(V + row + j), change);
            VSTORE(change, V + row + j);
#endif
            VSTORE(VLOAD(W + row + j) + change, W + row + j);
        }
    }
}
