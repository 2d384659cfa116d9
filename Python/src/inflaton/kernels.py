"""Tangent kernels of given networks, and those of infinite width."""
from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Any, Mapping, Union

import numpy as np

from . import weights as sources
from .command import Scratch, options, run
from .errors import DataError, UsageError
from .html import Shown

#: What an array may be: a NumPy array, a list, a tensor of PyTorch, JAX or TensorFlow, or the path of an .npy file.
ArrayLike = Any
#: What weights may be; see :func:`inflaton.ntk`.
Weights = Union[Mapping[str, Any], str, "os.PathLike[str]", Any]


class Default(str):
    """A default that can be told from the same word given by the caller."""


@dataclass(repr=False, eq=False)
class TangentKernel(Shown):
    """What :func:`ntk` gives.

    Attributes:
        ntk: Θ, (N, M, C, C): element [n, m, a, b] is Σ_p ∂f_a(x_n)/∂θ_p ∂f_b(x2_m)/∂θ_p; with `trace` (N, M), the sum of a = b.
        outputs: f(x), (N, C).
        eigenvalues: Of the NC × NC matrix (N × N with `trace`), descending, undivided; None for two sets of points or if left out.
        activation: The one that was used.
        parameterisation: The one that was used.
        summary: What the command said: `spectrum` (effective rank, entropy, …), `engine`, `provenance`.
        arrays: Every other array of the command's file, such as `jacobian`.
    """

    ntk: np.ndarray
    outputs: np.ndarray
    eigenvalues: np.ndarray | None
    activation: str
    parameterisation: str
    summary: dict[str, Any] = field(default_factory=dict)
    arrays: dict[str, np.ndarray] = field(default_factory=dict)

    @property
    def matrix(self) -> np.ndarray:
        """Θ as a matrix (NC, MC), row n·C + a and column m·C + b; (N, M) with `trace`."""
        if self.ntk.ndim == 2:
            return self.ntk
        points, others, outputs, _ = self.ntk.shape
        return self.ntk.transpose(0, 2, 1, 3).reshape(points * outputs, others * outputs)

    def _caption(self) -> str:
        return f"tangent kernel, {self.activation}, {self.parameterisation} parameterisation"

    def _rows(self) -> list[tuple[Any, ...]]:
        rows: list[tuple[Any, ...]] = [("ntk", f"{self.ntk.shape} {self.ntk.dtype}"), ("outputs", f"{self.outputs.shape} {self.outputs.dtype}")]
        return rows + _spectrum_rows(self.eigenvalues, self.summary)


@dataclass(repr=False, eq=False)
class InfiniteKernel(Shown):
    """What :func:`infinite_ntk` gives: the kernels of infinitely wide networks, the same for each output and zero between two.

    Attributes:
        ntk: Θ, (N, M).
        nngp: The covariance of the outputs at random weights, (N, M).
        eigenvalues: Of `ntk`, descending; None for two sets of points or if left out.
        activation: The one that was used.
        parameterisation: The one that was used.
        summary: What the command said.
    """

    ntk: np.ndarray
    nngp: np.ndarray
    eigenvalues: np.ndarray | None
    activation: str
    parameterisation: str
    summary: dict[str, Any] = field(default_factory=dict)

    def _caption(self) -> str:
        return f"kernels of infinite width, {self.activation}, depth {self.summary.get('depth', '?')}"

    def _rows(self) -> list[tuple[Any, ...]]:
        rows: list[tuple[Any, ...]] = [("ntk", f"{self.ntk.shape} {self.ntk.dtype}"), ("nngp", f"{self.nngp.shape} {self.nngp.dtype}")]
        return rows + _spectrum_rows(self.eigenvalues, self.summary)


def ntk(
    weights: Weights, x: ArrayLike, x2: ArrayLike | None = None, *, activation: str | None = None, parameterisation: str = Default("ntk"),
    sigma_w: float = 1.0, sigma_b: float | None = None, precision: str | None = None, device: str | None = None, trace: bool = False,
    eigenvalues: bool = True, jacobian: bool = False, **more: Any,
) -> TangentKernel:
    """The tangent kernel Θ(x, x2) and the outputs of a network that you trained elsewhere.

    Args:
        weights: One of
            a mapping of arrays `W1` (d, n1), `b1` (n1), `W2`, … (no `b`: no biases), or the path of an .npz file of them;
            a `torch.nn.Sequential` of Linear layers with one of ReLU, Tanh and GELU between them, or a `state_dict`;
            parameters of Flax, `{"params": {"Dense_0": {"kernel": …, "bias": …}, …}}`;
            a Keras model of Dense layers, or its `get_weights()`.
        x: The points, (N, d), or (N) for d = 1; or the path of an .npy file.
        x2: A second set of points (M, d); without it M = N and x2 = x.
        activation: `relu`, `erf`, `tanh`, `gelu`, `sin` or `identity`, between layers. A model that says its own needs none; all others do.
        parameterisation: `ntk` for layers σ_w/√n h W + σ_b b, `standard` for h W + b. Not given, it is `ntk` for arrays and files, and
            `standard` for weights of PyTorch, Flax and Keras, whose layers are h W + b. If it is given, it is used, whatever the weights are.
        sigma_w: σ_w of the `ntk` parameterisation.
        sigma_b: σ_b of the `ntk` parameterisation; None: the command's default, 0.1.
        precision: `float32`, `mixed` or `float64`; None: float32 on a GPU, float64 elsewhere.
        device: As the command's `--device`; None: its default.
        trace: Sum over the outputs, so that `ntk` is (N, M).
        eigenvalues: Whether the eigenvalues are computed, for one set of points.
        jacobian: Whether ∂f/∂θ is kept as `arrays["jacobian"]`, (N, C, P), the parameters in the order W1 row by row, b1, W2, …
        **more: Other options of `inflaton ntk`, such as `method="jacobian"` or `threads=1`.

    Raises:
        UsageError: The activation is missing or unknown, or a model has layers that the command lacks.
        DataError: Weights and points do not fit each other, or need more memory than there is.
        DeviceError: The device or precision is unavailable.
    """
    network = sources.read(weights)
    activation = _activation(activation, network)
    scheme = _parameterisation(parameterisation, network)
    with Scratch() as scratch:
        words = [_weights_file(network, scratch), _points_file(x, "x", network, scratch)]
        if x2 is not None:
            words += ["--with", _points_file(x2, "x2", network, scratch)]
        output = scratch.file("output.npz")
        summary = run(
            ["ntk", *words, *options({
                # Standard layers of given weights have no σ; the command warns of one that is asked for.
                "activation": activation, "parameterisation": scheme, "sigma_w": None if scheme == "standard" and sigma_w == 1 else sigma_w,
                "sigma_b": sigma_b, "precision": precision, "device": device, "trace": trace, "no_eigenvalues": not eigenvalues and x2 is None, "jacobian": jacobian, **more}),
             "-o", output], scratch=scratch)
        with np.load(output) as archive:
            arrays = {name: archive[name] for name in archive.files if name != "provenance"}
    outputs = arrays.pop("outputs")
    kernel = arrays.pop("ntk")
    # For one output, or its trace, the file may leave out the axes of the outputs.
    points, width = outputs.shape[0], outputs.shape[1]
    others = kernel.shape[1] if kernel.ndim > 1 else 1
    kernel = kernel.reshape((points, others) if trace else (points, others, width, width))
    return TangentKernel(
        ntk=kernel, outputs=outputs, eigenvalues=arrays.pop("eigenvalues", None) if x2 is None else None, activation=activation,
        parameterisation=scheme, summary=summary, arrays=arrays)


def infinite_ntk(
    x: ArrayLike, x2: ArrayLike | None = None, *, activation: str | None = None, depth: int | None = None, weights: Weights | None = None,
    parameterisation: str = Default("ntk"), sigma_w: float = 1.0, sigma_b: float | None = None, eigenvalues: bool = True, **more: Any,
) -> InfiniteKernel:
    """The tangent kernel and the covariance of infinitely wide networks, in closed form (tanh: numerically, to 1e-10).

    Args:
        x: The points, (N, d), or (N) for d = 1; or the path of an .npy file.
        x2: A second set of points (M, d).
        activation: As for :func:`ntk`.
        depth: The number of hidden layers; None: that of `weights`.
        weights: A network whose depth and biases (and activation, if it says so) are taken; as for :func:`ntk`.
        parameterisation: `ntk` or `standard`; the kernel of the latter grows with the width, so it needs `weights`.
        sigma_w: The standard deviation σ_w of the weights.
        sigma_b: The standard deviation σ_b of the biases; None: the command's default, 0.1; 0: no biases.
        eigenvalues: Whether the eigenvalues are computed, for one set of points.
        **more: Other options of `inflaton ntk`.
    """
    if (depth is None) == (weights is None):
        raise UsageError("give either depth, the number of hidden layers, or weights, whose depth is taken")
    network = sources.Network() if weights is None else sources.read(weights)
    activation = _activation(activation, network)
    # A framework's layers as they are initialised have another prior; only the limit in σ_w and σ_b is meant here.
    scheme = str(parameterisation)
    with Scratch() as scratch:
        words = [] if weights is None else [_weights_file(network, scratch)]
        words.append(_points_file(x, "x", network, scratch))
        if x2 is not None:
            words += ["--with", _points_file(x2, "x2", network, scratch)]
        output = scratch.file("output.npz")
        summary = run(
            ["ntk", "--infinite", *words, *options({
                "depth": depth, "activation": activation, "parameterisation": scheme, "sigma_w": sigma_w, "sigma_b": sigma_b,
                "no_eigenvalues": not eigenvalues and x2 is None, **more}), "-o", output], scratch=scratch)
        with np.load(output) as archive:
            kernels = {name: archive[name] for name in archive.files}
    return InfiniteKernel(
        ntk=kernels["ntk"], nngp=kernels["nngp"], eigenvalues=kernels.get("eigenvalues") if x2 is None else None, activation=activation,
        parameterisation=scheme, summary=summary)


def _spectrum_rows(eigenvalues: np.ndarray | None, summary: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = []
    if eigenvalues is not None and len(eigenvalues):
        rows.append(("eigenvalues", ", ".join(f"{value:.4g}" for value in eigenvalues[:4]) + (", …" if len(eigenvalues) > 4 else "")))
    spectrum = summary.get("spectrum") or {}
    for key, name in (("trace", "trace"), ("effectiveRank", "effective rank"), ("conditionNumber", "condition number"), ("entropy", "entropy")):
        if isinstance(spectrum.get(key), (int, float)):
            rows.append((name, float(spectrum[key])))
    engine = summary.get("engine") or {}
    if engine:
        rows.append(("device", f"{engine.get('device', engine.get('name', '?'))}, {engine.get('precision', '?')}"))
    return rows


def _activation(given: str | None, network: sources.Network) -> str:
    if given is None:
        if network.activation is None:
            raise UsageError(
                f"activation is missing, and these weights do not say what it is; give one of {', '.join(sources.ACTIVATIONS)}")
        return network.activation
    given = str(given)
    # A linear model has no activation that could differ.
    if network.tells and network.activation not in (given, None) and len(network.layers) > 1:
        raise UsageError(f"activation is {given}, and the model has {network.activation}; leave it out, or give the model's state_dict or weights alone")
    return given


def _parameterisation(given: str, network: sources.Network) -> str:
    if isinstance(given, Default):
        return network.parameterisation or str(given)
    if network.tells and given != network.parameterisation:
        import warnings

        from .command import _outside
        from .errors import InflatonWarning

        warnings.warn(
            f"the model computes h W + b, and parameterisation is {given}, as you asked: outputs and kernel are not those of the model",
            InflatonWarning, stacklevel=_outside())
    return str(given)


def _weights_file(network: sources.Network, scratch: Scratch) -> str:
    if network.path is not None:
        return network.path
    path = scratch.file("weights.npz", "weights")
    network.save(path)
    return path


def _points_file(points: ArrayLike, name: str, network: sources.Network, scratch: Scratch) -> str:
    if isinstance(points, (str, os.PathLike)):
        return os.fspath(points)
    values = sources.array(points, name)
    if network.flatten and values.ndim > 2:
        values = values.reshape(values.shape[0], -1)
    if values.ndim == 1:
        values = values[:, None]
    if values.ndim != 2:
        raise DataError(f"{name} has the shape {values.shape}; points are (N, d)")
    path = scratch.file(f"{name}.npy", name)
    np.save(path, values)
    return path
