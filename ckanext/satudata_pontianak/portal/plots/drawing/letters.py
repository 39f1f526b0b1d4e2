"""How wide texts become, whatever font a reader has. Pure.

Pictures are measured in the font that is drawn with; a reader without it sees the widest of those
named after it. So lines are broken, and pictures made as wide, as that one needs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

_SIZE = re.compile(r'width="([\d.]+)" height="([\d.]+)" viewBox="0 0 ([\d.]+) ([\d.]+)"')
_WIDTHS = {
    "ijl'|": 0.29,
    "I.,:; ": 0.33,
    "ft()[]/-\u2013": 0.40,
    "rJ": 0.42,
    "csz": 0.56,
    "m": 0.98,
    "MW@%\u2014": 1.0,
    "w": 0.82,
    "ABCDGHKNOQRUVXY&": 0.79,
}
_OF = {letter: width for letters, width in _WIDTHS.items() for letter in letters}
_OTHER, _CAPITAL, _BOLD = 0.64, 0.70, 1.13
_WIDER = 0.16
"""Of the widest font, so much is more than what is drawn with."""
PADDING = 4
"""Between labels and title of an axis, where all have the same font."""


def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """Return how wide a line is at most.

    :param text: the line.
    :param size: of its letters, in pixels.
    :param bold: whether it is printed so.
    :returns: pixels.
    """
    ems = sum(_OF.get(c, _CAPITAL if c.isupper() else _OTHER) for c in text)
    return ems * size * (_BOLD if bold else 1)


def fitted(text: str, size: float, room: float, *, bold: bool = False) -> list[str]:
    """Return a text in lines that have room; a longer word is broken where it must be.

    :param text: the text.
    :param size: of its letters, in pixels.
    :param room: pixels for a line.
    :param bold: whether it is printed so.
    """
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(longer, size, bold=bold) <= room:
            lines[-1] = longer
            continue
        lines.append("")
        for letter in word:
            if lines[-1] and width_of(lines[-1] + letter, size, bold=bold) > room:
                lines.append("")
            lines[-1] += letter
    return lines


def padding_of(labels: Iterable[str], size: float) -> int:
    """Return the room between the labels of an upright axis and its title.

    Labels are measured in the font that is drawn with, and grow towards the title in a wider one.

    :param labels: their lines.
    :param size: of their letters, in pixels.
    """
    longest = max((width_of(line, size) for line in labels), default=0)
    return round(PADDING + _WIDER * longest)


def above(title: Mapping[str, Any]) -> float:
    """Return how wide the lines above a picture are at most.

    :param title: of a specification, as :func:`.looks.titled` makes it.
    """
    lines = [width_of(line, title["fontSize"], bold=True) for line in title["text"]]
    lines += [width_of(line, title["subtitleFontSize"]) for line in title.get("subtitle", ())]
    return max(lines, default=0)


def roomy(svg: str, spec: Mapping[str, Any]) -> str:
    """Return a picture that no line above it leaves, in the widest of the fonts that it names.

    :param svg: as the drawing library gives it, measured in the font that it has.
    :param spec: what it was drawn from.
    """
    title, padding = spec.get("title"), spec.get("padding")
    found = _SIZE.search(svg)
    if found is None or not isinstance(title, Mapping) or not isinstance(padding, int):
        return svg
    wide = round(above(title) + 2 * padding)
    width, height = found[1], found[2]
    if wide <= float(width):
        return svg
    svg = svg.replace(
        found[0], f'width="{wide}" height="{height}" viewBox="0 0 {wide} {height}"', 1
    )
    # The ground below is as wide as the picture was.
    return svg.replace(
        f'<rect width="{width}" height="{height}"', f'<rect width="{wide}" height="{height}"', 1
    )
