"""The command line, the clock and the JSON that all peers share.

Timed is what a caller waits for, compilation excluded: from weights and points on the device to the result in the host's memory.
"""

import argparse
import json
import platform
import statistics
import sys
import time
from importlib import metadata

import numpy as np

import problem as problems
import reference


def arguments(description, extra=None):
    """The options, and the problem that they describe."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--network", help="an .npz file of `inflaton bench ntk|train --output`; takes the place of the sizes")
    for name, value in [("width", 512), ("depth", 2), ("points", 64), ("members", 4), ("inputs", 8), ("steps", 20)]:
        parser.add_argument(f"--{name}", type=int, default=value)
    parser.add_argument("--activation", choices=sorted(reference.ACTIVATIONS), default="relu")
    parser.add_argument("--precision", choices=["float32", "float64"], default="float32")
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--serve", action="store_true", help="time once for each number of repeats that comes on standard input")
    if extra:
        extra(parser)
    options = parser.parse_args()
    for name in ["width", "points", "members", "inputs", "steps", "repeats"]:
        if getattr(options, name) < 1:
            parser.error(f"--{name} is {getattr(options, name)}, but must be at least 1")
    return options


def problem(options):
    if options.network:
        return problems.read(options.network, options.precision)
    o = options
    return problems.draw(o.width, o.depth, o.points, o.members, o.inputs, o.steps, o.activation, o.precision)


def processor():
    """The CPU's name."""
    try:
        with open("/proc/cpuinfo") as file:
            return next(line.split(":", 1)[1].strip() for line in file if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def versions(*packages):
    return {"python": platform.python_version(), **{name: metadata.version(name) for name in packages}}


def seconds(once, repeats):
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        once()
        times.append(time.perf_counter() - start)
    return times


def fastest(variants):
    """Of several ways to compute the same, the one that takes least, by three calls after the first. An expert tries them."""
    best = {}
    for name, once in variants.items():
        once()
        best[name] = min(seconds(once, 3))
    return min(best, key=best.get)


def report(options, problem, workload, once, items, unit, **facts):
    """Warms `once` up, compares its result with the reference and with that of the network's file, times it, prints JSON.

    `once` gives the kernel (E, N, N) or the outputs (E, K + 1, N, 1) as NumPy arrays; `items` is what the rate counts.
    """
    start = time.perf_counter()
    result = once()
    facts = {"workload": workload, **problem.description, "precision": options.precision, "first_s": time.perf_counter() - start, **facts}
    if options.network:
        facts |= comparison(workload, problem, options.precision, result)
    if options.serve:
        print(json.dumps(facts), flush=True)
        for line in sys.stdin:
            print(json.dumps(measured(once, int(line), items, unit)), flush=True)
    else:
        print(json.dumps(facts | measured(once, options.repeats, items, unit), indent=2, sort_keys=True))


def measured(once, repeats, items, unit):
    times = seconds(once, repeats)
    median = statistics.median(times)
    return {"median_s": median, "min_s": min(times), "repeats": repeats, "rate": items / median, "unit": unit}


def comparison(workload, problem, precision, result):
    """The distances of this result and of the file's from the reference, between the two, and what rounding may make of them."""
    truth, places, compared = {"ntk": reference.ntk, "train": reference.train}[workload](problem, precision)
    theirs, ours = np.asarray(result)[places], problem.results["ntk" if workload == "ntk" else "outputs"][places]
    return {
        "tolerance": reference.tolerance(workload, problem, precision),
        "compared": float(compared.mean()),
        "error": reference.difference(workload, theirs, truth, truth, compared),
        "error_inflaton": reference.difference(workload, ours, truth, truth, compared),
        "difference": reference.difference(workload, theirs, ours, truth, compared),
    }
