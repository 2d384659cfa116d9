"""Adam of an ensemble in JAX with optax, in the place of heavy ball in train.py: prints the member-steps/s of the faster scan.

Beside it: INFLATON_TIMINGS=1 swift test -c release --filter TrainingMethodTimings/adam, which is --width 64 --points 16 --members 256
--inputs 2 --steps 100 --activation erf.
"""

import statistics

import jax
import optax

import mlp
import timing
import train


def adam(problem):
    rule = optax.adam(1e-3)

    def step(slopes, layers, moments):
        updates, moments = rule.update(slopes, moments)
        return optax.apply_updates(layers, updates), moments

    return rule.init, step


def main():
    options = timing.arguments(__doc__)
    mlp.configure(options)
    problem = timing.problem(options)
    layers, x = mlp.parameters(problem)

    def variant(unroll):
        program = jax.jit(jax.vmap(train.make_train(problem, unroll, adam), (0, None)))
        return lambda: jax.block_until_ready(program(layers, x))

    variants = {unroll: variant(unroll) for unroll in (1, 4)}
    median = statistics.median(timing.seconds(variants[timing.fastest(variants)], options.repeats))
    print(f"JAX {jax.__version__}, optax {optax.__version__}: {problem.members * problem.steps / median:.0f} member-steps/s")


if __name__ == "__main__":
    main()
