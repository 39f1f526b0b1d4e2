"""Where a finding stands: rows, addresses of cells, pages; and what of it is outside the table.

The number of a row says nothing of a person. A finding from before has no place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from ..msgids import N_

MOST = 10
"""So many rows are named; how many there are is the finding's count."""

LETTERHEAD, SIGNATURE, NOTE = "letterhead", "signature", "note"
PARTS = (LETTERHEAD, SIGNATURE, NOTE)
"""What stands outside a table: above it; below it, signed or not."""

Translate = Callable[[str], str]


@dataclass(frozen=True)
class Outside:
    """Rows with a finding above or below a table, and all rows of what they are part of."""

    part: str
    rows: tuple[int, ...]
    first: int
    last: int


@dataclass(frozen=True)
class Where:
    """The first rows with a finding, those in the table and those outside it.

    ``column`` is the letter of the column where cells have addresses.
    """

    rows: tuple[int, ...] = ()
    outside: tuple[Outside, ...] = ()
    pages: tuple[int, ...] = ()
    column: str | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "rows": list(self.rows),
            "cells": self._cells(self.rows),
            "pages": list(self.pages),
            "outside": [
                {
                    "part": part.part,
                    "rows": list(part.rows),
                    "cells": self._cells(part.rows),
                    "block": [part.first, part.last],
                }
                for part in self.outside
            ],
        }

    def _cells(self, rows: Sequence[int]) -> list[str]:
        return [f"{self.column}{row}" for row in rows] if self.column else []

    @classmethod
    def from_json(cls, data: Mapping[str, Any] | None) -> Where | None:
        """Rebuild a place; ``None`` if there is none.

        :raises ValueError: it is not one.
        """
        if data is None:
            return None
        outside = tuple(
            Outside(str(o["part"]), _numbers(o["rows"]), *_numbers(o["block"]))
            for o in data["outside"]
        )
        cells = [*data["cells"], *(cell for o in data["outside"] for cell in o["cells"])]
        letters = {str(cell).rstrip("0123456789") for cell in cells}
        column = letters.pop() if letters else None
        if letters or any(o.part not in PARTS for o in outside):
            raise ValueError("a place is none")
        if column is not None and not (column.isalpha() and column.isascii() and len(column) <= 3):
            raise ValueError("an address is none")
        return cls(_numbers(data["rows"]), outside, _numbers(data["pages"]), column)


def _numbers(values: Sequence[Any]) -> tuple[int, ...]:
    numbers = tuple(int(value) for value in values)
    if len(numbers) > MOST or any(number < 1 for number in numbers):
        raise ValueError("a number of a row is none")
    return numbers


def share(value: float) -> str:
    """Return a part of all cells in percent; what is there is never 0.00 %."""
    return "<0.01%" if 0 < value < 0.0001 else f"{value:.2%}"


def letters(index: int) -> str:
    """Return the letters of a column by its position from 0: 3 is D."""
    text = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(65 + rest) + text
    return text


def is_outside(finding: Mapping[str, Any]) -> bool:
    """Say whether all of a finding that has a place stands outside the table."""
    where = finding.get("where")
    return bool(where and where["outside"] and not where["rows"] and not where["pages"])


def signature_only(finding: Mapping[str, Any]) -> bool:
    """Say whether a finding stands in signatures below the table and nowhere else."""
    return is_outside(finding) and all(
        part["part"] == SIGNATURE for part in finding["where"]["outside"]
    )


def told(finding: Mapping[str, Any], translate: Translate) -> list[str]:
    """Say in words where a finding is; nothing of one that has no place.

    :param finding: as a report tells it, with ``count`` and ``where``.
    """
    where = finding.get("where")
    if not where:
        return []
    rows, cells, pages = where["rows"], where["cells"], where["pages"]
    outside = sum(len(part["rows"]) for part in where["outside"])
    said = []
    if rows:
        more = max(0, int(finding["count"]) - len(rows) - outside)
        said.append(_some(rows, cells, translate, more))
    if pages:
        said.append(translate(_PAGES) % {"places": spans(pages)})
    said += [
        translate(_OUTSIDE[part["part"]])
        % {"places": _some(part["rows"], part["cells"], translate)}
        for part in where["outside"]
    ]
    return said


def removal(finding: Mapping[str, Any], translate: Translate) -> list[str]:
    """Say which rows to delete of what stands outside the table, by the parts it has there."""
    where = finding.get("where") or {"outside": ()}
    return [
        translate(_REMOVED[part["part"]])
        % {"rows": spans(range(part["block"][0], part["block"][1] + 1))}
        for part in where["outside"]
    ]


def _some(rows: Sequence[int], cells: Sequence[str], translate: Translate, more: int = 0) -> str:
    """Name cells where they have addresses, else rows, and how many more there are."""
    places = ", ".join(cells) if cells else spans(rows)
    if more:
        return translate(_MORE_CELLS if cells else _MORE_ROWS) % {"places": places, "more": more}
    return translate(_CELLS if cells else _ROWS) % {"places": places}


def spans(numbers: Sequence[int]) -> str:
    """Return numbers as people write them: 3, 5–9, 12."""
    parts: list[list[int]] = []
    breaks = [True, *(b != a + 1 for a, b in pairwise(numbers))]
    for number, new in zip(numbers, breaks, strict=False):
        if new:
            parts.append([number, number])
        else:
            parts[-1][1] = number
    return ", ".join(
        str(a) if a == b else f"{a}, {b}" if b == a + 1 else f"{a}–{b}" for a, b in parts
    )


_REMOVED = {
    LETTERHEAD: N_("Letterhead above the table: delete rows %(rows)s from the file."),
    SIGNATURE: N_("Signatures below the table: delete rows %(rows)s from the file."),
    NOTE: N_("Notes below the table: delete rows %(rows)s from the file."),
}
_ROWS = N_("rows %(places)s")
_MORE_ROWS = N_("rows %(places)s and %(more)s more")
_CELLS = N_("cells %(places)s")
_MORE_CELLS = N_("cells %(places)s and %(more)s more")
_PAGES = N_("pages %(places)s")
_OUTSIDE = {
    LETTERHEAD: N_("letterhead above the table: %(places)s"),
    SIGNATURE: N_("signatures below the table: %(places)s"),
    NOTE: N_("notes below the table: %(places)s"),
}
