"""Mask a file: read it, treat it, measure what remains, write it."""

from __future__ import annotations

import datetime as dt
import os
import tempfile
from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence
from pathlib import Path
from typing import NamedTuple

import polars as pl

from ...surface import formulas
from .. import limits as limits_module
from ..limits import Limits
from .counting import count_table
from .headings import headings
from .matching import Matched, match
from .original import open_original
from .outcome import Outcome, Tally, columns_of
from .plan import Plan
from .refusals import PlanError
from .risk import Risk, measure
from .treating import Treater

DEFAULT_K = 5
DEFAULT_SMALL_CELL = 5
_DISTINCT = 1000


def mask_file(
    path: str | os.PathLike[str],
    plan: Plan,
    out: str | os.PathLike[str],
    *,
    name: str | None = None,
    today: dt.date,
    k: int = DEFAULT_K,
    small_cell: int = DEFAULT_SMALL_CELL,
    secret: bytes = b"",
    limits: Limits = limits_module.DEFAULT,
) -> Outcome:
    """Carry a plan out and write the result as CSV (UTF-8, comma, one row of headings).

    The file is read once or, where a treatment or the leaving out of rows depends on all of them,
    two or three times; never more than a block of rows is in memory, but for the counts of
    classes. ``out`` appears only when everything went well.

    :param name: what the file is called where that differs from the path.
    :param today: the day on which ages are counted.
    :param k: the size of classes that is wanted.
    :param small_cell: counts below it are small in a count table.
    :param secret: for pseudonyms, of :func:`.secret.read_secret`.
    :raises PlanError: with what is wrong and what to do.
    """
    path, out = Path(path), Path(out)
    original = open_original(path, name or path.name, limits, plan.sheet)
    if plan.sheet is None and len(original.sheets) > 1:
        raise PlanError("several_sheets", known=", ".join(original.sheets))
    matched = match(plan, original.columns)
    if plan.needs_secret and not secret:
        raise PlanError("no_secret")
    treater = Treater(original, matched, today=today, secret=secret)
    handle, unfinished = tempfile.mkstemp(dir=out.parent, prefix=".mask-", suffix=".csv")
    os.close(handle)
    try:
        if plan.aggregate:
            outcome = _counted(plan, matched, treater, Path(unfinished), k, small_cell)
        else:
            outcome = _rows(plan, matched, treater, Path(unfinished), k, small_cell)
        Path(unfinished).replace(out)
    except BaseException:
        Path(unfinished).unlink(missing_ok=True)
        raise
    return outcome


class _Classes:
    """Counts of equivalence classes, and of sensitive values within them."""

    def __init__(self, matched: Matched) -> None:
        self.matched = matched
        self.keys = [f"c{i}" for i in matched.quasi]
        self.sizes: Counter[Hashable] = Counter()
        self.values: dict[str, dict[Hashable, Counter[Hashable]]] = {
            label: defaultdict(Counter) for label in matched.labels(matched.sensitive)
        }

    def update(self, frame: pl.DataFrame) -> None:
        if not self.keys:
            # Nothing is known to others: all rows are alike.
            self.sizes[()] += frame.height
        for *key, count in frame.group_by(self.keys).len().iter_rows() if self.keys else ():
            self.sizes[tuple(key)] += count
        for position, by_class in zip(self.matched.sensitive, self.values.values(), strict=True):
            # Under a name of its own: a column may be both.
            value = pl.col(f"c{position}").alias("value")
            grouped = frame.group_by([*self.keys, value]).len()
            for *key, value, count in grouped.iter_rows():
                by_class[tuple(key)][value] += count

    def large(self, frame: pl.DataFrame, least: int) -> pl.DataFrame:
        """Return the rows whose class has at least ``least`` rows."""
        if not self.keys or not frame.height:
            return frame if self.sizes[()] >= least else frame.clear()
        keep = [self.sizes[key] >= least for key in frame.select(self.keys).iter_rows()]
        return frame.filter(pl.Series(keep, dtype=pl.Boolean))

    def measure(self, threshold: int, least: int) -> Risk:
        """Measure the classes that are written."""
        sizes = {key: size for key, size in self.sizes.items() if size >= max(least, 1)}
        values = {
            label: {key: counts for key, counts in by_class.items() if key in sizes}
            for label, by_class in self.values.items()
        }
        labels = self.matched.labels(self.matched.quasi)
        return measure(sizes, threshold, quasi_identifiers=labels, values=values if sizes else None)


def _headings(matched: Matched, positions: Sequence[int]) -> list[str]:
    """Return what some columns are called in the result."""
    actions = [matched.treatments[i].action for i in positions]
    return headings(matched.labels(positions), actions)


def _rows(
    plan: Plan, matched: Matched, treater: Treater, out: Path, k: int, small_cell: int
) -> Outcome:
    """Write the rows."""
    classes, least = _Classes(matched), plan.suppress_below
    if least:
        for frame in treater.blocks(Tally()):
            classes.update(frame)
    tally = Tally()
    with out.open("w", encoding=formulas.ENCODING, newline="") as file:
        writer = formulas.Writer(file)
        writer.row(_headings(matched, matched.given))
        for frame in treater.blocks(tally):
            if least:
                kept = classes.large(frame, least)
            else:
                classes.update(frame)
                kept = frame
            tally.written += kept.height
            writer.rows(["" if c is None else c for c in row] for row in kept.iter_rows())
    return Outcome(
        rows=tally.rows,
        written=tally.written,
        removed=tally.rows - tally.written,
        columns=columns_of(matched, tally),
        risk=classes.measure(k, least),
        threshold=k,
        small_cell=small_cell,
    )


def _counted(
    plan: Plan, matched: Matched, treater: Treater, out: Path, k: int, small_cell: int
) -> Outcome:
    """Write a count table instead of rows."""
    assert plan.aggregate is not None  # noqa: S101 - for the type checker
    tally, counts = Tally(), Counter[tuple[str | None, ...]]()
    for frame in treater.blocks(tally):
        grouped = frame.group_by([f"c{i}" for i in matched.group_by]).len()
        for *key, count in grouped.iter_rows():
            counts[tuple(key)] += count
    table = count_table(counts, small_cell, totals=plan.aggregate.totals)
    with out.open("w", encoding=formulas.ENCODING, newline="") as file:
        writer = formulas.Writer(file)
        writer.row([*_headings(matched, matched.group_by), *table.headings])
        writer.rows(table.rows)
    tally.written = len(table.rows)
    labels = matched.labels(matched.group_by)
    return Outcome(
        rows=tally.rows,
        written=tally.written,
        removed=0,
        columns=columns_of(matched, tally),
        risk=measure(table.published, k, quasi_identifiers=labels),
        threshold=k,
        small_cell=small_cell,
        counted=table.counted,
    )


class Profile(NamedTuple):
    """What a table looks like: its columns, how varied they are, and which sheet it is."""

    headings: tuple[str, ...]
    distinct: tuple[int, ...]
    rows: int
    sheet: str | None = None
    sheets: tuple[str, ...] = ()


def profile_file(
    path: str | os.PathLike[str],
    *,
    name: str | None = None,
    limits: Limits = limits_module.DEFAULT,
    sheet: str | None = None,
) -> Profile:
    """Return the columns' names, how many different values each has, and the number of rows.

    Names are headings that come once each, so that a plan can name every column.

    More than a thousand different values count as a thousand and one.

    :param sheet: which visible sheet of a workbook; ``None`` is the first that has rows.
    :raises PlanError: ``cannot_read``, ``no_table``, ``no_header``.
    """
    path = Path(path)
    original = open_original(path, name or path.name, limits, sheet)
    seen: list[set[int]] = [set() for _ in original.columns]
    rows = 0
    for block in original.blocks():
        rows += block.height
        for values, column in zip(seen, block.get_columns(), strict=True):
            if len(values) <= _DISTINCT:
                values.update(column.drop_nulls().unique().hash(seed=0).to_list())
    names = tuple(column.name for column in original.columns)
    distinct = tuple(min(len(values), _DISTINCT + 1) for values in seen)
    return Profile(names, distinct, rows, original.sheet, original.sheets)
