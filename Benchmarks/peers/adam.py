"""Adam of an ensemble in JAX with optax: vmap over members, lax.scan over steps, one jitted program; the scan's body unrolled or not.

Prints member-steps/s, the best of the two and the median of the rounds, for `--width --depth --points --members --steps --rounds`.
Beside it: INFLATON_TIMINGS=1 swift test -c release --filter TrainingMethodTimings/adam
"""

import argparse
import statistics
import time

import jax
import jax.numpy as jnp
import optax


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name, value in [("width", 64), ("depth", 2), ("points", 16), ("members", 256), ("steps", 100), ("rounds", 7)]:
        parser.add_argument(f"--{name}", type=int, default=value)
    options = parser.parse_args()
    widths = [2] + [options.width] * options.depth + [1]
    keys = jax.random.split(jax.random.key(0), len(widths))
    layers = [
        (jax.random.normal(key, (options.members, a, b)), jax.random.normal(key, (options.members, b)))
        for key, a, b in zip(keys, widths, widths[1:])
    ]
    x = jax.random.normal(keys[-1], (options.points, 2))
    rule = optax.adam(1e-3)

    def apply(layers, x):
        for index, (w, b) in enumerate(layers):
            x = 1.2 * w.shape[0] ** -0.5 * (x @ w) + 0.3 * b
            if index + 1 < len(layers):
                x = jax.lax.erf(x)
        return x

    def loss(layers, x):
        outputs = apply(layers, x)
        return 0.5 * jnp.mean((outputs - 0.5) ** 2), outputs

    def train(unroll):
        def one(layers, x):
            def step(state, _):
                layers, moments = state
                slopes, outputs = jax.grad(loss, has_aux=True)(layers, x)
                updates, moments = rule.update(slopes, moments)
                return (optax.apply_updates(layers, updates), moments), outputs

            (layers, _), outputs = jax.lax.scan(step, (layers, rule.init(layers)), None, length=options.steps, unroll=unroll)
            return layers, jnp.concatenate([outputs, apply(layers, x)[None]])

        return jax.jit(jax.vmap(one, (0, None)))

    best = 0
    for unroll in (1, 4):
        program, times = train(unroll), []
        for number in range(options.rounds + 1):
            start = time.perf_counter()
            jax.block_until_ready(program(layers, x))
            if number:
                times.append(time.perf_counter() - start)
        best = max(best, options.members * options.steps / statistics.median(times))
    print(f"JAX {jax.__version__}, optax {optax.__version__}: {best:.0f} member-steps/s")


if __name__ == "__main__":
    main()
