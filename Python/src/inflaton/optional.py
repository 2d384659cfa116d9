"""Packages that some results need, and that `import inflaton` does without."""
from __future__ import annotations

from typing import Any

from .errors import InflatonError


def pandas() -> Any:
    """The module pandas.

    Raises:
        InflatonError: It is not installed.
    """
    try:
        import pandas as module
    except ImportError:
        raise InflatonError("tables as frames need pandas, which is not installed: pip install pandas") from None
    return module
