"""What kind of values a column holds, and the sum of its numbers: to compare two files by.

A sum is kept only where it is sure how the numbers are written. ``145.200`` is 145200 to an
Indonesian and 145.2 to a computer: a column in which every number can be read both ways has
no sum. Codes with leading zeros are texts. No cell is kept.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Context, Decimal
from functools import cached_property
from typing import NamedTuple

import polars as pl

NUMBER, DATE, TEXT, EMPTY = "number", "date", "text", "empty"
TYPES = (NUMBER, DATE, TEXT, EMPTY)
TOTAL = re.compile(r"-?\d{1,40}(\.\d{1,20})?\Z")

LONGEST = 30
_EXACT = Context(prec=60)
_PARTS = 64
# Digits of other scripts are none that a computer adds up.
_GROUPS = r"(?:0|[1-9][0-9]{0,2}(?:\%s[0-9]{3})+|[1-9][0-9]{0,17})"
# Ways to write a number: the mark between thousands, the mark before decimals, the pattern.
WAYS = {
    "plain": ("", ".", r"^-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,15})?(?:[eE][+-]?[0-9]{1,2})?$"),
    "indonesian": (".", ",", r"^-?" + _GROUPS % "." + r"(?:,[0-9]{1,15})?$"),
    "english": (",", ".", r"^-?" + _GROUPS % "," + r"(?:\.[0-9]{1,15})?$"),
}
_NOTHING: Mapping[str, tuple[int, list[float]]] = {way: (0, []) for way in WAYS}
DATES = (
    r"^(?:[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[T ].{0,20})?|[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{4})$"
)
WHOLE = r"^-?(?:0|[1-9][0-9]{0,17})$"


class Summary(NamedTuple):
    """The type of a column, and the sum of its numbers where there is a sure one."""

    type: str
    total: str | None = None


@dataclass(slots=True)
class Counted:
    """What the cells of one column are, counted together with those of other columns.

    ``full``: cells that are not empty; ``digits``: of those, whole numbers of up to eighteen
    digits and nothing else. ``filled``: what is left without spaces; ``long``: some of it is longer
    than any number; ``dates`` and ``whole``: dates and whole numbers in it, ``sum``: the sum of
    all whole numbers; ``commas``: whether a comma stands anywhere; ``ways``: the sums by the ways
    to write numbers that every cell follows.
    """

    full: int = 0
    digits: int = 0
    filled: int = 0
    long: bool = False
    dates: int = 0
    whole: int = 0
    sum: int = 0
    commas: bool = False
    ways: Mapping[str, tuple[int, float]] = field(default_factory=dict)


class Totals:
    """Adds up one column, batch after batch; a column that is no numbers costs nothing more."""

    __slots__ = ("_any", "_common", "_dates", "_digits", "_ways", "_whole")

    def __init__(self) -> None:
        # By the ways in which every cell so far can be read: what each adds to ``_common``.
        self._ways: Mapping[str, tuple[int, list[float]]] = _NOTHING
        self._common = 0
        self._dates = True
        self._any = False
        self._whole = False
        self._digits = False

    @property
    def numeric(self) -> bool:
        """Whether every cell so far is a number or empty."""
        return bool(self._ways)

    @property
    def digits(self) -> bool:
        """Whether every cell of the last batch is empty or digits alone, not even a space."""
        return self._digits

    @property
    def harmless(self) -> int:
        """Up to which length the last cells are nothing but short numbers or whole dates.

        Eight digits identify nobody, nor does a date of which nobody says that it is a birth.
        """
        if self._whole:
            return 8
        return 10 if self._dates and self._any else 0

    def update(self, cells: pl.Series) -> None:
        """Look at some cells; empty ones say nothing."""
        self._whole = self._digits = False
        if not self._ways and not self._dates:
            return
        cells = cells.drop_nulls()
        cells = cells.filter(cells.str.len_bytes() > 0)
        if not len(cells):
            return
        if self._ways and (numbers := _whole_numbers(cells)) is not None:
            self._any = self._whole = self._digits = True
            self._dates = False
            self._add_whole(numbers)
            return
        cells = cells.str.strip_chars()
        cells = cells.filter(cells.str.len_bytes() > 0)
        if not len(cells):
            return
        self._any = True
        if int(cells.str.len_bytes().max() or 0) > LONGEST:  # type: ignore[call-overload]
            self._ways, self._dates = {}, False
            return
        if self._dates:
            self._dates = bool(cells.str.contains(DATES).all())
        if not self._ways:
            return
        if cells.str.contains(WHOLE).all():
            self._whole = True
            self._add_whole(cells.cast(pl.Int64))
            return
        self._add_decimals(cells)

    def _add_decimals(self, cells: pl.Series) -> None:
        # Without a comma, the English way is the plain one: it is read once.
        comma = bool(cells.str.contains(",", literal=True).any())
        sums: dict[str, tuple[int, float]] = {}
        for way in self._ways:
            if way == "english" and not comma and "plain" in self._ways:
                if "plain" in sums:
                    sums[way] = sums["plain"]
                continue
            if not cells.str.contains(WAYS[way][2]).all():
                continue
            plain = written_plain(cells, way)
            # Beyond 2 ** 53 a float has no odd numbers: whole ones are added up as such.
            whole = plain.str.contains(WHOLE)
            number = int(plain.filter(whole).cast(pl.Int64).cast(pl.Int128).sum())
            sums[way] = number, float(plain.filter(~whole).cast(pl.Float64).sum())
        self._add_sums(sums)

    def _add_sums(self, sums: Mapping[str, tuple[int, float]]) -> None:
        self._ways = {w: _added(self._ways[w], *s) for w, s in sums.items()} if sums else {}

    def _add_whole(self, numbers: pl.Series) -> None:
        self._add_number(int(numbers.cast(pl.Int128).sum()))

    def _add_number(self, whole: int) -> None:
        self._common += whole

    def add(self, counted: Counted) -> None:
        """Take what was counted of a batch already: the same as :meth:`update` of its cells."""
        self._whole = self._digits = False
        if not counted.full or not (self._ways or self._dates):
            return
        if self._ways and counted.digits == counted.full:
            self._any = self._whole = self._digits = True
            self._dates = False
            self._add_number(counted.sum)
            return
        if not counted.filled:
            return
        self._any = True
        if counted.long:
            self._ways, self._dates = {}, False
            return
        self._dates = self._dates and counted.dates == counted.filled
        if not self._ways:
            return
        if counted.whole == counted.filled:
            self._whole = True
            self._add_number(counted.sum)
            return
        if not counted.ways:
            self._ways = {}
            return
        sums = {way: parts for way, parts in counted.ways.items() if way in self._ways}
        if not counted.commas and "plain" in self._ways:
            # Without a comma, the English way is the plain one.
            sums.pop("english", None)
            if "english" in self._ways and "plain" in sums:
                sums["english"] = sums["plain"]
        self._add_sums(sums)

    def conclude(self) -> Summary:
        """Return what the column is."""
        if not self._any:
            return Summary(EMPTY)
        if self._ways:
            if self._ways is _NOTHING:
                return Summary(NUMBER, str(self._common))
            every = [(self._common + number, parts) for number, parts in self._ways.values()]
            alike = all(way == every[0] for way in every)
            sums = {_text(*way) for way in (every[:1] if alike else every)}
            return Summary(NUMBER, sums.pop() if len(sums) == 1 else None)
        return Summary(DATE if self._dates else TEXT)


@dataclass(frozen=True)
class Counts:
    """What many columns hold, by the place of the column: see :class:`Counted`.

    ``empty``: cells with what people write into an empty one; ``cells``, ``texts``, ``entities``,
    ``sexes``: the :class:`.persons.Profile`.
    """

    full: Sequence[int]
    digits: Sequence[int]
    filled: Sequence[int]
    long: Sequence[int]
    dates: Sequence[int]
    whole: Sequence[int]
    sum: Sequence[int]
    commas: Sequence[int]
    ways: Mapping[int, Mapping[str, tuple[int, float]]]
    empty: Sequence[int]
    cells: Sequence[int]
    texts: Sequence[int]
    entities: Sequence[int]
    sexes: Sequence[int]

    def of(self, place: int) -> tuple[int, int, Counted, tuple[int, ...]]:
        """Return what :meth:`.columns.ColumnScan.add` takes of one column."""
        return self.full[place], self.empty[place], self._counted(place), self.looks[place]

    def _counted(self, place: int) -> Counted:
        return Counted(
            self.full[place], self.digits[place], self.filled[place], self.long[place] > 0,
            self.dates[place], self.whole[place], self.sum[place], self.commas[place] > 0,
            self.ways.get(place, {}),
        )  # fmt: skip

    @cached_property
    def looks(self) -> list[tuple[int, int, int, int]]:
        """What the cells of each column look like."""
        return list(zip(self.cells, self.texts, self.entities, self.sexes, strict=True))

    @cached_property
    def types(self) -> list[str]:
        """What a column of which nothing else was counted holds."""
        return [
            EMPTY if not filled
            else NUMBER if digits == full or (not long and (whole == filled or place in self.ways))
            else DATE if dates == filled and not long
            else TEXT
            for place, (full, digits, filled, long, dates, whole) in enumerate(
                zip(self.full, self.digits, self.filled, self.long, self.dates, self.whole,
                    strict=True)
            )
        ]  # fmt: skip

    def judged(self) -> tuple[list[bool], list[int]]:
        """Return what :class:`.totals.Totals` say of such columns: ``numeric``, ``harmless``."""
        numeric = [kind in (NUMBER, EMPTY) for kind in self.types]
        harmless = [
            8 if kind is NUMBER and whole == filled else 10 if kind is DATE else 0
            for kind, whole, filled in zip(self.types, self.whole, self.filled, strict=True)
        ]
        return numeric, harmless

    @cached_property
    def totals(self) -> list[str | None]:
        """What the numbers of such a column come to."""
        return [
            None if kind is not NUMBER
            else str(number) if whole == filled
            else total(self.ways[place], commas=commas > 0)
            for place, (kind, whole, filled, number, commas) in enumerate(
                zip(self.types, self.whole, self.filled, self.sum, self.commas, strict=True)
            )
        ]  # fmt: skip


def total(ways: Mapping[str, tuple[int, float]], *, commas: bool) -> str | None:
    """Return the sum of a column of which these are all cells, as :class:`Totals` would."""
    sums = [sums for way, sums in ways.items() if commas or way != "english" or "plain" not in ways]
    texts = {_text(number, [part]) for number, part in dict.fromkeys(sums)}
    return texts.pop() if len(texts) == 1 else None


def written_plain(cells: pl.Series, way: str) -> pl.Series:
    """Return numbers that are written in one of the ways as a computer writes them."""
    thousands, decimal, _ = WAYS[way]
    plain = cells.str.replace_all(thousands, "", literal=True) if thousands else cells
    return plain.str.replace(decimal, ".", literal=True) if decimal != "." else plain


def digits_only(cells: pl.Series) -> pl.Series | None:
    """Return non-empty cells as integers if all are ASCII digits and nothing else, else None.

    The same as a regular expression would say, five times as fast; but of numbers that an
    integer does not hold (19 digits and more) it says None.
    """
    first = cells[0]
    if not (first.isascii() and first.isdigit()):
        return None
    numbers = cells.cast(pl.Int64, strict=False)
    if numbers.null_count() or cells.str.starts_with("+").any() or cells.str.starts_with("-").any():
        return None
    return numbers


def _whole_numbers(cells: pl.Series) -> pl.Series | None:
    """Return the cells as integers if each is one, of at most 18 digits, not begun with a zero."""
    numbers = digits_only(cells)
    if numbers is None or int(numbers.max()) >= 10**18:  # type: ignore[call-overload]
        return None
    zeros = cells.str.starts_with("0")
    if zeros.any() and int(cells.filter(zeros).str.len_bytes().max()) > 1:  # type: ignore[call-overload]
        return None
    return numbers


def _added(before: tuple[int, list[float]], more: int, part: float) -> tuple[int, list[float]]:
    """Add a part to a sum; the parts are added up exactly, and never many of them."""
    whole, parts = before[0] + more, [*before[1], part]
    return whole, parts if len(parts) <= _PARTS else [math.fsum(parts)]


def _text(number: int, parts: list[float]) -> str | None:
    """Return a sum as digits; whole numbers are exact, others to 15 digits."""
    if not parts:
        return str(number)
    rest = math.fsum(parts)
    if not math.isfinite(rest):
        return None
    # Decimals of a float are all told where nothing is added to it, which is most often.
    total = _EXACT.add(Decimal(number), Decimal(rest)) if number else rest
    if abs(total) >= 10**30:
        return None
    text = f"{total:.6f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
