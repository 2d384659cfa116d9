"""Scans of many networks, and the stores they fill."""
from __future__ import annotations

import json
import os
import re
import sys
from typing import Any, Callable, Mapping, Sequence

import numpy as np

from .command import Scratch, options, run, word
from .errors import DataError, UsageError
from .html import Shown
from .optional import pandas


class Store(Shown):
    """A store of runs: one SQLite file, which a scan fills.

    Args:
        path: The file.

    Raises:
        DataError: There is no such file.

    Attributes:
        path: The file.
        summary: Of the scan that gave this store, what it did: `runs`, `computed`, `stored`, `diverged`, `refused`, `excluded`; else empty.
    """

    def __init__(self, path: str | os.PathLike[str], summary: Mapping[str, Any] | None = None) -> None:
        self.path = os.fspath(path)
        self.summary: dict[str, Any] = dict(summary or {})
        # A scan that was only planned has no file yet.
        if summary is None and not os.path.exists(self.path):
            raise DataError(f"there is no store '{self.path}'; give the file of a scan")

    def arrays(
        self, *, columns: Sequence[str] | None = None, where: str | Sequence[str] = (), trajectories: bool = False,
    ) -> dict[str, np.ndarray]:
        """The runs as arrays, one a column with one element a run; no pandas is needed.

        Args:
            columns: Names of columns; None: all.
            where: Only runs for which this holds, such as `"width >= 128 and vacuumRatio < 0.1"`; of several, all.
            trajectories: Also `states.run`, `.step`, `.point`, `.output`, `.value` and `losses.run`, `.step`, `.loss`.
        """
        conditions = [where] if isinstance(where, str) else list(where)
        with Scratch() as scratch:
            output = scratch.file("runs.npz")
            words = options({"columns": None if columns is None else ",".join(columns), "trajectories": trajectories})
            run(["export", self.path, *words, *(f"--where={condition}" for condition in conditions), "-o", output], scratch=scratch)
            with np.load(output) as archive:
                return {name: archive[name] for name in archive.files if name != "provenance"}

    def runs(self, *, columns: Sequence[str] | None = None, where: str | Sequence[str] = (), empty: bool = False) -> Any:
        """The runs as a pandas frame, one row a run.

        Args:
            columns: Names of columns; None: all that have a value in any of the runs.
            where: Only runs for which this holds.
            empty: Whether columns without any value, such as `divergedAt` where no run diverged, are there as well.

        Raises:
            InflatonError: pandas is not installed.
        """
        module = pandas()
        frame = module.DataFrame(self.arrays(columns=columns, where=where))
        if columns is None and not empty and len(frame):
            # What is no number is NaN, and no text is an empty one.
            frame = frame.loc[:, (frame.notna() & (frame != "")).any()]
        return frame.set_index("run") if "run" in frame else frame

    def losses(self, *, where: str | Sequence[str] = ()) -> Any:
        """The losses at the recorded steps as a pandas frame: one row a step, one column a run."""
        module, arrays = pandas(), self.arrays(columns=["run"], where=where, trajectories=True)
        frame = module.DataFrame({name: arrays[f"losses.{name}"] for name in ("run", "step", "loss")})
        return frame.pivot(index="step", columns="run", values="loss")

    def outputs(self, *, where: str | Sequence[str] = ()) -> Any:
        """The outputs at the recorded steps as a pandas frame: one row a step, columns (run, point, output)."""
        module, arrays = pandas(), self.arrays(columns=["run"], where=where, trajectories=True)
        frame = module.DataFrame({name: arrays[f"states.{name}"] for name in ("run", "step", "point", "output", "value")})
        return frame.pivot(index="step", columns=["run", "point", "output"], values="value")

    def status(self) -> dict[str, Any]:
        """How far the scans of this store are, as `inflaton status` says."""
        return run(["status", self.path])

    def verify(self) -> dict[str, Any]:
        """Reads all of the store and compares checksums.

        Raises:
            DataError: A run is not as it was stored.
        """
        return run(["verify", self.path])

    def __len__(self) -> int:
        return len(self.arrays(columns=["run"])["run"])

    def _caption(self) -> str:
        return f"store {self.path}"

    def _rows(self) -> list[tuple[Any, ...]]:
        if self.summary:
            return [(name, self.summary[name]) for name in ("runs", "computed", "stored", "diverged", "refused", "excluded") if name in self.summary]
        return [("runs", len(self))]


def scan(
    scan: Mapping[str, Any] | str | os.PathLike[str], *, store: str | os.PathLike[str] | None = None, progress: bool = True,
    set: Mapping[str, Any] | None = None, device: str | Sequence[str] | None = None, precision: str | None = None, **more: Any,
) -> Store:
    """Trains every network of a scan, and keeps the results in a store; runs that the store has are not computed again.

    An interrupt (Ctrl-C, or the notebook's stop button) stores the batch that is being computed; the same call goes on from there.

    Args:
        scan: A mapping of the keys of scan files (`inflaton scan --schema`), in which arrays may stand for lists; the text of a scan file;
            or its path.
        store: The store's path. None: for a file, its name with .sqlite; otherwise the scan's `name` (or `scan`) with .sqlite; both in the
            working folder.
        progress: Whether a bar is shown: that of tqdm where it is installed, else plain text.
        set: Replaces keys, `{"record.spectra": True}`.
        device, precision: As for :func:`inflaton.ntk`; several devices may be listed.
        **more: Other options of `inflaton scan`, such as `batch=256`, `mixed=True` or `threads=1`.

    Raises:
        DataError: A key or value is wrong; the sentence names it.
    """
    if "explain" in more or "schema" in more:
        raise UsageError("explain and schema print to a terminal; use the command for them")
    with Scratch() as scratch:
        file = scan_file(scan, scratch)
        if store is None and file.startswith(scratch.path):
            store = _named(scan) + ".sqlite"
        words = options({"store": store, "precision": precision, **more})
        for name in [device] if isinstance(device, str) else device or ():
            words.append(f"--device={name}")
        words += [f"--set={key}={value if isinstance(value, str) else _json(value)}" for key, value in (set or {}).items()]
        bar = _bar() if progress else None
        last: dict[str, Any] = {}

        def event(line: str) -> None:
            said = json.loads(line) if line.startswith("{") and line.rstrip().endswith("}") else {}
            if said.get("event") == "finished":
                last.update(said)
            if said.get("event") == "progress" and bar is not None:
                bar(said.get("done", 0), said.get("total"), said)

        try:
            said = run(["scan", file, *words], scratch=scratch, on_line=event)
            if bar is not None and last:
                bar(last.get("runs", 0), last.get("runs"), {})
        finally:
            if bar is not None:
                bar(None, None, {})
    last = last or said
    if "store" not in last:
        # A plan alone (`dry_run=True`) names what it would write.
        last = {"store": (last.get("outputs") or [store])[0], **last}
    return Store(str(last["store"]), {key: value for key, value in last.items() if key != "event"})


def scan_file(scan: Any, scratch: Scratch) -> str:
    """The path of a scan file, which is written for a mapping or a text."""
    if isinstance(scan, Mapping):
        path = scratch.file("scan.yaml", "scan")
        # JSON is YAML.
        with open(path, "w", encoding="utf-8") as file:
            file.write("{\n" + ",\n".join(f"{_json(str(key))}: {_json(_plain(value))}" for key, value in scan.items()) + "\n}\n")
        return path
    if isinstance(scan, str) and ("\n" in scan or re.match(r"\s*[\w.]+\s*:\s", scan)):
        path = scratch.file("scan.yaml", "scan")
        with open(path, "w", encoding="utf-8") as file:
            file.write(scan)
        return path
    if isinstance(scan, (str, os.PathLike)):
        return os.fspath(scan)
    raise UsageError(f"a scan is a mapping, the text of a scan file, or its path, and not {type(scan).__name__}")


def _plain(value: Any) -> Any:
    """Lists and numbers of Python; files relative to the working folder, since the scan file stands elsewhere."""
    if isinstance(value, Mapping):
        return {
            str(key): os.path.abspath(element) if key == "file" and isinstance(element, (str, os.PathLike)) else _plain(element)
            for key, element in value.items()}
    if hasattr(value, "tolist"):
        return value.tolist()
    if isinstance(value, (list, tuple, range)):
        return [_plain(element) for element in value]
    return value


def _json(value: Any) -> str:
    try:
        return json.dumps(_plain(value), ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError) as problem:
        raise UsageError(f"a value of the scan is none that a scan file has: {problem}") from None


def _named(scan: Any) -> str:
    if isinstance(scan, Mapping):
        name = str(scan.get("name", ""))
    else:
        found = re.search(r"^name\s*:\s*(.+?)\s*(?:#.*)?$", str(scan), re.M)
        name = found.group(1).strip("'\"") if found else ""
    return re.sub(r"[^\w.-]+", "-", name).strip("-.") or "scan"


def _bar() -> Callable[[int | None, int | None, Mapping[str, Any]], None]:
    """A function that shows how many of how many runs are done; with None for both it ends."""
    try:
        import warnings

        with warnings.catch_warnings():
            # Without ipywidgets it falls back to text, which is as good.
            warnings.simplefilter("ignore")
            from tqdm.auto import tqdm
    except ImportError:
        return _PlainBar()
    state: dict[str, Any] = {}

    def show(done: int | None, total: int | None, said: Mapping[str, Any]) -> None:
        if done is None:
            if "bar" in state:
                state["bar"].close()
            return
        if "bar" not in state:
            state["bar"] = tqdm(total=total, unit="run", initial=0, desc="scan")
        bar = state["bar"]
        bar.total = total
        if said.get("diverged"):
            bar.set_postfix(diverged=said["diverged"], refresh=False)
        bar.update(done - bar.n)

    return show


class _PlainBar:
    """A line that is written over and over."""

    shown = False

    def __call__(self, done: int | None, total: int | None, said: Mapping[str, Any]) -> None:
        if done is None:
            if self.shown:
                sys.stderr.write("\n")
        else:
            self.shown = True
            left = said.get("secondsLeft")
            sys.stderr.write(f"\rscan: {done} of {total} runs" + (f", {left:.0f} s left" if left is not None else "").ljust(16))
        sys.stderr.flush()
