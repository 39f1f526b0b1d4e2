"""Thousands of short columns at once: count what all have, and find the few to look at.

A call of Polars costs as much as looking at a thousand cells, and each of hundreds of expressions
has to be compiled again where one column after the other is put to all of them. So the cells of
many columns are joined into one long column with the number of theirs beside each; every
expression runs over it once. What is then known of each column is the same as
:meth:`.columns.ColumnScan.update` finds out; and a kind looks at a column by itself only where a
heading names it, enough cells point to it, or a cell has the form that it looks for.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from .columns import BLANK, DECIMAL, LONGEST_BLANK, PROBE, ColumnScan, Handed, Plan, normalise
from .lexicon import ENTITY
from .persons import NUMBER, SEX_VALUE
from .readers.parted import Parted, lengths
from .recognizers import Recognizer
from .totals import DATES, LONGEST, WAYS, WHOLE, Counted, written_plain

FEWEST = 12
"""From so many columns on they are looked at together,"""
LONGEST_COLUMN = 2048
"""unless they have more cells than this, on average."""
AT_ONCE = 250_000
"""So many cells are joined, which bounds the memory."""

_PLAIN = r"^(?:0|[1-9][0-9]{0,17})$"
_NUMBERLIKE = r"^-?[0-9][0-9.,eE+\-]*$"

Columns = Mapping[int, pl.Series]


def worthwhile(columns: Columns) -> bool:
    """Say whether these columns are many and short."""
    return len(columns) >= FEWEST and sum(lengths(columns)) <= LONGEST_COLUMN * len(columns)


def look(scans: Mapping[int, ColumnScan], columns: Columns, plan: Plan, *, counted: bool) -> None:
    """Look at every cell of these columns, as ``update()`` of each scan would."""
    for some in Parted.of(columns).portions(AT_ONCE):
        if counted:
            _Portion(scans, some, plan).look()
        else:
            _look_at_headings(scans, some, plan)


def speaking(texts: Sequence[str], plan: Plan) -> list[bool]:
    """Say which of some short texts any kind would look at."""
    cells = pl.Series([text.replace("\x00", "") for text in texts], dtype=pl.String)
    return _tells(_mended(cells), plan).to_list()


def _joined(columns: Parted) -> pl.DataFrame:
    """Return all cells that are not empty, the place of their column, and their own place in it."""
    text, long = columns.every, columns.lengths
    if min(long) == max(long):
        place = pl.int_range(len(text), eager=True)
        frame = pl.DataFrame({"column": place // long[0], "place": place % long[0]})
    else:
        each = pl.DataFrame({"column": range(len(long)), "length": long})
        frame = each.select("column", pl.int_ranges(0, pl.col("length")).alias("place")).explode(
            "place"
        )
    frame = frame.with_columns(text.alias("text"), text.str.len_bytes().alias("size"))
    return frame.filter(pl.col("size") > 0)


def _look_at_headings(scans: Mapping[int, ColumnScan], columns: Parted, plan: Plan) -> None:
    frame = _joined(columns).filter(pl.col("size") >= plan.shortest)
    cells = _mended(frame["text"])
    hit = _tells(cells, plan)
    indexes = tuple(columns)
    for place in frame["column"].filter(hit).unique(maintain_order=True).to_list():
        scans[indexes[place]].update(columns[indexes[place]], counted=False)


def _tells(cells: pl.Series, plan: Plan) -> pl.Series:
    """Say of each cell whether any kind would count it, whatever the heading."""
    told = cells.str.contains(plan.telling)
    wide = (cells.str.contains(plan.wide) & ~told).arg_true()
    if len(wide):
        told = told.scatter(wide.filter(cells.gather(wide).str.contains(plan.strays)), True)
    return told & ~cells.str.contains(plan.quiet)


def _mended(cells: pl.Series) -> pl.Series:
    """Normalise each text in its place."""
    strange = cells.str.len_bytes() != cells.str.len_chars()
    if not strange.any():
        return cells
    mended = pl.Series([normalise(c) for c in cells.filter(strange)], dtype=pl.String)
    # What is scattered into changes by it.
    return cells.clone().scatter(strange.arg_true(), mended)


class _Portion:
    """Some columns whose cells are looked at together."""

    def __init__(self, scans: Mapping[int, ColumnScan], columns: Parted, plan: Plan) -> None:
        self._scans = [scans[index] for index in columns]
        self._plan = plan
        cells = _joined(columns).with_columns(_sampled(columns.lengths))
        plain = cells["text"].str.contains(_PLAIN)
        # Whole numbers are told by being whole numbers, and nothing else is to be asked.
        self._numbers = cells.filter(plain)
        others = cells.filter(~plain)
        text = others["text"]
        self._others = others.with_columns(
            _mended(text).alias("mended"),
            (text.str.len_bytes() != text.str.len_chars()).alias("strange"),
            text.str.strip_chars().alias("stripped"),
            text.str.contains(BLANK).alias("blank"),
        )

    def look(self) -> None:
        """Count, then hand each kind the cells of the columns of which it may know something."""
        self._count()
        self._ask()
        self._hand_all()
        self._hand_telling()

    def _count(self) -> None:
        """Tell each scan what its cells are."""
        numbers = self._numbers.with_columns(
            pl.col("text").cast(pl.Int64).cast(pl.Int128).alias("value")
        )
        others = self._others.with_columns(pl.col("sampled") & ~pl.col("blank"))
        texts = others.filter("sampled").filter(~pl.col("mended").str.contains(NUMBER))
        stripped = pl.col("stripped")
        length = stripped.str.len_bytes()
        whole = stripped.str.contains(WHOLE)
        of_numbers = _by_column(
            numbers, pl.len(), pl.col("value").sum(), pl.col("sampled").sum().alias("sample")
        )
        of_others = _by_column(
            others.with_columns(
                whole.alias("whole"),
                (length > 0).alias("filled"),
                (length > LONGEST).alias("long"),
                stripped.str.contains(DATES).alias("date"),
                stripped.str.contains(",", literal=True).alias("comma"),
                stripped.str.contains(_NUMBERLIKE).alias("like"),
                (pl.col("blank") & (pl.col("size") <= LONGEST_BLANK)).alias("empty"),
            ),
            pl.len(),
            *(pl.col(n).sum() for n in ("filled", "long", "date", "whole", "like")),
            pl.col("comma").any(),
            pl.col("empty").sum(),
            pl.col("sampled").sum().alias("sample"),
            stripped.filter(pl.col("whole")).cast(pl.Int64).cast(pl.Int128).sum().alias("value"),
        )
        of_texts = _by_column(
            texts,
            pl.len(),
            pl.col("mended").str.contains(ENTITY).sum().alias("entities"),
            pl.col("mended").str.contains(SEX_VALUE).sum().alias("sexes"),
        )
        ways = self._ways(of_numbers, of_others)
        self._samples = []
        for place, scan in enumerate(self._scans):
            digits, value, sample = of_numbers.get(place, (0, 0, 0))
            full, filled, long, dates, whole_, _, comma, empty, some, more = of_others.get(
                place, (0, 0, 0, 0, 0, 0, False, 0, 0, 0)
            )
            counted = Counted(
                digits + full, digits, digits + filled, long > 0, dates, digits + whole_,
                value + more, comma, ways.get(place, {}),
            )  # fmt: skip
            self._samples.append(sample + some)
            profile = (sample + some, *of_texts.get(place, (0, 0, 0)))
            scan.add(digits + full, empty, counted, profile)

    def _ways(
        self, numbers: Mapping[int, tuple[Any, ...]], others: Mapping[int, tuple[Any, ...]]
    ) -> dict[int, dict[str, tuple[int, float]]]:
        """Add up the columns of nothing but numbers, in each way in which all can be read."""
        # Places in which the row of counts above holds: filled, whole and numberlike cells.
        some = [
            place
            for place, (_, filled, long, _, whole, like, *_) in others.items()
            if filled == like and whole < filled and not long and self._scans[place].totals.numeric
        ]
        found: dict[int, dict[str, tuple[int, float]]] = {}
        if not some:
            return found
        chosen = pl.col("column").is_in(some)
        cells = pl.concat(
            [
                self._numbers.filter(chosen).select("column", "place", stripped="text"),
                self._others.filter(chosen, pl.col("stripped") != "").select(
                    "column", "place", "stripped"
                ),
            ]
        ).sort("column", "place")
        for way, (_, _, pattern) in WAYS.items():
            fits = cells["stripped"].str.contains(pattern)
            unfit = cells["column"].filter(~fits).unique()
            fitting = (
                cells.filter(~pl.col("column").is_in(unfit.implode())) if len(unfit) else cells
            )
            plain = fitting.with_columns(written_plain(fitting["stripped"], way).alias("plain"))
            whole = plain.with_columns(pl.col("plain").str.contains(WHOLE).alias("whole"))
            sums = _by_column(
                whole,
                pl.col("plain").filter("whole").cast(pl.Int64).cast(pl.Int128).sum(),
                (~pl.col("whole")).sum().alias("parts"),
            )
            floats = whole.filter(~pl.col("whole"))["plain"].cast(pl.Float64)
            start = 0
            for place, (number, parts) in sums.items():
                part = float(floats.slice(start, parts).sum())
                start += parts
                found.setdefault(place, {})[way] = number, part
        return found

    def _ask(self) -> None:
        """Let each kind look at the columns enough cells of which point to it."""
        worded = [place for place, scan in enumerate(self._scans) if scan.profile.texts]
        every = self._others.filter(
            pl.col("sampled") & ~pl.col("blank") & pl.col("column").is_in(worded)
        ).select("column", "mended")
        for recognizer in self._plan.families:
            cells, places = every, frozenset[int]()
            for number, (hint, tenths) in enumerate(recognizer.hints):
                if number:
                    cells = cells.filter(pl.col("column").is_in(list(places)))
                found = cells["column"].filter(cells["mended"].str.contains(hint)).value_counts()
                places = frozenset(
                    place
                    for place, count in found.iter_rows()
                    if count * 10 > self._samples[place] * tenths
                    or 0 < recognizer.probed <= self._samples[place]
                )
            asked = [place for place in places if recognizer not in self._scans[place].wanting]
            if asked:
                self._want(recognizer, sorted(asked), cells)

    def _want(self, recognizer: Recognizer[Any], asked: Sequence[int], cells: pl.DataFrame) -> None:
        """Let a kind have the columns to which its hints point."""
        said = recognizer.telling(cells["mended"])
        if said is None:
            for place in asked:
                self._scans[place].wanting.append(recognizer)
            return
        counts = dict(cells["column"].filter(said).value_counts().iter_rows())
        thinned = [place for place in asked if self._samples[place] >= recognizer.probed]
        for place in asked:
            if place not in thinned and counts.get(place, 0) * 2 > self._samples[place]:
                self._scans[place].wanting.append(recognizer)
        for place, sample in self._cells_of(thinned, pl.col("sampled") & ~pl.col("blank")):
            self._scans[place].ask(recognizer, sample)

    def _cells_of(
        self, places: Sequence[int], chosen: pl.Expr | None = None
    ) -> Iterator[tuple[int, pl.Series]]:
        """Give the cells of some columns in the order in which a column alone has them."""
        if not places:
            return
        wanted = pl.col("column").is_in(places)
        texts = self._others.filter(wanted if chosen is None else wanted & chosen)
        numbers = self._numbers.filter(wanted if chosen is None else wanted & pl.col("sampled"))
        yield from _parts(
            pl.concat(
                [
                    numbers.select(
                        "column",
                        "place",
                        strange=pl.lit(False),
                        mended="text",
                    ),
                    texts.select("column", "place", "strange", "mended"),
                ]
            )
        )

    def _hand_all(self) -> None:
        """Hand every cell of a column to the kinds that want it."""
        wanted = [place for place, scan in enumerate(self._scans) if scan.wanting]
        cells = dict(self._cells_of(wanted))
        for recognizer in self._plan.families if cells else ():
            _hand(
                recognizer,
                [
                    (self._scans[place], some)
                    for place, some in cells.items()
                    if recognizer in self._scans[place].wanting
                ],
            )

    def _hand_telling(self) -> None:
        """Hand cells of a form that is looked for anywhere to the kinds that may know them."""
        digits, texts = self._telling()
        loud = {*digits["column"].unique().to_list(), *texts["column"].unique().to_list()}
        if not loud:
            return
        none = pl.Series([], dtype=pl.String)
        of_digits, of_texts = dict(_parts(digits)), dict(_parts(texts))
        size = pl.col("mended").str.len_bytes()
        sizes = _by_column(digits, size.min().alias("least"), size.max().alias("most"))
        handed = {
            p: Handed(of_digits.get(p, none), of_texts.get(p, none), sizes.get(p))
            for p in sorted(loud)
        }
        for recognizer in self._plan.families:
            if not recognizer.prefilter:
                continue
            form = "|".join(f"(?:{p})" for p in (recognizer.prefilter, recognizer.strays) if p)
            told = {
                *(_of_lengths(sizes, recognizer) if recognizer.bare else ()),
                *(texts["column"].filter(texts["mended"].str.contains(form)) if of_texts else ()),
            }
            _hand(
                recognizer,
                [
                    (self._scans[place], some)
                    for place in sorted(told)
                    if recognizer not in self._scans[place].wanting
                    for some in handed[place].of_interest(recognizer)
                ],
            )

    def _telling(self) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Return the cells of digits alone and the others of a form that is looked for anywhere.

        Where a column has nothing but idle ones, these are counted and left out.
        """
        plan = self._plan
        numeric = [place for place, scan in enumerate(self._scans) if scan.totals.numeric]
        longest = _longest(self._numbers, self._others)
        still = [p for p, size in longest.items() if size <= self._scans[p].totals.harmless]
        loud = ~pl.col("column").is_in(still)
        # Numbers first: they are the most, and the long expression is the dearest.
        numbers = self._numbers.filter(
            pl.col("size") >= max(plan.least, plan.shortest), loud
        ).select("column", "place", strange=pl.lit(False), mended="text")
        others = self._others.filter(pl.col("size") >= plan.shortest, loud)
        decimal = pl.col("mended").str.contains(DECIMAL)
        others = others.filter(~(pl.col("column").is_in(numeric) & decimal))
        others = others.filter(_tells(others["mended"], plan))
        cells = pl.concat([numbers, others.select("column", "place", "strange", "mended")])
        cells = cells.with_columns(pl.col("mended").str.contains(plan.idle).alias("idle"))
        idle = _by_column(cells, pl.col("idle").sum(), pl.len())
        quiet = [place for place, (count, total) in idle.items() if count == total]
        for place in quiet:
            self._scans[place].add_idle(idle[place][0])
        cells = cells.filter(~pl.col("column").is_in(quiet))
        digits = cells["mended"].str.contains("^[0-9]+$")
        return cells.filter(digits), cells.filter(~digits)


def _hand(recognizer: Recognizer[Any], handed: Sequence[tuple[ColumnScan, pl.Series]]) -> None:
    """Let a kind count within the cells of many columns, all of one manner together."""
    manners: dict[Hashable, list[tuple[ColumnScan, pl.Series]]] = {}
    for scan, cells in handed:
        manners.setdefault(recognizer.manner(scan.place), []).append((scan, cells))
    for alike in manners.values():
        recognizer.update_many(
            [scan.tally(recognizer) for scan, _ in alike],
            [cells for _, cells in alike],
            [scan.place for scan, _ in alike],
        )


def _of_lengths(sizes: Mapping[int, Any], recognizer: Recognizer[Any]) -> Iterator[int]:
    """Give the columns that may have digits as many as a kind looks at."""
    for place, (shortest, longest) in sizes.items():
        if longest >= recognizer.bare and shortest <= recognizer.bare_most:
            yield place


def _sampled(long: Sequence[int]) -> pl.Expr:
    """Say of each cell whether it is among those that tell what the values are like."""
    steps = [max(1, length // PROBE) for length in long]
    if max(steps) == 1:
        return pl.lit(True).alias("sampled")
    step = pl.col("column").replace_strict(range(len(steps)), steps)
    return (pl.col("place") % step == 0).alias("sampled")


def _parts(cells: pl.DataFrame) -> Iterator[tuple[int, pl.Series]]:
    """Give the cells of each column; strange ones are last, where mending puts them."""
    cells = cells.sort("column", "strange", "place")
    counts = cells.group_by("column", maintain_order=True).len()
    start = 0
    for place, length in counts.iter_rows():
        yield place, cells["mended"].slice(start, length)
        start += length


def _longest(*frames: pl.DataFrame) -> dict[int, int]:
    longest: dict[int, int] = {}
    for frame in frames:
        for place, (size,) in _by_column(frame, pl.col("size").max()).items():
            longest[place] = max(size, longest.get(place, 0))
    return longest


def _by_column(frame: pl.DataFrame, *counts: pl.Expr) -> dict[int, tuple[Any, ...]]:
    """Return what is counted in each column, in the order of the columns."""
    grouped = frame.group_by("column", maintain_order=True).agg(*counts)
    return {row[0]: row[1:] for row in grouped.iter_rows()}
