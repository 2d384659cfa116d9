"""One network beside the universe that it is dual to."""
from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Any, Iterable, Mapping

import numpy as np

from . import weights as sources
from .command import Scratch, options, run
from .errors import UsageError
from .html import Drawing, Picture, Shown
from .kernels import ArrayLike, Default, Weights, _activation, _parameterisation, _points_file, _weights_file
from .scans import scan_file


@dataclass(repr=False, eq=False)
class KernelEvolution(Shown):
    """The tangent kernel during a training, T kernels: :func:`evolve` with `kernels`.

    Attributes:
        steps: The updates before each kernel, (T).
        ntk: Θ, (T, N, N); of several outputs (T, N, N, C, C), as :func:`inflaton.ntk` has it.
        eigenvalues: Of each kernel, descending, undivided, (T, NC).
        shares: p_i = λ_i (v_i·g)²/gᵀΘg, what each mode contributes to the decrease of the loss, with g = ∂L/∂f, (T, NC).
        outputs: f at these steps, (T, N, C).
        moments: A mapping for each kernel: `drift`, `alignment`, `conditionNumber`, `effectiveRank`, `drivingEigenvalue`, `spectralPosition`, …;
            what is not known of a kernel is missing.
    """

    steps: np.ndarray
    ntk: np.ndarray
    eigenvalues: np.ndarray
    shares: np.ndarray
    outputs: np.ndarray
    moments: list[dict[str, Any]] = field(default_factory=list)

    def column(self, name: str) -> np.ndarray:
        """A number of each kernel, (T), NaN where it is not known: `evolution.kernels.column("drift")`."""
        if not any(name in moment for moment in self.moments):
            known = sorted({key for moment in self.moments for key in moment})
            raise UsageError(f"no kernel has {name}; there are {', '.join(known)}")
        return np.array([float(moment.get(name, np.nan)) for moment in self.moments])

    def _caption(self) -> str:
        return f"tangent kernel at {len(self.steps)} steps of a training"

    def _rows(self) -> list[tuple[Any, ...]]:
        rows: list[tuple[Any, ...]] = [("ntk", f"{self.ntk.shape} {self.ntk.dtype}")]
        first, last = self.moments[0], self.moments[-1]
        for name, title in (
            ("largestEigenvalue", "λ₁"), ("effectiveRank", "effective rank"), ("drivingEigenvalue", "driving eigenvalue Λ"),
            ("spectralPosition", "spectral position Λ/λ₁")):
            if name in first and name in last:
                rows.append((title, f"{first[name]:.4g} → {last[name]:.4g}"))
        for name in ("drift", "alignment"):
            if name in last:
                rows.append((f"{name} at step {last['step']}", last[name]))
        return rows


@dataclass(repr=False, eq=False)
class Evolution(Shown):
    """What :func:`evolve` gives.

    Attributes:
        outputs: f of the network after each step, (K+1, N, C).
        predicted: The field of the chosen dictionary, (K+1, N, C).
        loss: (K+1).
        time: t = k √η, (K+1).
        summary: `agreement`, `dictionary`, `conditions`, `fit`, `errorBudget`, `engine`, `provenance` as the command wrote them.
        pictures: Figures by name (`evolve`, `universe`, `fields`), PNG; a notebook shows them. Without `rsvg-convert` there are none.
        drawings: The same as SVG.
        arrays: Every other array of trajectory.npz.
        kernels: The tangent kernel during the training; None unless it was asked for.
    """

    outputs: np.ndarray
    predicted: np.ndarray
    loss: np.ndarray
    time: np.ndarray
    summary: dict[str, Any] = field(default_factory=dict)
    pictures: dict[str, Picture] = field(default_factory=dict)
    drawings: dict[str, Drawing] = field(default_factory=dict)
    arrays: dict[str, np.ndarray] = field(default_factory=dict)
    kernels: KernelEvolution | None = None

    @property
    def agreement(self) -> dict[str, Any]:
        """How far the field is from the outputs: `errorOverTravel`, `endError`, `kernelDrift`, …"""
        return self.summary["agreement"]

    @property
    def figure(self) -> Picture | Drawing | None:
        """The outputs, the field, and their difference."""
        return self.pictures.get("evolve") or self.drawings.get("evolve")

    @property
    def dictionary(self) -> dict[str, dict[str, float]]:
        """The universe by each dictionary: `evolution.dictionary["corrected"]["Hubble rate"]`; empty for optimisers that are one."""
        rows = self.summary.get("dictionary") or {"dictionaries": [], "rows": []}
        return {
            name: {row["quantity"]: row["values"][place] for row in rows["rows"]} for place, name in enumerate(rows["dictionaries"])}

    def _caption(self) -> str:
        steps, points, outputs = self.outputs.shape
        return f"{steps - 1} steps of {self.summary.get('optimiser', 'training')}, {points} point{'s' * (points != 1)}, {outputs} output{'s' * (outputs != 1)}"

    def _rows(self) -> list[tuple[Any, ...]]:
        agreement = self.agreement
        rows: list[tuple[Any, ...]] = [
            ("loss", f"{self.loss[0]:.4g} → {self.loss[-1]:.4g}"),
            ("dictionary", agreement.get("prediction")),
            ("error over travel", agreement.get("errorOverTravel")),
            ("kernel drift", agreement.get("kernelDrift")),
        ]
        expansion = self.summary.get("expansion") or {}
        if "eFolds" in expansion:
            rows.append(("e-folds", float(expansion["eFolds"])))
        for side, described in (self.summary.get("universe") or {}).items():
            if isinstance(described, dict) and "eFoldsOfInflation" in described:
                rows.append((f"e-folds of inflation, {side}", described["eFoldsOfInflation"]))
        for condition in self.summary.get("conditions") or []:
            if not condition.get("holds", True):
                rows.append((f"does not hold: {condition['condition']}", f"{condition['measured']:.4g}, limit {condition['threshold']:.4g}"))
        return rows


def evolve(
    file: Mapping[str, Any] | str | os.PathLike[str] | None = None, *, weights: Weights | None = None, x: ArrayLike | None = None, targets: ArrayLike | None = None, width: int | None = None,
    depth: int | None = None, seed: int | None = None, activation: str | None = None, parameterisation: str = Default("ntk"),
    sigma_w: float | None = None, sigma_b: float | None = None, learning_rate: float | None = None, momentum: float | None = None,
    optimiser: str | None = None, steps: int | None = None, loss: str | None = None, scale: float | None = None,
    minimum: float | list[float] | None = None, degree: int | None = None, dictionary: str | None = None, kernel: str | None = None,
    planck_mass: float | None = None, kernels: int | str | Iterable[int] | None = None, precision: str | None = None, device: str | None = None,
    output: str | os.PathLike[str] | None = None, **more: Any,
) -> Evolution:
    """Trains a network, and predicts the training from its tangent kernel at the start.

    Whatever is None has the default of `inflaton evolve`, which `inflaton help evolve` lists: one point x = 1, width 512, erf, η = 0.01,
    γ = 0.9, 500 steps, the loss 0.02 (f − 1)².

    Args:
        file: A scan of one run, as for :func:`inflaton.scan`: a mapping of its keys, the text of a file, or its path. What is given beside it
            overrides its keys.
        weights: The initial weights, as for :func:`inflaton.ntk`; None: drawn from `seed`.
        x: The points, (N, d).
        targets: For the squared loss, (N, C) or (N); given, they imply `loss="squared"`.
        width, depth, seed: The network that is drawn.
        activation, parameterisation, sigma_w, sigma_b: As for :func:`inflaton.ntk`; of a network that is drawn, erf and ntk by default.
        learning_rate: η.
        momentum: γ; 0 is plain gradient descent.
        optimiser: `heavy-ball`, `friedmann`, `fluid`, `de-sitter`, `nesterov`, `adam` or `born-infeld`.
        steps: K.
        loss, scale, minimum, degree: `power`: s (f − f_min)^n; `squared`: s (f − y)²; `double-well`: s/4 (f² − v²)².
        dictionary: What predicts: `paper`, `corrected`, `exact`, `friedmann`, …
        kernel: `measured` or `infinite`.
        planck_mass: M.
        kernels: The steps at which the tangent kernel is measured: `10` for every tenth, a list of steps, `"all"` or `"ends"`; the first and
            the last always. The result has them as `kernels`.
        precision, device: As for :func:`inflaton.ntk`.
        output: A folder to keep the files in (figures, trajectory.npz, trajectory.csv, summary.json); None: they are not kept.
        **more: Other options of `inflaton evolve`, such as `hubble=0.3` or `force=True`.
    """
    with Scratch() as scratch:
        start = starting_at(
            weights, x, targets, scratch, width=width, depth=depth, seed=seed, activation=activation, parameterisation=parameterisation,
            loss=loss)
        folder = os.fspath(output) if output is not None else scratch.file("evolve")
        words = [] if file is None else [scan_file(file, scratch)]
        summary = run(["evolve", *words, *options({
            **start, "sigma_w": sigma_w, "sigma_b": sigma_b, "learning_rate": learning_rate, "momentum": momentum, "optimiser": optimiser,
            "steps": steps, "kernels": _kernel_steps(kernels), "scale": scale, "minimum": minimum, "degree": degree,
            "dictionary": dictionary, "kernel": kernel, "planck_mass": planck_mass, "precision": precision, "device": device, **more}),
            "-o", folder], scratch=scratch)
        with np.load(os.path.join(folder, "trajectory.npz")) as archive:
            arrays = {name: archive[name] for name in archive.files if name != "provenance"}
        during = None
        if os.path.exists(os.path.join(folder, "kernels.npz")) and "kernels" in summary:
            with np.load(os.path.join(folder, "kernels.npz")) as archive:
                during = KernelEvolution(
                    steps=archive["steps"].astype(int), ntk=archive["ntk"], eigenvalues=archive["eigenvalues"], shares=archive["shares"],
                    outputs=archive["outputs"], moments=summary["kernels"])
        pictures, drawings = figures_in(folder)
    return Evolution(
        outputs=arrays.pop("outputs"), predicted=arrays.pop("predicted"), loss=arrays.pop("loss"), time=arrays.pop("time"), summary=summary,
        pictures=pictures, drawings=drawings, arrays=arrays, kernels=during)


def _kernel_steps(kernels: int | str | Iterable[int] | None) -> str | None:
    """As `--kernels` takes them."""
    if kernels is None or isinstance(kernels, str):
        return kernels
    if isinstance(kernels, (bool, float)):
        raise UsageError(f"kernels is {kernels}, and must be a number of steps, a list of steps, 'all' or 'ends'")
    return ",".join(str(int(step)) for step in kernels) if hasattr(kernels, "__iter__") else f"every {int(kernels)}"


def starting_at(
    weights: Weights | None, x: ArrayLike | None, targets: ArrayLike | None, scratch: Scratch, *, width: int | None, depth: int | None,
    seed: int | None, activation: str | None, parameterisation: str, loss: str | None,
) -> dict[str, Any]:
    """The options that say which network starts, on which points, and what it minimises.

    Raises:
        UsageError: Given weights leave something to draw, or lack an activation.
    """
    network = sources.Network() if weights is None else sources.read(weights)
    if weights is None:
        scheme = None if isinstance(parameterisation, Default) else parameterisation
    else:
        activation, scheme = _activation(activation, network), _parameterisation(parameterisation, network)
        for name, value in (("width", width), ("depth", depth), ("seed", seed)):
            if value is not None:
                raise UsageError(f"{name} is of a network that is drawn, and weights are given; leave one of them out")
    return {
        "weights": None if weights is None else _weights_file(network, scratch),
        "inputs": None if x is None else _points_file(x, "x", network, scratch),
        "targets": None if targets is None else _points_file(targets, "targets", sources.Network(), scratch),
        "width": width, "depth": depth, "seed": seed, "activation": activation, "parameterisation": scheme,
        "loss": "squared" if targets is not None and loss is None else loss}


def figures_in(folder: str) -> tuple[dict[str, Picture], dict[str, Drawing]]:
    """The PNG and the SVG figures of a folder, by name."""
    pictures, drawings = {}, {}
    for name in sorted(os.listdir(folder)):
        stem, ending = os.path.splitext(name)
        if ending == ".png":
            with open(os.path.join(folder, name), "rb") as file:
                pictures[stem] = Picture(file.read())
        elif ending == ".svg":
            with open(os.path.join(folder, name), encoding="utf-8") as text:
                drawings[stem] = Drawing(text.read())
    return pictures, drawings
