"""Times Inflaton and its peers in turn on one device and writes a table. `Scripts/compare --help` says how to call it."""

import argparse
import datetime
import json
import os
import re
import shlex
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import timing
from rows import CHECKS, ROWS

HERE = Path(__file__).resolve().parent


def arguments():
    parser = argparse.ArgumentParser(prog="Scripts/compare", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a few rows and three rounds")
    parser.add_argument("--only", metavar="REGEX", help="rows whose name matches")
    parser.add_argument("--rounds", type=int, help="how often everybody is timed, in turn; default 7, quick 3")
    parser.add_argument("--seconds", type=float, default=1.0, help="what a round of one program should take; default 1")
    parser.add_argument("--slowest", type=float, default=10.0, help="peers of which one run takes longer run once in all; default 10 s")
    parser.add_argument("--device", help="passed on to inflaton")
    parser.add_argument("--precision", choices=["float32", "float64"], default="float32")
    parser.add_argument("--check", action="store_true", help="time nothing: compare numbers on tiny networks in both precisions")
    parser.add_argument("--scan", action="store_true", help="a whole scan of 10,000 networks against scan.py, also with --quick or --only")
    parser.add_argument("--output", metavar="FILE", help="the table; default Benchmarks/Results/DATE-compare-DEVICE.md")
    options = parser.parse_args()
    options.rounds = options.rounds or (3 if options.quick else 7)
    options.scan = options.scan or not (options.quick or options.only)
    if options.rounds < 1 or options.seconds <= 0:
        parser.error("--rounds must be at least 1 and --seconds positive")
    return options


class Inflaton:
    def __init__(self, options, precision=None):
        self.command = [os.environ["INFLATON"]]
        self.flags = ["--precision", precision or options.precision, "--json"]
        if options.device:
            self.flags += ["--device", options.device]

    def bench(self, row, repeats, output=None):
        flags = [*self.flags, "--repeats", str(repeats), *(["--output", str(output), "--force"] if output else [])]
        done = subprocess.run([*self.command, "bench", row.workload, *row.options, *flags], stdout=subprocess.PIPE, text=True)
        if done.returncode:
            raise SystemExit(f"{shlex.join(done.args)} ended with {done.returncode}")
        return json.loads(done.stdout)


class Peer:
    """A peer's script as a process that waits between its rounds, compiled and warm."""

    def __init__(self, program, precision, network=None):
        script, *rest = program.split()
        variable = {"neural_tangents_ntk": "PYTHON_NEURAL_TANGENTS", "torch_func": "PYTHON_TORCH"}.get(script, "PYTHON")
        self.python = os.environ.get(variable)
        if not self.python:
            raise LookupError(f"{variable} is not set")
        environment = {"XLA_PYTHON_CLIENT_PREALLOCATE": "false", "TF_CPP_MIN_LOG_LEVEL": "2", **os.environ}
        network = ["--network", str(network)] if network else []
        # Libraries talk a lot on standard error; it is shown where a peer fails.
        self.errors = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(
            [self.python, str(HERE / f"{script}.py"), *rest, *network, "--precision", precision, "--serve"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors, text=True, env=environment)
        self.facts = self.answer()

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            status = self.process.wait()
            self.errors.seek(0)
            last = "".join(self.errors.readlines()[-3:])
            raise RuntimeError(f"{shlex.join(self.process.args)} ended with {status}:\n{last}")
        return json.loads(line)

    def time(self, repeats):
        self.process.stdin.write(f"{repeats}\n")
        self.process.stdin.flush()
        return self.answer()

    def close(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()
        self.errors.close()


def repeats_for(seconds, target):
    return max(1, min(25, round(target / max(seconds, 1e-9))))


def same_device(ours, facts):
    kind = re.search(r"\((\w+)\)$", ours["engine"]["driver"])
    theirs = {"cuda": "gpu", "rocm": "gpu"}.get(facts["platform"], facts["platform"])
    if kind and kind[1] != theirs:
        raise SystemExit(
            f"inflaton computes on a {kind[1]} ({ours['device']}), but {facts['program']} on a {theirs} ({facts['device']}); "
            "give --device, or JAX_PLATFORMS=cpu, or a JAX that knows the GPU")


def right(facts, whose):
    """Whether a program ("error_inflaton" or "error") is as near to the reference as rounding allows; NaN is not."""
    return facts[whose] <= facts["tolerance"]


def note(text):
    print(text, file=sys.stderr, flush=True)


def compare(row, options, folder):
    """Rounds of all, in turn: {program: [seconds of a round]}, ours first, and what each said of itself."""
    inflaton, network = Inflaton(options), folder / "network.npz"
    first = inflaton.bench(row, 1, network if row.peers else None)
    ours_key = "host_median_s" if row.workload in ("ntk", "train") else "median_s"
    peers, said, missing = {}, {"inflaton": first}, {}
    for program in row.peers:
        try:
            peer = Peer(program, options.precision, network)
        except (LookupError, RuntimeError) as error:  # not asked for, or it cannot do this
            missing[program] = str(error)
            note(f"  {program} left out: {error}")
            continue
        peers[program], said[program] = peer, peer.facts
        same_device(first, peer.facts)
        note(f"  {peer.facts['program']}: error {peer.facts['error']:.1e}, inflaton's {peer.facts['error_inflaton']:.1e}, "
             f"tolerance {peer.facts['tolerance']:.1e}")
    times, ours = {name: [] for name in said}, []
    repeats = {name: repeats_for(s.get("first_s") or s[ours_key], options.seconds) for name, s in said.items()}
    for number in range(options.rounds):
        names = list(times)
        for name in names if number % 2 == 0 else names[::-1]:
            if number > 0 and times[name][0] > options.slowest:
                continue
            if name == "inflaton":
                ours.append(inflaton.bench(row, repeats[name]))
                taken = ours[-1][ours_key]
            else:
                taken = peers[name].time(repeats[name])["median_s"]
            times[name].append(taken)
            repeats[name] = repeats_for(taken, options.seconds)
    for peer in peers.values():
        peer.close()
    said["inflaton"]["fractions"] = [one["fraction_of_floor"] for one in ours]
    said["inflaton"]["rates"] = [one["rate"] for one in ours]
    return times, said, missing


def duration(seconds):
    for unit, scale in [("s", 1), ("ms", 1e-3), ("µs", 1e-6)]:
        if seconds >= scale or unit == "µs":
            return f"{seconds / scale:.3g} {unit}"


def amount(value, unit):
    for prefix, scale in [("T", 1e12), ("G", 1e9), ("M", 1e6), ("k", 1e3)]:
        if value >= scale:
            return f"{value / scale:.3g} {prefix}{unit}"
    return f"{value:.3g} {unit}"


def lines_of(row, times, said, missing):
    ours, own = times["inflaton"], said["inflaton"]
    median = statistics.median(ours)
    fraction = f"{100 * statistics.median(own['fractions']):.0f} %"
    if row.workload == "train":
        rate = amount(row.sizes["members"] * row.sizes["steps"] / median, own["unit"])
    else:
        rate = amount(statistics.median(own["rates"]), own["unit"])
    head = [row.name, duration(median), rate, fraction]
    lines = []
    for program, aim in row.peers.items():
        if program in missing:
            continue
        theirs, facts = times[program], said[program]
        ratios = [b / a for a, b in zip(ours, theirs)]
        spread = f" ({min(ratios):.3g}–{max(ratios):.3g})" if len(ratios) > 1 else " (once)"
        lines.append(head + [
            facts["program"], duration(statistics.median(theirs)), f"**{statistics.median(ratios):.3g}**{spread}",
            f"≥ {aim:g}" if aim else "–", f"{facts['error_inflaton']:.1e}", f"{facts['error']:.1e}", f"{facts['tolerance']:.1e}"])
    return lines or [head + ["–"] * 7]


TABLE = ["work", "inflaton", "rate", "of floor", "peer", "peer's time", "ratio", "aim", "error", "peer's error", "tolerance"]


def scan(options):
    """Whole scans, Inflaton's from the start of the program to the end of its store, and scan.py's, in turn."""
    peer = Peer("scan", options.precision)
    inflaton, ratios, ours, theirs = Inflaton(options), [], [], []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(options.rounds + 1):
            store = Path(folder) / f"{number}.sqlite"
            command = [*inflaton.command, "scan", str(HERE / "scan.yaml"), "--store", str(store), "--quiet", *inflaton.flags]
            start = time.perf_counter()
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            if number == 0:  # compiles the kernels
                continue
            ours.append(time.perf_counter() - start)
            theirs.append(peer.time(1)["median_s"])
            ratios.append(theirs[-1] / ours[-1])
    peer.close()
    facts = peer.facts
    return [
        "", f"Scan of {facts['members']} networks, width {facts['width']}, {facts['depth']} hidden, N = {facts['points']}, {facts['steps']} "
        f"steps: `inflaton scan Benchmarks/peers/scan.yaml` {duration(statistics.median(ours))} from the start of the program to the end of "
        f"its store, JAX {duration(statistics.median(theirs))} without start and compilation ({duration(facts['first_s'])} with "
        f"compilation), ratio **{statistics.median(ratios):.3g}** ({min(ratios):.3g}–{max(ratios):.3g}), aim ≥ 3."]


def head(options, said, load):
    own = said[0]["inflaton"]
    versions = {}
    devices = set()
    for facts in (facts for one in said for name, facts in one.items() if name != "inflaton"):
        devices.add(f"{facts['program'].split()[0]}: {facts['device']} ({facts['platform']})")
        key = "neural-tangents" if "neural-tangents" in facts["versions"] else "torch" if "torch" in facts["versions"] else "jax"
        versions[key] = ", ".join(f"{name} {version}" for name, version in facts["versions"].items())
    command = "Scripts/compare " + shlex.join(sys.argv[1:])
    engine, provenance = own["engine"], own["provenance"]
    return [
        f"# Inflaton beside its peers, {datetime.date.today()}", "",
        f"- Command: `{command.strip()}`",
        f"- Device: {engine['device']} · {engine['driver']} · {engine['precision']}; {'; '.join(sorted(devices))}; "
        f"{os.cpu_count()} cores, {timing.processor()}",
        f"- Versions: inflaton {provenance['version']} ({provenance['revision']}); {'; '.join(versions.values())}",
        f"- Load when it began: {load:.1f} processes on {os.cpu_count()} cores; {options.rounds} rounds of about "
        f"{options.seconds:g} s for each program",
        "",
        "Programs take turns. A time is the median over the rounds of each round's median, from weights on the device to results in the "
        "host's memory, compilation excluded; the ratio is the median over the rounds of peer's time / Inflaton's, with its extremes. "
        "The fraction of the floor is the device's time beside what its measured peak and bandwidth allow. Errors are the largest "
        "distances from a float64 reference of the same networks. `Documentation/Benchmarks.md` says more.", "",
    ]


def check(options):
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        network = Path(folder) / "network.npz"
        for precision in ["float32", "float64"]:
            inflaton = Inflaton(options, precision)
            for row in CHECKS:
                inflaton.bench(row, 1, network)
                for program in row.peers:
                    peer = Peer(program, precision, network)
                    peer.close()
                    facts = peer.facts
                    agrees = right(facts, "error") and right(facts, "error_inflaton")
                    failed += not agrees
                    print(f"{'ok  ' if agrees else 'FAIL'} {precision} {row.name}: inflaton {facts['error_inflaton']:.1e}, "
                          f"{facts['program']} {facts['error']:.1e}, tolerance {facts['tolerance']:.1e}", flush=True)
    return 1 if failed else 0


def main():
    options = arguments()
    if options.check:
        return check(options)
    rows = [row for row in ROWS if (row.quick or not options.quick) and (not options.only or re.search(options.only, row.name))]
    if not rows:
        raise SystemExit(f"no row matches '{options.only}'; the rows are:\n" + "\n".join(row.name for row in ROWS))
    table, all_said, wrong, strange = [], [], [], []
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder:
        for row in rows:
            note(row.name)
            times, said, missing = compare(row, options, Path(folder))
            all_said.append(said)
            lines = lines_of(row, times, said, missing)
            for line in lines:
                note("  " + " | ".join(line[1:8]))
            table += lines
            peers = [facts for name, facts in said.items() if name != "inflaton"]
            wrong += [row.name] * any(not right(facts, "error_inflaton") for facts in peers)
            strange += [f"{facts['program']} ({row.name})" for facts in peers if not right(facts, "error")]
    text = head(options, all_said, load) + [f"| {' | '.join(TABLE)} |", "|" + "---|" * len(TABLE)] + [f"| {' | '.join(l)} |" for l in table]
    if options.scan:
        text += scan(options)
    if strange:
        text += ["", "Beyond the tolerance, so that their times are not those of the same work: " + "; ".join(strange) + "."]
    if wrong:
        text += ["", "**Inflaton's numbers are beyond the tolerance:** " + "; ".join(wrong) + "."]
    path = Path(options.output) if options.output else default_path(all_said[0]["inflaton"])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(text) + "\n", encoding="utf-8")
    print(path)
    return 1 if wrong else 0


def default_path(own):
    device = re.sub(r"[^a-z0-9]+", "-", own["device"].lower()).strip("-")
    return Path(os.environ.get("RESULTS", HERE.parent / "Results")) / f"{datetime.date.today()}-compare-{device}.md"


if __name__ == "__main__":
    sys.exit(main())
