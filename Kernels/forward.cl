// One layer forward on panels of points, for every member of an ensemble:
//
//   z[n][j] = alpha sum_i h[n][i] W[i][j] + beta W[fanIn][j]      (the bias, if any, is the last row of W)
//   value[n][j] = act(z),  slope[n][j] = act'(z)                  (hidden layers)
//   value[n][j] = z                                               (readOut)
//
// Layout: a panel is VW points, unit by unit: h (panels, fanIn, VW), value and slope (panels, fanOut, VW), one after the other by member;
// inMemberStride 0 shares the inputs. Lanes beyond the last point hold numbers of no meaning, which never reach another lane.
// W (fanIn + hasBias, outStride). scales (members, 2) holds alpha and beta of this layer.
// Cost: 2 N fanIn fanOut flops; bytes: W, h, value and slope as of product.clh.
// Error: |z - exact| <= (fanIn + 2) u (|alpha| |h| |W| + |beta b|).
#include "real.clh"
#include "functions.clh"
#ifndef ACTIVATION_VALUE
#define ACTIVATION_VALUE z
#define ACTIVATION_SLOPE ((REALV)(1) + (REALV)(0) * z)
#endif
#define LEFT READS_ROWS
#define RIGHT READS_PANELS

typedef struct {
    REAL alpha, beta;
    int fanOut, readOut;
    __global const REAL* bias;  // or null
    __global REAL* value;
    __global REAL* slope;
} Ends;

static inline void end_sums(const Ends ends, const int unit, const int panel, const REALV sum) {
    const REAL bias = ends.bias ? ends.beta * ends.bias[unit] : (REAL)0;
    const REALV z = fma((REALV)(ends.alpha), sum, (REALV)(bias));
    const long at = ((long)panel * ends.fanOut + unit) * VW;
    if (ends.readOut) {
        STORE_WHOLE(z, ends.value + at);
    } else {
        STORE_WHOLE(ACTIVATION_VALUE, ends.value + at);
        STORE_WHOLE(ACTIVATION_SLOPE, ends.slope + at);
    }
}
static inline void end_tile(const Ends ends, const int tile) {}
#include "product.clh"

#if GROUPED
__attribute__((reqd_work_group_size(ITEMS, 1, 1)))
#endif
__kernel void forward(const int panels, const int fanIn, const int fanOut, const int outStride, const int chunk, const int block,
                      const int hasBias, const int readOut, const long inMemberStride, const long weightOffset,
                      const long weightMemberStride, __global const REAL* restrict scales, __global const REAL* restrict input,
                      __global const REAL* restrict weights, __global REAL* restrict value, __global REAL* restrict slope) {
    const long e = get_global_id(1), size = (long)panels * fanOut * VW;
    __global const REAL* W = weights + e * weightMemberStride + weightOffset;
    __global const REAL* h = input + e * inMemberStride;
    Ends ends = {scales[2 * e], scales[2 * e + 1], fanOut, readOut, hasBias ? W + (long)fanIn * outStride : 0, value + e * size,
                 readOut ? 0 : slope + e * size};
    PRODUCT(fanOut, panels, fanIn, outStride, 0, W, h, ends.value, ends)
}
