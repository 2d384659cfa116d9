"""A scan of small networks in JAX: weights drawn, trained and judged in chunks of one jitted vmap + scan program.

Timed is the whole scan: drawing, training, and the end state of every network (output and loss after the last step) in the host's
memory. `median_s` excludes compilation, `first_s` includes it.
"""

import jax
import jax.numpy as jnp
import numpy as np

import mlp
import problem as problems
import timing
from train import make_train


def main():
    def extra(parser):
        parser.set_defaults(width=64, points=1, members=10_000, steps=200)
        parser.add_argument("--chunk", type=int, help="networks of a chunk; must divide --members. Default: what is fastest here")

    options = timing.arguments(__doc__, extra)
    if options.network:
        raise SystemExit("the scan draws its own networks; give sizes instead of --network")
    if options.chunk is not None and (options.chunk < 1 or options.members % options.chunk):
        raise SystemExit(f"--chunk is {options.chunk}, but must divide the {options.members} members")
    mlp.configure(options)
    o = options
    # One member is enough to describe the shape: the weights are drawn on the device.
    shape = problems.draw(o.width, o.depth, o.points, 1, o.inputs, o.steps, o.activation, o.precision)
    train, x = make_train(shape), jax.device_put(shape.x)

    def one(key):
        keys = jax.random.split(key, 2 * len(shape.weights))
        layers = [
            (jax.random.normal(a, w.shape[1:], w.dtype), jax.random.normal(b, v.shape[1:], v.dtype))
            for a, b, w, v in zip(keys[::2], keys[1::2], shape.weights, shape.biases)
        ]
        last = train(layers, x)[1][-1]
        return last, shape.loss_scale * jnp.mean((last - shape.loss_minimum) ** 2)

    program = jax.jit(jax.vmap(one))

    def scan(members, chunk):
        keys = jax.random.split(jax.random.key(0), members).reshape(-1, chunk)
        chunks = [mlp.fetch(program(part)) for part in keys]
        return [np.concatenate(part) for part in zip(*chunks)]

    # Small chunks stay in the cache, large ones keep all cores busy. Judged by a tenth of the networks.
    some = max(o.members // 10, 1)
    sizes = [size for size in (100, 250, 1000, 10_000) if some % size == 0] or [some]
    chunk = o.chunk or timing.fastest({size: lambda size=size: scan(some, size) for size in sizes})
    if o.members % chunk:
        raise SystemExit(f"--members is {o.members}, but must be a multiple of {chunk}; or give --chunk")
    # What was compiled for the choice is forgotten, so that the first scan shows what compilation takes.
    jax.clear_caches()

    shape.weights = [np.broadcast_to(w, (o.members, *w.shape[1:])) for w in shape.weights]
    timing.report(
        options, shape, "scan", lambda: scan(o.members, chunk), o.members * o.steps, "member-steps/s", program="JAX scan", chunk=chunk,
        **mlp.facts(),
    )


if __name__ == "__main__":
    main()
