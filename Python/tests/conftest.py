"""Networks in plain NumPy, and objects that look like those of PyTorch, Keras and Flax."""
from __future__ import annotations

import math

import numpy as np
import pytest

PHI = {
    "relu": lambda z: np.maximum(z, 0),
    "tanh": np.tanh,
    "sin": np.sin,
    "identity": lambda z: z,
    "erf": np.vectorize(math.erf, otypes=[float]),
    "gelu": lambda z: z * (1 + np.vectorize(math.erf, otypes=[float])(z / math.sqrt(2))) / 2,
}


def draw(widths, seed=0, bias=True, scale=1.0):
    """Pairs (W, b) of shapes (widths[i], widths[i + 1]) and (widths[i + 1])."""
    random = np.random.default_rng(seed)
    return [
        (scale * random.normal(size=shape), random.normal(size=shape[1]) if bias else None) for shape in zip(widths, widths[1:])]


def arrays(layers):
    """W1, b1, …"""
    named = {f"W{n}": weight for n, (weight, _) in enumerate(layers, 1)}
    return named | {f"b{n}": bias for n, (_, bias) in enumerate(layers, 1) if bias is not None}


def outputs(layers, x, activation, sigma_w=None, sigma_b=None):
    """f(x): σ_w/√n h W + σ_b b where σ_w is given, else h W + b."""
    h = np.asarray(x, float)
    for n, (weight, bias) in enumerate(layers):
        if n:
            h = PHI[activation](h)
        h = h @ weight * (1 if sigma_w is None else sigma_w / math.sqrt(weight.shape[0]))
        if bias is not None:
            h = h + bias * (1 if sigma_b is None else sigma_b)
    return h


def jacobian(layers, x, activation, **sigmas):
    """∂f/∂θ, (N, C, P), by central differences of step h = 1e-5.

    They err by h²/6 of the third derivative, about 1e-11, and by the rounding 1e-16 |f|/h, about 1e-11.
    """
    columns = []
    for weight, bias in layers:
        for parameter in (weight, bias):
            if parameter is None:
                continue
            for place in np.ndindex(parameter.shape):
                value = parameter[place]
                parameter[place] = value + 1e-5
                above = outputs(layers, x, activation, **sigmas)
                parameter[place] = value - 1e-5
                below = outputs(layers, x, activation, **sigmas)
                parameter[place] = value
                columns.append((above - below) / 2e-5)
    return np.stack(columns, axis=-1)


def kernel(layers, x, x2, activation, **sigmas):
    """Θ(x, x2), (N, M, C, C)."""
    return np.einsum("nap,mbp->nmab", jacobian(layers, x, activation, **sigmas), jacobian(layers, x2, activation, **sigmas))


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


# What PyTorch's look like from outside.


class Tensor:
    def __init__(self, values):
        self._values = np.asarray(values)

    def detach(self):
        return self

    def cpu(self):
        return self

    @property
    def shape(self):
        return self._values.shape

    def __array__(self, dtype=None, copy=None):
        return self._values if dtype is None else self._values.astype(dtype)


class Module:
    training = True

    def named_children(self):
        return iter(())

    def state_dict(self):
        return {}


class Linear(Module):
    def __init__(self, weight, bias):
        self.weight, self.bias = Tensor(weight.T), None if bias is None else Tensor(bias)


class GELU(Module):
    def __init__(self, approximate="none"):
        self.approximate = approximate


class Dropout(Module):
    p = 0.5


def module(name, **values):
    """A module of the class of that name."""
    return type(name, (Module,), values)()


class Sequential(Module):
    def __init__(self, *children):
        self.children = children

    def named_children(self):
        return ((str(number), child) for number, child in enumerate(self.children))


# What Keras' look like.


class Dense:
    def __init__(self, name, weight, bias, activation):
        self.name, self._arrays, self.activation = name, [weight] + ([] if bias is None else [bias]), activation

    def get_weights(self):
        return self._arrays


def keras_function(name, module="keras.src.activations.activations"):
    def function(z):
        return z

    function.__name__, function.__module__ = name, module
    return function


class KerasModel:
    inputs = outputs = [0]

    def __init__(self, *layers):
        self.layers = list(layers)

    def get_weights(self):
        return [array for layer in self.layers for array in layer.get_weights()]
