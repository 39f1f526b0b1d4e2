"""The scan itself: every cell of every row of every table, in bounded memory."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl

from . import limits as limits_module
from . import screening
from .columns import ColumnScan, Scans, normalise, plan
from .limits import Limits
from .persons import judge, machines
from .placing import Kept, Seeker, Tail, look, seekers, tail, where
from .readers import reader_for
from .readers.base import Batch, Incomplete, Progress, ReadError, Source
from .readers.parted import Parted, lengths
from .reasons import Reason, worse
from .recognizers import EVIDENCE, Place
from .recognizers.masking import mask_all
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
        self._kept = Kept()
        self._passed = 0
        self._found: dict[int, tuple[Finding, ...]] = {}
        self._level: str | None = None
        self._seeking: list[Seeker] = []
        self._tail: Tail | None = None
        self._judged = False
        self._waiting: list[Mapping[int, pl.Series]] = []
        self._waiting_rows = 0
        self._ruleset = ruleset
        self._headings = tuple(batch.headings)
        self._columns = Scans(ruleset, running=self.running)
        self._begin(range(len(self._headings)))

    def _begin(self, indexes: Iterable[int]) -> None:
        said, most = self._headings, len(self._headings)
        self._columns.begin({i: said[i].context if i < most else None for i in indexes})

    def update(self, batch: Batch) -> None:
        self._kept.add(batch, self._passed)
        self._passed += _length(batch)
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
        waiting, self._waiting, self._waiting_rows = self._waiting, [], 0
        if waiting:
            self._look(waiting[0] if len(waiting) == 1 else Parted.joined(waiting), counted=True)

    def _look(self, columns: Mapping[int, pl.Series], *, counted: bool) -> None:
        if unknown := self._columns.unknown(columns):
            self._begin(unknown)
        if not self.running and screening.worthwhile(columns):
            screening.look(self._columns, columns, plan(self._ruleset.kinds), counted=counted)
            return
        for index, cells in columns.items():
            self._columns[index].update(cells, counted=counted)

    def judge(self) -> None:
        """Say what a row is, then what each column reveals and where, as far as it was kept."""
        self._catch_up()
        self._judged = True
        scans = self._columns.made
        judged = Place()
        self._found = _concluded(scans, judged)
        if not self.running:
            told = self._columns.judged(self._found)
            self._level = judge(told, EVIDENCE)
            if self._level is not None:
                judged = Place(person_level=True)
            elif machines(told):
                judged = Place(machines=True)
            if judged.person_level or judged.machines:
                self._found = _concluded(scans, judged)
        if not self.beside:
            self._seeking = seekers(self._columns, self._found, judged)
        if self._seeking:
            self._tail = tail(self._kept.batches) if self._kept.whole else None
            for batch, start in self._kept.batches:
                self._seek(batch, start)
        self._passed = 0

    @property
    def unplaced(self) -> bool:
        """Whether more rows are to be named than what was kept has."""
        return not self._kept.whole and any(s.wanting for s in self._seeking)

    def relook(self, batch: Batch) -> None:
        """Look at a batch again that was not kept."""
        start, self._passed = self._passed, self._passed + _length(batch)
        if start >= self._kept.end:
            self._seek(batch, start)

    def _seek(self, batch: Batch, start: int) -> None:
        look(self._seeking, batch, start, self._tail.row if self._tail else None)

    def conclude(self) -> Table | None:
        """Return what the table reveals."""
        if not self._judged:
            self.judge()
        indexes = sorted(self._columns)
        addressed = any(batch.addressed for batch, _ in self._kept.batches)
        found = dict(self._found)
        for seeker in self._seeking:
            spot = where(seeker, self._tail, addressed=addressed)
            found[seeker.index] = tuple(
                replace(f, where=spot) if f is seeker.finding else f for f in found[seeker.index]
            )
        said, most = self._headings, len(self._headings)
        names = _all_shown([said[i].name if i < most else None for i in indexes], self._ruleset)
        columns = self._reported(indexes, names, found)
        if self.beside:
            columns = tuple(c for c in columns if c.findings)
            if not columns:
                return None
        name = _shown(self.name, self._ruleset)
        return Table(name, self.rows, self._level is not None, columns, self._level)

    def _reported(
        self,
        indexes: Sequence[int],
        names: Sequence[str | None],
        found: Mapping[int, tuple[Finding, ...]],
    ) -> tuple[Column, ...]:
        """Return the columns; what was found is never added up."""
        findings = [found.get(index, ()) for index in indexes] if found else [()] * len(indexes)
        if self.running:
            return tuple(map(Column, indexes, names, findings))
        types, totals = self._columns.summaries(indexes)
        totals = [None if some else total for some, total in zip(findings, totals, strict=True)]
        return tuple(map(Column, indexes, names, findings, types, totals))


def _concluded(scans: Mapping[int, ColumnScan], judged: Place) -> dict[int, tuple[Finding, ...]]:
    """Return what columns reveal, of those that reveal anything."""
    found = {
        index: scan.conclude(person_level=judged.person_level, machines=judged.machines)
        for index, scan in scans.items()
    }
    return {index: findings for index, findings in found.items() if findings}


def _length(batch: Batch) -> int:
    """Return how many rows of the table a batch is; of a heading, how many lines."""
    return batch.rows or max(lengths(batch.columns), default=0)


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
    reason = worse(reason, crashed) if (crashed := _judged(tables)) else reason
    if any(table.unplaced for table in tables.values()):
        _look_again(Source(path, name, limits), tables)
    return _report(name, str(path), tables, reason, ruleset)


def _judged(tables: dict[tuple[str | None, bool], TableScan]) -> Reason | None:
    """Judge all tables; take away those of which it fails, and say so."""
    reason: Reason | None = None
    for key, table in list(tables.items()):
        try:
            table.judge()
        except MemoryError:
            reason = worse(reason, Reason("out_of_memory"))
            del tables[key]
        except (Exception, pl.exceptions.PanicException):  # noqa: BLE001 - as above
            reason = worse(reason, Reason("crashed"))
            del tables[key]
    return reason


def _look_again(source: Source, tables: dict[tuple[str | None, bool], TableScan]) -> None:
    """Read a long file anew, as far as rows are to be named that were not kept."""
    try:
        for item in reader_for(source)(source):
            table = None if isinstance(item, Incomplete) else tables.get((item.table, item.beside))
            if table is None or isinstance(item, Incomplete):
                continue
            table.relook(item)
            if not any(t.unplaced for t in tables.values()):
                return
    except (ReadError, OSError, MemoryError, ValueError, ArithmeticError, LookupError):
        # The verdict stands; a place that was not found is not told.
        return


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
