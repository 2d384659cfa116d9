"""Writes the wheel: the package of src/inflaton and the folder of the command, with nothing but the standard library.

Usage: make_wheel.py COMMAND_FOLDER OUT_FOLDER
"""
from __future__ import annotations

import base64
import hashlib
import os
import platform
import re
import sys
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
# One and the same for the same files, whenever it is made; what a ZIP archive can say at the earliest is 1980.
DATE = (1980, 1, 1, 0, 0, 0)


def project() -> dict[str, str]:
    """The words of pyproject.toml that the wheel repeats; Python 3.11's TOML reader would be one more thing to require."""
    text = (HERE / "pyproject.toml").read_text(encoding="utf-8")
    words = dict(re.findall(r'^([\w-]+) = "(.*)"$', text, re.M))
    words["dependencies"], = re.findall(r"^dependencies = \[(.*)\]$", text, re.M)
    words["optional"], = re.findall(r"^\[project\.optional-dependencies\]\n(.*?)\n\n", text, re.M | re.S)
    return words


def metadata(words: dict[str, str]) -> str:
    lines = [
        "Metadata-Version: 2.1", f"Name: {words['name']}", f"Version: {words['version']}", f"Summary: {words['description']}",
        "License: Apache-2.0", f"Requires-Python: {words['requires-python']}"]
    lines += [f"Requires-Dist: {name}" for name in re.findall(r'"(.*?)"', words["dependencies"])]
    for extra, names in re.findall(r"^(\w+) = \[(.*)\]$", words["optional"], re.M):
        lines.append(f"Provides-Extra: {extra}")
        lines += [f'Requires-Dist: {name}; extra == "{extra}"' for name in re.findall(r'"(.*?)"', names)]
    lines += ["Description-Content-Type: text/markdown", "", (HERE / "README.md").read_text(encoding="utf-8")]
    return "\n".join(lines)


def tag(command: Path) -> str:
    """The platform: manylinux with the newest glibc that any of the binaries asks for.

    All else that they need is carried, or is among the libraries that such a platform has.
    """
    newest = 17
    for path in command.rglob("*"):
        if path.is_file():
            newest = max([newest, *(int(minor) for minor in re.findall(rb"\0GLIBC_2\.(\d+)(?=[.\0])", path.read_bytes()))])
    return f"py3-none-manylinux_2_{newest}_{platform.machine()}"


def main(command: Path, folder: Path) -> None:
    words = project()
    name, version = words["name"], words["version"]
    platform_tag = tag(command)
    information = f"{name}-{version}.dist-info"
    wheel = folder / f"{name}-{version}-{platform_tag}.whl"
    files: list[tuple[str, bytes, bool]] = []
    for path in sorted((HERE / "src" / name).rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts and "_command" not in path.parts:
            files.append((path.relative_to(HERE / "src").as_posix(), path.read_bytes(), False))
    for path in sorted(command.rglob("*")):
        if path.is_file():
            files.append((f"{name}/_command/{path.relative_to(command).as_posix()}", path.read_bytes(), os.access(path, os.X_OK)))
    files += [
        (f"{information}/METADATA", metadata(words).encode(), False),
        (f"{information}/WHEEL", f"Wheel-Version: 1.0\nGenerator: inflaton\nRoot-Is-Purelib: false\nTag: {platform_tag}\n".encode(), False),
        (f"{information}/entry_points.txt", f"[console_scripts]\n{name} = {name}.__main__:main\n".encode(), False),
        (f"{information}/top_level.txt", f"{name}\n".encode(), False),
        (f"{information}/LICENSE", (HERE.parent / "LICENSE").read_bytes(), False)]
    record = []
    for path, data, _ in files:
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        record.append(f"{path},sha256={digest},{len(data)}")
    record.append(f"{information}/RECORD,,")
    files.append((f"{information}/RECORD", ("\n".join(record) + "\n").encode(), False))
    # Beside it first: a wheel under its name is whole.
    partial = wheel.with_suffix(".partial")
    try:
        with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
            for path, data, executable in files:
                entry = zipfile.ZipInfo(path, DATE)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = (0o100755 if executable else 0o100644) << 16
                archive.writestr(entry, data)
        for old in folder.glob(f"{name}-*.whl"):
            old.unlink()
        partial.replace(wheel)
    finally:
        partial.unlink(missing_ok=True)
    print(f"{wheel} ({wheel.stat().st_size / 1e6:.1f} MB)")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: make_wheel.py COMMAND_FOLDER OUT_FOLDER")
    main(Path(sys.argv[1]), Path(sys.argv[2]))
