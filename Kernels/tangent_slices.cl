// One layer's share of the tangent kernel of every member, as tangent.cl, of few rows: a work-group takes a square of TILE by TILE, whose
// sums its items divide, and of long sums one of `parts`.
//
//   tangent_slices   the sums S and R of a square, over one part of the units; with one part also what tangent.cl makes of them
//   tangent_finish   the same of several parts, of the sums that they left in `partial`
//
// Layout: h, delta, G and out as in tangent.cl; partial (parts, members, squares, 2, TILE, TILE) in ACC, S before R. Squares of the lower
// triangle follow one another row after row. Of every sum work-item number `slice` of SLICES takes the units first + slice,
// first + slice + SLICES, ... of the part; what slices and then parts have is added in their order: sums depend on a member's sizes alone.
// Cost: squares TILE^2 2 (inputLength + length) flops; bytes: h and delta once for every square with a row or column of them.
// Error: as of tangent.cl.
#include "real.clh"
#include "tangent.clh"
#ifndef TILE
#define TILE 16
#endif
#ifndef SLICES
#define SLICES 32
#endif
#define BLOCK 4  // rows of a work-item's block of a square
#define ITEMS (TILE / BLOCK * SLICES)
#define NUMBERS (TILE * TILE)
#define OWN ((NUMBERS + ITEMS - 1) / ITEMS)  // numbers of the square that a work-item ends

// The sums over part number `part` of `length` units: number item + q ITEMS of the square in sum[q].
INLINED void add_part(__global const REAL* source, const int length, const int part, const int parts, const int panels, const int r0,
                            const int s0, __local ACC* exchange, ACC* sum) {
    const int item = get_local_id(0), slice = item % SLICES, row = item / SLICES * BLOCK;
    const int size = (length + parts - 1) / parts, end = min(length, part * size + size);
    // What sticks out repeats the last panel, and nobody keeps it.
    __global const REAL* a[BLOCK];
    __global const REAL* b[TILE / VW];
    ACCV block[BLOCK][TILE / VW];
    UNROLL_SUMS for (int t = 0; t < BLOCK; ++t)
        a[t] = source + (long)min((r0 + row + t) / VW, panels - 1) * length * VW + (r0 + row + t) % VW;
    UNROLL_SUMS for (int p = 0; p < TILE / VW; ++p) b[p] = source + (long)min(s0 / VW + p, panels - 1) * length * VW;
    UNROLL_SUMS for (int t = 0; t < BLOCK; ++t) UNROLL_SUMS for (int p = 0; p < TILE / VW; ++p) block[t][p] = (ACCV)(0);
    UNROLL_BY_4 for (int k = part * size + slice; k < end; k += SLICES) {
        ACCV right[TILE / VW];
        UNROLL_SUMS for (int p = 0; p < TILE / VW; ++p) right[p] = TO_ACCV(*(__global const REALV*)(b[p] + (long)k * VW));
        UNROLL_SUMS for (int t = 0; t < BLOCK; ++t) {
            const ACCV left = (ACCV)((ACC)a[t][(long)k * VW]);
            UNROLL_SUMS for (int p = 0; p < TILE / VW; ++p) block[t][p] = fma(left, right[p], block[t][p]);
        }
    }
    UNROLL_SUMS for (int t = 0; t < BLOCK; ++t) UNROLL_SUMS for (int p = 0; p < TILE / VW; ++p)
        *(__local ACCV*)(exchange + slice * NUMBERS + (row + t) * TILE + p * VW) = block[t][p];
    barrier(CLK_LOCAL_MEM_FENCE);
    for (int q = 0; q < OWN; ++q) {
        const int at = item + q * ITEMS;
        sum[q] = 0;
        if (at < NUMBERS) UNROLL_BY_4 for (int s = 0; s < SLICES; ++s) sum[q] += exchange[s * NUMBERS + at];
    }
    barrier(CLK_LOCAL_MEM_FENCE);
}

#define SQUARE_PARAMETERS \
    const int rows, const int rowsPerPoint, const int inputLength, const int length, const int parts, const int isFirst, const int isLast, \
    const long outOffset, __global const REAL* restrict scales, __global const ACC* restrict G, __global ACC* restrict partial, \
    __global ACC* restrict out

// global: (groups of ITEMS, for each part all squares, members)
__attribute__((reqd_work_group_size(ITEMS, 1, 1)))
__kernel void tangent_slices(SQUARE_PARAMETERS, const long inputMemberStride, __global const REAL* restrict input,
                             __global const REAL* restrict delta) {
    const long e = get_global_id(1), members = get_global_size(1);
    const int panels = (rows + VW - 1) / VW, side = (rows + TILE - 1) / TILE, squares = side * (side + 1) / 2;
    const int number = (int)get_group_id(0) % squares, part = (int)get_group_id(0) / squares;
    const int row = triangle_row(number), r0 = row * TILE, s0 = (number - row * (row + 1) / 2) * TILE;
    const Share share = share_of(rows, rowsPerPoint, inputLength, length, isFirst, isLast, outOffset, scales, G, out);
    __local ACC exchange[SLICES * NUMBERS] __attribute__((aligned(32)));
    ACC inputs[OWN], slopes[OWN];
    add_part(input + e * inputMemberStride, inputLength, part, parts, panels, r0, s0, exchange, inputs);
    add_part(delta + e * panels * length * VW, length, part, parts, panels, r0, s0, exchange, slopes);
    partial += ((part * members + e) * squares + number) * 2 * NUMBERS;
    for (int q = 0; q < OWN; ++q) {
        const int at = (int)get_local_id(0) + q * ITEMS;
        if (at >= NUMBERS) continue;
        if (parts == 1) {
            end_entry(share, r0 + at / TILE, s0 + at % TILE, inputs[q], slopes[q]);
        } else {
            partial[at] = inputs[q];
            partial[NUMBERS + at] = slopes[q];
        }
    }
}

// global: (numbers of all squares, padded to whole groups, members)
__kernel void tangent_finish(SQUARE_PARAMETERS) {
    const long e = get_global_id(1), members = get_global_size(1);
    const int side = (rows + TILE - 1) / TILE, squares = side * (side + 1) / 2;
    const int number = (int)get_global_id(0) / NUMBERS, at = (int)get_global_id(0) % NUMBERS;
    if (number >= squares) return;
    ACC inputs = 0, slopes = 0;
    for (int part = 0; part < parts; ++part) {
        __global const ACC* left = partial + ((part * members + e) * squares + number) * 2 * NUMBERS;
        inputs += left[at];
        slopes += left[NUMBERS + at];
    }
    const int row = triangle_row(number);
    end_entry(share_of(rows, rowsPerPoint, inputLength, length, isFirst, isLast, outOffset, scales, G, out), row * TILE + at / TILE,
              (number - row * (row + 1) / 2) * TILE + at % TILE, inputs, slopes);
}
