"""Thousands of short columns at once: count what all have, and find the few to look at.

A call of Polars costs as much as looking at a thousand cells, and each of hundreds of expressions
has to be compiled again where one column after the other is put to all of them. So the cells of
many columns are joined into one long column with the number of theirs beside each; every
expression runs over it once. What is then known of each column is the same as
:meth:`.columns.ColumnScan.update` finds out; and a kind looks at a column by itself only where a
heading names it, enough cells point to it, or a cell has the form that it looks for.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import polars as pl

from .columns import BLANK, DECIMAL, LONGEST_BLANK, PROBE, ColumnScan, Plan, Scans, normalise
from .lexicon import ENTITY
from .persons import NUMBER, SEX_VALUE
from .readers.parted import Parted, lengths
from .recognizers import Recognizer
from .recognizers.parts import Parts
from .totals import DATES, LONGEST, WAYS, WHOLE, Counts, written_plain

FEWEST = 12
"""From so many columns on they are looked at together,"""
LONGEST_COLUMN = 2048
"""unless they have more cells than this, on average."""
AT_ONCE = 250_000
"""So many cells are joined, which bounds the memory."""

_FEW = 4096
"""For fewer texts no way is looked for to look at less of them."""
_PLAIN = r"^(?:0|[1-9][0-9]{0,17})$"
_NUMBERLIKE = r"^-?[0-9][0-9.,eE+\-]*$"

Columns = Mapping[int, pl.Series]


def worthwhile(columns: Columns) -> bool:
    """Say whether these columns are many and short."""
    return len(columns) >= FEWEST and sum(lengths(columns)) <= LONGEST_COLUMN * len(columns)


def look(scans: Scans, columns: Columns, plan: Plan, *, counted: bool) -> None:
    """Look at every cell of these columns, as ``update()`` of each scan would."""
    for some in Parted.of(columns).portions(AT_ONCE):
        if counted:
            _Portion(scans, some, plan).look()
        else:
            _look_at_headings(scans, some, plan)


def speaking(texts: Sequence[str], plan: Plan) -> list[bool]:
    """Say which of some short texts any kind would look at."""
    if "\x00" in "".join(texts):
        texts = [text.replace("\x00", "") for text in texts]
    return _speaking(tuple(texts), plan)


@lru_cache(maxsize=2)
def _speaking(texts: tuple[str, ...], plan: Plan) -> list[bool]:
    # Headings are asked for when they are found, and again for the report.
    cells = pl.Series(texts, dtype=pl.String)
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


def _look_at_headings(scans: Scans, columns: Parted, plan: Plan) -> None:
    frame = _joined(columns).filter(pl.col("size") >= plan.shortest)
    hit = pl.Series(_speaking(tuple(frame["text"].to_list()), plan), dtype=pl.Boolean)
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
    """Some columns whose cells are looked at together.

    Cells are frames with the place of the column among these, their own place in it, and their
    size. Texts have besides what each different one of them is, found out once (``id``).
    """

    def __init__(self, scans: Scans, columns: Parted, plan: Plan) -> None:
        self._scans = scans
        self._indexes = tuple(columns)
        self._plan = plan
        cells = _joined(columns).with_columns(_sampled(columns.lengths))
        plain = cells["text"].str.contains(_PLAIN)
        # Whole numbers are told by being whole numbers, and nothing else is to be asked.
        self._numbers = cells.filter(plain)
        others = cells.filter(~plain)
        # Of many texts that repeat each is asked once.
        self._distinct = len(others) > _FEW and others["text"].n_unique() * 2 <= len(others)
        values = others.select("text").unique() if self._distinct else others.select("text")
        text = pl.col("text")
        values = values.with_columns(
            (text.str.len_bytes() != text.str.len_chars()).alias("strange"),
            text.str.strip_chars().alias("stripped"),
            text.str.contains(BLANK).alias("blank"),
        )
        self._values = values.with_columns(
            _mended(values["text"]).alias("mended"), pl.int_range(pl.len()).alias("id")
        )
        if self._distinct:
            self._others = others.join(self._values, on="text", how="left", maintain_order="left")
        else:
            self._others = others.hstack(self._values.drop("text"))

    def look(self) -> None:
        """Count, then hand each kind the cells of the columns of which it may know something."""
        self._count()
        self._ask()
        self._hand_all()
        self._hand_telling()

    def _scan(self, place: int) -> ColumnScan:
        return self._scans[self._indexes[place]]

    def _count(self) -> None:
        """Tell each scan what its cells are."""
        width = len(self._indexes)
        of_numbers = _sums_of(
            self._numbers, width, pl.col("text").cast(pl.Int64).cast(pl.Int128), pl.col("sampled")
        )
        stripped, length = pl.col("stripped"), pl.col("stripped").str.len_bytes()
        whole = pl.col("whole")
        each = self._values.select(
            stripped.str.contains(WHOLE).alias("whole"),
            (length > 0).alias("filled"),
            (length > LONGEST).alias("long"),
            stripped.str.contains(DATES).alias("date"),
            stripped.str.contains(",", literal=True).alias("comma"),
            stripped.str.contains(_NUMBERLIKE).alias("like"),
            (pl.col("blank") & (pl.col("text").str.len_bytes() <= LONGEST_BLANK)).alias("empty"),
            pl.col("mended").str.contains(NUMBER).alias("number"),
            stripped,
        ).with_columns(pl.when(whole).then(stripped).otherwise(pl.lit("0")).cast(pl.Int64))
        names = ("filled", "long", "date", "whole", "like", "empty")
        others = self._others.select(
            "column", "id", "mended", sampled=pl.col("sampled") & ~pl.col("blank")
        ).hstack(each.select(pl.all().gather(self._others["id"])) if self._distinct else each)
        of_others = _sums_of(
            others, width, *map(pl.col, (*names, "comma", "sampled")), stripped.cast(pl.Int128)
        )
        texts = others.filter(pl.col("sampled") & ~pl.col("number")).select(
            "column", "id", "mended"
        )
        entity, sex = self._each(texts, ENTITY), self._each(texts, SEX_VALUE)
        of_texts = _sums_of(texts, width, pl.lit(entity), pl.lit(sex))
        digits, value, sample = of_numbers
        more, filled, long, dates, some, like, empty, commas, sampled, number = of_others
        before = self._scans.numeric(self._indexes)
        ways = self._ways(
            [
                place
                for place in range(width)
                if 0 < filled[place] == like[place] > some[place]
                and not long[place]
                and before[place]
            ]
        )
        counts = Counts(
            full=_sums(digits, more),
            digits=digits,
            filled=_sums(digits, filled),
            long=long,
            dates=dates,
            whole=_sums(digits, some),
            sum=_sums(value, number),
            commas=commas,
            ways=ways,
            empty=empty,
            cells=_sums(sample, sampled),
            texts=of_texts[0],
            entities=of_texts[1],
            sexes=of_texts[2],
        )
        self._samples = counts.cells
        self._known = self._scans.add(self._indexes, counts)

    def _ways(self, some: Sequence[int]) -> dict[int, dict[str, tuple[int, float]]]:
        """Add up the columns of nothing but numbers, in each way in which all can be read."""
        found: dict[int, dict[str, tuple[int, float]]] = {}
        if not some:
            return found
        chosen = _among(some)
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
            sums = whole.group_by("column", maintain_order=True).agg(
                pl.col("plain").filter("whole").cast(pl.Int64).cast(pl.Int128).sum().alias("whole"),
                pl.col("plain").filter(~pl.col("whole")).cast(pl.Float64).sum().alias("parts"),
            )
            for place, number, part in sums.rows():
                found.setdefault(place, {})[way] = number, part
        return found

    def _each(self, cells: pl.DataFrame, test: Callable[[pl.Series], pl.Series] | str) -> pl.Series:
        """Say of each cell what is said of its text; of a text that repeats it is asked once."""
        if isinstance(test, str):
            return self._each(cells, lambda texts: texts.str.contains(test))
        ids = cells["id"]
        if not self._distinct or len(some := ids.unique()) * 2 > len(ids):
            return test(cells["mended"])
        said = pl.repeat(False, len(self._values), dtype=pl.Boolean, eager=True)
        told = test(self._values["mended"].gather(some))
        return said.scatter(some.filter(told), True).gather(ids)

    def _ask(self) -> None:
        """Let each kind look at the columns enough cells of which point to it."""
        worded = [place for place, texts in enumerate(self._known.texts) if texts]
        every = self._others.filter(pl.col("sampled") & ~pl.col("blank") & _among(worded))
        every = every.select("column", "id", "mended")
        wanting = self._scans.wanting(self._indexes)
        begun = _Begun(every["column"], self._samples) if len(every) > _FEW else None
        for recognizer in self._plan.families:
            cells, places = every, list[int]()
            thinned: set[int] = set()
            if recognizer.probed:
                thinned.update(p for p in worded if self._samples[p] >= recognizer.probed)
            for number, (hint, tenths) in enumerate(recognizer.hints):
                cells = cells.filter(_among(places)) if number else every
                if begun:
                    # First those cells of a column without which the others are too few.
                    some = every.filter(begun.most(tenths))
                    some = some.filter(_among(places)) if number else some
                    places = some["column"].filter(self._each(some, hint)).unique().to_list()
                    cells = cells.filter(_among([*places, *thinned]))
                if not len(cells):
                    places = []
                    break
                found = cells["column"].filter(self._each(cells, hint)).value_counts()
                places = [
                    place
                    for place, count in found.iter_rows()
                    if count * 10 > self._samples[place] * tenths or place in thinned
                ]
            asked = [p for p in places if recognizer not in wanting.get(p, ())]
            if asked:
                self._want(recognizer, sorted(asked), cells)

    def _want(self, recognizer: Recognizer[Any], asked: Sequence[int], cells: pl.DataFrame) -> None:
        """Let a kind have the columns to which its hints point."""
        said = recognizer.telling(cells["mended"])
        if said is None:
            for place in asked:
                self._scan(place).wanting.append(recognizer)
            return
        counts = dict(cells["column"].filter(said).value_counts().iter_rows())
        thinned = [place for place in asked if self._samples[place] >= recognizer.probed]
        for place in asked:
            if place not in thinned and counts.get(place, 0) * 2 > self._samples[place]:
                self._scan(place).wanting.append(recognizer)
        if thinned:
            for place, sample in _parts(self._whole(thinned, sampled=True)):
                self._scan(place).ask(recognizer, sample)

    def _whole(self, places: Sequence[int], *, sampled: bool = False) -> pl.DataFrame:
        """Return all cells of some columns, or those that tell what the values are like."""
        wanted = _among(places)
        number, text = wanted, wanted
        if sampled:
            number, text = wanted & pl.col("sampled"), wanted & pl.col("sampled") & ~pl.col("blank")
        numbers = self._numbers.filter(number).select(
            "column", "place", strange=pl.lit(False), mended="text"
        )
        texts = self._others.filter(text).select("column", "place", "strange", "mended")
        return pl.concat([numbers, texts])

    def _hand_all(self) -> None:
        """Hand every cell of a column to the kinds that want it."""
        wanting = self._scans.wanting(self._indexes)
        if not wanting:
            return
        cells = self._whole(list(wanting)).sort("column", "strange", "place")
        for recognizer in self._plan.families:
            places = [place for place, kinds in wanting.items() if recognizer in kinds]
            if places:
                self._hand_some(recognizer, cells.filter(_among(places)))

    def _hand_telling(self) -> None:
        """Hand cells of a form that is looked for anywhere to the kinds that may know them."""
        digits, texts = (cells.sort("column", "strange", "place") for cells in self._telling())
        if not (len(digits) or len(texts)):
            return
        wanting = self._scans.wanting(self._indexes)
        longest = _of_each(texts, pl.col("size").max())
        for recognizer in self._plan.families:
            if not recognizer.prefilter:
                continue
            # Whoever wants the column has seen these cells.
            seen = [place for place, kinds in wanting.items() if recognizer in kinds]
            if recognizer.bare and len(digits):
                fits = pl.col("size").is_between(recognizer.bare, recognizer.bare_most)
                self._hand_some(recognizer, digits.filter(fits & ~_among(seen)))
            if not len(texts):
                continue
            form = "|".join(f"(?:{p})" for p in (recognizer.prefilter, recognizer.strays) if p)
            told = texts["column"].filter(texts["mended"].str.contains(form)).unique()
            places = [p for p in told if longest[p][0] >= recognizer.shortest and p not in seen]
            if places:
                some = texts.filter(_among(places))
                worded = some["mended"].str.contains("[A-Za-z]{2}|@") if recognizer.worded else None
                self._hand_some(recognizer, some if worded is None else some.filter(worded))

    def _hand_some(self, recognizer: Recognizer[Any], cells: pl.DataFrame) -> None:
        """Let a kind count within cells that stand in the order of their columns."""
        if not len(cells):
            return
        counts = cells.group_by("column", maintain_order=True).len()
        columns, lengths = counts["column"].to_list(), counts["len"].to_list()
        scans = [self._scan(place) for place in columns]
        manners: dict[Hashable, list[int]] = {}
        for number, scan in enumerate(scans):
            manners.setdefault(recognizer.manner(scan.place), []).append(number)
        for alike in manners.values():
            some = cells if len(manners) == 1 else cells.filter(_among([columns[n] for n in alike]))
            recognizer.update_many(
                [scans[n].tally(recognizer) for n in alike],
                Parts(some["mended"], [lengths[n] for n in alike]),
                [scans[n].place for n in alike],
            )

    def _telling(self) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Return the cells of digits alone and the others of a form that is looked for anywhere.

        Where a column has nothing but idle ones, these are counted and left out.
        """
        plan = self._plan
        numeric = [place for place, so in enumerate(self._known.numeric) if so]
        harmless = self._known.harmless
        every = (self._numbers, self._others)
        sizes = pl.concat([cells.select("column", "size") for cells in every])
        longest = _of_each(sizes, pl.col("size").max())
        still = [place for place, (size,) in longest.items() if size <= harmless[place]]
        loud = ~_among(still)
        # Numbers first: they are the most, and the long expression is the dearest.
        numbers = self._numbers.filter(
            pl.col("size") >= max(plan.least, plan.shortest), loud
        ).select("column", "place", "size", strange=pl.lit(False), mended="text")
        others = self._others.filter(pl.col("size") >= plan.shortest, loud)
        decimal = self._each(others, DECIMAL)
        others = others.filter(~(_among(numeric) & decimal))
        others = others.filter(self._each(others, lambda cells: _tells(cells, plan)))
        size = pl.col("mended").str.len_bytes().alias("size")
        others = others.select("column", "place", size, "strange", "mended")
        cells = pl.concat([numbers, others])
        cells = cells.with_columns(pl.col("mended").str.contains(plan.idle).alias("idle"))
        idle = _of_each(cells, pl.col("idle").sum(), pl.len())
        quiet = [place for place, (count, total) in idle.items() if count == total]
        for place in quiet:
            self._scan(place).add_idle(idle[place][0])
        cells = cells.filter(~_among(quiet))
        digits = cells["mended"].str.contains("^[0-9]+$")
        return cells.filter(digits), cells.filter(~digits)


class _Begun:
    """Which cells of columns come first: so many that no column without any can have enough."""

    def __init__(self, columns: pl.Series, samples: Sequence[int]) -> None:
        """Take the column of each cell, in order, and how many cells each column is judged by."""
        counts = columns.to_frame("column").group_by("column", maintain_order=True).len()
        self._column = columns
        self._lengths = counts["len"]
        self._samples = pl.Series([samples[place] for place in counts["column"].to_list()])
        starts = self._lengths.cum_sum() - self._lengths
        self._rank = pl.int_range(len(columns), eager=True) - self._spread(starts)
        self._most: dict[int, pl.Series] = {}

    def _spread(self, values: pl.Series) -> pl.Series:
        return values.repeat_by(self._lengths).explode()

    def most(self, tenths: int) -> pl.Series:
        """Say of each cell whether it is among these, where more than so many tenths are enough."""
        if tenths not in self._most:
            lengths = self._lengths.cast(pl.Int64)
            self._most[tenths] = self._rank < self._spread(lengths - self._samples * tenths // 10)
        return self._most[tenths]


def _sampled(long: Sequence[int]) -> pl.Expr:
    """Say of each cell whether it is among those that tell what the values are like."""
    if max(long) < 2 * PROBE:
        return pl.lit(True).alias("sampled")
    steps = [max(1, length // PROBE) for length in long]
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


def _among(places: Sequence[int]) -> pl.Expr:
    return pl.col("column").is_in(pl.Series(places, dtype=pl.Int64).implode())


def _sums(some: Sequence[int], more: Sequence[int]) -> list[int]:
    return list(map(operator.add, some, more))


def _of_each(frame: pl.DataFrame, *counts: pl.Expr) -> dict[int, tuple[Any, ...]]:
    """Return what is counted in each column that has cells, in the order of the columns."""
    grouped = frame.group_by("column", maintain_order=True).agg(*counts)
    return {row[0]: row[1:] for row in grouped.rows()}


def _sums_of(frame: pl.DataFrame, width: int, *counts: pl.Expr) -> list[list[int]]:
    """Return how many cells each column has, and what is counted of each cell, added up.

    Cells stand in the order of their columns, so that the sums of all before are enough.
    """
    ends = frame["column"].search_sorted(pl.int_range(width, eager=True), side="right")
    ends = pl.concat([pl.Series([0], dtype=ends.dtype), ends])
    sums = frame.select(count.cum_sum().alias(str(number)) for number, count in enumerate(counts))
    before = pl.concat([sums.clear(1).fill_null(0), sums])
    found = before.select(pl.all().gather(ends).diff().slice(1))
    return [ends.cast(pl.Int64).diff().slice(1).to_list(), *(c.to_list() for c in found)]
