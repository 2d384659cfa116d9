"""What the wheel carries; only where the package is installed from one."""
import os
import subprocess
import sys
from importlib import metadata

import pytest

import inflaton
from inflaton import command

pytestmark = pytest.mark.skipif(not os.path.isfile(command.CARRIED), reason="the package is not installed from the wheel")


def test_the_carried_command_needs_the_host_s_glibc_alone():
    folder = os.path.dirname(command.CARRIED)
    said = subprocess.run(
        ["ldd", command.CARRIED + ".bin"], env={**os.environ, "LD_LIBRARY_PATH": os.path.join(folder, "lib")}, capture_output=True, text=True,
        check=True).stdout
    needed = [line.split() for line in said.splitlines() if "=>" in line]
    assert needed and "not found" not in said
    outside = {words[0] for words in needed if not words[2].startswith(folder)}
    # Of these the launcher has another beside it, for hosts that have none.
    assert outside - {"libc.so.6", "libm.so.6", "libpthread.so.0", "libdl.so.2", "librt.so.1"} <= {"libstdc++.so.6", "libgcc_s.so.1"}


def test_the_carried_command_comes_before_that_on_the_path(monkeypatch, tmp_path):
    (tmp_path / "inflaton").write_text("#!/bin/sh\nexit 3\n")
    (tmp_path / "inflaton").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.delenv("INFLATON", raising=False)
    assert inflaton.find_command() == command.CARRIED
    monkeypatch.setenv("INFLATON", "inflaton")
    assert inflaton.find_command() == str(tmp_path / "inflaton")


def test_the_script_is_the_command():
    script = os.path.join(os.path.dirname(sys.executable), "inflaton")
    for words in ([script], [sys.executable, "-m", "inflaton"]):
        assert subprocess.run([*words, "--version"], capture_output=True, text=True, check=True).stdout.strip() == inflaton.__version__


def test_the_record_has_every_file():
    files = metadata.files("inflaton")
    assert any(str(file).endswith("py.typed") for file in files)
    for file in files:
        if file.hash is not None:
            assert file.locate().stat().st_size == file.size
