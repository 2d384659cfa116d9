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
// same for all networks of a step. ALTERNATIVE: a network has one of two settings, which it draws anew, both as likely, before a step with
// probability renewal/2^31: that above, or one with K, (N - 1)/(2 beta) and B of its own whose g is `ratio` as large.
// Data and normal numbers: noise.clh; sample b has half of block b/2, xi is normal number MOST, the larger B.
// Layout: weights, and each state, memory and reduction after the other, (padded networks); settings, 0 or 1, so too. float only.
// Cost: B (about 60 flops and half a Philox block of 60 integer operations). Error: some units in the last place a step.
#include "real.clh"
#include "functions.clh"
#include "noise.clh"
#ifndef BATCH
#define BATCH 1
#define NOISY 1
#define ALTERNATIVE 0
#define OTHER_BATCH 1
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
// What a network's setting has.
#if ALTERNATIVE
#define OWN(first, second) (isOther ? (REALV)(second) : (REALV)(first))
#define MOST (BATCH > OTHER_BATCH ? BATCH : OTHER_BATCH)
#else
#define OWN(first, second) (REALV)(first)
#define MOST BATCH
#endif
#define KEPT (MEMORY + REDUCTIONS)
#define ROOM(n) ((n) > 0 ? (n) : 1)
#define TRAINING_STREAM 2u
#define START_STREAM 3u
#define SETTING_STREAM 6u

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

static inline Sample sample(const REALV w, const REALV stiffness, const REALV inverse, const REALV spread, const REALV a, const REALV n) {
    const REALV z = w * a, t = tangent(z);
    const REALV s = fma(spread, n, fma(stiffness, t, z) * inverse), d = s - t, e = fma(-w, s, a);
    Sample result;
    result.g = -fma(stiffness * d * fma(-t, t, (REALV)(1.0f)), a, e * s);
    result.loss = (REALV)(0.5f) * fma(stiffness * d, d, e * e);
    return result;
}

// Adds sample b to the sums of g and loss, where the setting has so many.
#if ALTERNATIVE && BATCH != OTHER_BATCH
#define ADD_SAMPLE(b, word, normal) ADD_PART(OWN((REAL)((b) < BATCH), (REAL)((b) < OTHER_BATCH)) *, word, normal)
#else
#define ADD_SAMPLE(b, word, normal) ADD_PART(, word, normal)
#endif
#define ADD_PART(part, word, normal)                                                            \
    {                                                                                           \
        const Sample one = sample(w, K, inverse, spread, chosen(set, data, word), normal);      \
        g += part one.g;                                                                        \
        loss += part one.loss;                                                                  \
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
                       const REAL noise, const uint renewal, const REAL otherStiffness, const REAL otherIdle, const REAL ratio,
                       __constant const REAL* set, __constant const REAL* parameters, __global const REAL* from,
                       __global REAL* to, __global REAL* states, __global REAL* kept, __global REAL* settings) {
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
#if ALTERNATIVE
        REALV setting = VLOAD(settings + at);
#endif
        for (int s = 0; s < steps; ++s) {
            const uint now = firstStep + s;
#if ALTERNATIVE
            const Words drawn = noise_block(seed, network, now, 0, SETTING_STREAM);
            setting = (drawn.x >> 1) < (VECTOR(uint))(renewal) ? CONVERT_TO(float, drawn.y >> 31) : setting;
            const VECTOR(int) isOther = setting > (REALV)(0.5f);
#endif
            const REALV w = moved.w, K = OWN(stiffness, otherStiffness), inverse = (REALV)(1.0f) / fma(w, w, K), spread = sqrt(inverse * temperature);
            REALV g = (REALV)(0.0f), loss = (REALV)(0.0f);
            for (int b = 0; b < MOST + NOISY; b += 2) {
                const Words words = noise_block(seed, network, now, b / 2, TRAINING_STREAM);
                const Pair pair = normal_pair(words.x, words.y);
                if (b < MOST) {
                    ADD_SAMPLE(b, words.z, pair.first);
                } else {
                    g = fma(OWN(noise * BATCH, noise * OTHER_BATCH), pair.first, g);
                }
                if (b + 1 < MOST) {
                    ADD_SAMPLE(b + 1, words.w, pair.second);
                } else if (NOISY && b + 1 == MOST) {
                    g = fma(OWN(noise * BATCH, noise * OTHER_BATCH), pair.second, g);
                }
            }
            const REALV part = OWN(1.0f / BATCH, 1.0f / OTHER_BATCH);
            g = fma(g, part, w * decay);
            loss = fma(loss, part, fma(w * (0.5f * decay), w, OWN(idle, otherIdle)));
#if ALTERNATIVE
            g *= OWN(1.0f, ratio);
#endif
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
#if ALTERNATIVE
        VSTORE(setting, settings + at);
#endif
    }
}

// Weights drawn from a normal distribution, and settings. global: (vectors of networks)
__kernel void ensemble_start(const int vectors, const ulong seed, const uint firstNetwork, const REAL mean, const REAL deviation,
                             __global REAL* to, __global REAL* settings) {
    FOR_TILES(vector, vectors) {
        const long at = (long)vector * VW;
        const Words words = noise_block(seed, firstNetwork + (uint)at + LANE_NUMBERS, 0, 0, START_STREAM);
        VSTORE(fma((REALV)(deviation), normal_pair(words.x, words.y).first, (REALV)(mean)), to + at);
#if ALTERNATIVE
        VSTORE(CONVERT_TO(float, words.z >> 31), settings + at);
#endif
    }
}
