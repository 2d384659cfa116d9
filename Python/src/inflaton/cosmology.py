"""Scalar fields in expanding universes, without a network."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Iterator, Mapping, Sequence

import numpy as np

from .command import options, run, word
from .html import Shown
from .optional import pandas


@dataclass(repr=False, eq=False)
class Universe(Shown):
    """What :func:`universe` gives: columns by name, `universe["phi"]`; `dict(universe)` has them all.

    Attributes:
        columns: The arrays by name: `t`, `phi`, `velocity`, `eFolds`, `hubble`, `constraint`, `epsilon`, `scaleFactor`, `mode1`, …; of
            several fields `phi1`, …; of a spectrum `k`, `curvaturePower`, `tensorPower`.
        values: The last row, or of a spectrum A_s (`scalarAmplitude`), n_s (`scalarIndex`), r (`tensorToScalar`), …
        summary: All that the command said.
    """

    columns: dict[str, np.ndarray]
    values: dict[str, Any] = field(default_factory=dict)
    summary: dict[str, Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> np.ndarray:
        return self.columns[name]

    def keys(self) -> list[str]:
        """The names of the columns."""
        return list(self.columns)

    def __iter__(self) -> Iterator[str]:
        return iter(self.columns)

    def __contains__(self, name: object) -> bool:
        return name in self.columns

    def __len__(self) -> int:
        return len(self.columns)

    def frame(self) -> Any:
        """The columns as a pandas frame."""
        return pandas().DataFrame(self.columns)

    def _caption(self) -> str:
        return "spectra of a universe" if "k" in self.columns else "universe"

    def _rows(self) -> list[tuple[Any, ...]]:
        rows = max((len(column) for column in self.columns.values()), default=0)
        laws = [(name, self.summary[key]) for name, key in (("V", "potential"), ("H", "hubbleLaw")) if key in self.summary]
        return laws + [("columns", f"{', '.join(self.columns)} ({rows} rows)")] + [
            (name, value) for name, value in self.values.items() if isinstance(value, (int, float))]


def universe(
    *, potential: str | None = None, parameters: Mapping[str, float] | None = None, scale: float | None = None, minimum: float | None = None,
    degree: int | None = None, vacuum: float | None = None, phi: float | None = None, velocity: float | str | Sequence[float] | None = None,
    fields: Sequence[float] | None = None, kernel: Any | None = None, hubble: float | str | None = None, planck_mass: float | None = None,
    fluids: Sequence[tuple[float, float]] = (), until: float | None = None, clock: str | None = None, stop_at_epsilon: float | None = None,
    samples: int | None = None, modes: Sequence[tuple[float, float]] = (), gauge_invariant: bool = False, spectrum: bool = False, **more: Any,
) -> Universe:
    """Integrates φ″ + 3Hφ′ + V′(φ) = 0 in cosmic time, each number to a relative 1e-12.

    Whatever is None has the default of `inflaton universe`: V = ½ φ², φ = 1 at rest, the Friedmann law with M = 1, until t = 20.

    Args:
        potential: `power`, `double-well`, or an expression in phi, such as `"L^4*(1 - exp(-sqrt(2/3)*phi))^2"`.
        parameters: The values of names in it, `{"L": 0.1}`.
        scale, minimum, degree, vacuum: V = s (φ − φm)^n + V0.
        phi, velocity: At t = 0; the velocity may be `"slow-roll"`.
        fields: Several fields' values at t = 0, in the place of `phi`.
        kernel: Θ of several fields, (n, n), the inverse of the metric on their space.
        hubble: `friedmann`, or a number, a constant H.
        planck_mass: M.
        fluids: Pairs of w and the density at a = 1.
        until, clock: The last time, or with `clock="e-folds"` number of e-folds.
        stop_at_epsilon: End where ε rises to this.
        samples: Rows.
        modes: Pairs (r, k): perturbations d″ + 3Hd′ + (k²/a² + r V″) d = 0 of a test field.
        gauge_invariant: Modes with what the metric does to them.
        spectrum: The power spectra that the vacuum leaves behind, in the place of the background.
        **more: Other options of `inflaton universe`, such as `pivot=60` or `tolerance=1e-10`.
    """
    words = options({
        "potential": potential, "scale": scale, "minimum": minimum, "degree": degree, "vacuum": vacuum, "phi": phi, "velocity": velocity,
        "fields": None if fields is None else list(fields), "kernel": None if kernel is None else np.asarray(kernel, float).ravel(),
        "hubble": hubble, "planck_mass": planck_mass, "until": until, "clock": clock, "stop_at_epsilon": stop_at_epsilon, "samples": samples,
        "modes": "gauge-invariant" if gauge_invariant else None, "spectrum": spectrum, **more})
    words += [f"--parameter={name}={word(value)}" for name, value in (parameters or {}).items()]
    words += [f"--fluid={word(list(fluid))}" for fluid in fluids]
    words += [f"--mode={word(list(mode))}" for mode in modes]
    summary = run(["universe", *words])
    columns = {name: np.array(column, dtype=float) for name, column in summary.pop("columns").items()}
    order = ("t", "k", "eFolds", "phi", "velocity", "hubble", "scaleFactor", "epsilon")
    columns = {name: columns[name] for name in sorted(columns, key=lambda name: (order.index(name) if name in order else len(order), name))}
    return Universe(columns, values=summary.get("values") or summary.get("final") or {}, summary=summary)
