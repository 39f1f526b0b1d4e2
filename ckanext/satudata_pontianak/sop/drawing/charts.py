"""Bars as SVG, drawn by the server: no script, readable without colour, as wide as its place."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

WIDTH = 360.0
BAR = 200.0
LINE = 15.0
FILL = "#0b5394"
FONT = 'font-family="Liberation Sans, DejaVu Sans, Arial, sans-serif" font-size="12"'
LETTERS = 52
"""So many letters of a name stand on a line."""


def bars(title: str, items: Sequence[tuple[str, float, str]]) -> str:
    """Return horizontal bars, each under its name and beside its value.

    :param title: what is drawn; it is read out instead of the drawing.
    :param items: name, value (zero or more), and the value as people read it.
    """
    most = max((value for _, value, _ in items), default=0) or 1
    parts, y = [], 0.0
    for name, value, said in items:
        for line in textwrap.wrap(name, LETTERS) or [""]:
            y += LINE
            parts.append(
                f'<text x="0" y="{y:.1f}" {FONT} fill="currentColor">{escape(line)}</text>'
            )
        wide = max(BAR * value / most, 0.0)
        parts.append(f'<rect x="0" y="{y + 4:.1f}" width="{wide:.1f}" height="12" fill="{FILL}"/>')
        parts.append(
            f'<text x="{wide + 6:.1f}" y="{y + 14:.1f}" {FONT} fill="currentColor" '
            f'font-weight="bold">{escape(said)}</text>'
        )
        y += 22
    told = "; ".join(f"{name}: {said}" for name, _, said in items)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:.0f} {y + 2:.0f}" role="img" '
        f"aria-label={quoteattr(f'{title}. {told}')}>{''.join(parts)}</svg>"
    )
