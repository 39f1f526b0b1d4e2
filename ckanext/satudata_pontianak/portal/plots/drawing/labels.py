"""Where names stand on a map, so that none covers another. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

LETTER, LINE = 6.0, 12.5
"""Width of a letter of 11 pixels, on average, and from one line to the next."""
_APART = 2

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Label:
    """Lines of text that belong to a spot.

    :ivar x: pixel of the spot from the left, ``y`` from above.
    :ivar lines: the text.
    :ivar radius: of what is drawn on the spot; the text stands beside it. 0: the text stands on it.
    :ivar side: of the spot: ``on``, ``below``, ``above``, ``right`` or ``left``.
    :ivar may_stand: tells whether the middle of the text may stand at a pixel: text within another
        region would be read as that one's.
    """

    x: float
    y: float
    lines: Sequence[str]
    radius: float = 0
    side: str = "on"
    may_stand: Callable[[float, float], bool] = lambda x, y: True

    @property
    def middle(self) -> tuple[float, float]:
        """Return the middle of the text."""
        across = self.radius + LETTER * max(map(len, self.lines)) / 2 + 3
        upright = self.radius + LINE * len(self.lines) / 2 + 3
        dx, dy = {
            "below": (0.0, upright),
            "above": (0.0, -upright),
            "right": (across, 0.0),
            "left": (-across, 0.0),
        }.get(self.side, (0.0, 0.0))
        return self.x + dx, self.y + dy

    @property
    def box(self) -> Box:
        """Return left, top, right and bottom of the text."""
        x, y = self.middle
        across, upright = LETTER * max(map(len, self.lines)) / 2, LINE * len(self.lines) / 2
        return x - across, y - upright, x + across, y + upright

    def lines_at(self) -> list[tuple[float, float, str]]:
        """Return the middle of each line with its text."""
        x, y = self.middle
        first = y - LINE * (len(self.lines) - 1) / 2
        return [(x, first + LINE * n, text) for n, text in enumerate(self.lines)]


def placed(wanted: Sequence[Label], width: float, height: float) -> list[Label]:
    """Return the labels that have room within a picture, the first ones first.

    Text stands on no other text and on no spot that something is drawn on.
    """
    taken: list[Box] = [
        (w.x - w.radius, w.y - w.radius, w.x + w.radius, w.y + w.radius) for w in wanted if w.radius
    ]
    found = []
    for label in wanted:
        sides = ("below", "above", "right", "left") if label.radius else ("on",)
        for side in sides:
            here = replace(label, side=side)
            if (
                _within(here.box, width, height)
                and here.may_stand(*here.middle)
                and not any(_meet(here.box, b) for b in taken)
            ):
                found.append(here)
                taken.append(here.box)
                break
    return found


def _within(box: Box, width: float, height: float) -> bool:
    left, top, right, bottom = box
    return left >= 0 and top >= 0 and right <= width and bottom <= height


def _meet(one: Box, other: Box) -> bool:
    return (
        one[0] < other[2] + _APART
        and other[0] < one[2] + _APART
        and one[1] < other[3] + _APART
        and other[1] < one[3] + _APART
    )
