// The two ceilings of a device, against which the other kernels are measured:
//
//   peak_fma    every work-item: CHAINS independent vectors, sum <- factor sum + term, `rounds` times
//   peak_copy   out[i] = in[i]
//
// Layout: out of peak_fma has one element a work-item, so that no sum can be left out; peak_copy takes `count` vectors.
// Cost: peak_fma 2 CHAINS VW rounds flops a work-item and no memory to speak of; peak_copy one read and one write of each vector.
// Error: of no consequence; factor 1/2 and term 1 keep all sums between 0 and their start.
#include "real.clh"
#ifndef CHAINS
#define CHAINS 8  // sums that do not wait for each other: latency times units of fused multiply-adds, at most the registers
#endif
#ifndef CHUNK
#define CHUNK 1  // consecutive vectors of a work-item: large on a CPU, where each thread streams
#endif

// global: (work-items)
__kernel void peak_fma(const int rounds, const REAL factor, const REAL term, __global REAL* restrict out) {
    REALV sum[CHAINS];
    UNROLL for (int c = 0; c < CHAINS; ++c) sum[c] = (REALV)((REAL)(get_global_id(0) + c));
    for (int r = 0; r < rounds; ++r) {
        UNROLL for (int c = 0; c < CHAINS; ++c) sum[c] = fma(sum[c], (REALV)(factor), (REALV)(term));
    }
    REALV total = sum[0];
    UNROLL for (int c = 1; c < CHAINS; ++c) total += sum[c];
    out[get_global_id(0)] = vector_sum(total);
}

// global: (work-items over chunks)
__kernel void peak_copy(const long count, __global const REAL* restrict in, __global REAL* restrict out) {
    for (long first = get_global_id(0) * (long)CHUNK; first < count; first += get_global_size(0) * (long)CHUNK) {
        const long last = min(first + CHUNK, count);
        for (long i = first; i < last; ++i) STREAM(LOAD_WHOLE(in + i * VW), out + i * VW);
    }
}
