"""The tangent kernel as Gram matrices and Hadamard products in JAX: jitted, batched over members, no Jacobian.

Theta = sum_l (a_l^2 H_{l-1} H_{l-1}^T + sigma_b^2) * (D_l D_l^T), with D_l = df/dz_l. Members by vmap or one after the other inside the
jitted function, whichever is faster here.
"""

import jax
import jax.numpy as jnp

import mlp
import timing


def make_kernel(problem):
    """Theta(layers, x) of one member, (N, N)."""
    scales, sigma_b, points = problem.scales(), problem.sigma_b, problem.points
    activation = mlp.ACTIVATIONS[problem.activation]
    slope = jax.vmap(jax.vmap(jax.grad(activation)))

    def kernel(layers, x):
        below, slopes = [x], []
        for (w, b), scale in zip(layers[:-1], scales):
            z = scale * (below[-1] @ w) + sigma_b * b
            below.append(activation(z))
            slopes.append(slope(z))
        # The last layer is linear with one output: its sensitivity is 1 at every point.
        theta = scales[-1] ** 2 * (below[-1] @ below[-1].T) + sigma_b**2
        delta = jnp.ones((points, 1), x.dtype)
        for layer in range(len(layers) - 2, -1, -1):
            delta = scales[layer + 1] * (delta @ layers[layer + 1][0].T) * slopes[layer]
            theta += (scales[layer] ** 2 * (below[layer] @ below[layer].T) + sigma_b**2) * (delta @ delta.T)
        return theta

    return kernel


def main():
    options = timing.arguments(__doc__)
    mlp.configure(options)
    problem = timing.problem(options)
    layers, x = mlp.parameters(problem)
    kernel = make_kernel(problem)
    if problem.members == 1:
        programs = {"single": jax.jit(lambda layers, x: kernel([(w[0], b[0]) for w, b in layers], x)[None])}
    else:
        programs = {
            "vmap": jax.jit(jax.vmap(kernel, (0, None))),
            "map": jax.jit(lambda layers, x: jax.lax.map(lambda one: kernel(one, x), layers)),
        }
    variants = {name: lambda program=program: mlp.fetch(program(layers, x)) for name, program in programs.items()}
    batching = timing.fastest(variants)
    timing.report(
        options, problem, "ntk", variants[batching], problem.members, "kernels/s", program="JAX Gram-Hadamard", batching=batching,
        **mlp.facts(),
    )


if __name__ == "__main__":
    main()
