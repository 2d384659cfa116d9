"""Runs every query of Documentation/Store.md on a store, and compares what they give with what the engine gave.

Usage: test_store.py STORE.md FOLDER, where FOLDER holds scan.sqlite, runs.npz made of it, and expected.json.
"""
import functools
import hashlib
import json
import math
import os
import re
import sqlite3
import statistics
import sys

import duckdb
import numpy as np
import pandas as pd

with open(sys.argv[1], encoding="utf-8") as file:
    blocks = re.findall(r"^```python\n(.*?)^```", file.read(), re.M | re.S)
assert len(blocks) >= 5, "the page lost its queries"
os.chdir(sys.argv[2])
with open("expected.json", encoding="utf-8") as file:
    expected = json.load(file)

# An extension that is not there must be an error and never a download.
offline = {"autoinstall_known_extensions": False, "autoload_known_extensions": False}
duckdb.connect = functools.partial(duckdb.connect, config=offline)
names = {}
for block in blocks:
    exec(compile(block, sys.argv[1], "exec"), names)

by_digest = {run["digest"]: run for run in expected}
runs, bias = names["runs"], names["bias"]
assert len(runs) == len(expected) == len(by_digest)
assert set(runs.status) == {"finished", "diverged"}
numbers = {}
for number, row in runs.iterrows():
    run = by_digest[row.digest.hex()]
    numbers[number] = run
    assert row.width == run["width"] and row.seed == run["seed"] and row.activation == "erf"
    assert (row.status == "diverged") == run["diverged"]
    # The losses as they were: JSON has 17 digits, and no infinities.
    for step, loss in zip(run["steps"], run["losses"]):
        stored = names["losses"].loc[step, number]
        assert stored == loss or loss is None and not math.isfinite(stored), (number, step, stored, loss)
    for step, output in zip(run["steps"], run["outputs"]):
        stored = names["outputs"].loc[step, number]
        assert stored == output or output is None and not math.isfinite(stored)
    assert bias[number] == 1
    assert math.isnan(row.finalLoss) if run["diverged"] else row.finalLoss == run["losses"][-1]

finished = [run for run in expected if not run["diverged"]]
widths = sorted({run["width"] for run in finished})
final = {width: [run["losses"][-1] for run in finished if run["width"] == width] for width in widths}
ratios = {width: runs[(runs.width == width) & (runs.status == "finished")]["corrected.vacuumRatio"].max() for width in widths}
assert list(names["by_width"].index) == widths
for width in widths:
    count, mean, deviation = names["by_width"].loc[width]
    assert count == len(final[width])
    assert math.isclose(mean, statistics.mean(final[width]), rel_tol=1e-12)
    assert math.isclose(deviation, statistics.stdev(final[width]), rel_tol=1e-9)
medians = names["medians"].set_index("width")
for width in widths:
    assert medians.loc[width, "runs"] == len(final[width])
    assert math.isclose(medians.loc[width, "loss"], statistics.median(final[width]), rel_tol=1e-12)
    assert medians.loc[width, "ratio"] == ratios[width]
decay = names["decay"].set_index(["width", "step"])["loss"]
for width in widths:
    chosen = [run for run in finished if run["width"] == width]
    for place, step in enumerate(chosen[0]["steps"]):
        assert math.isclose(decay[width, step], statistics.mean(run["losses"][place] for run in chosen), rel_tol=1e-12)
stable = names["stable"]
assert set(stable.index) == {n for n, row in runs.iterrows() if row.status == "finished" and row.vacuumRatio < 0.1}
assert 0 < len(stable) < len(finished)
assert np.array_equal(names["kernel"].ravel(), numbers[1]["kernel"]) and names["kernel"].shape == (2, 2)
assert list(names["origins"].runs) == [len(expected)] and names["origins"].revision[0] == "r1"

archive, best = names["archive"], names["best"]
assert archive["status"].tolist() == runs.status.tolist() and archive["run"].tolist() == runs.index.tolist()
assert archive["digest"].tolist() == [digest.hex() for digest in runs.digest]
assert archive["seed"].dtype == np.int64 and archive["seed"].tolist() == runs.seed.tolist()
assert numbers[best]["losses"][-1] == min(run["losses"][-1] for run in finished)

store = names["store"]
for number, text in store.execute("SELECT run, parameters FROM identities"):
    assert hashlib.sha256(text.encode()).digest() == runs.digest[number]
assert store.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
assert store.execute("PRAGMA foreign_key_check").fetchall() == []
print(f"{len(blocks)} queries on {len(expected)} runs: pandas {pd.__version__}, duckdb {duckdb.__version__}, sqlite {sqlite3.sqlite_version}")
