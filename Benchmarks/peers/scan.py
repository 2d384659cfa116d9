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
        parser.add_argument("--chunk", type=int, default=1000, help="networks of a chunk; must divide --members")

    options = timing.arguments(__doc__, extra)
    if options.network:
        raise SystemExit("the scan draws its own networks; give sizes instead of --network")
    if options.chunk < 1 or options.members % options.chunk:
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

    def once():
        keys = jax.random.split(jax.random.key(0), o.members).reshape(-1, o.chunk)
        chunks = [mlp.fetch(program(chunk)) for chunk in keys]
        return [np.concatenate(part) for part in zip(*chunks)]

    shape.weights = [np.broadcast_to(w, (o.members, *w.shape[1:])) for w in shape.weights]
    timing.report(
        options, shape, "scan", once, o.members * o.steps, "member-steps/s", program="JAX scan", chunk=o.chunk, **mlp.facts()
    )


if __name__ == "__main__":
    main()
