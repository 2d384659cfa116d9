"""`python -m inflaton`, and the script `inflaton` of the wheel: the command that the wheel carries, with the arguments given."""
from __future__ import annotations

import os
import sys

from .command import carried


def main() -> None:
    """Becomes the carried command. It never looks at INFLATON or PATH, which may name this very script."""
    path = carried()
    if path is None:
        sys.exit("inflaton: error: this installation of the Python package came without the command; install the wheel made by Scripts/wheel")
    os.execv(path, [path, *sys.argv[1:]])


if __name__ == "__main__":
    main()
