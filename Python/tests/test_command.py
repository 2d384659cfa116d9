"""Errors, interrupts and what is left behind."""
import gc
import os
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
import warnings

import numpy as np
import pytest
from conftest import arrays, draw

import inflaton
from inflaton.command import options

WEIGHTS, X = arrays(draw([3, 4, 1])), np.eye(3)[:2]


@pytest.mark.parametrize(("call", "kind", "code", "words"), [
    (lambda: inflaton.ntk(WEIGHTS, X), inflaton.UsageError, 64, "activation is missing.*relu, erf"),
    (lambda: inflaton.ntk(WEIGHTS, X, activation="foo"), inflaton.UsageError, 64, "'foo' is invalid"),
    (lambda: inflaton.ntk(WEIGHTS, X, activation="erf", frob=1), inflaton.UsageError, 64, "Unknown option '--frob'"),
    (lambda: inflaton.ntk(WEIGHTS, X[:, :2], activation="erf"), inflaton.DataError, 65, r"shape \(2, 2\), expected \(2, 3\)"),
    (lambda: inflaton.ntk("none.npz", X, activation="erf"), inflaton.DataError, 65, "cannot read none.npz"),
    (lambda: inflaton.ntk(WEIGHTS, X, activation="erf", device="no such device"), inflaton.DeviceError, 69, "no such device"),
    (lambda: inflaton.Store("none.sqlite").runs(), inflaton.DataError, 65, "none.sqlite"),
    (lambda: inflaton.universe(until=-1), inflaton.InflatonError, None, "until"),
])
def test_errors_have_the_command_s_sentences(call, kind, code, words):
    with pytest.raises(kind, match=words) as caught:
        call()
    assert isinstance(caught.value, inflaton.InflatonError) and "/tmp/inflaton-" not in str(caught.value)
    if code is not None:
        assert caught.value.exit_code == code


def test_nothing_is_left_open():
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        inflaton.ntk(WEIGHTS, X, activation="erf")
        gc.collect()
    assert not [warning for warning in said if warning.category is ResourceWarning]


def test_an_output_is_not_overwritten():
    inflaton.evolve(width=8, steps=2, output="kept")
    assert {"trajectory.npz", "summary.json"} <= set(os.listdir("kept"))
    with pytest.raises(inflaton.OutputError, match="exists already") as caught:
        inflaton.evolve(width=8, steps=2, output="kept")
    assert caught.value.exit_code == 73
    inflaton.evolve(width=8, steps=2, output="kept", force=True)


def test_errors_are_usual_exceptions_too():
    assert issubclass(inflaton.UsageError, ValueError) and issubclass(inflaton.DataError, ValueError) and issubclass(inflaton.OutputError, OSError)


def test_the_command_is_that_of_the_variable(monkeypatch):
    monkeypatch.setenv("INFLATON", "/nowhere/inflaton")
    with pytest.raises(inflaton.InflatonError, match="INFLATON names /nowhere/inflaton"):
        inflaton.ntk(WEIGHTS, X, activation="erf")
    monkeypatch.setenv("INFLATON", sys.executable)
    with pytest.raises(inflaton.InflatonError):
        inflaton.ntk(WEIGHTS, X, activation="erf")


def test_options():
    assert options({"learning_rate": 1e-5, "minimum": [-1.0, 2], "trace": True, "json": False, "seed": None, "x": np.float32(0.5)}) == [
        "--learning-rate=1e-05", "--minimum=-1.0,2", "--trace", "--x=0.5"]


def test_the_command_s_warnings_are_warnings():
    with pytest.warns(inflaton.InflatonWarning, match="until is ignored"):
        inflaton.universe(spectrum=True, samples=3, phi=16, until=10000)


LONG = """
    import inflaton, signal, sys, tempfile
    signal.signal(signal.SIGINT, signal.default_int_handler)  # Background jobs of a shell ignore it.
    print(tempfile.gettempdir(), flush=True)
    try:
        inflaton.scan({"width": 256, "learningRate": 0.01, "steps": 400, "seed": {"count": 20000}}, store="long.sqlite", batch=20,
                      progress=False)
    except KeyboardInterrupt:
        print("interrupted", flush=True)
        raise SystemExit(7)
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_command_and_leaves_nothing(number, tmp_path):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    environment = dict(os.environ, TMPDIR=str(scratch))
    process = subprocess.Popen([sys.executable, "-c", textwrap.dedent(LONG)], env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline().strip() == str(scratch)
    deadline = time.monotonic() + 120
    while not (os.path.exists("long.sqlite") and children(process.pid)) and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(1)
    started = children(process.pid)
    assert started and process.poll() is None
    process.send_signal(number)
    assert process.wait(60) == (7 if number == signal.SIGINT else 128 + number)
    assert not any(os.path.exists(f"/proc/{child}") for child in started)
    assert os.listdir(scratch) == []
    # What was computed is stored, and sound.
    assert inflaton.Store("long.sqlite").verify()["unsound"] in (0, [])


def children(parent):
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                with open(f"/proc/{entry}/stat") as file:
                    if int(file.read().rpartition(")")[2].split()[1]) == parent:
                        found.append(int(entry))
            except OSError:
                pass
    return found


def test_an_import_brings_nothing_heavy():
    code = "import sys, inflaton; print([m for m in ('pandas', 'torch', 'tqdm', 'matplotlib', 'jax', 'keras') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"


def test_overhead_of_a_call():
    """At most 100 ms beside the command itself: the least of five calls against the least of five of the command alone."""
    folder = tempfile.mkdtemp()
    np.savez(f"{folder}/w.npz", **WEIGHTS)
    np.save(f"{folder}/x.npy", X)
    command = [inflaton.find_command(), "ntk", f"{folder}/w.npz", f"{folder}/x.npy", "--activation=erf", "--json", "--force", "-o", f"{folder}/o.npz"]

    def seconds(work):
        best = float("inf")
        for _ in range(5):
            start = time.perf_counter()
            work()
            best = min(best, time.perf_counter() - start)
        return best

    # One after the other, as other work may come and go.
    inflaton.ntk(WEIGHTS, X, activation="erf")
    alone = seconds(lambda: subprocess.run(command, capture_output=True, check=True))
    called = seconds(lambda: inflaton.ntk(WEIGHTS, X, activation="erf"))
    print(f"the command {1e3 * alone:.1f} ms, from Python {1e3 * called:.1f} ms")
    assert called - alone < 0.1
