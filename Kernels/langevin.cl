// Fast neurons that move by themselves: N of them relax by Langevin's equation, `sweeps` steps for each datum, in one launch for `updates`
// data, VW networks a work-item.
//
//   x_i <- x_i - dt (kappa (x_i - tanh w a) - (a - w m) w/N) + sqrt(2 dt/beta) xi_i,   m = mean of x
//
// after which w <- w - eta g, g = -kappa sum_i (x_i - t)(1 - t^2) a - (a - w m) m + lambda w; eta = 0 leaves w frozen. The g of updates from
// `skipped` on are summed, (padded networks). Neurons stay in `neurons`, (N, padded networks). float only.
// Random numbers: noise.clh; sweep s of update u has blocks of N/2 pairs, and the datum is chosen by the training stream at step u.
// Cost: about 45 flops and half a Philox block a neuron and sweep. Error: some units in the last place a sweep.
#include "real.clh"
#include "functions.clh"
#include "noise.clh"
#ifndef NEURONS
#define NEURONS 4
#endif
#define PAIRS ((NEURONS + 1) / 2)
#define TRAINING_STREAM 2u
#define LANGEVIN_STREAM 4u

// global: (vectors of networks)
__kernel void fast_langevin(const int vectors, const int updates, const int sweeps, const int skipped, const uint firstUpdate,
                            const ulong seed, const int data, const REAL kappa, const REAL dt, const REAL kick, const REAL decay,
                            const REAL rate, __constant const REAL* set, __global REAL* weights, __global REAL* neurons,
                            __global REAL* gradients) {
    const long padded = (long)vectors * VW;
    FOR_TILES(vector, vectors) {
        const long at = (long)vector * VW;
        const VECTOR(uint) network = (uint)at + LANE_NUMBERS;
        REALV w = VLOAD(weights + at), total = VLOAD(gradients + at), x[NEURONS + 1];
        for (int i = 0; i < NEURONS; ++i) x[i] = VLOAD(neurons + i * padded + at);
        for (int u = 0; u < updates; ++u) {
            const uint now = firstUpdate + u;
            const REALV a = chosen(set, data, noise_block(seed, network, now, 0, TRAINING_STREAM).z), z = w * a;
            const REALV e = EXP_NEGATIVE((REALV)(-2.0f) * fabs(z)), t = copysign(((REALV)(1.0f) - e) / ((REALV)(1.0f) + e), z);
            REALV mean = (REALV)(0.0f);
            for (int i = 0; i < NEURONS; ++i) mean += x[i];
            for (int s = 0; s < sweeps; ++s) {
                mean *= (REALV)(1.0f / NEURONS);
                const REALV pull = fma(-w, mean, a) * w * (1.0f / NEURONS);
                REALV next = (REALV)(0.0f);
                for (int i = 0; i < NEURONS; i += 2) {
                    const Words words = noise_block(seed, network, now, s * PAIRS + i / 2, LANGEVIN_STREAM);
                    const Pair pair = normal_pair(words.x, words.y);
                    x[i] = fma((REALV)(kick), pair.first, fma((REALV)(-dt), fma((REALV)(kappa), x[i] - t, -pull), x[i]));
                    next += x[i];
                    if (i + 1 < NEURONS) {
                        x[i + 1] = fma((REALV)(kick), pair.second, fma((REALV)(-dt), fma((REALV)(kappa), x[i + 1] - t, -pull), x[i + 1]));
                        next += x[i + 1];
                    }
                }
                mean = next;
            }
            const REALV m = mean * (1.0f / NEURONS), distance = fma((REALV)(-NEURONS), t, mean);
            const REALV slope = fma(-t, t, (REALV)(1.0f));
            const REALV g = fma(w, (REALV)(decay), -fma((REALV)(kappa) * distance * slope, a, fma(-w, m, a) * m));
            if (u >= skipped) total += g;
            w = fma((REALV)(-rate), g, w);
        }
        VSTORE(w, weights + at);
        VSTORE(total, gradients + at);
        for (int i = 0; i < NEURONS; ++i) VSTORE(x[i], neurons + i * padded + at);
    }
}
