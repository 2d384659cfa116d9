"""Stochastic training of an ensemble of micro networks (Documentation/Learning.md) in jitted JAX, beside `inflaton bench ensemble`.

    python ensemble.py [--networks 1048576] [--steps 64] [--repeats 5] [--inflaton PATH]

Both train the same ensemble: one weight, four fast neurons in equilibrium, 512 data, batches of one, noise D0 = 0.02, learning rate
0.02, float32. JAX takes its steps in one jitted fori_loop over the whole ensemble, with its default generator (threefry) and with the
faster one (unsafe_rbg). With --inflaton the two take turns, and the ratio of each turn and the median ratio are printed.
"""

import argparse
import json
import statistics
import subprocess
import time

import numpy as np

STIFFNESS, BETA, RATE, DIFFUSION = 4.0, 4.0, 0.02, 0.02


def training(generator, networks, steps):
    import jax
    import jax.numpy as jnp

    data = np.clip(np.random.default_rng(0).standard_normal(512), -2.5, 2.5)
    data = jnp.asarray(data * 1.2 / np.sqrt(np.mean(data**2)), jnp.float32)
    kick = np.float32(np.sqrt(2 * DIFFUSION * RATE))

    def step(k, state):
        w, key = state
        choice, noise = jax.random.split(jax.random.fold_in(key, k))
        a = data[jax.random.randint(choice, w.shape, 0, 512)]
        n, xi = jax.random.normal(noise, (2, *w.shape), jnp.float32)
        t, inverse = jnp.tanh(w * a), 1 / (STIFFNESS + w * w)
        s = (STIFFNESS * t + w * a) * inverse + jnp.sqrt(inverse / BETA) * n
        g = -STIFFNESS * (s - t) * (1 - t * t) * a - (a - w * s) * s
        return w - RATE * g + kick * xi, key

    train = jax.jit(lambda w, key: jax.lax.fori_loop(0, steps, step, (w, key))[0])
    w = jax.random.normal(jax.random.key(1, impl=generator), (networks,), jnp.float32)
    key = jax.random.key(2, impl=generator)
    train(w, key).block_until_ready()

    def once():
        start = time.perf_counter()
        train(w, key).block_until_ready()
        return networks * steps / (time.perf_counter() - start)

    return once


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--networks", type=int, default=1 << 20)
    parser.add_argument("--steps", type=int, default=64)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--inflaton", help="the program, to take turns with")
    options = parser.parse_args()
    peers = {name: training(name, options.networks, options.steps) for name in ["threefry2x32", "unsafe_rbg"]}
    rates, ratios = {name: [] for name in [*peers, "inflaton"]}, {name: [] for name in peers}
    for _ in range(options.repeats):
        for name, once in peers.items():
            rates[name].append(once())
        if options.inflaton:
            done = subprocess.run(
                [options.inflaton, "bench", "ensemble", "--repeats", "3", "--json"], check=True, capture_output=True, text=True
            )
            stage = json.loads(done.stdout)
            rates["inflaton"].append(stage["stages"][0]["rate"])
            for name in peers:
                ratios[name].append(rates["inflaton"][-1] / rates[name][-1])
    for name, values in rates.items():
        if values:
            print(f"{name}: {statistics.median(values):.3g} network-steps/s (median of {len(values)})")
    for name, values in ratios.items():
        if values:
            print(f"inflaton / {name}: median {statistics.median(values):.2f}, of {[round(value, 2) for value in values]}")


if __name__ == "__main__":
    main()
