"""Find the cells of a finding again: which rows they stand in.

Counting comes first and knows no rows, which keeps it fast. What counts towards a finding is
what its count grows by: so single cells are told from the others by counting them once more.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice, pairwise
from typing import Any

import polars as pl

from .columns import DECIMAL, ColumnScan, normalise
from .finding import Finding
from .places import LETTERHEAD, MOST, NOTE, SIGNATURE, Outside, Where, letters
from .readers.base import Batch
from .readers.parted import lengths
from .recognizers import RECOGNIZERS, Place, Recognizer, Tally
from .recognizers.parts import Parts

KEPT = 1_000_000
"""So many cells of a table are kept to look at again; of a longer one the file is read anew."""

_FIRST = 16
_MANY = 4
_WIDE = 64
_TAIL = 40
_LONGEST_TAIL = 25
_SIGNED = re.compile(
    r"(?i)\b(?:mengetahui|menyetujui|mengesahkan|kepala|camat|lurah|sekretaris|bendahara|pejabat|"
    r"pengguna anggaran|ketua|direktur|plt|plh|ttd|nip|pelapor|petugas|pembuat|an\.|a\.n)\b"
)
_NOTED = re.compile(r"(?i)\b(?:catatan|keterangan|sumber|ket|note)\b *:?|\*\)")
_DATED = re.compile(r"(?i)^\s*pontianak\s*,")


@dataclass
class Spots:
    """The rows of one finding as far as they were found."""

    above: list[int] = field(default_factory=list)
    head: tuple[int, int] = (0, 0)
    rows: list[int] = field(default_factory=list)
    below: list[int] = field(default_factory=list)
    pages: list[int] = field(default_factory=list)

    @property
    def full(self) -> bool:
        """Whether as many were found as are told."""
        return len(self.rows) >= MOST or len(self.pages) >= MOST

    @property
    def found(self) -> int:
        return len(self.above) + len(self.rows) + len(self.below)


class Kept:
    """The first batches of a table, with the number of the row that each begins at."""

    def __init__(self) -> None:
        self.batches: list[tuple[Batch, int]] = []
        self.whole = True
        self.end = 0
        """No batch that begins at or after this row was kept."""
        self._cells = 0

    def add(self, batch: Batch, start: int) -> None:
        """Keep a batch, unless there are enough."""
        if self._cells > KEPT:
            self.whole = False
            return
        self._cells += sum(lengths(batch.columns))
        self.batches.append((batch, start))
        self.end = start + 1


class Seeker:
    """Looks for the cells of one finding of one column."""

    def __init__(self, index: int, scan: ColumnScan, finding: Finding, place: Place) -> None:
        self.index = index
        self.finding = finding
        self.spots = Spots()
        self._scan = scan
        self._place = place
        self._judge = RECOGNIZERS[finding.kind]
        self._counter: Recognizer[Any] = scan.family(self._judge)
        self._tally = scan.tally(self._judge)
        self._base = finding.count
        self._quick: list[int] | None = None

    @property
    def wanting(self) -> bool:
        """Whether there are more rows to be told."""
        spots = self.spots
        return not (spots.full or spots.pages) and spots.found < self.finding.count

    @property
    def counter(self) -> Recognizer[Any]:
        """The kind that counts."""
        return self._counter

    @property
    def wanted(self) -> bool:
        """Whether the kind has every cell of the column."""
        return self._counter in self._scan.wanting

    @property
    def numeric(self) -> bool:
        """Whether the column was nothing but numbers."""
        return self._scan.totals.numeric

    @property
    def manner(self) -> Hashable:
        """What must be the same where findings are looked for together."""
        manner = self._counter.manner(self._scan.place)
        return self.finding.kind, manner, self.wanted, self.numeric

    @staticmethod
    def try_many(
        alike: Sequence[Seeker], cells: Sequence[pl.Series], places: Sequence[list[int]]
    ) -> None:
        """Count within the first cells of several columns; keep what all of them add to."""
        tallies = [_copied(s._tally) for s in alike]
        alike[0].counter.update_many(tallies, cells, [s._scan.place for s in alike])
        for seeker, tally, some in zip(alike, tallies, places, strict=True):
            if seeker._judged(tally, _FIRST) == len(some):
                seeker._quick = some

    def _judged(self, tally: Tally, more: int) -> int:
        """Return how many more cells a tally has than what was found."""
        found = self._judge.conclude(tally, self._scan.filled + more, self._place)
        return 0 if found is None else max(0, found.count - self._base)

    def hits(self, cells: pl.Series) -> int:
        """Return how many of some cells count."""
        tally = _copied(self._tally)
        self._counter.update(tally, cells, self._scan.place)
        return self._judged(tally, len(cells))

    def seek(self, cells: pl.Series, *, counted: bool, most: int) -> list[int]:
        """Return the places of the first cells that count."""
        if most <= 0 or not len(cells):
            return []
        found: list[int] = []
        start, step = 0, _FIRST
        if self._quick is not None and counted and len(cells) >= _FIRST:
            found = self._quick[:most]
            start, step = _FIRST, 16 * _FIRST
        self._quick = None
        while start < len(cells) and len(found) < most:
            some, places = self._candidates(cells.slice(start, step), counted=counted)
            found += [start + places[n] for n in self._first(some, most - len(found))]
            start, step = start + step, step * 16
        return found

    def _candidates(self, cells: pl.Series, *, counted: bool) -> tuple[pl.Series, list[int]]:
        """Return cells that this kind would be handed, mended, and where they stand."""
        chosen = (cells.str.len_bytes() > 0).fill_null(value=False)
        some = cells.filter(chosen)
        places = chosen.arg_true()
        if len(some) and (some.str.len_bytes() != some.str.len_chars()).any():
            some = pl.Series([normalise(cell) for cell in some.to_list()], dtype=pl.String)
        counter = self._counter
        if len(some) and not (counted and counter in self._scan.wanting):
            told = _told(counter, some)
            if self._scan.totals.numeric and counted:
                told &= ~some.str.contains(DECIMAL)
            some, places = some.filter(told), places.filter(told)
        return some, places.to_list()

    def _first(self, cells: pl.Series, most: int) -> list[int]:
        """Return the places of the first that count, by halves."""
        found: list[int] = []
        waiting = [(0, len(cells))] if len(cells) else []
        while waiting and len(found) < most:
            low, high = waiting.pop()
            hits = self.hits(cells.slice(low, high - low))
            if not hits:
                continue
            if hits == high - low or high - low == 1:
                found += range(low, high)
                continue
            if high - low <= _FIRST:
                found += [low + n for n in self._singly(cells.slice(low, high - low))]
                continue
            middle = (low + high) // 2
            waiting += [(middle, high), (low, middle)]
        return found[:most]

    def _singly(self, cells: pl.Series) -> list[int]:
        """Return the places of those of a few cells that count, each looked at alone.

        All at once, as if each was a column: a call costs more than these cells.
        """
        tallies = [_copied(self._tally) for _ in range(len(cells))]
        columns = [cells.slice(n, 1) for n in range(len(cells))]
        self._counter.update_many(tallies, columns, [self._scan.place] * len(cells))
        return [n for n, tally in enumerate(tallies) if self._judged(tally, 1)]


def _told(counter: Recognizer[Any], cells: pl.Series) -> pl.Series:
    """Say which cells a kind would be handed whatever their heading."""
    forms = [f"(?:{form})" for form in (counter.prefilter, counter.strays) if form]
    if counter.bare:
        forms.append(f"^[0-9]{{{counter.bare},{counter.bare_most}}}$")
    return cells.str.contains("|".join(forms)) if forms else cells.is_null()


def _try_first(seeking: Sequence[Seeker], batch: Batch) -> None:
    """Let many findings look at the first cells of their columns together."""
    groups: dict[Hashable, list[Seeker]] = {}
    for seeker in seeking:
        if len(batch.columns.get(seeker.index, ())) >= _FIRST:
            groups.setdefault(seeker.manner, []).append(seeker)
    for alike in groups.values():
        if len(alike) >= _MANY:
            _try_alike(alike, batch)


def _try_alike(alike: Sequence[Seeker], batch: Batch) -> None:
    cells = pl.concat([batch.columns[s.index].head(_FIRST) for s in alike], rechunk=True)
    if (cells.str.len_bytes() != cells.str.len_chars()).any():
        return
    chosen = (cells.str.len_bytes() > 0).fill_null(value=False)
    if not alike[0].wanted:
        chosen &= _told(alike[0].counter, cells).fill_null(value=False)
        if alike[0].numeric:
            chosen &= ~cells.str.contains(DECIMAL)
    some = cells.filter(chosen)
    places: list[list[int]] = [[] for _ in alike]
    for place in chosen.arg_true().to_list():
        places[place // _FIRST].append(place % _FIRST)
    alike[0].try_many(alike, Parts(some, list(map(len, places))), places)


def _copied(tally: Tally) -> Tally:
    """Copy a tally, so that counting once more leaves it as it is."""
    new = copy.copy(tally)
    for name, value in vars(tally).items():
        if isinstance(value, (set, dict, list)):
            setattr(new, name, copy.copy(value))
    return new


def seekers(
    scans: Mapping[int, ColumnScan], found: Mapping[int, Sequence[Finding]], judged: Place
) -> list[Seeker]:
    """Return who looks for each finding.

    :param judged: what was found of the table as a whole.
    """
    return [
        Seeker(index, scans[index], finding, _placed(scans[index].place, judged))
        for index, items in found.items()
        for finding in items
    ]


def _placed(place: Place, judged: Place) -> Place:
    return replace(place, person_level=judged.person_level, machines=judged.machines)


def look(seeking: Sequence[Seeker], batch: Batch, start: int, below: int | None = None) -> None:
    """Look through a batch.

    :param start: how many rows of the table came before it.
    :param below: the first row that stands below the table, if any does.
    """
    above = _letterhead(batch, start) if not batch.rows else frozenset()
    if batch.rows and batch.page is None:
        _try_first([s for s in seeking if not s.spots.rows], batch)
    for seeker in seeking:
        cells = batch.columns.get(seeker.index)
        if cells is None or seeker.spots.full or not (batch.rows or above):
            continue
        _look(seeker, batch, cells, start, above, below)


def _letterhead(batch: Batch, start: int) -> frozenset[int]:
    """Return the rows above a table that are no heading of its columns."""
    grid = _grid(batch, start, last=False)
    rows = sorted(grid)
    headings = rows[-1:]
    for row in reversed(rows[-3:-1]):
        if len(grid[row]) < 2:
            break
        headings.append(row)
    return frozenset(rows) - frozenset(headings)


def _look(
    seeker: Seeker,
    batch: Batch,
    cells: pl.Series,
    start: int,
    above: frozenset[int],
    below: int | None,
) -> None:
    spots = seeker.spots
    counted = batch.rows > 0
    if batch.page is not None:
        if seeker.seek(cells, counted=counted, most=1) and batch.page not in spots.pages:
            spots.pages.append(batch.page)
        return
    rows: Sequence[int] | None = None

    def row(place: int) -> int | None:
        nonlocal rows
        if rows is None:
            rows = _rows(batch, seeker.index, len(cells), start)
        return rows[place] if rows is not None and place < len(rows) else None

    if not counted:
        row(0)
        places = [place for place, n in enumerate(rows or ()) if n in above]
        found = seeker.seek(cells.gather(places), counted=False, most=MOST - len(spots.above))
        spots.head = min(above), max(above)
        spots.above += [n for p in found if (n := row(places[p])) is not None]
        return
    cut = len(cells)
    if below is not None:
        row(0)
        cut = next((p for p, n in enumerate(rows or ()) if n >= below), cut)
        for place in seeker.seek(cells.slice(cut), counted=True, most=MOST - len(spots.below)):
            spots.below += [n for n in [row(cut + place)] if n is not None]
    wanted = min(MOST - len(spots.rows), seeker.finding.count - spots.found)
    places = seeker.seek(cells.slice(0, cut), counted=True, most=wanted)
    spots.rows += [n for p in places if (n := row(p)) is not None]


def _rows(batch: Batch, index: int, length: int, start: int) -> Sequence[int] | None:
    """Return the numbers of the rows that the cells of a column stand in."""
    if batch.numbers is not None:
        rows = batch.numbers(index)
        return rows if len(rows) == length else None
    if batch.rows in (0, length):
        return range(start + 1, start + length + 1)
    return None


@dataclass(frozen=True)
class Tail:
    """What stands below a table: from which row to which, and whether somebody signs there."""

    row: int
    last: int
    signed: bool


def tail(batches: Sequence[tuple[Batch, int]]) -> Tail | None:
    """Find signatures and notes below a table, by how few cells of a row they fill."""
    counted = [(batch, start) for batch, start in batches if batch.rows > 0 and not batch.page]
    if not counted or any(batch.running or batch.beside for batch, _ in counted):
        return None
    first = _grid(*counted[0], last=False)
    last: dict[int, list[str]] = {}
    for batch, start in counted[-2:]:
        last.update(_grid(batch, start, last=True))
    widths = sorted(len(texts) for texts in first.values())
    if not widths or not last:
        return None
    width = widths[int(len(widths) * 0.75)] if len(widths) > 3 else widths[-1]
    numbers = sorted(last)
    for start in _starts(numbers, last, width):
        rows = [n for n in numbers if n >= start]
        texts = [text for n in rows for text in last[n]]
        signed = any(_SIGNED.search(t) or _DATED.search(t) for t in texts)
        noted = _NOTED.search(last[rows[0]][0])
        if start != min(first) and len(rows) <= _LONGEST_TAIL and (signed or noted):
            return Tail(start, rows[-1], signed)
    return None


def _starts(numbers: Sequence[int], grid: Mapping[int, Sequence[str]], width: int) -> Iterator[int]:
    """Give rows at which a table may have ended: after the last full one, and after each gap."""
    dense = [n for n in numbers if len(grid[n]) >= max(2, 0.6 * width)]
    if width > 1 and dense and (after := [n for n in numbers if n > dense[-1]]):
        yield after[0]
    for before, number in pairwise(numbers):
        if number > before + 1:
            yield number


def _grid(batch: Batch, start: int, *, last: bool) -> dict[int, list[str]]:
    """Return the filled cells of the first or the last rows, by the number of the row.

    The first columns tell enough of thousands.
    """
    grid: dict[int, list[str]] = {}
    for index, cells in islice(batch.columns.items(), _WIDE):
        rows = _rows(batch, index, len(cells), start)
        if rows is None:
            continue
        part = slice(-_TAIL, None) if last else slice(0, _TAIL)
        some = cells.tail(_TAIL) if last else cells.head(_TAIL)
        for number, text in zip(rows[part], some.to_list(), strict=True):
            if text and not text.isspace():
                grid.setdefault(number, []).append(text)
    if last and grid:
        floor = max(grid) - 3 * _TAIL
        grid = {n: texts for n, texts in grid.items() if n > floor}
    return grid


def where(seeker: Seeker, end: Tail | None, *, addressed: bool) -> Where | None:
    """Return where a finding is; ``None`` if no cell of it was found."""
    spots = seeker.spots
    if not (spots.found or spots.pages):
        return None
    outside = []
    if spots.above:
        outside.append(Outside(LETTERHEAD, tuple(spots.above), *spots.head))
    if spots.below and end is not None:
        part = SIGNATURE if end.signed else NOTE
        outside.append(Outside(part, tuple(spots.below), end.row, end.last))
    return Where(
        rows=tuple(spots.rows),
        outside=tuple(outside),
        pages=tuple(spots.pages[:MOST]),
        column=letters(seeker.index) if addressed else None,
    )
