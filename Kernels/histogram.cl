// What an ensemble's weights are like, in whole numbers, so that no order of sums changes a bit.
//
//   histogram  counts of `bins` equal bins from `low` on; what lies beyond goes to the first and last
//   moments    of the changes d of weights between two steps, by the bin where they began: how many, sum q, and sum q^2 with
//              q = d 2^12 rounded and |q| < 2^15, in two parts of 16 bits
//
// A work-group counts in local memory and adds that to the global counts with integer atomics. It takes at most 16384 networks, so that
// no local sum leaves 32 bits: |q| 16384 < 2^29, and each part of q^2 below 2^30. Those of a group are added to 64-bit sums of its own
// place, (groups, bins, 4), which the host adds.
// Bytes: 4 or 8 a network. Exact but for the rounding of q, 2^-13 of a weight, which is unbiased.
#ifndef BINS
#define BINS 320
#endif
#define LARGEST 32767

static inline int bin_of(const float w, const float low, const float inverseWidth) {
    // NaN goes to the first.
    return (int)fmin(fmax((w - low) * inverseWidth, 0.0f), (float)(BINS - 1));
}

// global: (groups of work-items), each with `each` networks
__kernel void histogram(const int networks, const int each, const float low, const float inverseWidth, __global const float* weights,
                        __global int* counts) {
    __local int local_[BINS];
    const int items = get_local_size(0), first = get_group_id(0) * each;
    for (int b = get_local_id(0); b < BINS; b += items) local_[b] = 0;
    barrier(CLK_LOCAL_MEM_FENCE);
    for (int i = first + get_local_id(0); i < min(first + each, networks); i += items) {
        const int b = bin_of(weights[i], low, inverseWidth);
        if (items == 1) local_[b]++;
        else atomic_inc(&local_[b]);
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    for (int b = get_local_id(0); b < BINS; b += items)
        if (local_[b]) atomic_add(&counts[b], local_[b]);
}

// global: (groups of work-items), each with `each` networks
__kernel void moments(const int networks, const int each, const float low, const float inverseWidth, __global const float* before,
                      __global const float* after, __global long* sums) {
    __local int local_[4 * BINS];
    const int items = get_local_size(0), first = get_group_id(0) * each;
    for (int b = get_local_id(0); b < 4 * BINS; b += items) local_[b] = 0;
    barrier(CLK_LOCAL_MEM_FENCE);
    for (int i = first + get_local_id(0); i < min(first + each, networks); i += items) {
        const int b = 4 * bin_of(before[i], low, inverseWidth);
        const int q = clamp((int)rint((after[i] - before[i]) * 4096.0f), -LARGEST, LARGEST);
        atomic_inc(&local_[b]);
        atomic_add(&local_[b + 1], q);
        atomic_add(&local_[b + 2], (q * q) & 0xFFFF);
        atomic_add(&local_[b + 3], (q * q) >> 16);
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    __global long* own = sums + (long)get_group_id(0) * 4 * BINS;
    for (int b = get_local_id(0); b < 4 * BINS; b += items) own[b] += local_[b];
}
