"""Compiles recorded OpenCL sources for sm_90 and prints what each kernel takes. Called by Scripts/compile-for-nvidia."""

import argparse
import concurrent.futures
import json
import os
import re
import subprocess
import sys
from pathlib import Path

# Of a multiprocessor of compute capability 9.0 (CUDA programming guide, table of technical specifications).
REGISTERS, ITEMS, GROUPS, SHARED = 65536, 2048, 32, 233472
# Below what clang 15 knows of; ptxas compiles PTX of an earlier architecture for a later one.
PTX_ARCHITECTURE = "sm_80"


def recorded(folder):
    """Sources with their options, each once, and the largest group in which each of their kernels was launched."""
    sources = {}
    for record in sorted(folder.glob("*/record.jsonl")):
        by_number = {}
        for line in record.read_text().splitlines():
            event = json.loads(line)
            if event["event"] == "program" and event["program"] >= 0:
                text = (record.parent / f"program-{event['program']}.cl").read_text()
                by_number[event["program"]] = sources.setdefault((text, event["options"]), {})
            if event["event"] == "launch":
                items = 1
                for size in event["local"]:
                    items *= size
                groups = by_number[event["program"]]
                groups[event["kernel"]] = max(items, groups.get(event["kernel"], 0))
    return sources


def run(command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        raise RuntimeError(f"{command[0]} ended with {done.returncode}:\n{done.stdout[-3000:]}")
    return done.stdout


def compiled(number, text, options, arguments):
    """What ptxas says of each kernel of a source: {name: (registers, bytes spilled, bytes of shared memory)}."""
    source, ptx = arguments.folder / f"{number}.cl", arguments.folder / f"{number}.ptx"
    source.write_text(text)
    standard = [option for option in options.split() if option.startswith(("-cl-std=", "-D"))]
    run([
        arguments.clang, "-x", "cl", *standard, "-w", "-O3", "-target", "nvptx64-nvidia-nvcl", f"-march={PTX_ARCHITECTURE}",
        "-Xclang", "-finclude-default-header", "-Xclang", "-mlink-builtin-bitcode", "-Xclang", arguments.library, "-S", str(source),
        "-o", str(ptx)])
    said = run([arguments.ptxas, "-arch=sm_90", "-v", str(ptx), "-o", os.devnull])
    found = {}
    for part in re.split(r"Compiling entry function '", said)[1:]:
        spilled = sum(int(count) for count in re.findall(r"(\d+) bytes spill", part))
        shared = re.search(r"(\d+) bytes smem", part)
        found[part[:part.index("'")]] = (int(re.search(r"Used (\d+) registers", part)[1]), spilled, int(shared[1]) if shared else 0)
    return found


def resident(registers, shared, items):
    """Groups that a multiprocessor holds at once; 0 where it cannot hold one."""
    if not items:
        return None
    warps = -(-items // 32)
    by_registers = REGISTERS // (-(-registers // 8) * 8 * 32 * warps)
    return min(by_registers, ITEMS // items, GROUPS, SHARED // (shared + 1024))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    for name in ("clang", "library", "ptxas"):
        parser.add_argument(f"--{name}", required=True)
    arguments = parser.parse_args()
    sources, rows, problems = recorded(arguments.folder), {}, []
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        work = [
            (number, groups, pool.submit(compiled, number, text, options, arguments))
            for number, ((text, options), groups) in enumerate(sources.items())]
        for number, groups, result in work:
            try:
                kernels = result.result()
            except RuntimeError as error:
                problems.append(f"{number}.cl does not compile: {error}")
                continue
            for name, (registers, spilled, shared) in kernels.items():
                items = groups.get(name, 0)
                rows.setdefault(name, []).append((registers, spilled, shared, items, resident(registers, shared, items)))
                if spilled:
                    problems.append(f"{number}.cl: {name} spills {spilled} bytes at {registers} registers")
    print(f"{len(sources)} sources, compiled by {arguments.clang} and ptxas for sm_90")
    print("| kernel | sources | registers | spilled bytes | shared bytes | items of a group | groups a multiprocessor |")
    print("|---|---|---|---|---|---|---|")

    def span(values):
        values = sorted(value for value in values if value is not None)
        return "–" if not values else f"{values[0]}" if values[0] == values[-1] else f"{values[0]}–{values[-1]}"

    for name, found in sorted(rows.items()):
        registers, spilled, shared, items, groups = zip(*found)
        print(f"| {name} | {len(found)} | {span(registers)} | {span(spilled)} | {span(shared)} "
              f"| {span(count or None for count in items)} | {span(groups)} |")
    for problem in problems:
        print(problem, file=sys.stderr)
    sys.exit(1 if problems or not rows else 0)


main()
