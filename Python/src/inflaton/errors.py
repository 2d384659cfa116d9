"""What goes wrong, as exceptions: the command's sentences, and one class for each of its exit codes."""
from __future__ import annotations


class InflatonError(Exception):
    """The command failed; the message is its own sentence.

    Attributes:
        exit_code: The command's exit code: 1 the work failed, 64 usage, 65 data, 69 device, 73 output.
    """

    exit_code = 1

    def __init__(self, message: str, exit_code: int | None = None) -> None:
        super().__init__(message)
        if exit_code is not None:
            self.exit_code = exit_code


class UsageError(InflatonError, ValueError):
    """An argument is wrong, or arguments contradict each other (64)."""

    exit_code = 64


class DataError(InflatonError, ValueError):
    """Weights, points or a file are wrong, or need more memory than there is (65)."""

    exit_code = 65


class DeviceError(InflatonError):
    """The device or precision that was asked for is unavailable (69)."""

    exit_code = 69


class OutputError(InflatonError, OSError):
    """An output exists already or cannot be written (73)."""

    exit_code = 73

    def __str__(self) -> str:
        return str(self.args[0])


class InflatonWarning(UserWarning):
    """What the command, or the reading of a model, has to say without failing."""


def error(message: str, exit_code: int) -> InflatonError:
    """The exception for an exit code of the command."""
    for kind in (UsageError, DataError, DeviceError, OutputError):
        if kind.exit_code == exit_code:
            return kind(message)
    return InflatonError(message, exit_code)
