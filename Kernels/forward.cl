// One layer forward, for every member of an ensemble:
//
//   z[n][j] = alpha sum_i h[n][i] W[i][j] + beta W[fanIn][j]      (the bias, if any, is the last row of W)
//   value[n][j] = act(z),  slope[n][j] = act'(z)                  (hidden layers)
//   value[n][j] = z                                               (read-out: READOUT 1)
//
// Layout: h (points, inStride), W (fanIn + BIAS, outStride), value and slope (points, outStride), padding zero, one after the
// other by member; inMemberStride 0 shares the inputs. scales (members, 2) holds alpha and beta of this layer.
// Cost: 2 N fanIn fanOut flops; W is read once for TS points.
// Error: |z - exact| <= (fanIn + 2) u (|alpha| |h| |W| + |beta b|), u the unit roundoff, by the usual bound for a dot product.
#include "real.clh"
#include "functions.clh"
#ifndef TS
#define TS 4  // points of a register tile
#endif
#ifndef JV
#define JV 4  // vectors of outputs of a register tile
#endif
#ifndef BIAS
#define BIAS 1
#endif
#ifndef READOUT
#define READOUT 0
#endif
#ifndef ACTIVATION_VALUE
#define ACTIVATION_VALUE z
#define ACTIVATION_SLOPE ((REALV)(1) + (REALV)(0) * z)
#endif

// global: (work-items over tiles, members)
__kernel void forward(const int points, const int fanIn, const int fanOut, const int inStride, const int outStride,
                      const long inMemberStride, const long weightOffset, const long weightMemberStride,
                      __global const REAL* restrict scales, __global const REAL* restrict input,
                      __global const REAL* restrict weights, __global REAL* restrict value, __global REAL* restrict slope) {
    const long e = get_global_id(1);
    const REAL alpha = scales[2 * e];
    __global const REAL* W = weights + e * weightMemberStride + weightOffset;
    __global const REAL* x = input + e * inMemberStride;
    value += e * points * outStride;
#if !READOUT
    slope += e * points * outStride;
#endif
    const int pointTiles = (points + TS - 1) / TS, outTiles = (outStride + JV * VW - 1) / (JV * VW);
    FOR_TILES(tile, pointTiles * outTiles) {
        const int n0 = tile % pointTiles * TS, j0 = tile / pointTiles * JV * VW;
        __global const REAL* row[TS];
        int column[JV];
        REALV sum[TS][JV];
        // Tiles that stick out repeat the last row or vector and do not store it.
        UNROLL for (int t = 0; t < TS; ++t) row[t] = x + (long)min(n0 + t, points - 1) * inStride;
        UNROLL for (int v = 0; v < JV; ++v) column[v] = min(j0 + v * VW, outStride - VW);
        UNROLL for (int t = 0; t < TS; ++t) UNROLL for (int v = 0; v < JV; ++v) sum[t][v] = (REALV)(0);
        __global const REAL* w = W;
        for (int i = 0; i < fanIn; ++i, w += outStride) {
            REALV vector[JV];
            UNROLL for (int v = 0; v < JV; ++v) vector[v] = VLOAD(w + column[v]);
            UNROLL for (int t = 0; t < TS; ++t) {
                const REALV h = (REALV)(row[t][i]);
                UNROLL for (int v = 0; v < JV; ++v) sum[t][v] = fma(h, vector[v], sum[t][v]);
            }
        }
        UNROLL for (int v = 0; v < JV; ++v) {
            if (j0 + v * VW >= outStride) continue;
            REALV bias = (REALV)(0);
#if BIAS
            bias = (REALV)(scales[2 * e + 1]) * VLOAD(w + column[v]);
#endif
            UNROLL for (int t = 0; t < TS; ++t) {
                if (n0 + t >= points) continue;
                const REALV z = fma((REALV)(alpha), sum[t][v], bias);
                const long at = (long)(n0 + t) * outStride + column[v];
#if READOUT
                VSTORE(z, value + at);
#else
                REALV act = ACTIVATION_VALUE, dact = ACTIVATION_SLOPE;
                if (column[v] + VW > fanOut) {
                    act = without_padding(act, fanOut - column[v]);
                    dact = without_padding(dact, fanOut - column[v]);
                }
                VSTORE(act, value + at);
                VSTORE(dact, slope + at);
#endif
            }
        }
    }
}
