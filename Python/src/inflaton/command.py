"""Finds and runs the `inflaton` command: everything that is computed, it computes."""
from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import warnings
from typing import Any, Callable, Iterable, Mapping

from .errors import InflatonError, InflatonWarning, UsageError, error

#: Where the wheel carries the command.
CARRIED = os.path.join(os.path.dirname(os.path.abspath(__file__)), "_command", "inflaton")

#: How long a command that was interrupted may take to store what it has, in seconds; a scan gives its batch ten.
GRACE = 15.0


def carried() -> str | None:
    """The command within this package, or None where the package came without one."""
    if not os.path.isfile(CARRIED):
        return None
    for path in (CARRIED, CARRIED + ".bin"):
        # Some installers drop the permission to execute.
        if not os.access(path, os.X_OK):
            os.chmod(path, os.stat(path).st_mode | 0o755)
    return CARRIED


def find_command() -> str:
    """The path of the command: that of the variable INFLATON, else the one that the wheel carries, else the first on PATH.

    Raises:
        InflatonError: There is none, or INFLATON names a file that cannot be run.
    """
    named = os.environ.get("INFLATON")
    if named:
        path = shutil.which(named)
        if path is None:
            raise InflatonError(f"the variable INFLATON names {named}, which cannot be run; give the path of the inflaton command, or unset it")
        return os.path.abspath(path)
    path = carried() or shutil.which("inflaton")
    if path is None:
        raise InflatonError(
            "the inflaton command was not found: install the wheel that carries it (made by Scripts/wheel), put the command on PATH, "
            "or set the variable INFLATON to its path")
    return path


def options(values: Mapping[str, Any]) -> list[str]:
    """Command-line options of keyword arguments: `learning_rate=0.1` is `--learning-rate 0.1`.

    None is left out, True is a flag, False its absence, a list is one value with commas between its elements.
    """
    words: list[str] = []
    for name, value in values.items():
        if value is None or value is False:
            continue
        # One word each, since a value may begin with a minus.
        flag = "--" + name.rstrip("_").replace("_", "-")
        words.append(flag if value is True else f"{flag}={word(value)}")
    return words


def word(value: Any) -> str:
    """A number, text or list as the command reads it."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, (list, tuple)):
        return ",".join(word(element) for element in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value) if isinstance(value, float) else str(os.fspath(value) if isinstance(value, os.PathLike) else value)


class Scratch:
    """A folder for the files of one call, which is gone after it. Messages call its files by the names of the arguments."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}

    def __enter__(self) -> Scratch:
        self._folder = tempfile.TemporaryDirectory(prefix="inflaton-")
        self.path = self._folder.name
        return self

    def __exit__(self, *_: object) -> None:
        self._folder.cleanup()

    def file(self, name: str, argument: str | None = None) -> str:
        """A path in the folder, which messages call `argument`."""
        path = os.path.join(self.path, name)
        if argument is not None:
            self.names[path] = argument
        return path

    def plain(self, message: str) -> str:
        for path, argument in self.names.items():
            message = message.replace(path, argument)
        return message


def run(
    arguments: Iterable[str], *, scratch: Scratch | None = None, on_line: Callable[[str], None] | None = None,
) -> dict[str, Any]:
    """Runs the command with `--json` and gives the last JSON object it printed.

    Its warnings become :class:`InflatonWarning`; notes, such as that kernels are being compiled, go to standard error as they come.
    An interrupt (Ctrl-C) stops the command before it is passed on.

    Args:
        arguments: The words after `inflaton`.
        scratch: Names for the paths in messages.
        on_line: Gets every line of standard output, for commands that print one object a line.

    Raises:
        InflatonError: The command failed; of the class of its exit code.
    """
    words = [find_command(), *arguments, "--json"]
    plain = scratch.plain if scratch else str
    said: list[str] = []

    def listen(stream: Any) -> None:
        raised = False
        for line in stream:
            said.append(line)
            # Errors and warnings are raised and not printed, with all the lines that their sentences go on for.
            if line.startswith("inflaton: "):
                raised = line.startswith(("inflaton: warning:", "inflaton: error:"))
            if not raised and sys.stderr is not None:
                sys.stderr.write(plain(line))
                sys.stderr.flush()

    with _Guard() as guard:
        # A group of its own: an interrupt reaches it once, from here, and not twice.
        try:
            process = subprocess.Popen(
                words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", errors="replace",
                start_new_session=True)
        except OSError as problem:
            raise InflatonError(f"{words[0]} cannot be run: {problem.strerror}") from problem
        guard.process = process
        listener = threading.Thread(target=listen, args=(process.stderr,), daemon=True)
        listener.start()
        lines: list[str] = []
        for line in process.stdout:  # type: ignore[union-attr]
            lines.append(line)
            if on_line is not None:
                on_line(line)
        status = process.wait()
        listener.join()
        for pipe in (process.stdout, process.stderr):
            pipe.close()  # type: ignore[union-attr]
    result = _object(lines)
    if not result and status == 0:
        raise InflatonError(f"{' '.join(words[:2])} printed no JSON; is {words[0]} the inflaton command, and of this version?")
    warned = [line[len("inflaton: warning:"):].strip() for line in said if line.startswith("inflaton: warning:")]
    for message in dict.fromkeys([*warned, *result.get("warnings", [])]):
        warnings.warn(plain(message), InflatonWarning, stacklevel=_outside())
    if status != 0:
        message = result.get("error", {}).get("message") if isinstance(result.get("error"), dict) else None
        if message is None:
            message = "".join(line.replace("inflaton: error: ", "") for line in said).strip() or f"the command ended with status {status}"
        if status == 130:
            raise KeyboardInterrupt
        # The list of usages is for a shell.
        if status == 64:
            message = message.split("\nHelp:")[0].split("\nUsage:")[0]
        raise error(plain(message), status)
    return result


def _object(lines: list[str]) -> dict[str, Any]:
    """The object that was printed, or of several, one a line, the last."""
    for text in ("".join(lines), lines[-1] if lines else ""):
        try:
            found = json.loads(text)
        except ValueError:
            continue
        if isinstance(found, dict):
            return found
    return {}


def _outside() -> int:
    """The stack level of the first caller outside this package, to which a warning belongs."""
    level, frame = 1, sys._getframe(1)
    here = os.path.dirname(os.path.abspath(__file__))
    while frame is not None and os.path.dirname(os.path.abspath(frame.f_code.co_filename)) == here:
        level, frame = level + 1, frame.f_back  # type: ignore[assignment]
    return level


class _Terminated(BaseException):
    """A signal that ends Python came; the command has to end first."""


class _Guard:
    """Ends the process it is given if it is left by an exception, SIGTERM and SIGHUP among them."""

    process: subprocess.Popen[str] | None = None

    def __enter__(self) -> _Guard:
        self._came: int | None = None
        self._previous: dict[int, Any] = {}
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)):
                # Whoever has a handler of their own keeps it.
                if number not in self._previous and signal.getsignal(number) == signal.SIG_DFL:
                    self._previous[number] = signal.signal(number, self._terminate)
        return self

    def _terminate(self, number: int, _frame: object) -> None:
        self._came = number
        raise _Terminated

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is not None and self.process is not None:
                _stop(self.process)
        finally:
            for number, handler in self._previous.items():
                signal.signal(number, handler)
        if self._came is not None:
            # Callers clean up on its way out, which the signal itself would not let them.
            raise SystemExit(128 + self._came)


def _stop(process: subprocess.Popen[str]) -> None:
    """Interrupts a command, waits until it has stored what it has, and ends it if that takes too long or the user insists."""

    def send(number: int) -> None:
        try:
            os.killpg(process.pid, number)
        except (ProcessLookupError, PermissionError):
            pass

    try:
        if process.poll() is None:
            # For the command the same as SIGINT, which shells have background jobs ignore.
            send(signal.SIGTERM)
            # Nobody reads the pipes any more, and a full one would hold it up.
            threading.Thread(target=_drain, args=(process,), daemon=True).start()
            process.wait(GRACE)
    except (subprocess.TimeoutExpired, KeyboardInterrupt, _Terminated):
        pass
    finally:
        if process.poll() is None:
            send(signal.SIGKILL)
            process.wait()


def _drain(process: subprocess.Popen[str]) -> None:
    try:
        while process.stdout is not None and process.stdout.read(65536):
            pass
    except (ValueError, OSError):
        pass
