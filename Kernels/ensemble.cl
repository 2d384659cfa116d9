// Steps of networks that learn with noise, each a work-item's vector of VW of them, `steps` in one launch.
//
// The network: N fast neurons in equilibrium at inverse temperature beta, one weight w; datum a, stiffness K = kappa N,
//
//   H = K/2 (S - t)^2 + (a - w S)^2/2 + (N - 1)/(2 beta) + lambda w^2/2,   t = tanh(w a),   S ~ N((K t + w a)/(K + w^2), 1/(beta (K + w^2)))
//
// is what their mean S feels. A step draws BATCH data and neurons, means -dH/dw over them and adds noise:
//
//   g = (1/B) sum_b (-K (S - t)(1 - t^2) a - (a - w S) S) + lambda w + noise xi
//
// and moves w by the update rule, whose texts stand in RULE_STEP and RULE_CONTROL as in rule.clh. CONTROL_ONCE: the rule's numbers are the
// same for all networks of a step. Data and normal numbers: noise.clh; sample b has half of block b/2, xi is normal number BATCH.
// Layout: weights, and each state, memory and reduction after the other, (padded networks). float only.
// Cost: B (about 60 flops and half a Philox block of 60 integer operations). Error: some units in the last place a step.
#include "real.clh"
#include "functions.clh"
#include "noise.clh"
#ifndef BATCH
#define BATCH 1
#define NOISY 1
#define CONTROL_ONCE 1
#define STATES 0
#define PARAMETERS 1
#define SCALARS 1
#define MEMORY 0
#define REDUCTIONS 0
#define GRADIENT_FACTOR step.number[0]
#define RULE_STEP moved.w += g;
#define RULE_REDUCE
#define RULE_CONTROL next.number[0] = -parameters[0];
#endif
#define KEPT (MEMORY + REDUCTIONS)
#define ROOM(n) ((n) > 0 ? (n) : 1)
#define TRAINING_STREAM 2u
#define START_STREAM 3u

typedef struct {
    REALV w, state[ROOM(STATES)];
} Weights;

typedef struct {
    REALV number[SCALARS];
    REALV sums[ROOM(REDUCTIONS)];
} Step;

typedef struct {
    REALV g, loss;
} Sample;

typedef struct {
    REAL number[SCALARS];
} Numbers;

// tanh from e^(-2|z|): off by 2 u of 1.
static inline REALV tangent(const REALV z) {
    const REALV e = EXP_NEGATIVE((REALV)(-2.0f) * fabs(z));
    return copysign(((REALV)(1.0f) - e) / ((REALV)(1.0f) + e), z);
}

static inline Sample sample(const REALV w, const REAL stiffness, const REALV inverse, const REALV spread, const REALV a, const REALV n) {
    const REALV z = w * a, t = tangent(z);
    const REALV s = fma(spread, n, fma((REALV)(stiffness), t, z) * inverse), d = s - t, e = fma(-w, s, a);
    Sample result;
    result.g = -fma((REALV)(stiffness) * d * fma(-t, t, (REALV)(1.0f)), a, e * s);
    result.loss = (REALV)(0.5f) * fma((REALV)(stiffness) * d, d, e * e);
    return result;
}

#define T REALV
#define ADD_TO(r, term) step.sums[r] += term
static inline Weights rule_step(Weights moved, const REALV g, Step* given) {
    Step step = *given;
    RULE_STEP
    RULE_REDUCE
    *given = step;
    return moved;
}
#undef T
#undef ADD_TO

// The numbers of a step of one network, from what it kept.
static inline Numbers rule_control(const int step, const REAL loss, __constant const REAL* parameters, REAL* control) {
    Numbers next;
    RULE_CONTROL
    return next;
}

// global: (vectors of networks). Reads `from` and writes `to`, which may be the same.
__kernel void ensemble(const int vectors, const int steps, const uint firstStep, const ulong seed, const uint firstNetwork,
                       const int data, const REAL stiffness, const REAL temperature, const REAL decay, const REAL idle,
                       const REAL noise, __constant const REAL* set, __constant const REAL* parameters, __global const REAL* from,
                       __global REAL* to, __global REAL* states, __global REAL* kept) {
    const long padded = (long)vectors * VW;
    FOR_TILES(vector, vectors) {
        const long at = (long)vector * VW;
        const VECTOR(uint) network = firstNetwork + (uint)at + LANE_NUMBERS;
        Weights moved;
        Step step;
        REALV memory[ROOM(KEPT)];
        moved.w = VLOAD(from + at);
        for (int k = 0; k < STATES; ++k) moved.state[k] = VLOAD(states + k * padded + at);
        for (int k = 0; k < KEPT; ++k) memory[k] = VLOAD(kept + k * padded + at);
        for (int s = 0; s < steps; ++s) {
            const uint now = firstStep + s;
            const REALV w = moved.w, inverse = (REALV)(1.0f) / fma(w, w, (REALV)(stiffness)), spread = sqrt(inverse * temperature);
            REALV g = (REALV)(0.0f), loss = (REALV)(0.0f);
            for (int b = 0; b < BATCH + NOISY; b += 2) {
                const Words words = noise_block(seed, network, now, b / 2, TRAINING_STREAM);
                const Pair pair = normal_pair(words.x, words.y);
                if (b < BATCH) {
                    const Sample one = sample(w, stiffness, inverse, spread, chosen(set, data, words.z), pair.first);
                    g += one.g;
                    loss += one.loss;
                } else {
                    g = fma((REALV)(noise * BATCH), pair.first, g);
                }
                if (b + 1 < BATCH) {
                    const Sample one = sample(w, stiffness, inverse, spread, chosen(set, data, words.w), pair.second);
                    g += one.g;
                    loss += one.loss;
                } else if (NOISY && b + 1 == BATCH) {
                    g = fma((REALV)(noise * BATCH), pair.second, g);
                }
            }
            g = fma(g, (REALV)(1.0f / BATCH), w * decay);
            loss = fma(loss, (REALV)(1.0f / BATCH), fma(w * (0.5f * decay), w, (REALV)(idle)));
#if CONTROL_ONCE
            const Numbers next = rule_control(now, 0, parameters, 0);
            for (int k = 0; k < SCALARS; ++k) step.number[k] = (REALV)(next.number[k]);
#else
            REAL control[ROOM(KEPT)], lanes[ROOM(KEPT)][VW], numbers[SCALARS][VW], losses[VW];
            for (int k = 0; k < KEPT; ++k) VSTORE(memory[k], lanes[k]);
            VSTORE(loss, losses);
            for (int lane = 0; lane < VW; ++lane) {
                for (int k = 0; k < KEPT; ++k) control[k] = lanes[k][lane];
                const Numbers next = rule_control(now, losses[lane], parameters, control);
                for (int k = 0; k < KEPT; ++k) lanes[k][lane] = control[k];
                for (int k = 0; k < SCALARS; ++k) numbers[k][lane] = next.number[k];
            }
            for (int k = 0; k < KEPT; ++k) memory[k] = VLOAD(lanes[k]);
            for (int k = 0; k < SCALARS; ++k) step.number[k] = VLOAD(numbers[k]);
#endif
            for (int k = 0; k < REDUCTIONS; ++k) step.sums[k] = (REALV)(0.0f);
            moved = rule_step(moved, (REALV)(GRADIENT_FACTOR) * g, &step);
            for (int k = 0; k < REDUCTIONS; ++k) memory[MEMORY + k] = step.sums[k];
        }
        VSTORE(moved.w, to + at);
        for (int k = 0; k < STATES; ++k) VSTORE(moved.state[k], states + k * padded + at);
        for (int k = 0; k < KEPT; ++k) VSTORE(memory[k], kept + k * padded + at);
    }
}

// Weights drawn from a normal distribution. global: (vectors of networks)
__kernel void ensemble_start(const int vectors, const ulong seed, const uint firstNetwork, const REAL mean, const REAL deviation,
                             __global REAL* to) {
    FOR_TILES(vector, vectors) {
        const long at = (long)vector * VW;
        const Words words = noise_block(seed, firstNetwork + (uint)at + LANE_NUMBERS, 0, 0, START_STREAM);
        VSTORE(fma((REALV)(deviation), normal_pair(words.x, words.y).first, (REALV)(mean)), to + at);
    }
}
