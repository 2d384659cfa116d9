"""What training will do, from kernels and without training: the learning rate to take, and the outputs on other points."""
from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from . import weights as sources
from .command import Scratch, options, run
from .errors import UsageError
from .html import Drawing, Picture, Shown
from .kernels import ArrayLike, Default, Weights, _activation, _parameterisation, _points_file, _weights_file
from .training import figures_in, starting_at


@dataclass(repr=False, eq=False)
class Advice(Shown):
    """What :func:`advise` gives.

    Attributes:
        learning_rate: η to train with.
        momentum: γ to train with.
        predicted_loss: What they are predicted to reach, a mean over the kernels that training may meet.
        confidence: `sure`, `unsure` or `do not rely on it`.
        plane: Arrays `learningRate`, `momentum`, `predictedLoss`, `stepCurvature`, one element for each pair that was looked at.
        curves: Arrays by step, (K+1): `step`, `advised`, `advisedAtEnd`; with `learning_rate` also `asked`; with `check` `trained`.
        check: With `check` arrays `learningRate`, `momentum`, `predictedLoss`, `trainedLoss` of 64 pairs; else None.
        summary: `bounds`, `modes`, `linearisationError`, `kernelDrift`, `trustedWidth`, `claims`, … as the command wrote them.
        pictures: Figures by name (`advise`, `check`), PNG; a notebook shows them. Without `rsvg-convert` there are none.
        drawings: The same as SVG.
    """

    learning_rate: float
    momentum: float
    predicted_loss: float
    confidence: str
    plane: dict[str, np.ndarray]
    curves: dict[str, np.ndarray]
    check: dict[str, np.ndarray] | None
    summary: dict[str, Any] = field(default_factory=dict)
    pictures: dict[str, Picture] = field(default_factory=dict)
    drawings: dict[str, Drawing] = field(default_factory=dict)

    @property
    def figure(self) -> Picture | Drawing | None:
        """The predicted loss over the plane, and step by step."""
        return self.pictures.get("advise") or self.drawings.get("advise")

    def _caption(self) -> str:
        return f"advice for {self.summary['steps']} steps: η = {self.learning_rate:.4g}, γ = {self.momentum:.4g}"

    def _rows(self) -> list[tuple[Any, ...]]:
        rows: list[tuple[Any, ...]] = [
            ("loss", f"{self.summary['initialLoss']:.4g} → {self.predicted_loss:.4g}, predicted"),
            ("confidence", self.confidence),
            ("linearisation error", self.summary.get("linearisationError")),
            ("kernel drift", self.summary.get("kernelDrift")),
        ]
        if self.summary.get("trustedWidth") is not None:
            rows.append(("trusted from width", self.summary["trustedWidth"]))
        for bound in self.summary.get("bounds", []):
            rows.append((f"largest stable η at γ = {bound['momentum']:.4g}", float(bound["largestStable"])))
        return rows


@dataclass(repr=False, eq=False)
class Forecast(Shown):
    """What :func:`predict` gives: the outputs on M points of a network with C outputs, linearised and trained on N others.

    Attributes:
        mean: Of this network, (M, C).
        outputs: Those that it has before, (M, C).
        ensemble_mean: The mean over networks with its kernel whose outputs start as those of infinite width do, (M, C).
        covariance: Their covariance, (M, M, C, C).
        activation: The one that was used.
        parameterisation: The one that was used.
        summary: What the command said: `omittedModes`, `ridge`, `time`, `scale`, `provenance`, …
    """

    mean: np.ndarray
    outputs: np.ndarray
    ensemble_mean: np.ndarray
    covariance: np.ndarray
    activation: str
    parameterisation: str
    summary: dict[str, Any] = field(default_factory=dict)

    @property
    def deviation(self) -> np.ndarray:
        """The standard deviation of each output, (M, C)."""
        return np.sqrt(np.maximum(np.einsum("mmcc->mc", self.covariance), 0))

    def _caption(self) -> str:
        return f"predictions, {self.activation}, {self.parameterisation} parameterisation"

    def _rows(self) -> list[tuple[Any, ...]]:
        return [("mean", str(self.mean.shape)), ("covariance", str(self.covariance.shape)), *_training_rows(self.summary)]


@dataclass(repr=False, eq=False)
class InfiniteForecast(Shown):
    """What :func:`infinite_predict` gives: of networks of infinite width, the same covariance for each output and none between two.

    Attributes:
        mean: Of trained networks, (M, C).
        covariance: Theirs, (M, M).
        nngp_mean: Of the posterior of the Gaussian process that they are before training, (M, C).
        nngp_covariance: Its covariance, (M, M).
        activation: The one that was used.
        parameterisation: The one that was used.
        summary: What the command said.
    """

    mean: np.ndarray
    covariance: np.ndarray
    nngp_mean: np.ndarray
    nngp_covariance: np.ndarray
    activation: str
    parameterisation: str
    summary: dict[str, Any] = field(default_factory=dict)

    @property
    def deviation(self) -> np.ndarray:
        """The standard deviation of trained networks at each point, (M)."""
        return np.sqrt(np.maximum(np.diag(self.covariance), 0))

    def _caption(self) -> str:
        return f"predictions of infinite width, {self.activation}"

    def _rows(self) -> list[tuple[Any, ...]]:
        return [("mean", str(self.mean.shape)), ("covariance", str(self.covariance.shape)), *_training_rows(self.summary)]


def advise(
    x: ArrayLike | None = None, targets: ArrayLike | None = None, *, weights: Weights | None = None, width: int | None = None,
    depth: int | None = None, seed: int | None = None, activation: str | None = None, parameterisation: str = Default("ntk"),
    sigma_w: float | None = None, sigma_b: float | None = None, steps: int | None = None, loss: str | None = None,
    scale: float | None = None, learning_rate: float | None = None, momentum: float | None = None,
    largest_learning_rate: float | None = None, largest_momentum: float | None = None, check: bool = False,
    precision: str | None = None, device: str | None = None, output: str | os.PathLike[str] | None = None, **more: Any,
) -> Advice:
    """Which learning rate and momentum to train with, from the tangent kernel at the start and without training.

    Whatever is None has the default of `inflaton advise`, which `inflaton help advise` lists.

    Args:
        x: The points, (N, d), or (N) for d = 1; or the path of an .npy file.
        targets: For the squared loss, (N, C) or (N); given, they imply `loss="squared"`.
        weights: The initial weights, as for :func:`inflaton.ntk`; None: drawn from `seed`.
        width, depth, seed: The network that is drawn.
        activation, parameterisation, sigma_w, sigma_b: As for :func:`inflaton.ntk`; of a network that is drawn, erf and ntk by default.
        steps: K, the budget.
        loss, scale: `power`: s (f − f_min)^n; `squared`: s (f − y)²; …
        learning_rate, momentum: A pair whose losses are predicted as well.
        largest_learning_rate, largest_momentum: Bounds of what may be advised.
        check: Whether to train 8 × 8 pairs and the advised one beside it.
        precision, device: As for :func:`inflaton.ntk`.
        output: A folder to keep the files in; None: they are not kept.
        **more: Other options of `inflaton advise`, such as `least_learning_rate=0.01` or `planck_mass=2`.

    Raises:
        UsageError: An option is out of its range, or the activation of given weights is missing.
        DataError: Points, targets and weights do not fit each other, or there is nothing to learn.
    """
    with Scratch() as scratch:
        start = starting_at(
            weights, x, targets, scratch, width=width, depth=depth, seed=seed, activation=activation, parameterisation=parameterisation,
            loss=loss)
        folder = os.fspath(output) if output is not None else scratch.file("advise")
        summary = run(["advise", *options({
            **start, "sigma_w": sigma_w, "sigma_b": sigma_b, "steps": steps, "scale": scale, "learning_rate": learning_rate,
            "momentum": momentum,
            "largest_learning_rate": largest_learning_rate, "largest_momentum": largest_momentum, "check": check, "precision": precision,
            "device": device, **more}), "-o", folder], scratch=scratch)
        pictures, drawings = figures_in(folder)
        plane, curves = _columns(folder, "advise.csv"), _columns(folder, "curves.csv")
        checked = _columns(folder, "check.csv") if check else None
    return Advice(
        learning_rate=summary["learningRate"], momentum=summary["momentum"], predicted_loss=float(summary["predictedLoss"]),
        confidence=summary["confidence"], plane=plane, curves=curves, check=checked, summary=summary, pictures=pictures, drawings=drawings)


def predict(
    weights: Weights, x: ArrayLike, y: ArrayLike, x2: ArrayLike, *, activation: str | None = None, parameterisation: str = Default("ntk"),
    sigma_w: float = 1.0, sigma_b: float | None = None, time: float | None = None, scale: float | None = None, ridge: float | None = None,
    precision: str | None = None, device: str | None = None, **more: Any,
) -> Forecast:
    """The outputs on other points after training by gradient flow, were the tangent kernel to stay what it is, and their covariance.

    Args:
        weights: The network before training, as for :func:`inflaton.ntk`.
        x: The N training points, (N, d), or (N) for d = 1; or the path of an .npy file.
        y: Their targets, (N, C) or (N).
        x2: The M points to predict, (M, d).
        activation, parameterisation, sigma_w, sigma_b, precision, device: As for :func:`inflaton.ntk`.
        time: t of gradient flow, ηK for K steps of gradient descent; None: to the end.
        scale: s of the loss (s/N) Σ (f − y)²; None: the command's default, 1.
        ridge: Added to the diagonal of the kernel on the training points; None: the command's default, 0.
        **more: Other options of `inflaton predict`.

    Raises:
        UsageError: The activation is missing or unknown, or an option is out of its range.
        DataError: Weights, points and targets do not fit each other, or need more memory than there is.
    """
    network = sources.read(weights)
    activation, scheme = _activation(activation, network), _parameterisation(parameterisation, network)
    arrays, summary = _predicted(network, [x, y, x2], with_weights=True, infinite=False, values={
        "activation": activation, "parameterisation": scheme, "sigma_w": None if scheme == "standard" and sigma_w == 1 else sigma_w,
        "sigma_b": sigma_b, "time": time, "scale": scale, "ridge": ridge, "precision": precision, "device": device, **more})
    return Forecast(
        mean=arrays["mean"], outputs=arrays["outputs"], ensemble_mean=arrays["ensembleMean"], covariance=arrays["covariance"],
        activation=activation, parameterisation=scheme, summary=summary)


def infinite_predict(
    x: ArrayLike, y: ArrayLike, x2: ArrayLike, *, activation: str | None = None, depth: int | None = None, weights: Weights | None = None,
    parameterisation: str = Default("ntk"), sigma_w: float = 1.0, sigma_b: float | None = None, time: float | None = None,
    scale: float | None = None, ridge: float | None = None, **more: Any,
) -> InfiniteForecast:
    """The same of infinitely wide networks, with the posterior of the Gaussian process that they are before training.

    Args:
        x: The N training points, (N, d), or (N) for d = 1; or the path of an .npy file.
        y: Their targets, (N, C) or (N).
        x2: The M points to predict, (M, d).
        activation, depth, weights, parameterisation, sigma_w, sigma_b: As for :func:`inflaton.infinite_ntk`.
        time, scale, ridge: As for :func:`predict`; of the Gaussian process the ridge is the variance of noise in the targets.
        **more: Other options of `inflaton predict`.
    """
    if (depth is None) == (weights is None):
        raise UsageError("give either depth, the number of hidden layers, or weights, whose depth is taken")
    network = sources.Network() if weights is None else sources.read(weights)
    activation, scheme = _activation(activation, network), str(parameterisation)
    arrays, summary = _predicted(network, [x, y, x2], with_weights=weights is not None, infinite=True, values={
        "depth": depth, "activation": activation, "parameterisation": scheme, "sigma_w": sigma_w, "sigma_b": sigma_b, "time": time,
        "scale": scale, "ridge": ridge, **more})
    return InfiniteForecast(
        mean=arrays["ntkMean"], covariance=arrays["ntkCovariance"], nngp_mean=arrays["nngpMean"], nngp_covariance=arrays["nngpCovariance"],
        activation=activation, parameterisation=scheme, summary=summary)


def _predicted(
    network: sources.Network, data: list[ArrayLike], *, with_weights: bool, infinite: bool, values: dict[str, Any],
) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    x, y, x2 = data
    with Scratch() as scratch:
        words = [_weights_file(network, scratch)] if with_weights else []
        words += [
            _points_file(x, "x", network, scratch), _points_file(y, "y", sources.Network(), scratch), _points_file(x2, "x2", network, scratch)]
        output = scratch.file("output.npz")
        summary = run(["predict", *(["--infinite"] if infinite else []), *words, *options(values), "-o", output], scratch=scratch)
        with np.load(output) as archive:
            return {name: archive[name] for name in archive.files if name != "provenance"}, summary


def _columns(folder: str, name: str) -> dict[str, np.ndarray]:
    """The columns of a table of numbers; what is missing is NaN."""
    with open(os.path.join(folder, name), encoding="utf-8") as file:
        head, *lines = file.read().splitlines()
    rows = [[float(cell) if cell else np.nan for cell in line.split(",")] for line in lines]
    return {column: np.array([row[place] for row in rows]) for place, column in enumerate(head.split(","))}


def _training_rows(summary: dict[str, Any]) -> list[tuple[Any, ...]]:
    time = float(summary.get("time", np.inf))
    rows: list[tuple[Any, ...]] = [
        ("trained on", f"{summary.get('trainingPoints', '?')} points, " + (f"for a time of {time:.6g}" if np.isfinite(time) else "to the end")),
        ("ridge", summary.get("ridge")),
    ]
    if summary.get("omittedModes"):
        rows.append(("modes left out", summary["omittedModes"]))
    return rows
