"""Full-batch heavy ball of an ensemble in JAX: vmap over members, lax.scan over steps, one jitted program.

L = (1/N) sum_x s (f(x) - m)^2; v <- momentum v - rate grad L; theta <- theta + v. The outputs at all steps from 0 to K are kept, and the
weights after the last. The scan's body is unrolled or not, whichever is faster here.
"""

import jax
import jax.numpy as jnp

import mlp
import timing


def heavy_ball(problem):
    """(what there is of a rule before step 0, its step) as functions of layers, and of slopes, layers and that."""
    rate, momentum = problem.learning_rate, problem.momentum

    def step(slopes, layers, velocities):
        velocities = jax.tree_util.tree_map(lambda v, g: momentum * v - rate * g, velocities, slopes)
        return jax.tree_util.tree_map(jnp.add, layers, velocities), velocities

    return lambda layers: jax.tree_util.tree_map(jnp.zeros_like, layers), step


def make_train(problem, unroll=1, rule=heavy_ball):
    """(weights after K steps, outputs (K + 1, N, 1)) of one member from its initial weights."""
    apply = mlp.make_apply(problem)
    scale, minimum = problem.loss_scale, problem.loss_minimum
    begin, move = rule(problem)

    def loss(layers, x):
        outputs = apply(layers, x)
        return scale * jnp.mean((outputs - minimum) ** 2), outputs

    gradient = jax.grad(loss, has_aux=True)

    def train(layers, x):
        def step(state, _):
            layers, kept = state
            slopes, outputs = gradient(layers, x)
            return move(slopes, layers, kept), outputs

        (layers, _), outputs = jax.lax.scan(step, (layers, begin(layers)), None, length=problem.steps, unroll=unroll)
        return layers, jnp.concatenate([outputs, apply(layers, x)[None]])

    return train


def main():
    options = timing.arguments(__doc__)
    mlp.configure(options)
    problem = timing.problem(options)
    layers, x = mlp.parameters(problem)

    def variant(unroll):
        train = make_train(problem, unroll)
        if problem.members == 1:
            program = jax.jit(lambda layers, x: jax.tree_util.tree_map(lambda a: a[None], train([(w[0], b[0]) for w, b in layers], x)))
        else:
            program = jax.jit(jax.vmap(train, (0, None)))

        def once():
            final, outputs = program(layers, x)
            jax.block_until_ready(final)
            return mlp.fetch(outputs)

        return once

    variants = {unroll: variant(unroll) for unroll in (1, 4)}
    unroll = timing.fastest(variants)
    timing.report(
        options, problem, "train", variants[unroll], problem.members * problem.steps, "member-steps/s", program="JAX vmap + scan",
        unroll=unroll, **mlp.facts(),
    )


if __name__ == "__main__":
    main()
