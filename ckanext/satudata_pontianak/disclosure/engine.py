"""The scan itself: every cell of every row of every table, in bounded memory."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl

from . import limits as limits_module
from . import screening
from .columns import ColumnScan, normalise, plan
from .limits import Limits
from .masking import mask_all
from .persons import Judged, judge, machines
from .readers import reader_for
from .readers.base import Batch, Heading, Incomplete, Progress, ReadError, Source
from .reasons import Reason, worse
from .recognizers import Place
from .report import Column, FileReport, Finding, Table, Verdict
from .ruleset import DEFAULT, Ruleset

FILE_NAME_TABLE = "@name"
FEW = 1024
"""Batches of fewer rows, such as the pages of a document, are joined: each costs its time."""


class TableScan:
    """The columns of one table under scan."""

    def __init__(self, batch: Batch, ruleset: Ruleset) -> None:
        self.name = batch.table
        self.beside = batch.beside
        self.running = batch.beside or batch.running
        self.rows = 0
        self._waiting: list[Mapping[int, pl.Series]] = []
        self._waiting_rows = 0
        self._ruleset = ruleset
        self._headings = tuple(batch.headings)
        self._columns: dict[int, ColumnScan] = {
            index: self._new(index) for index in range(len(self._headings))
        }

    def _heading(self, index: int) -> Heading:
        if index < len(self._headings):
            return self._headings[index]
        return Heading(None, None)

    def _new(self, index: int) -> ColumnScan:
        context = self._heading(index).context
        return ColumnScan(self._ruleset, Place(context, free_text=self.running))

    def update(self, batch: Batch) -> None:
        self.rows += batch.rows
        if len(batch.headings) > len(self._headings):
            # Documents show their columns as they come.
            self._headings = tuple(batch.headings)
        if 0 < batch.rows < FEW:
            self._waiting.append(batch.columns)
            self._waiting_rows += batch.rows
            if self._waiting_rows >= FEW:
                self._catch_up()
            return
        self._catch_up()
        self._look(batch.columns, counted=batch.rows > 0 or batch.beside)

    def _catch_up(self) -> None:
        """Look at the small batches that came, as if they had been one."""
        parts: dict[int, list[pl.Series]] = {}
        for columns in self._waiting:
            for index, cells in columns.items():
                parts.setdefault(index, []).append(cells)
        self._waiting, self._waiting_rows = [], 0
        joined = {i: pl.concat(s, rechunk=True) if len(s) > 1 else s[0] for i, s in parts.items()}
        self._look(joined, counted=True)

    def _look(self, columns: Mapping[int, pl.Series], *, counted: bool) -> None:
        for index in columns:
            if index not in self._columns:
                self._columns[index] = self._new(index)
        if not self.running and screening.worthwhile(columns):
            screening.look(self._columns, columns, plan(self._ruleset.kinds), counted=counted)
            return
        for index, cells in columns.items():
            self._columns[index].update(cells, counted=counted)

    def conclude(self) -> Table | None:
        """Judge the table: what a row is, then what each column reveals."""
        self._catch_up()
        scans = sorted(self._columns.items())
        found = [scan.conclude() for _, scan in scans]
        level = None
        if not self.running:
            judged = [
                Judged(scan.place.context, scan.profile, findings)
                for (_, scan), findings in zip(scans, found, strict=True)
            ]
            level = judge(judged)
            if level is not None:
                found = [scan.conclude(person_level=True) for _, scan in scans]
            elif machines(judged):
                found = [scan.conclude(machines=True) for _, scan in scans]
        names = _all_shown([self._heading(i).name for i, _ in scans], self._ruleset)
        columns = tuple(
            self._column(i, name, scan, findings)
            for (i, scan), name, findings in zip(scans, names, found, strict=True)
        )
        if self.beside:
            columns = tuple(c for c in columns if c.findings)
            if not columns:
                return None
        name = _shown(self.name, self._ruleset)
        return Table(name, self.rows, level is not None, columns, level)

    def _column(
        self, index: int, name: str | None, scan: ColumnScan, found: tuple[Finding, ...]
    ) -> Column:
        """Return one column; what was found is never added up."""
        if self.running:
            return Column(index, name, found)
        summary = scan.totals.conclude()
        return Column(index, name, found, summary.type, None if found else summary.total)


def _all_shown(names: Sequence[str | None], ruleset: Ruleset) -> list[str | None]:
    """Return names of columns for the report; most of many say nothing to any kind."""
    if len(names) < screening.FEWEST:
        return [_shown(name, ruleset) for name in names]
    speaking = screening.speaking([name or "" for name in names], plan(ruleset.kinds))
    return [_shown(n, ruleset) if s else n for n, s in zip(names, speaking, strict=True)]


def _shown(text: str | None, ruleset: Ruleset) -> str | None:
    """Return a name for the report, masked if the name itself reveals something."""
    if text is None or not scan_text(text, ruleset=ruleset):
        return text
    return mask_all(text)


def scan_text(
    text: str | None, *, field: str | None = None, ruleset: Ruleset = DEFAULT
) -> tuple[Finding, ...]:
    """Look at one piece of metadata; ``field`` is its heading, if that means something.

    Lines are looked at one by one, so that a list of numbers is a list of numbers.
    """
    if not text:
        return ()
    scan = ColumnScan(ruleset, Place(field, free_text=True))
    lines = [line for line in text.replace("\x00", "").splitlines() if line.strip()]
    scan.update(pl.Series(lines, dtype=pl.String))
    return scan.conclude()


def scan_file(
    path: str | os.PathLike[str],
    *,
    name: str | None = None,
    ruleset: Ruleset = DEFAULT,
    limits: Limits = limits_module.DEFAULT,
    progress: Progress = lambda share: None,
) -> FileReport:
    """Scan one file in this process and return its report.

    ``name`` is what the file is called where that differs from the path; its extension says
    what the file claims to be. Nothing in a file makes this raise.
    """
    path = Path(path)
    name = name or path.name
    tables: dict[tuple[str | None, bool], TableScan] = {}
    reason: Reason | None = None
    source = Source(path, name, limits, progress)
    try:
        for item in reader_for(source)(source):
            if isinstance(item, Incomplete):
                reason = worse(reason, item.reason)
                continue
            key = (item.table, item.beside)
            if key not in tables:
                tables[key] = TableScan(item, ruleset)
            tables[key].update(item)
    except ReadError as error:
        reason = worse(reason, error.reason)
    except OSError:
        reason = Reason("not_found")
    except MemoryError:
        reason = Reason("out_of_memory")
    except (Exception, pl.exceptions.PanicException):  # noqa: BLE001 - the answer is "failed"
        # The exception's own text may quote the content, so only the fact is kept.
        reason = Reason("crashed")
    return _report(name, str(path), tables, reason, ruleset)


def _report(
    name: str,
    path: str,
    tables: dict[tuple[str | None, bool], TableScan],
    reason: Reason | None,
    ruleset: Ruleset,
) -> FileReport:
    found = [table for scan in tables.values() if (table := scan.conclude())]
    named = scan_text(normalise(name), ruleset=ruleset)
    if named:
        found.append(Table(FILE_NAME_TABLE, 0, False, (Column(0, None, named),)))
    if reason is None and not any(table.columns for table in found):
        reason = Reason("no_content")
    report = FileReport(path, Verdict.CLEAR, reason, tuple(found), ruleset.id)
    if reason is not None:
        # Of a file that was not read to its end there is no total.
        return replace(report.without_totals(), verdict=Verdict.FAILED)
    return replace(report, verdict=Verdict.FINDINGS if report.findings else Verdict.CLEAR)
