"""Advice and predictions, beside the linearised network in NumPy, whose Jacobian errs by 1e-11 (`conftest.jacobian`).

Θ errs by less than 4e-9 of entries of order one (test_kernels.py). Its inverse multiplies that by 1/λ of the least eigenvalue, which the tests
keep above 0.02 of the largest entry: 1e-6 leaves room for a factor of five.
"""
import numpy as np
import pytest
from conftest import arrays, draw, jacobian, kernel, outputs

import inflaton

X, X2 = np.array([[-1.0, 0.5], [0.2, -1.3], [1.4, 0.9]]), np.array([[0.4, 0.1], [-0.6, 1.2]])
SIGMAS = {"sigma_w": 1.3, "sigma_b": 0.4}


def matrix(block):
    points, others, count, _ = block.shape
    return block.transpose(0, 2, 1, 3).reshape(points * count, others * count)


@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize("time", [None, 0.7])
def test_predictions_are_those_of_the_linearised_network(count, time):
    """f(*) − Θ_*X Θ⁻¹ (1 − e^{−2tΘ/N}) (f(X) − y)."""
    layers, y = draw([2, 40, count]), np.array([[0.5, -1], [1, 0.3], [-0.7, 0.2]])[:, :count]
    inner, cross = matrix(kernel(layers, X, X, "tanh", **SIGMAS)), matrix(kernel(layers, X2, X, "tanh", **SIGMAS))
    values, vectors = np.linalg.eigh(inner)
    assert values[0] > 0.02 * np.max(np.abs(inner))
    learned = 1.0 if time is None else 1 - np.exp(-2 * time * values / 3)
    start, others = outputs(layers, X, "tanh", **SIGMAS), outputs(layers, X2, "tanh", **SIGMAS)
    expected = others - (cross @ vectors @ (learned / values * (vectors.T @ (start - y).ravel()))).reshape(others.shape)
    result = inflaton.predict(
        arrays(layers), X, y if count == 2 else y[:, 0], X2, activation="tanh", time=time, precision="float64", **SIGMAS)
    assert result.mean.shape == (2, count) and np.max(np.abs(result.mean - expected)) <= 1e-6
    assert np.max(np.abs(result.outputs - others)) <= 1e-9
    assert result.ensemble_mean.shape == (2, count) and result.covariance.shape == (2, 2, count, count)
    assert result.deviation.shape == (2, count) and np.all(result.deviation >= 0)
    assert "covariance" in repr(result) and ("to the end" in result._repr_html_()) == (time is None)


def test_predictions_of_infinite_width_follow_from_their_kernels():
    """Lee et al. 2019, eqs. 14–16, with A = Θ_*X (Θ_XX + r)⁻¹; the kernels are checked in test_kernels.py."""
    y, ridge = np.array([0.5, -1, 0.3]), 0.05
    both = inflaton.infinite_ntk(np.concatenate([X, X2]), activation="relu", depth=2, **SIGMAS)
    theta, k = both.ntk, both.nngp
    weight = theta[3:, :3] @ np.linalg.inv(theta[:3, :3] + ridge * np.eye(3))
    posterior = k[3:, :3] @ np.linalg.inv(k[:3, :3] + ridge * np.eye(3))
    covariance = k[3:, 3:] + weight @ k[:3, :3] @ weight.T - weight @ k[:3, 3:] - k[3:, :3] @ weight.T
    result = inflaton.infinite_predict(X, y, X2, activation="relu", depth=2, ridge=ridge, **SIGMAS)
    # Numbers of order one through inverses of condition below 1000: rounding of 1e-13.
    for actual, expected in (
        (result.mean[:, 0], weight @ y), (result.covariance, covariance), (result.nngp_mean[:, 0], posterior @ y),
        (result.nngp_covariance, k[3:, 3:] - posterior @ k[:3, 3:])):
        assert actual.shape == expected.shape and np.max(np.abs(actual - expected)) <= 1e-11
    assert np.allclose(result.deviation, np.sqrt(np.diag(covariance))) and "ridge" in result._repr_html_()
    with pytest.raises(inflaton.UsageError, match="either depth"):
        inflaton.infinite_predict(X, y, X2, activation="relu")


def test_advice_is_for_the_kernel_of_the_network(tmp_path):
    """Its curvature is 2λ₁/N: the largest stable η without momentum is N/λ₁, and the first loss the mean of (f − y)²."""
    layers, y = draw([2, 256, 1]), np.array([0.5, -1, 0.3])
    result = inflaton.advise(
        X, y, weights=arrays(layers), activation="tanh", steps=40, learning_rate=0.1, check=True, precision="float64",
        output=tmp_path / "kept", **SIGMAS)
    j = jacobian(layers, X, "tanh", **SIGMAS)[:, 0]
    largest = np.linalg.eigvalsh(j @ j.T)[-1]
    stable = {bound["momentum"]: bound["largestStable"] for bound in result.summary["bounds"]}
    assert abs(stable[0] * largest / 3 - 1) <= 1e-7 and abs(stable[0.9] / stable[0] - 1.9) <= 1e-9
    assert abs(result.summary["initialLoss"] / np.mean((outputs(layers, X, "tanh", **SIGMAS)[:, 0] - y) ** 2) - 1) <= 1e-8
    assert 0 < result.learning_rate < 3 / largest * (1 + result.momentum) and 0 <= result.momentum < 1
    assert result.confidence in ("sure", "unsure", "do not rely on it")
    assert len(result.curves["advised"]) == 41 == len(result.curves["asked"]) and len(result.check["trainedLoss"]) == 64
    assert len(result.plane["predictedLoss"]) == len(result.plane["momentum"]) > 64
    assert result.figure is not None and "confidence" in result._repr_html_() and (tmp_path / "kept" / "summary.json").exists()


def test_advice_needs_something_to_choose():
    with pytest.raises(inflaton.UsageError, match="width is of a network that is drawn"):
        inflaton.advise(X, [0, 0, 1.0], weights=arrays(draw([2, 3, 1])), activation="erf", width=3)
    with pytest.raises(inflaton.DataError):
        inflaton.advise(X, [0.0, 1.0], width=16)
    assert inflaton.advise(width=64, steps=20).check is None
