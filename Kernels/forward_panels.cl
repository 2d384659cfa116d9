// One layer forward on panels of points, for every member of an ensemble: what a tangent kernel starts from.
//
//   z[n][j] = alpha sum_i h[n][i] W[i][j] + beta W[fanIn][j]      (the bias, if any, is the last row of W)
//   value[n][j] = act(z),  slope[n][j] = act'(z)                  (hidden layers)
//   value[n][j] = z                                               (readOut)
//
// Layout: a panel is VW points, unit by unit: h (panels, fanIn, VW), value and slope (panels, fanOut, VW), one after the other by member;
// inMemberStride 0 shares the inputs. Lanes beyond the last point hold numbers of no meaning, which never reach another lane.
// W (fanIn + hasBias, outStride). scales (members, 2) holds alpha and beta of this layer.
// Vectors run over points, so that a register tile takes UNITS numbers of a row of W, broadcast, and PANELS vectors for UNITS PANELS
// multiply-adds, sums nothing across lanes and leaves its results where the Gram matrices read them one after the other.
// Sums advance `block` units at a time, and wait in `value` meanwhile. On a CPU that keeps a work-item's `chunk` panels in its cache and
// W, whose rows are pages apart, in few pages. STAGED > 0, with block = STAGED and groups of one work-item: the strip of W that a tile
// needs is first copied into one piece, which several panels then share (1.15 to 1.25 times as fast at N >= 256; where no panels share
// it, the copy costs more than it brings, and strips of several tiles at once, rows of W taken in longer pieces, are slower by a tenth and
// more, for sums wait during a copy).
// FETCHED: every row also asks for the same strip one block further. With few points, W comes from memory for few multiply-adds each, and
// waiting for it costs most: with blocks of 32, 1.5 times as fast at N = 16 to 32 and 1.4 at N = 64 (width 4096 and 64 members of width
// 512, PoCL on 2 cores); with W in the cache 1.3 times faster still. From N = 256 on it costs a tenth.
// Cost: 2 N fanIn fanOut flops; bytes: W once for each `chunk` panels, h once for each work-item, value and slope once.
// Error: as forward.cl.
#include "real.clh"
#include "functions.clh"
#ifndef UNITS
#define UNITS 12  // outputs of a register tile; at most fanOut
#endif
#ifndef PANELS
#define PANELS 2  // panels of a register tile
#endif
#ifndef STAGED
#define STAGED 0
#endif
#ifndef FETCHED
#define FETCHED 0
#endif
#define LINE (64 / (int)sizeof(REAL))
#ifndef ACTIVATION_VALUE
#define ACTIVATION_VALUE z
#define ACTIVATION_SLOPE ((REALV)(1) + (REALV)(0) * z)
#endif

// global: (work-items over tiles, members)
__kernel void forward_panels(const int panels, const int fanIn, const int fanOut, const int outStride, const int chunk, const int block,
                             const int hasBias, const int readOut, const long inMemberStride, const long weightOffset,
                             const long weightMemberStride, __global const REAL* restrict scales, __global const REAL* restrict input,
                             __global const REAL* restrict weights, __global REAL* restrict value, __global REAL* restrict slope) {
#if STAGED
    __local REAL strip[STAGED * UNITS];
#endif
    const long e = get_global_id(1);
    const REAL alpha = scales[2 * e], beta = scales[2 * e + 1];
    __global const REAL* W = weights + e * weightMemberStride + weightOffset;
    input += e * inMemberStride;
    value += e * panels * fanOut * VW;
    slope += readOut ? 0 : e * panels * fanOut * VW;
    const int unitTiles = (fanOut + UNITS - 1) / UNITS, chunks = (panels + chunk - 1) / chunk;
    for (int first = 0; first < fanIn; first += block) {
        const int length = min(block, fanIn - first);
        FOR_TILES(tile, unitTiles * chunks) {
            // The last tile begins early enough to be whole, and leaves alone what the one before it has summed.
            const int own = tile % unitTiles * UNITS, j0 = min(own, fanOut - UNITS);
            const int start = tile / unitTiles * chunk, end = min(start + chunk, panels);
            __global const REAL* w = W + (long)first * outStride + j0;
#if STAGED
            for (int k = 0; k < length; ++k) UNROLL for (int t = 0; t < UNITS; ++t) strip[k * UNITS + t] = w[(long)k * outStride + t];
#endif
            for (int p0 = start; p0 < end; p0 += PANELS) {
                __global const REAL* x[PANELS];
                REALV sum[UNITS][PANELS];
                // A tile that sticks out repeats the last panel and does not store it.
                UNROLL for (int p = 0; p < PANELS; ++p) x[p] = input + ((long)min(p0 + p, panels - 1) * fanIn + first) * VW;
                UNROLL for (int t = 0; t < UNITS; ++t) UNROLL for (int p = 0; p < PANELS; ++p) sum[t][p] = (REALV)(0);
                UNROLL_BY_4 for (int k = 0; k < length; ++k) {
                    REALV h[PANELS];
#if FETCHED
                    UNROLL for (int t = 0; t < UNITS; t += LINE) FETCH_AHEAD(w + (long)(k + block) * outStride + t);
#endif
                    UNROLL for (int p = 0; p < PANELS; ++p) h[p] = VLOAD(x[p] + k * VW);
                    UNROLL for (int t = 0; t < UNITS; ++t) {
#if STAGED
                        const REALV weight = (REALV)(strip[k * UNITS + t]);
#else
                        const REALV weight = (REALV)(w[(long)k * outStride + t]);
#endif
                        UNROLL for (int p = 0; p < PANELS; ++p) sum[t][p] = fma(weight, h[p], sum[t][p]);
                    }
                }
                __global REAL* target = value + ((long)p0 * fanOut + j0) * VW;
                UNROLL for (int p = 0; p < PANELS; ++p) UNROLL for (int t = 0; t < UNITS; ++t) {
                    if (p0 + p >= end || j0 + t < own) continue;
                    const long at = ((long)p * fanOut + t) * VW;
                    if (first > 0) sum[t][p] += VLOAD(target + at);
                    VSTORE(sum[t][p], target + at);
                }
                if (first + length < fanIn) continue;
                // A loop of its own, so that the activation is compiled once and not for every register.
                for (int p = p0; p < min(p0 + PANELS, end); ++p) for (int j = own; j < j0 + UNITS; ++j) {
                    const long at = ((long)p * fanOut + j) * VW;
                    const REAL bias = hasBias ? beta * W[(long)fanIn * outStride + j] : (REAL)0;
                    const REALV z = fma((REALV)(alpha), VLOAD(value + at), (REALV)(bias));
                    if (readOut) {
                        VSTORE(z, value + at);
                    } else {
                        VSTORE(ACTIVATION_VALUE, value + at);
                        VSTORE(ACTIVATION_SLOPE, slope + at);
                    }
                }
            }
        }
    }
}
