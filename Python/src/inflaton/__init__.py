"""Tangent kernels of wide neural networks, and the scalar fields in expanding universes that they are dual to.

Everything is computed by the command `inflaton`, which the wheel carries: here are only its arguments, its files as NumPy arrays, and its
errors as exceptions. See Documentation/Python.md.

    >>> import numpy as np, inflaton
    >>> rng = np.random.default_rng(0)
    >>> weights = {"W1": rng.normal(size=(3, 512)), "b1": rng.normal(size=512), "W2": rng.normal(size=(512, 1)), "b2": rng.normal(size=1)}
    >>> inflaton.ntk(weights, rng.normal(size=(4, 3)), activation="erf").ntk.shape
    (4, 4, 1, 1)
"""
from __future__ import annotations

from .command import find_command
from .cosmology import Universe, universe
from .errors import DataError, DeviceError, InflatonError, InflatonWarning, OutputError, UsageError
from .forecasts import Advice, Forecast, InfiniteForecast, advise, infinite_predict, predict
from .kernels import InfiniteKernel, TangentKernel, infinite_ntk, ntk
from .scans import Store, scan
from .training import Evolution, KernelEvolution, evolve

__version__ = "0.1.0"

__all__ = [
    "Advice", "DataError", "DeviceError", "Evolution", "Forecast", "InfiniteForecast", "InfiniteKernel", "InflatonError", "InflatonWarning",
    "KernelEvolution", "OutputError", "Store", "TangentKernel", "Universe", "UsageError", "advise", "evolve", "find_command",
    "infinite_ntk", "infinite_predict", "ntk", "predict", "scan", "universe",
]
