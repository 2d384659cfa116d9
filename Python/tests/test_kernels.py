"""Kernels beside Jacobians by differences, in NumPy, and closed forms.

Entries of Θ are sums of P products J J′ of numbers of order one that err by about 1e-11 each (`conftest.jacobian`), so for P ≤ 200
Θ errs by less than 2 P |J| 1e-11 = 4e-9 of order-one entries; 1e-7 of the largest entry leaves room for third derivatives of a few tens.
"""
import math

import numpy as np
import pytest
from conftest import GELU, Dense, KerasModel, Linear, Sequential, arrays, draw, jacobian, kernel, keras_function, module, outputs

import inflaton

X, X2 = np.random.default_rng(1).normal(size=(4, 3)), np.random.default_rng(2).normal(size=(2, 3))


def near(actual, expected):
    assert actual.shape == expected.shape
    assert np.max(np.abs(actual - expected)) <= 1e-7 * np.max(np.abs(expected))


@pytest.mark.parametrize("activation", ["relu", "erf", "tanh", "gelu", "sin", "identity"])
def test_kernel_of_arrays(activation):
    layers = draw([3, 6, 5, 2])
    result = inflaton.ntk(arrays(layers), X, activation=activation, sigma_w=1.3, sigma_b=0.4, precision="float64")
    expected = kernel(layers, X, X, activation, sigma_w=1.3, sigma_b=0.4)
    near(result.ntk, expected)
    near(result.outputs, outputs(layers, X, activation, sigma_w=1.3, sigma_b=0.4))
    eigenvalues = np.linalg.eigvalsh(expected.transpose(0, 2, 1, 3).reshape(8, 8))[::-1]
    near(result.eigenvalues, eigenvalues)
    near(result.matrix, expected.transpose(0, 2, 1, 3).reshape(8, 8))


def test_defaults_of_arrays_and_files(tmp_path):
    layers = draw([3, 7, 1])
    expected = kernel(layers, X, X, "erf", sigma_w=1, sigma_b=0.1)
    np.savez(tmp_path / "w.npz", **arrays(layers))
    np.save(tmp_path / "x.npy", X)
    for weights, x in ((arrays(layers), X), (tmp_path / "w.npz", tmp_path / "x.npy"), (str(tmp_path / "w.npz"), X.tolist())):
        near(inflaton.ntk(weights, x, activation="erf", precision="float64").ntk, expected)


def test_one_dimension_and_no_biases():
    layers, x = draw([1, 6, 1], bias=False), np.array([-1.0, 0.5, 2])
    near(inflaton.ntk(arrays(layers), x, activation="tanh", precision="float64").ntk, kernel(layers, x[:, None], x[:, None], "tanh", sigma_w=1))


def test_models_are_standard_and_tell_their_activation():
    layers = draw([3, 6, 6, 2], scale=0.5)
    expected = kernel(layers, X, X, "gelu")
    linear = keras_function("linear")
    models = [
        Sequential(Linear(*layers[0]), GELU(), Linear(*layers[1]), GELU(), Linear(*layers[2])),
        KerasModel(*(Dense(f"d{n}", *layer, linear if n == 2 else keras_function("gelu")) for n, layer in enumerate(layers)))]
    for model in models:
        result = inflaton.ntk(model, X, precision="float64")
        near(result.ntk, expected)
        near(result.outputs, outputs(layers, X, "gelu"))
        assert (result.activation, result.parameterisation) == ("gelu", "standard")
    tree = {"params": {f"Dense_{n}": {"kernel": w, "bias": b} for n, (w, b) in enumerate(layers)}}
    near(inflaton.ntk(tree, X, activation="gelu", precision="float64").ntk, expected)
    # What is asked for is done: the same weights by the other rule.
    near(inflaton.ntk(tree, X, activation="gelu", parameterisation="ntk", precision="float64").ntk, kernel(layers, X, X, "gelu", sigma_w=1, sigma_b=0.1))
    with pytest.warns(inflaton.InflatonWarning, match="the model computes h W"):
        inflaton.ntk(models[0], X, parameterisation="ntk")
    with pytest.raises(inflaton.UsageError, match="activation is relu, and the model has gelu"):
        inflaton.ntk(models[0], X, activation="relu")


def test_a_model_that_flattens_takes_points_of_several_axes():
    layers = draw([6, 5, 1])
    model = Sequential(module("Flatten"), Linear(*layers[0]), module("Tanh"), Linear(*layers[1]))
    x = np.random.default_rng(3).normal(size=(3, 2, 3))
    near(inflaton.ntk(model, x, precision="float64").ntk, kernel(layers, x.reshape(3, 6), x.reshape(3, 6), "tanh"))
    with pytest.raises(inflaton.DataError, match=r"x has the shape \(3, 2, 3\)"):
        inflaton.ntk(arrays(layers), x, activation="tanh")


def test_jacobian_in_the_order_of_parameters():
    layers = draw([3, 4, 2])
    result = inflaton.ntk(arrays(layers), X, activation="tanh", parameterisation="standard", precision="float64", jacobian=True)
    near(result.arrays["jacobian"], jacobian(layers, X, "tanh"))


@pytest.mark.parametrize("count", [1, 2])
def test_two_sets(count):
    layers = draw([3, 6, count])
    expected = kernel(layers, X, X2, "erf", sigma_w=1, sigma_b=0.1)
    result = inflaton.ntk(arrays(layers), X, X2, activation="erf", precision="float64")
    near(result.ntk, expected)
    near(result.outputs, outputs(layers, X, "erf", sigma_w=1, sigma_b=0.1))
    assert result.eigenvalues is None
    near(result.arrays["outputs2"], outputs(layers, X2, "erf", sigma_w=1, sigma_b=0.1))
    traced = inflaton.ntk(arrays(layers), X, X2, activation="erf", precision="float64", trace=True)
    near(traced.ntk, np.einsum("nmaa->nm", expected))
    assert traced.eigenvalues is None


@pytest.mark.parametrize("count", [1, 2])
def test_trace(count):
    layers = draw([3, 6, count])
    expected = np.einsum("nmaa->nm", kernel(layers, X, X, "erf", sigma_w=1, sigma_b=0.1))
    result = inflaton.ntk(arrays(layers), X, activation="erf", precision="float64", trace=True)
    near(result.ntk, expected)
    near(result.matrix, expected)
    near(result.eigenvalues, np.linalg.eigvalsh(expected)[::-1])


@pytest.mark.parametrize("count", [1, 2])
def test_diagonal(count):
    layers = draw([3, 6, count])
    expected = np.einsum("nnab->nab", kernel(layers, X, X, "erf", sigma_w=1, sigma_b=0.1))
    result = inflaton.ntk(arrays(layers), X, activation="erf", precision="float64", diagonal=True)
    near(result.ntk, expected)
    assert result.eigenvalues is None and "ntk" in repr(result)
    near(inflaton.ntk(arrays(layers), X, activation="erf", precision="float64", diagonal=True, trace=True).ntk, np.einsum("naa->n", expected))


def test_eigenvalues_may_be_left_out():
    assert inflaton.ntk(arrays(draw([3, 4, 1])), X, activation="erf", eigenvalues=False).eigenvalues is None


def test_infinite_relu_kernel_in_closed_form():
    """One hidden layer: K1 = σw² x·x′/d + σb², K2 = σw² E[φφ′] + σb², Θ = K2 + σw² K1 E[φ̇φ̇′], with the arc cosine (Cho and Saul 2009)."""
    sigma_w, sigma_b = 1.4, 0.3
    first = sigma_w**2 * X @ X.T / 3 + sigma_b**2
    norms = np.sqrt(np.outer(np.diag(first), np.diag(first)))
    angle = np.arccos(np.clip(first / norms, -1, 1))
    second = sigma_w**2 * norms * (np.sin(angle) + (math.pi - angle) * np.cos(angle)) / (2 * math.pi) + sigma_b**2
    tangent = second + sigma_w**2 * first * (math.pi - angle) / (2 * math.pi)
    # arccos near 1 loses half of the digits: 1e-8 in the angle of a point with itself.
    result = inflaton.infinite_ntk(X, activation="relu", depth=1, sigma_w=sigma_w, sigma_b=sigma_b)
    near(result.nngp, second)
    near(result.ntk, tangent)
    near(result.eigenvalues, np.linalg.eigvalsh(tangent)[::-1])
    # Depth and biases of weights.
    near(inflaton.infinite_ntk(X, weights=arrays(draw([3, 9, 1])), activation="relu", sigma_w=sigma_w, sigma_b=sigma_b).ntk, tangent)
    with pytest.raises(inflaton.UsageError, match="either depth"):
        inflaton.infinite_ntk(X, activation="relu")


def test_infinite_two_sets():
    both = inflaton.infinite_ntk(np.concatenate([X, X2]), activation="erf", depth=2)
    pair = inflaton.infinite_ntk(X, X2, activation="erf", depth=2)
    near(pair.ntk, both.ntk[:4, 4:])
    near(pair.nngp, both.nngp[:4, 4:])
    assert pair.eigenvalues is None


@pytest.mark.parametrize("count", [1, 2])
def test_kernels_during_training(count):
    """Θ after each step beside heavy ball in NumPy: v ← γv − ηJᵀg, θ ← θ + v, g = (2/N)(f − y), J by differences.

    J errs by 2e-11 (`conftest.jacobian`), so a step errs by η|g| 2e-11 and 20 steps by less than their sum, some 1e-10 of weights of
    order one: far below the 1e-7 of `near`, which Θ itself has by its own differences.
    """
    layers, rate, momentum, steps = draw([3, 6, count]), 0.05, 0.6, 20
    targets = np.random.default_rng(4).normal(size=(4, count))
    result = inflaton.evolve(
        weights=arrays(layers), x=X, targets=targets, activation="tanh", parameterisation="standard", learning_rate=rate, momentum=momentum,
        steps=steps, scale=1, precision="float64", kernels=8)
    during = result.kernels
    assert during.steps.tolist() == [0, 8, 16, 20] and "kernels" in result.drawings
    layers = [(weight.copy(), bias.copy()) for weight, bias in layers]
    velocity = [(np.zeros_like(weight), np.zeros_like(bias)) for weight, bias in layers]
    start = None
    for step in range(steps + 1):
        f = outputs(layers, X, "tanh")
        slopes = 2 / 4 * (f - targets)
        if step in during.steps:
            place = during.steps.tolist().index(step)
            theta = kernel(layers, X, X, "tanh")
            near(during.ntk[place], theta[:, :, 0, 0] if count == 1 else theta)
            near(during.outputs[place], f)
            matrix = theta.transpose(0, 2, 1, 3).reshape(4 * count, 4 * count)
            start = matrix if start is None else start
            values, vectors = np.linalg.eigh(matrix)
            near(during.eigenvalues[place], values[::-1])
            g = slopes.reshape(-1)
            shares = (values * (vectors.T @ g) ** 2)[::-1] / (g @ matrix @ g)
            # Vectors move by the error of Θ over the gaps of its eigenvalues.
            gap = np.min(np.abs(np.diff(values))) / values[-1]
            assert np.max(np.abs(during.shares[place] - shares)) <= 4e-7 / gap
            moment = during.moments[place]
            near(np.array(moment["drivingEigenvalue"]), g @ matrix @ g / (g @ g))
            near(np.array(moment["spectralPosition"]), g @ matrix @ g / (g @ g) / values[-1])
            assert abs(moment["drift"] - np.linalg.norm(matrix - start) / np.linalg.norm(start)) <= 4e-7
            assert abs(moment["alignment"] - np.vdot(matrix, start) / np.linalg.norm(matrix) / np.linalg.norm(start)) <= 4e-7
        places = iter(np.einsum("nap,na->p", jacobian(layers, X, "tanh"), slopes))
        for pair, speed in zip(layers, velocity):
            for parameter, moving in zip(pair, speed):
                gradient = np.array([next(places) for _ in range(parameter.size)]).reshape(parameter.shape)
                moving *= momentum
                moving -= rate * gradient
                parameter += moving
    assert during.column("drift")[-1] > 1e-3 and "Λ" in repr(during)
    assert np.isclose(during.shares.sum(axis=1), 1).all()
    with pytest.raises(inflaton.UsageError, match="no kernel has"):
        during.column("nothing")


def test_steps_of_kernels():
    network = {"width": 8, "steps": 6, "device": "reference"}
    assert inflaton.evolve(**network).kernels is None
    for kernels, steps in ((4, [0, 4, 6]), ([2, 3], [0, 2, 3, 6]), ("all", list(range(7))), (np.array([5]), [0, 5, 6])):
        assert inflaton.evolve(**network, kernels=kernels).kernels.steps.tolist() == steps
    with pytest.raises(inflaton.UsageError, match="has the step 9"):
        inflaton.evolve(**network, kernels=[9])
    with pytest.raises(inflaton.UsageError, match="must be every N"):
        inflaton.evolve(**network, kernels=0)


def test_results_are_shown():
    result = inflaton.ntk(arrays(draw([3, 4, 1])), X, activation="erf")
    assert "(4, 4, 1, 1)" in repr(result) and result._repr_html_().startswith("<table>") and "effective rank" in result._repr_html_()
