"""Executes notebooks, several at a time. Usage: notebooks.py [--write] NOTEBOOK…

Each is executed in an empty folder, from a new kernel, and fails at the first exception. With --write the outputs are kept in the
notebook itself, without execution times and other things that differ from one execution to the next.
"""
from __future__ import annotations

import os
import re
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError


def execute(path: str, write: bool) -> str | None:
    start = time.monotonic()
    notebook = nbformat.read(path, as_version=4)
    with tempfile.TemporaryDirectory() as folder:
        try:
            NotebookClient(
                notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": folder}},
                extra_arguments=["--IPKernelApp.log_level=ERROR"]).execute()
        except CellExecutionError as problem:
            # Without the colours of a terminal.
            return re.sub(r"\x1b\[[0-9;]*m", "", f"{path}: {problem}")
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    if any(cell.execution_count is None for cell in cells):
        return f"{path}: a cell was not executed"
    print(f"{path}: {len(cells)} cells in {time.monotonic() - start:.1f} s", flush=True)
    if write:
        for cell in cells:
            cell.metadata = {}
            # What a bar wrote over itself, and what a program said on the way, are no results.
            cell.outputs = [output for output in cell.outputs if output.get("name") != "stderr"]
        notebook.metadata = {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}, "language_info": {"name": "python"}}
        nbformat.write(notebook, path)
    return None


def main(words: list[str]) -> None:
    write, paths = "--write" in words, [word for word in words if word != "--write"]
    if not paths:
        sys.exit(__doc__)
    with ThreadPoolExecutor(max(1, min(len(paths), os.cpu_count() or 1))) as pool:
        failures = [failure for failure in pool.map(lambda path: execute(path, write), paths) if failure]
    if failures:
        sys.exit("\n".join(failures))


if __name__ == "__main__":
    main(sys.argv[1:])
