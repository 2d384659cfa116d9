"""The network in JAX, and where JAX runs."""

import jax
import jax.numpy as jnp
import numpy as np

import timing

ACTIVATIONS = {"relu": jax.nn.relu, "tanh": jnp.tanh, "erf": jax.lax.erf}


def configure(options):
    """Sums in the precision asked for: on a GPU JAX would otherwise multiply float32 matrices in TF32, with 10 bits."""
    jax.config.update("jax_default_matmul_precision", "highest")
    if options.precision == "float64":
        jax.config.update("jax_enable_x64", True)


def facts(*packages):
    device = jax.devices()[0]
    name = timing.processor() if device.platform == "cpu" else device.device_kind
    return {"device": name, "platform": device.platform, "versions": timing.versions("jax", "jaxlib", "numpy", *packages)}


def parameters(problem):
    """[(W, b), …] on the device, with the members as first axis, and the points."""
    layers = [(jax.device_put(w), jax.device_put(b)) for w, b in zip(problem.weights, problem.biases)]
    return jax.block_until_ready((layers, jax.device_put(problem.x)))


def make_apply(problem):
    """f(layers, x) of one member, (N, 1)."""
    activation, scales, sigma_b = ACTIVATIONS[problem.activation], problem.scales(), problem.sigma_b

    def apply(layers, x):
        for index, ((w, b), scale) in enumerate(zip(layers, scales)):
            x = scale * (x @ w) + sigma_b * b
            if index + 1 < len(layers):
                x = activation(x)
        return x

    return apply


def fetch(result):
    """The arrays in the host's memory: a copy from a GPU, a view on a CPU."""
    return jax.tree_util.tree_map(np.asarray, result)
