"""Results as small tables, in a notebook and as text."""
from __future__ import annotations

import html
from typing import Any, Iterable, Sequence

import numpy as np


def number(value: Any) -> str:
    """Six digits, which is what a person reads; other things as they are."""
    if isinstance(value, (bool, np.bool_)):
        return "yes" if value else "no"
    if isinstance(value, (float, np.floating)):
        return f"{value:.6g}"
    if value is None:
        return "–"
    return str(value)


def table(caption: str, rows: Iterable[Sequence[Any]], head: Sequence[str] = ()) -> str:
    """An HTML table; the first cell of each row is its name."""
    parts = [f"<table><caption>{html.escape(caption)}</caption>"]
    if head:
        parts.append("<thead><tr>" + "".join(f"<th>{html.escape(str(cell))}</th>" for cell in head) + "</tr></thead>")
    parts.append("<tbody>")
    for name, *cells in rows:
        parts.append(
            f'<tr><th style="text-align:left">{html.escape(str(name))}</th>'
            + "".join(f'<td style="text-align:left">{html.escape(number(cell))}</td>' for cell in cells) + "</tr>")
    parts.append("</tbody></table>")
    return "".join(parts)


def text(caption: str, rows: Iterable[Sequence[Any]]) -> str:
    """The same for a terminal."""
    rows = [(str(name), "  ".join(number(cell) for cell in cells)) for name, *cells in rows]
    width = max((len(name) for name, _ in rows), default=0)
    return "\n".join([caption, *(f"  {name:<{width}}  {cells}" for name, cells in rows)])


class Shown:
    """Something that is shown as a caption and rows of names and values."""

    def _caption(self) -> str:
        raise NotImplementedError

    def _rows(self) -> list[tuple[Any, ...]]:
        raise NotImplementedError

    def __repr__(self) -> str:
        return text(self._caption(), self._rows())

    def _repr_html_(self) -> str:
        return table(self._caption(), self._rows())


class Picture(bytes):
    """A PNG picture, which a notebook shows."""

    def _repr_png_(self) -> bytes:
        return bytes(self)

    def __repr__(self) -> str:
        return f"<PNG picture, {len(self)} bytes>"


class Drawing(str):
    """An SVG drawing, which a notebook shows."""

    def _repr_svg_(self) -> str:
        return str(self)

    def __repr__(self) -> str:
        return f"<SVG drawing, {len(self)} characters>"
