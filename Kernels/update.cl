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
#ifndef UB
#define UB 4  // rows of W of a register tile
#endif
#ifndef JV
#define JV 4  // vectors of outputs of a register tile
#endif
#ifndef BIAS
#define BIAS 1
#endif
#ifndef MOMENTUM
#define MOMENTUM 1
#endif

// global: (work-items over tiles, members)
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
    // The bias row makes a tile of its own, so that all rows of a tile have the same source.
    const int unitTiles = (fanIn + UB - 1) / UB, outTiles = (outStride + JV * VW - 1) / (JV * VW);
    FOR_TILES(tile, (unitTiles + BIAS) * outTiles) {
        const int i0 = tile / outTiles * UB, j0 = tile % outTiles * JV * VW;
        const int isBias = tile / outTiles == unitTiles, rows = isBias ? 1 : min(UB, fanIn - i0);
        const REAL step = -eta * scales[2 * e + isBias];
        int column[JV];
        REALV gradient[UB][JV];
        UNROLL for (int v = 0; v < JV; ++v) column[v] = min(j0 + v * VW, outStride - VW);
        UNROLL for (int b = 0; b < UB; ++b) UNROLL for (int v = 0; v < JV; ++v) gradient[b][v] = (REALV)(0);
        __global const REAL* d = delta;
        __global const REAL* x = h;
        for (int n = 0; n < points; ++n, d += outStride, x += inStride) {
            REALV vector[JV];
            UNROLL for (int v = 0; v < JV; ++v) vector[v] = VLOAD(d + column[v]);
            UNROLL for (int b = 0; b < UB; ++b) {
                const REALV below = isBias ? (REALV)(1) : (REALV)(x[min(i0 + b, fanIn - 1)]);
                UNROLL for (int v = 0; v < JV; ++v) gradient[b][v] = fma(below, vector[v], gradient[b][v]);
            }
        }
        UNROLL for (int b = 0; b < UB; ++b) {
            const long row = (long)((isBias ? fanIn : i0) + b) * outStride;
            UNROLL for (int v = 0; v < JV; ++v) {
                if (b >= rows || j0 + v * VW >= outStride) continue;
                REALV change = (REALV)(step) * gradient[b][v];
#if MOMENTUM
                change = fma((REALV)(gamma), VLOAD(V + row + column[v]), change);
                VSTORE(change, V + row + column[v]);
#endif
                VSTORE(VLOAD(W + row + column[v]) + change, W + row + column[v]);
            }
        }
    }
}
